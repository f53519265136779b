package looptest

import (
	"errors"
	"net"
	"os"
	"runtime"
	"syscall"

	"gene/backends"
)

func acceptRules() []rule {
	return []rule{
		{name: "addresses", says: "a listener tells its port, and both ends agree on their addresses", check: func(x *exam) {
			e, peer := x.pair(backends.Flow{})
			x.want("LocalAddr", e.LocalAddr().String(), peer.RemoteAddr().String())
			x.want("RemoteAddr", e.RemoteAddr().String(), peer.LocalAddr().String())
			x.want("Stats.Net.Accepted", x.Stats().Net.Accepted, int64(1))
			x.want("Stats.Net.Open", x.Stats().Net.Open, int64(1))
		}},
		{name: "goroutine", says: "acceptors and handlers run on the VM's goroutine", check: func(x *exam) {
			vm := goroutineID()
			seen := 0
			here := func() { x.want("the goroutine", goroutineID(), vm); seen++ }
			d := x.listen("tcp", backends.ListenOptions{}, func(e *end) {
				here()
				e.onData = func([]byte) { here() }
				e.onEnd = func() { here(); e.Close(0) }
				e.onOver = here
				e.begin()
			})
			x.await(x.aside(func() error {
				c, err := x.dialPeer(d.Addr())
				if err != nil {
					return err
				}
				_, err = c.Write([]byte("x"))
				return errors.Join(err, c.Close())
			}))
			x.pollUntil(func() bool { return seen == 4 })
		}},
		{name: "in use", says: "an address in use is refused", check: func(x *exam) {
			d := x.listen("tcp", backends.ListenOptions{}, nil)
			_, err := x.Listen("tcp", d.Addr().String(), backends.ListenOptions{}, &door{x: x})
			x.wantError("Listen", err, syscall.EADDRINUSE)
			x.want("Waiting", x.Waiting(), 1)
		}},
		{name: "wrong network", says: "a network or an address that doesn't exist is refused", check: func(x *exam) {
			for _, bad := range [][2]string{{"carrier-pigeon", "127.0.0.1:0"}, {"tcp", "127.0.0.1"}, {"tcp", "192.0.2.1:0"}, {"udp", "127.0.0.1:0"}} {
				if l, err := x.Listen(bad[0], bad[1], backends.ListenOptions{}, &door{x: x}); err == nil {
					l.Close()
					x.failf("Listen(%q, %q) was taken", bad[0], bad[1])
				}
			}
			x.want("Waiting", x.Waiting(), 0)
		}},
		{name: "close", says: "Close of a listener tells so once, and refuses later peers", check: func(x *exam) {
			d := x.echoServer()
			x.want("Waiting", x.Waiting(), 1)
			d.shut()
			d.Close()
			x.want("Waiting", x.Waiting(), 0)
			x.await(x.aside(func() error {
				if c, err := x.dialPeer(d.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
					return errors.Join(errors.New("a dial was not refused"), err, c.Close())
				}
				return nil
			}))
		}},
		{name: "close keeps", says: "connections outlive their listener", check: func(x *exam) {
			e, peer := x.pair(backends.Flow{}) // closes its door
			e.echo()
			x.await(x.aside(func() error { return exchange(peer, payload(1000)) }))
		}},
		{name: "close inside", says: "a listener may be closed in Accepted", check: func(x *exam) {
			var d *door
			d = x.listen("tcp", backends.ListenOptions{}, func(e *end) { d.Close(); e.echo() })
			trip := x.aside(func() error { return x.roundTrip(d.Addr(), payload(100)) })
			x.await(trip)
			x.pollUntil(func() bool { return d.closed })
			x.want("the error of ListenerClosed", d.err, error(nil))
		}},
		{name: "refuse", says: "a connection may be closed in Accepted", check: func(x *exam) {
			d := x.listen("tcp", backends.ListenOptions{}, func(e *end) { e.Close(0) })
			x.await(x.aside(func() error {
				c, err := x.dialPeer(d.Addr())
				if err != nil {
					return err
				}
				return expectEnd(c, nil)
			}))
			d.shut()
			x.pollUntil(func() bool { return x.Waiting() == 0 })
		}},
		{name: "loop from elsewhere", says: "Listen may be called by any goroutine", check: func(x *exam) {
			d := &door{x: x, accepted: (*end).echo}
			x.await(x.aside(func() (err error) {
				d.Listener, err = x.Listen("tcp", "127.0.0.1:0", backends.ListenOptions{}, d)
				return err
			}))
			x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(100)) }))
		}},
		{name: "most", says: "beyond MaxConns peers wait in the system's queue until one leaves", check: mostConns},
		{name: "unix file", says: "a unix listener removes its socket at Close", check: func(x *exam) {
			d := x.listen("unix", backends.ListenOptions{}, nil)
			path := d.Addr().String()
			if _, err := os.Lstat(path); err != nil {
				x.failf("%v", err)
			}
			d.shut()
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				x.failf("after Close, Lstat gave %v", err)
			}
		}},
		{name: "unix elsewhere", says: "a unix listener removes nothing that isn't a socket", check: func(x *exam) {
			file, dir := x.path(), x.path()
			if err := errors.Join(os.WriteFile(file, []byte("mine"), 0o600), os.Mkdir(dir, 0o700)); err != nil {
				x.failf("%v", err)
			}
			for _, path := range []string{file, dir} {
				if _, err := x.Listen("unix", path, backends.ListenOptions{}, &door{x: x}); err == nil {
					x.failf("Listen on %s was taken", path)
				}
				if _, err := os.Lstat(path); err != nil {
					x.failf("it is gone: %v", err)
				}
			}
		}},
		{name: "unix in use", says: "a unix socket that a server listens on is refused, and the server goes on", check: func(x *exam) {
			l := x.peerListener("unix")
			if _, err := x.Listen("unix", l.Addr().String(), backends.ListenOptions{}, &door{x: x}); err == nil {
				x.failf("Listen was taken")
			}
			accept := x.aside(func() error { _, err := x.acceptPeer(l); return err })
			x.dial("unix", l.Addr().String(), backends.DialOptions{})
			x.await(accept)
		}},
		{name: "unix left over", says: "a socket file that a dead server left is replaced", check: func(x *exam) {
			l := x.peerListener("unix")
			l.(*net.UnixListener).SetUnlinkOnClose(false)
			l.Close()
			path := l.Addr().String()
			if _, err := os.Lstat(path); err != nil {
				x.failf("the peer left nothing: %v", err)
			}
			d := &door{x: x, accepted: (*end).echo}
			var err error
			if d.Listener, err = x.Listen("unix", path, backends.ListenOptions{}, d); err != nil {
				x.failf("Listen: %v", err)
			}
			x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(100)) }))
		}},
		{name: "two", says: "listeners don't disturb each other", check: func(x *exam) {
			a, b := x.echoServer(), x.echoServer()
			x.await(x.aside(func() error { return x.roundTrip(a.Addr(), payload(100)) }))
			a.shut()
			x.await(x.aside(func() error { return x.roundTrip(b.Addr(), payload(100)) }))
		}},
		{name: "not told", says: "a connection that was accepted but not told when the loop is closed ends for the peer", check: func(x *exam) {
			d := x.echoServer()
			peer, err := x.dialPeer(d.Addr())
			x.wantError("the peer", err, nil)
			for x.Stats().Net.Accepted == 0 { // without Poll, which would tell
				runtime.Gosched()
			}
			x.close()
			x.want("the connections told", len(d.ends), 0)
			x.wantError("the peer", expectEnd(peer, nil), nil)
		}},
		{name: "stopped", says: "Close of the loop closes its listeners", check: func(x *exam) {
			d := x.echoServer()
			x.close()
			if c, err := net.Dial("tcp", d.Addr().String()); err == nil {
				c.Close()
				x.failf("a dial after Close was not refused")
			}
		}},
	}
}

func mostConns(x *exam) {
	const most = 2
	d := x.listen("tcp", backends.ListenOptions{MaxConns: most}, (*end).echo)
	var all []*errand
	conns := make([]net.Conn, most+1)
	for i := range conns {
		all = append(all, x.aside(func() (err error) { conns[i], err = x.dialPeer(d.Addr()); return err }))
	}
	x.await(all...)
	x.pollUntil(func() bool { return len(d.ends) >= most })
	x.bustle() // a chance to accept one too many
	x.want("the number of connections", len(d.ends), most)
	d.ends[0].Close(0)
	x.pollUntil(func() bool { return len(d.ends) > most })
	d.ends[1].Close(0)
	x.pollUntil(func() bool { return d.ends[0].closed && d.ends[1].closed })
	x.want("Stats.Net.Open", x.Stats().Net.Open, int64(1))
}
