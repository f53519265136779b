package looptest

import (
	"errors"
	"slices"
	"time"

	"gene/backends"
)

func limitRules() []rule {
	const short = 30 * time.Millisecond
	return slices.Concat(
		overEach("silent peer", "a peer that sends nothing within the read timeout is disconnected with ErrStalled", "", func(x *exam, t transport) {
			e, _ := t.pair(x, backends.Flow{})
			e.begin()
			e.SetTimeouts(short, 0)
			x.wantError("the report", e.over().Err, backends.ErrStalled)
		}),
		overEach("deaf peer", "a peer that reads nothing within the write timeout is disconnected with ErrStalled, and the loss is told", "", func(x *exam, t transport) {
			e, _ := t.pair(x, backends.Flow{})
			e.begin()
			e.SetTimeouts(0, short)
			s := e.send(payload(24 << 20))
			r := e.over()
			x.wantError("the report", r.Err, backends.ErrStalled)
			x.wantLost(s, r.Unsent, backends.ErrStalled)
		}),
		over(tcpTransports(), "held peer", "the read timeout doesn't count while the program keeps the window full", CannotPause, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 10})
			e.hold = true
			e.begin()
			x.await(x.aside(func() error { _, err := peer.Write(payload(100)); return err }))
			x.pollUntil(func() bool { return e.inFlight == 10 })
			e.SetTimeouts(short, 0)
			x.after(3 * short)
			x.want("whether it is closed", e.closed, false)
		}),
		[]rule{
			{name: "idle writer", says: "the write timeout doesn't count while there is nothing to send", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{})
				e.echo()
				e.SetTimeouts(0, short)
				x.after(3 * short)
				x.await(x.aside(func() error { return exchange(peer, payload(100)) }))
			}},
			{name: "off", says: "a timeout of 0 is none", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{})
				e.echo()
				e.SetTimeouts(short, short)
				e.SetTimeouts(0, 0)
				x.after(3 * short)
				x.await(x.aside(func() error { return exchange(peer, payload(100)) }))
				x.want("Pending but for the connection", x.Pending(), 1)
			}},
			{name: "longer", says: "setting a timeout anew begins it anew", check: func(x *exam) {
				e, peer := x.pair(backends.Flow{})
				e.echo()
				e.SetTimeouts(short, short)
				e.SetTimeouts(time.Hour, time.Hour)
				x.after(3 * short)
				x.await(x.aside(func() error { return exchange(peer, payload(100)) }))
			}},
			{name: "keep alive", says: "keep-alive can be set and switched off on TCP", check: func(x *exam) {
				e, _ := x.startedPair()
				x.wantError("SetKeepAlive", errors.Join(e.SetKeepAlive(time.Minute), e.SetKeepAlive(-1)), nil)
			}},
			{name: "close wins", says: "a connection that is closed doesn't time out any more", check: func(x *exam) {
				e, _ := x.startedPair()
				e.SetTimeouts(short, short)
				e.Close(0)
				e.overWell()
				x.pending(0, 0)
			}},
		},
	)
}

// after polls until d of the loop's time has passed.
func (x *exam) after(d time.Duration) {
	over := false
	x.AfterFunc(d, backends.Func(func() { over = true }))
	x.pollUntil(func() bool { return over })
}
