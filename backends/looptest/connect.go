package looptest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"syscall"
	"time"

	"gene/backends"
)

func connectRules() []rule {
	rules := []rule{
		{name: "not in Dial", says: "Dial calls done once, inside Poll, and not before it returns", check: func(x *exam) {
			l := x.peerListener("tcp")
			vm, ran := goroutineID(), ""
			told := 0
			err := x.Dial(context.Background(), "tcp", l.Addr().String(), backends.DialOptions{}, func(c backends.Conn, err error) {
				told, ran = told+1, goroutineID()
				c.Abort(err)
			})
			x.want("the error of Dial", err, error(nil))
			x.want("how often done was called in Dial", told, 0)
			x.pollUntil(func() bool { return told > 0 && x.Waiting() == 0 })
			x.want("how often done was called", told, 1)
			x.want("done's goroutine", ran, vm)
		}},
		{name: "addresses", says: "both ends of a dialled connection agree on their addresses", check: func(x *exam) {
			e, peer := x.dialledPair("tcp", backends.Flow{})
			x.want("LocalAddr", e.LocalAddr().String(), peer.RemoteAddr().String())
			x.want("RemoteAddr", e.RemoteAddr().String(), peer.LocalAddr().String())
		}},
		{name: "name", says: "Dial looks names up", check: func(x *exam) {
			l := x.peerListener("tcp")
			_, port, _ := net.SplitHostPort(l.Addr().String())
			e := x.dial("tcp", "localhost:"+port, backends.DialOptions{})
			x.want("the peer's port", e.RemoteAddr().(*net.TCPAddr).Port, l.Addr().(*net.TCPAddr).Port)
		}},
		{name: "refused", says: "a refused dial tells so, once, and leaves nothing outstanding", check: func(x *exam) {
			l := x.peerListener("tcp")
			l.Close()
			x.dialFails("tcp", l.Addr().String(), syscall.ECONNREFUSED)
		}},
		{name: "no socket", says: "a dial to a unix socket that doesn't exist tells so", check: func(x *exam) {
			x.dialFails("unix", x.path(), syscall.ENOENT)
		}},
		{name: "wrong network", says: "a network that doesn't exist is refused, once", check: func(x *exam) {
			x.dialIsRefused("carrier-pigeon", "127.0.0.1:1")
		}},
		{name: "wrong address", says: "an address that can't be understood is refused, once", check: func(x *exam) {
			x.dialIsRefused("tcp", "127.0.0.1")
		}},
		{name: "cancelled before", says: "a dial whose context has ended tells the cause", check: func(x *exam) {
			l := x.peerListener("tcp")
			cause := errors.New("changed my mind")
			ctx, cancel := context.WithCancelCause(context.Background())
			cancel(cause)
			d := x.startDial(ctx, "tcp", l.Addr().String(), backends.DialOptions{})
			x.pollUntil(func() bool { return d.told > 0 })
			x.wantError("Dial", d.err, cause)
			x.want("Waiting", x.Waiting(), 0)
		}},
		{name: "waiting", says: "a dial, and then its connection, count as one Waiting until closed", check: func(x *exam) {
			l := x.peerListener("tcp")
			d := x.startDial(context.Background(), "tcp", l.Addr().String(), backends.DialOptions{})
			x.want("Waiting while dialling", x.Waiting(), 1)
			x.pollUntil(func() bool { return d.told > 0 })
			x.want("Waiting when connected", x.Waiting(), 1)
			d.conn.Close(0)
			x.pollUntil(func() bool { return x.Waiting() == 0 })
			x.want("Stats.Net.Dialled", x.Stats().Net.Dialled, int64(1))
		}},
		{name: "many", says: "of many dials at once each is told once", check: func(x *exam) {
			manyDials(x, 200)
		}},
		{name: "half refused", says: "dials that are refused don't disturb those that succeed", check: func(x *exam) {
			good, bad := x.peerListener("tcp"), x.peerListener("tcp")
			bad.Close()
			var well, ill []*dialling
			for range 20 {
				well = append(well, x.startDial(context.Background(), "tcp", good.Addr().String(), backends.DialOptions{}))
				ill = append(ill, x.startDial(context.Background(), "tcp", bad.Addr().String(), backends.DialOptions{}))
			}
			for _, d := range slices.Concat(well, ill) {
				x.pollUntil(func() bool { return d.told > 0 })
			}
			for i := range well {
				x.wantError("the good one", well[i].err, nil)
				x.wantError("the bad one", ill[i].err, syscall.ECONNREFUSED)
			}
		}},
		{name: "closed loop", says: "after Close, Dial and Listen are refused with ErrClosed", check: func(x *exam) {
			l := x.peerListener("tcp")
			x.close()
			d := new(dialling)
			x.wantError("Dial", x.Dial(context.Background(), "tcp", l.Addr().String(), backends.DialOptions{}, d.done), backends.ErrClosed)
			_, err := x.Listen("tcp", "127.0.0.1:0", backends.ListenOptions{}, &door{x: x})
			x.wantError("Listen", err, backends.ErrClosed)
			_, err = x.ListenPacket("udp", "127.0.0.1:0", &mailbox{x: x})
			x.wantError("ListenPacket", err, backends.ErrClosed)
			x.want("how often done was called", d.told, 0)
		}},
		{name: "closed unstarted", says: "a connection that is closed and never started ends for the peer", check: func(x *exam) {
			e, peer := x.dialledPair("tcp", backends.Flow{})
			e.Close(0)
			x.await(x.aside(func() error { return expectEnd(peer, nil) }))
			x.pollUntil(func() bool { return x.Waiting() == 0 })
		}},
	}
	rules = append(rules, rule{name: "not told", says: "a dial that has succeeded but wasn't told when the loop is closed ends for the peer", check: func(x *exam) {
		for range 20 {
			other := &exam{EventLoop: x.another(), declared: x.declared}
			l := x.peerListener("tcp")
			d := other.startDial(context.Background(), "tcp", l.Addr().String(), backends.DialOptions{})
			peer, err := x.acceptPeer(l) // without Poll, which would tell
			x.wantError("the peer", err, nil)
			other.close()
			x.await(x.aside(func() error { return expectEnd(peer, nil) }))
			x.want("how often done was called", d.told, 0)
		}
	}})
	rules = append(rules, unstartedRules()...)
	return append(rules, slowConnectRules()...)
}

// unstartedRules are of what comes before Start. A library may take what the window has room for.
func unstartedRules() []rule {
	return slices.Concat(
		over(standardTransports(), "not started", "a connection reads nothing before Start, and everything after", "", func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{})
			data := payload(10_000)
			x.await(x.aside(func() error { _, err := peer.Write(data); return err }))
			x.want("Stats.Net.Read before Start", x.Stats().Net.Read, int64(0))
			e.begin()
			x.wantSame(e.received(len(data)), data)
		}),
		over(libraryTransports(), "not started", "a peer isn't read on and on before Start, and everything comes after", CannotPause, func(x *exam, t transport) {
			e, peer := t.pair(x, backends.Flow{Window: 64 << 10})
			var taken int64
			x.await(x.aside(func() (err error) { taken, err = untilBlocked(peer); return err }))
			read := x.Stats().Net.Read
			x.want(fmt.Sprintf("whether less than 256 KiB were read before Start (%d)", read), read < 256<<10, true)
			e.begin()
			x.want("the bytes received", int64(len(e.received(int(taken)))), taken)
		}),
	)
}

// slowConnectRules need a peer that lets a dial wait.
func slowConnectRules() []rule {
	if !canStall {
		return nil
	}
	return []rule{
		{name: "timed out", says: "a dial that lasts longer than its timeout tells that it timed out", check: func(x *exam) {
			d := x.startDial(context.Background(), "tcp", stalledAddress(x), backends.DialOptions{Timeout: 30 * time.Millisecond})
			x.pollUntil(func() bool { return d.told > 0 })
			var timeout interface{ Timeout() bool }
			if !errors.As(d.err, &timeout) || !timeout.Timeout() {
				x.failf("it told %v, want an error that is a timeout", d.err)
			}
			x.want("Waiting", x.Waiting(), 0)
		}},
		{name: "cancelled", says: "ending the context ends the dial with its cause", check: func(x *exam) {
			cause := errors.New("changed my mind")
			ctx, cancel := context.WithCancelCause(context.Background())
			d := x.startDial(ctx, "tcp", stalledAddress(x), backends.DialOptions{})
			x.Post(backends.Func(func() { cancel(cause) }))
			x.pollUntil(func() bool { return d.told > 0 })
			x.wantError("Dial", d.err, cause)
			x.want("Waiting", x.Waiting(), 0)
		}},
		{name: "stopped", says: "Close ends a dial that waits, and done isn't called", check: func(x *exam) {
			d := x.startDial(context.Background(), "tcp", stalledAddress(x), backends.DialOptions{})
			x.close()
			x.want("how often done was called", d.told, 0)
		}},
	}
}

// dialFails with a reason.
func (x *exam) dialFails(network, address string, why error) {
	d := x.startDial(context.Background(), network, address, backends.DialOptions{})
	x.pollUntil(func() bool { return d.told > 0 })
	x.wantError("Dial", d.err, why)
	x.want("whether there is a connection", d.conn != nil, false)
	x.want("Waiting", x.Waiting(), 0)
}

// dialIsRefused at once or by done.
func (x *exam) dialIsRefused(network, address string) {
	d := new(dialling)
	err := x.Dial(context.Background(), network, address, backends.DialOptions{}, d.done)
	if err == nil {
		x.pollUntil(func() bool { return d.told > 0 })
	}
	x.pollUntil(func() bool { return x.Waiting() == 0 })
	if (err == nil) == (d.err == nil) {
		x.failf("Dial gave %v and done was told %v, want one error", err, d.err)
	}
}

func manyDials(x *exam, n int) {
	l := x.peerListener("tcp")
	accept := x.aside(func() error {
		for range n {
			if _, err := x.acceptPeer(l); err != nil {
				return err
			}
		}
		return nil
	})
	var all []*dialling
	for range n {
		all = append(all, x.startDial(context.Background(), "tcp", l.Addr().String(), backends.DialOptions{}))
	}
	x.await(accept)
	for _, d := range all {
		x.pollUntil(func() bool { return d.told > 0 })
		x.wantError("Dial", d.err, nil)
		d.conn.Close(0)
	}
	x.pollUntil(func() bool { return x.Waiting() == 0 })
	for _, d := range all {
		x.want("how often done was called", d.told, 1)
	}
}
