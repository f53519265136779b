package looptest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"syscall"

	"gene/backends"
)

// exchangeBytes is the length of the exchange that is cut off at each place.
const exchangeBytes = 24

func resetRules() []rule {
	return slices.Concat(
		over(tcpTransports(), "seen by the peer", "Abort resets a TCP connection", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			e.Abort(errCut)
			read := x.aside(func() error {
				if _, err := peer.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
					return fmt.Errorf("it got %v, want a reset", err)
				}
				return nil
			})
			x.want("Report.Err", e.over().Err, errCut)
			x.await(read)
		}),
		over(tcpTransports(), "output pending", "a reset while output waits tells how much was lost", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			s := e.send(payload(24 << 20))
			x.await(x.aside(func() error { return reset(peer) }))
			r := e.over()
			x.want("whether the report has an error", r.Err != nil, true)
			lost, ok := errors.AsType[*backends.LostError](s.err)
			x.want("whether the write was told of its loss", ok && lost.Lost == r.Unsent && lost.Lost > 0, true)
		}),
		over(tcpTransports(), "held up", "a reset is noticed at the latest when the program consumes", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 10})
			e.hold = true
			e.begin()
			x.await(x.aside(func() error { _, err := peer.Write(payload(1000)); return err }))
			x.pollUntil(func() bool { return e.inFlight > 0 })
			x.await(x.aside(func() error { return reset(peer) }))
			for !e.closed {
				e.free(e.inFlight)
				x.Poll(-1)
			}
			x.want("whether the report has an error", e.report.Err != nil, true)
		}),
		cutRules(),
	)
}

// cutRules are of connections that the loop accepted.
func cutRules() []rule {
	return []rule{
		{name: "by the peer at k", says: "a reset at any byte of an exchange ends the connection, with an error, and delivers a prefix", check: func(x *exam) {
			x.cutAtEach(func(k int, d *door) {
				var gone net.Conn
				x.await(x.aside(func() (err error) { gone, err = x.exchangeUntil(k, d); return err }))
				x.pollUntil(func() bool { return len(d.ends) == k+1 })
				x.await(x.aside(func() error { return reset(gone) }))
				r := d.ends[k].over()
				if r.Err == nil {
					x.failf("after a reset at byte %d the report has no error", k)
				}
			})
		}},
		{name: "by the peer, eagerly, at k", says: "a reset that comes while the loop is at work ends the connection once", check: func(x *exam) {
			x.cutAtEach(func(k int, d *door) {
				x.await(x.aside(func() error {
					c, err := x.exchangeUntil(k, d)
					return errors.Join(err, reset(c))
				}))
				x.settle(d)
			})
		}},
		{name: "close at k", says: "a peer that closes at any byte of an exchange ends the connection in order", check: func(x *exam) {
			x.cutAtEach(func(k int, d *door) {
				x.await(x.aside(func() error {
					c, err := x.exchangeUntil(k, d)
					return errors.Join(err, c.Close())
				}))
				x.pollUntil(func() bool { return len(d.ends) == k+1 && d.ends[k].closed })
				if !x.declares(HalfCloseEnds) { // else a last answer may be told as lost
					x.want("Report.Unsent", d.ends[k].report.Unsent, int64(0))
				}
			})
		}},
		{name: "by the loop at k", says: "an abort at any byte of an exchange ends both sides", check: func(x *exam) {
			x.cutByLoop(func(e *end) { e.Abort(errCut) }, func(k int, r backends.Report, got []byte, err error) {
				x.wantError("the report", r.Err, errCut)
				if err != nil && !errors.Is(err, syscall.ECONNRESET) {
					x.failf("the peer got %v", err)
				}
			})
		}},
		{name: "closed by the loop at k", says: "Close at any byte of an exchange sends all that was written", check: func(x *exam) {
			x.cutByLoop(func(e *end) { e.Close(0) }, func(k int, r backends.Report, got []byte, err error) {
				x.wantError("the report", r.Err, nil)
				x.wantError("the peer", err, nil)
				x.want("the number of bytes that the peer got", len(got), k)
			})
		}},
		{name: "loses output", says: "Abort tells each write how many of its bytes were lost, and why", check: func(x *exam) {
			e, _ := x.startedPair()
			first, second := e.send(payload(24<<20)), e.send(payload(1000))
			e.Abort(errCut)
			r := e.over()
			x.want("Report.Err", r.Err, errCut)
			x.wantLost(first, r.Unsent-1000, errCut)
			x.wantLost(second, 1000, errCut)
		}},
		{name: "writes after", says: "writes to a peer that has reset are refused, or told as lost in time", check: func(x *exam) {
			e, peer := x.startedPair()
			x.await(x.aside(func() error { return reset(peer) }))
			for !e.closed {
				if _, err := e.Write([]byte("x"), nil); err != nil {
					break
				}
				x.Poll(0)
			}
			e.over()
			if _, err := e.Write([]byte("x"), nil); err == nil {
				x.failf("a write after Closed was taken")
			}
		}},
		{name: "in Data", says: "after Abort in Data only Closed comes", check: func(x *exam) {
			e, peer := x.pair(backends.Flow{})
			times := 0
			e.onData = func([]byte) { times++; e.Abort(errCut); e.Abort(errors.New("again")) }
			e.begin()
			x.aside(func() error { return writeCut(peer, payload(10_000), 100) })
			x.want("Report.Err", e.over().Err, errCut)
			x.want("how often Data came", times, 1)
		}},
		{name: "unstarted", says: "a connection may be aborted without Start", check: func(x *exam) {
			e, _ := x.pair(backends.Flow{})
			e.Abort(errCut)
			x.pollUntil(func() bool { return x.Waiting() == 0 })
			x.want("Stats.Net.Open", x.Stats().Net.Open, int64(0))
		}},
	}
}

var errCut = errors.New("cut off")

// cutAtEach runs cut for each number of bytes with a server that echoes and forgets.
func (x *exam) cutAtEach(cut func(k int, d *door)) {
	data := payload(exchangeBytes)
	d := x.listen("tcp", backends.ListenOptions{}, func(e *end) {
		e.onData = func(b []byte) {
			e.got = append(e.got, b...)
			e.Write(b, nil) // may be refused when the peer is gone
		}
		e.onEnd = func() { e.Close(0) }
		e.begin()
	})
	for k := range 2*exchangeBytes + 1 {
		cut(k, d)
	}
	d.shut()
	for _, e := range d.ends {
		if !e.closed || !bytes.HasPrefix(data, e.got) {
			x.failf("of the exchange %x came %x", data, e.got)
		}
	}
}

// settle polls until what was accepted is closed.
func (x *exam) settle(d *door) {
	for _, e := range d.ends {
		e.over()
	}
}

// exchangeUntil sends a byte, gets it back, and so on, for k steps.
func (x *exam) exchangeUntil(k int, d *door) (net.Conn, error) {
	c, err := x.dialPeer(d.Addr())
	if err != nil {
		return nil, err
	}
	data := payload(exchangeBytes)
	for i := range k {
		b := data[i/2 : i/2+1]
		if i%2 == 0 {
			_, err = c.Write(b)
		} else {
			err = expect(c, b)
		}
		if err != nil {
			break
		}
	}
	return c, err
}

// cutByLoop has the loop's end cut the connection after k bytes echoed.
func (x *exam) cutByLoop(cut func(*end), judge func(k int, r backends.Report, got []byte, err error)) {
	data := payload(exchangeBytes)
	for k := range exchangeBytes + 1 {
		e, peer := x.pair(backends.Flow{})
		e.onData = func(b []byte) {
			for i := range b {
				if e.got = append(e.got, b[i]); len(e.got) > k {
					break
				}
				e.send(b[i : i+1])
				if len(e.got) == k {
					cut(e)
				}
			}
		}
		e.begin()
		if k == 0 {
			cut(e)
		}
		var got []byte
		var err error
		x.await(x.aside(func() error {
			if _, werr := peer.Write(data[:k]); werr != nil && k > 0 {
				return werr
			}
			got, err = io.ReadAll(peer)
			return peer.Close()
		}))
		judge(k, e.over(), got, err)
		x.want("whether the peer got a prefix", bytes.HasPrefix(data, got), true)
	}
}
