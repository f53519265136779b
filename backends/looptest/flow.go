package looptest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"gene/backends"
)

const (
	largeBytes = 64 << 20
	chunkBytes = 256 << 10
)

func flowRules() []rule {
	return slices.Concat(
		overEach("window", "no more than Window bytes come before some are consumed, and then all do", CannotPause, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 5000})
			e.hold = true
			e.begin()
			data := payload(1 << 20)
			write := x.aside(func() error { return writeCut(peer, data, 3000) })
			x.pollUntil(func() bool { return e.inFlight > 0 })
			x.bustle()
			for len(e.got) < len(data) {
				held := e.inFlight
				e.free(held)
				x.pollUntil(func() bool { return e.inFlight > 0 || len(e.got) == len(data) })
			}
			x.await(write)
			x.wantSame(e.got, data)
		}),
		overEach("pressure", "a peer isn't read on and on while the program consumes nothing", CannotPause, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 64 << 10})
			e.hold = true
			e.begin()
			write := x.aside(func() error { return blocked(peer) })
			x.pollUntil(func() bool { return write.done })
			x.wantError("the peer", write.err, nil)
			read := x.Stats().Net.Read
			x.want(fmt.Sprintf("whether less than 256 KiB were read (%d)", read), read < 256<<10, true)
			e.Abort(nil)
			e.over()
		}),
		overEach("buffered", "Write takes everything at once, and Buffered falls to 0 as the peer reads", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			data := payload(24 << 20) // more than any socket's buffers
			s := e.send(data)
			x.want("whether it is finished", s.done, false)
			if n := e.Buffered(); n <= 0 || n > len(data) {
				x.failf("Buffered is %d after a write of %d", n, len(data))
			}
			x.await(x.aside(func() error { return expect(peer, data) }))
			x.pollUntil(func() bool { return s.done })
			x.wantError("Written", s.err, nil)
			x.want("Buffered", e.Buffered(), 0)
		}),
		over(tcpTransports(), "64 MiB in", "64 MiB reach a program that consumes late, unchanged", CannotPause, largeIn),
		over(tcpTransports(), "window of one", "with a window of one byte everything still arrives", CannotPause, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 1})
			e.begin()
			data := payload(2000)
			x.await(x.aside(func() error { _, err := peer.Write(data); return err }))
			x.wantSame(e.received(len(data)), data)
		}),
		over(tcpTransports(), "one held", "a program that consumes nothing of one peer holds up no other", CannotPause, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 1000})
			e.hold = true
			e.begin()
			write := x.aside(func() error { return blocked(peer) })
			d := x.echoServer()
			x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(1<<20)) }), write)
		}),
		instead(CannotPause, "flood", "a peer that sends more than the limits is disconnected with ErrFlooded, and its bytes are counted", flood),
		[]rule{
			{name: "64 MiB out", says: "64 MiB reach a peer that reads slowly, unchanged", check: largeOut},
			{name: "slow writer", says: "a peer that sends byte by byte, and waits for each to be seen, isn't kept waiting", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{})
				e.echo()
				x.await(x.aside(func() error {
					for _, b := range payload(2000) {
						if err := exchange(peer, []byte{b}); err != nil {
							return err
						}
					}
					return nil
				}))
			}},
			{name: "consumed later", says: "bytes may be consumed later, in parts", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{Window: 1000})
				e.hold = true
				e.onData = func(b []byte) {
					e.got = append(e.got, b...)
					for range b {
						x.Post(backends.Func(func() { e.free(1) }))
					}
				}
				e.begin()
				data := payload(10_000)
				x.await(x.aside(func() error { return writeCut(peer, data, 100) }))
				x.wantSame(e.received(len(data)), data)
			}},
			{name: "consumed too much", says: "consuming more than was delivered is refused where it happens", check: func(x *exam) {
				e, peer := x.startedPair()
				x.await(x.aside(func() error { _, err := peer.Write([]byte("abc")); return err }))
				e.received(3)
				if panicOf(func() { e.Consumed(1) }) == nil {
					x.failf("it was taken")
				}
			}},
			{name: "one slow", says: "a peer that doesn't read holds up no other", check: func(x *exam) {
				slow, _ := x.startedPair()
				slow.send(payload(24 << 20))
				d := x.echoServer()
				x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(1<<20)) }))
				x.want("whether the slow one's bytes wait", slow.Buffered() > 0, true)
			}},
			{name: "many small", says: "of 20 000 small writes that nobody waits for none is lost", check: func(x *exam) {
				e, peer := x.startedPair()
				data := payload(20_000 * 20)
				for piece := range slices.Chunk(data, 20) {
					e.send(piece)
				}
				x.await(x.aside(func() error { return expect(peer, data) }))
				x.pollUntil(func() bool { return e.written == e.writes })
			}},
			{name: "pending output", says: "writes while output is pending overwrite nothing", check: func(x *exam) {
				e, peer := x.startedPair()
				data := payload(24 << 20)
				half := len(data) / 2
				e.send(data[:half])
				e.send(data[half:])
				x.await(x.aside(func() error { return expect(peer, data) }))
			}},
			{name: "reads while writing", says: "input comes while output waits for the peer", check: func(x *exam) {
				e, peer := x.startedPair()
				e.send(payload(24 << 20))
				data := payload(200_000)
				x.await(x.aside(func() error { _, err := peer.Write(data); return err }))
				x.wantSame(e.received(len(data)), data)
				x.want("whether output waits", e.Buffered() > 0, true)
				e.Abort(nil)
				e.over()
			}},
		},
	)
}

func flood(x *exam, t transport) {
	e, peer := t.pair(x, backends.Flow{Window: 64 << 10, HardCap: 64 << 10})
	e.hold = true
	e.begin()
	send := x.aside(func() error {
		if _, err := io.CopyN(peer, endless{}, largeBytes); err == nil {
			return errors.New("all was taken")
		}
		return nil
	})
	r := e.over()
	x.await(send)
	x.wantError("Report.Err", r.Err, backends.ErrFlooded)
	s := x.Stats().Net
	x.want("Delivered and Unread", s.Delivered+r.Unread, s.Read)
	// The ledger alone can't tell what it never saw: a peer counts as flooding only once more
	// than both limits was taken from it.
	x.want(fmt.Sprintf("whether more than the limits were read (%d)", s.Read), s.Read > 128<<10, true)
}

// endless is a source of zeros.
type endless struct{}

func (endless) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// bustle gives a loop the occasion to do what it must not: other connections come and go.
func (x *exam) bustle() {
	d := x.echoServer()
	for range 5 {
		x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(50_000)) }))
	}
	for _, e := range d.ends {
		e.Close(0)
		e.over()
	}
	d.shut()
}

// blocked is untilBlocked where the bytes don't matter.
func blocked(c net.Conn) error {
	_, err := untilBlocked(c)
	return err
}

// untilBlocked writes until that takes too long, which it must, and tells how many bytes were taken.
func untilBlocked(c net.Conn) (int64, error) {
	c.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	n, err := io.CopyN(c, endless{}, largeBytes)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return n, fmt.Errorf("%d bytes were taken, then %v; want to be held up", n, err)
	}
	return n, nil
}

// largeOut: the peer reads only while a write waits.
func largeOut(x *exam) {
	e, peer := x.startedPair()
	source, sum := rand.NewChaCha8([32]byte{'o'}), sha256.New()
	var gate sync.Mutex // held while the peer must not read
	var got []byte
	gate.Lock()
	read := x.aside(func() (err error) { got, err = hashSlowly(peer, &gate); return err })
	waits, left := 0, largeBytes/chunkBytes
	var next func()
	next = func() {
		for ; left > 0; left-- {
			chunk := make([]byte, chunkBytes)
			source.Read(chunk)
			sum.Write(chunk)
			if s := e.send(chunk); !s.done {
				waits++
				left--
				gate.Unlock()
				s.then(func() { gate.Lock(); next() })
				return
			}
		}
		gate.Unlock()
		e.Close(patience)
	}
	next()
	x.await(read)
	x.want("whether the peer's hash is ours", bytes.Equal(got, sum.Sum(nil)), true)
	x.want("whether writes had to wait", waits > 1, true)
	peer.Close()
	e.overWell()
}

// hashSlowly passes the gate before it reads each piece.
func hashSlowly(r io.Reader, gate *sync.Mutex) ([]byte, error) {
	h := sha256.New()
	piece := make([]byte, chunkBytes)
	for total := 0; ; {
		gate.Lock()
		gate.Unlock()
		n, err := r.Read(piece)
		h.Write(piece[:n])
		total += n
		switch {
		case err == io.EOF && total == largeBytes:
			return h.Sum(nil), nil
		case err != nil:
			return nil, fmt.Errorf("after %d of %d bytes: %w", total, largeBytes, err)
		}
	}
}

// largeIn: what comes is consumed an iteration later.
func largeIn(x *exam, t transport) {
	e, peer := t.pair(x, backends.Flow{})
	e.hold = true
	sum, sent := sha256.New(), [sha256.Size]byte{}
	total := 0
	e.onData = func(b []byte) {
		sum.Write(b)
		total += len(b)
		x.Post(backends.Func(func() { e.free(len(b)) }))
	}
	e.begin()
	write := x.aside(func() error {
		h := sha256.New()
		_, err := io.CopyN(io.MultiWriter(peer, h), rand.NewChaCha8([32]byte{'i'}), largeBytes)
		sent = [sha256.Size]byte(h.Sum(nil))
		return errors.Join(err, peer.Close())
	})
	x.await(write)
	x.pollUntil(func() bool { return e.ended || e.closed })
	x.want("the bytes", total, largeBytes)
	x.want("the hash", [sha256.Size]byte(sum.Sum(nil)), sent)
	e.Close(0)
	e.overWell()
}
