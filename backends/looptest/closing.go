package looptest

import (
	"errors"
	"io"
	"runtime"
	"slices"
	"time"

	"gene/backends"
)

func closingRules() []rule {
	return slices.Concat(
		overEach("drains", "Close sends what was written before it closes", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			data := payload(8 << 20)
			e.send(data)
			e.Close(patience)
			x.await(x.aside(func() error { return expectEnd(peer, data) }))
			peer.Close()
			e.overWell()
		}),
		overEach("last words", "what a peer sends before it closes comes before End, always", "", func(x *exam, t transport) {
			for range 20 {
				e, peer := t.pair(x, backends.Flow{})
				e.begin()
				data := payload(3000)
				x.await(x.aside(func() error {
					_, err := peer.Write(data)
					return errors.Join(err, peer.Close())
				}))
				x.pollUntil(func() bool { return e.ended || e.closed })
				x.wantSame(e.got, data)
				e.Close(0)
				e.overWell()
			}
		}),
		overEach("simultaneous", "when both sides close at once, Closed comes once, without an error", "", func(x *exam, t transport) {
			for range 20 {
				e, peer := t.pair(x, backends.Flow{})
				e.begin()
				bye := x.aside(peer.Close)
				e.Close(0)
				x.await(bye)
				e.overWell()
			}
		}),
		overEach("stalled", "Close gives up on a peer that doesn't read, and tells how much was lost", "", func(x *exam, t transport) {
			e, _ := t.pair(x, backends.Flow{})
			e.begin()
			s := e.send(payload(24 << 20))
			e.Close(30 * time.Millisecond)
			r := e.over()
			x.wantError("Report.Err", r.Err, backends.ErrStalled)
			x.wantLost(s, r.Unsent, backends.ErrStalled)
			n := x.Stats().Net
			x.want("Stats.Net.Sent and Unsent", n.Sent+r.Unsent, n.Taken)
		}),
		overEach("started late", "a connection whose peer has closed before Start still gives everything", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			data := payload(3000)
			x.await(x.aside(func() error {
				_, err := peer.Write(data)
				return errors.Join(err, peer.Close())
			}))
			e.begin()
			x.pollUntil(func() bool { return e.ended || e.closed })
			x.wantSame(e.got, data)
		}),
		overEach("loop", "Close of the loop ends connections, and their peers see it", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			read := make(chan int64, 1)
			x.aside(func() error { n, _ := io.Copy(io.Discard, peer); read <- n; return nil })
			x.close()
			x.want("the bytes that the peer got", <-read, int64(0))
			x.want("whether Closed came after Close", e.closed, false)
		}),
		overEach("undelivered", "what was read and not delivered before Close or Abort is counted in the report", "", func(x *exam, t transport) {
			for _, end := range []func(*end){func(e *end) { e.Close(0) }, func(e *end) { e.Abort(errCut) }} {
				e, peer := t.pair(x, backends.Flow{})
				e.onData = func([]byte) { x.failf("Data came after Close") }
				e.begin()
				before, n := x.Stats().Net.Read, int64(5000)
				x.aside(func() error { _, err := peer.Write(payload(int(n))); return err })
				for x.Stats().Net.Read < before+n { // without Poll, which would deliver
					runtime.Gosched()
				}
				end(e)
				peer.Close()
				x.want("Report.Unread", e.over().Unread, n)
			}
		}),
		overEach("peer first", "a peer that closes gives End; then Close gives Closed without an error", HalfCloseEnds, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			peer.Close()
			x.pollUntil(func() bool { return e.ended })
			x.want("whether it is closed", e.closed, false)
			e.Close(0)
			e.overWell()
		}),
		instead(HalfCloseEnds, "half close ends", "a peer's half-close closes the connection, and a reply that comes later is refused or told as lost", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			e.begin()
			x.await(x.aside(func() error { return halfClose(peer) }))
			e.over()
			if _, err := e.Write([]byte("late"), nil); err == nil {
				x.failf("a write after Closed was taken")
			}
		}),
		overEach("descriptor", "in Closed all that the connection had open is closed already", "", func(x *exam, t transport) {
			x.openAtClosed(t) // what the loop opens with its first connection stays
			before := x.loopDescriptors()
			x.want("the number of descriptors in Closed", x.openAtClosed(t), before)
		}),
		[]rule{
			{name: "again", says: "Close and Abort of what is closed do nothing", check: func(x *exam) {
				e, _ := x.startedPair()
				e.Close(0)
				e.Close(time.Hour)
				e.over()
				e.Close(0)
				e.Abort(errors.New("too late"))
				x.want("Waiting", x.Waiting(), 0)
				e.overWell()
			}},
			{name: "writes after", says: "after CloseWrite or Close, writes are refused with ErrConnClosed and nothing is taken", check: func(x *exam) {
				e, peer := x.startedPair()
				for _, end := range []func(){func() { e.CloseWrite() }, func() { e.Close(0) }, func() { e.over() }} {
					end()
					done, err := e.Write([]byte("late"), e.unwanted())
					x.wantError("Write", err, backends.ErrConnClosed)
					x.want("whether it is finished", done, false)
				}
				x.want("Stats.Net.Taken", x.Stats().Net.Taken, int64(0))
				x.await(x.aside(func() error { return expectEnd(peer, nil) }))
			}},
			{name: "in Data", says: "after Close in Data no more comes, and what was read is counted as unread", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{})
				e.onData = func([]byte) {
					if e.closed || len(e.got) > 0 {
						x.failf("Data came after Close")
					}
					e.got = []byte{1}
					e.Close(0)
				}
				e.begin()
				x.aside(func() error { // it may be cut off
					writeCut(peer, payload(20_000), 100)
					return peer.Close()
				})
				r := e.over()
				s := x.Stats().Net
				x.want("Stats.Net.Delivered and Unread", s.Delivered+r.Unread, s.Read)
			}},
			{name: "answer whole", says: "an answer written before Close arrives though the peer's input wasn't read", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{Window: 1000})
				answer := payload(100_000)
				e.hold = true
				e.onData = func([]byte) {
					if e.onData = func([]byte) {}; len(e.got) == 0 {
						e.send(answer)
						e.Close(patience)
					}
				}
				e.begin()
				x.await(x.aside(func() error {
					if _, err := peer.Write(payload(100_000)); err != nil {
						return err
					}
					return errors.Join(expectEnd(peer, answer), peer.Close())
				}))
				x.want("the report's error", e.over().Err, error(nil))
			}},
			{name: "waiting", says: "a connection is Waiting until Closed, and leaves no timer behind", check: func(x *exam) {
				e, _ := x.startedPair()
				e.SetTimeouts(time.Hour, time.Hour)
				x.want("Waiting", x.Waiting(), 1)
				e.Close(time.Hour)
				e.over()
				x.pending(0, 0)
			}},
			{name: "loop with output", says: "what Close of the loop didn't send is counted as lost", check: func(x *exam) {
				e, _ := x.startedPair()
				e.send(payload(24 << 20))
				x.close()
				s := x.Stats().Net
				x.want("whether bytes are lost", s.WriteLost > 0, true)
				x.want("Sent and WriteLost", s.Sent+s.WriteLost, s.Taken)
			}},
			{name: "loop in Data", says: "the loop may be closed in Data", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{})
				closed := false
				e.onData = func([]byte) { x.close(); closed = true }
				e.begin()
				x.aside(func() error { _, err := peer.Write([]byte("x")); return err })
				for !closed {
					x.Poll(-1)
				}
				x.want("Poll", x.Poll(-1), 0)
			}},
			{name: "calls after", says: "after Close of the loop, calls of its connections take nothing and break nothing", check: func(x *exam) {
				e, peer := x.startedPair()
				x.await(x.aside(func() error { _, err := peer.Write([]byte("abc")); return err }))
				e.received(3)
				x.close()
				done, err := e.Write([]byte("late"), e.unwanted())
				x.want("whether Write finished", done, false)
				x.want("whether Write is refused", err != nil, true)
				x.want("whether CloseWrite is refused", e.CloseWrite() != nil, true)
				e.Close(time.Hour)
				e.Abort(errCut)
				e.SetTimeouts(time.Hour, time.Hour)
				x.want("Buffered", e.Buffered(), 0)
				x.want("Stats.Net.Taken", x.Stats().Net.Taken, int64(0))
				x.pending(0, 0)
			}},
			{name: "two loops", says: "Close of one loop leaves another's connections alone", check: func(x *exam) {
				other := &exam{construct: x.construct, declared: x.declared}
				other.EventLoop = x.another()
				x.cleanup(other.peers.end)
				o, oPeer := other.startedPair()
				e, peer := x.pair(backends.Flow{})
				e.echo()
				o.send([]byte("bye"))
				other.pollUntil(func() bool { return o.Buffered() == 0 })
				other.close()
				x.await(x.aside(func() error { return expect(oPeer, []byte("bye")) }))
				x.await(x.aside(func() error { return exchange(peer, payload(1000)) }))
			}},
			{name: "stop in traffic", says: "Close of the loop amid traffic loses nothing unseen", check: stopInTraffic},
			{name: "close in traffic", says: "connections closed amid traffic end in order, each once", check: closeInTraffic},
		},
	)
}

// openAtClosed opens and closes a connection, and returns the loopDescriptors in Closed.
func (x *exam) openAtClosed(t transport) (n int) {
	e, _ := t.pair(x, backends.Flow{})
	e.begin()
	e.onOver = func() { n = x.loopDescriptors() }
	e.Close(0)
	e.over()
	return n
}

// loopDescriptors are all but those of the peers, of which none may be closed; 0 where the system doesn't tell.
func (x *exam) loopDescriptors() int {
	if n := countDescriptors(); n > 0 {
		return n - x.peers.count()
	}
	return 0
}

// another loop, which is closed at the latest when the case is over.
func (x *exam) another() backends.EventLoop {
	loop, err := x.construct(backends.Options{})
	if err != nil {
		x.failf("%v", err)
	}
	x.cleanup(func() { loop.Close() })
	return loop
}

// unwanted is told only if the loop errs.
func (e *end) unwanted() backends.Written {
	return writtenFunc(func(error) { e.x.failf("a refused write was told") })
}

type writtenFunc func(error)

func (f writtenFunc) Written(err error) { f(err) }

// wantLost checks what was told of a write whose bytes were lost in part.
func (x *exam) wantLost(s *sending, unsent int64, why error) {
	lost, ok := errors.AsType[*backends.LostError](s.err)
	if !ok || !errors.Is(lost, why) {
		x.failf("Written told %v, want a LostError because of %v", s.err, why)
	}
	x.want("LostError.Lost", lost.Lost, unsent)
	x.want("whether bytes are lost", unsent > 0 && unsent <= lost.Of, true)
}

// traffic starts n peers that send and receive until cut off.
func (x *exam) traffic(n int) (*door, func(done int) bool) {
	d := x.echoServer()
	moved := func(least int) bool {
		for _, e := range d.ends {
			if e.written+int(x.Stats().Net.Delivered) < least {
				return false
			}
		}
		return len(d.ends) == n
	}
	for range n {
		x.aside(func() error {
			c, err := x.dialPeer(d.Addr())
			if err != nil {
				return err
			}
			x.peers.running.Go(func() { io.Copy(c, endless{}) })
			io.Copy(io.Discard, c)
			return c.Close()
		})
	}
	return d, moved
}

func stopInTraffic(x *exam) {
	_, moved := x.traffic(20)
	x.pollUntil(func() bool { return moved(2 << 20) })
	x.close()
	s := x.Stats().Net
	x.want("Stats.Net.Open", s.Open, int64(0))
}

func closeInTraffic(x *exam) {
	d, moved := x.traffic(20)
	x.pollUntil(func() bool { return moved(2 << 20) })
	for i, e := range d.ends {
		e.onData = func([]byte) {}
		if e.onEnd = nil; i%2 == 0 {
			e.Close(time.Second)
		} else {
			e.Abort(errors.New("cut off"))
		}
	}
	for _, e := range d.ends {
		e.over()
	}
	x.want("Stats.Net.Open", x.Stats().Net.Open, int64(0))
}
