package looptest

import (
	"errors"
	"io"
	"net"
	"slices"

	"gene/backends"
)

func streamRules() []rule {
	return slices.Concat(
		overEach("echo", "what is sent comes back, and then the end", HalfCloseEnds, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.echo()
			data := payload(100_000)
			x.await(x.aside(func() error { return echoAndEnd(peer, data) }))
			e.overWell()
		}),
		overEach("single bytes in", "a stream cut into single bytes arrives whole and in order", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			data := payload(1000)
			x.await(x.aside(func() error { return writeCut(peer, data, 1) }))
			x.wantSame(e.received(len(data)), data)
		}),
		overEach("single bytes out", "many writes of single bytes arrive whole and in order", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			data := payload(1000)
			for i := range data {
				e.send(data[i : i+1])
			}
			x.await(x.aside(func() error { return expect(peer, data) }))
		}),
		overEach("order", "writes of all sizes arrive in order, and each is told once, in order", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			data := payload(3 << 20)
			read := x.aside(func() error { return expect(peer, data) })
			for rest, n := data, 1; len(rest) > 0; n = n*3 + 1 {
				n = n % 100_000
				k := min(n, len(rest))
				e.send(rest[:k])
				rest = rest[k:]
			}
			x.await(read)
			x.pollUntil(func() bool { return e.written == e.writes })
		}),
		overEach("writes first", "a peer that sends everything before it reads gets it all back", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.hold = true
			data := payload(6 << 20)
			e.onData = func(b []byte) { e.send(b); e.free(len(b)) }
			e.begin()
			x.await(x.aside(func() error { return exchange(peer, data) }))
		}),
		overEach("both ways", "both sides send at once without hindering each other", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			data := payload(4 << 20)
			out := x.aside(func() error { _, err := peer.Write(data); return err })
			in := x.aside(func() error { return expect(peer, data) })
			e.send(data)
			x.await(out, in)
			x.wantSame(e.received(len(data)), data)
		}),
		overEach("kept", "the bytes given to Data don't change afterwards", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			var kept [][]byte
			n := 0
			e.onData = func(b []byte) { kept = append(kept, b); n += len(b) }
			e.begin()
			data := payload(500_000)
			x.await(x.aside(func() error { return writeCut(peer, data, 777) }))
			x.pollUntil(func() bool { return n == len(data) })
			x.wantSame(slices.Concat(kept...), data)
		}),
		overEach("end only", "a peer that ends at once gives End and no Data", HalfCloseEnds, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			x.await(x.aside(func() error { return halfClose(peer) }))
			x.pollUntil(func() bool { return e.ended })
			x.want("the bytes", len(e.got), 0)
			x.want("whether it is closed", e.closed, false)
			e.Close(0)
			e.overWell()
		}),
		overEach("half close", "a peer that has ended its stream still gets a reply that comes later", HalfCloseEnds, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			question, reply := payload(1000), payload(200_000)
			read := x.aside(func() error {
				_, err := peer.Write(question)
				return errors.Join(err, halfClose(peer), expectEnd(peer, reply))
			})
			x.pollUntil(func() bool { return e.ended })
			x.wantSame(e.got, question)
			x.Post(backends.Func(func() { e.send(reply); e.Close(0) }))
			x.await(read)
			e.overWell()
		}),
		overEach("our half close", "after CloseWrite the peer sees the end, and we still get what it sends", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			question, reply := payload(200_000), payload(300_000)
			talk := x.aside(func() error {
				err := expectEnd(peer, question)
				_, werr := peer.Write(reply)
				return errors.Join(err, werr, peer.Close())
			})
			e.send(question)
			x.wantError("CloseWrite", e.CloseWrite(), nil)
			x.await(talk)
			x.wantSame(e.received(len(reply)), reply)
			e.overWell()
			x.want("whether End came", e.ended, true)
		}),
		[]rule{
			{name: "empty", says: "a write of nothing is finished at once, and sends nothing", check: func(x *exam) {
				e, peer := x.startedPair()
				for _, nothing := range [][]byte{nil, {}} {
					done, err := e.Write(nothing, nil)
					x.want("whether it is finished", done, true)
					x.wantError("Write", err, nil)
				}
				e.Close(0)
				x.await(x.aside(func() error { return expectEnd(peer, nil) }))
			}},
			{name: "nobody told", says: "a write without a Written is sent all the same", check: func(x *exam) {
				e, peer := x.startedPair()
				data := payload(8 << 20)
				if _, err := e.Write(data, nil); err != nil {
					x.failf("Write: %v", err)
				}
				x.await(x.aside(func() error { return expect(peer, data) }))
			}},
			{name: "parted", says: "each of many connections gets its own bytes", check: func(x *exam) {
				d := x.echoServer()
				var all []*errand
				data := payload(64_000)
				for i := range 40 {
					all = append(all, x.aside(func() error { return x.roundTrip(d.Addr(), data[i*1000:]) }))
				}
				x.await(all...)
			}},
			{name: "both ours", says: "a loop may talk to itself", check: func(x *exam) {
				d := x.echoServer()
				x.echoed(x.dial("tcp", d.Addr().String(), backends.DialOptions{}))
			}},
			{name: "both ours, tls", says: "a loop may talk to itself, encrypted", check: func(x *exam) {
				d, client := x.tlsEcho()
				x.echoed(x.dial("tls", d.Addr().String(), backends.DialOptions{TLS: client}))
			}},
			{name: "ledger", says: "Stats counts each byte that came and went", check: func(x *exam) {
				e, peer := x.startedPair()
				out, in := payload(12_345), payload(54_321)
				e.send(out)
				talk := x.aside(func() error {
					_, err := peer.Write(in)
					return errors.Join(err, expect(peer, out))
				})
				x.wantSame(e.received(len(in)), in)
				x.await(talk)
				x.pollUntil(func() bool { return e.Buffered() == 0 })
				s := x.Stats().Net
				x.want("Read", s.Read, int64(len(in)))
				x.want("Delivered", s.Delivered, int64(len(in)))
				x.want("Taken", s.Taken, int64(len(out)))
				x.want("Sent", s.Sent, int64(len(out)))
			}},
		},
	)
}

// echoed has the loop's own echo server answer e.
func (x *exam) echoed(e *end) {
	e.begin()
	data := payload(2 << 20)
	e.send(data)
	x.wantSame(e.received(len(data)), data)
	e.Close(0)
	e.overWell()
}

// echoAndEnd sends data and the end, and gets both back.
func echoAndEnd(c net.Conn, data []byte) error {
	if _, err := c.Write(data); err != nil {
		return err
	}
	return errors.Join(halfClose(c), expectEnd(c, data))
}

// writeCut writes in pieces of n bytes.
func writeCut(w io.Writer, data []byte, n int) error {
	for piece := range slices.Chunk(data, n) {
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}
