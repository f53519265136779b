package looptest

import (
	"fmt"
	"net"
	"runtime"
	"time"
)

// crowd is how many connections are open at once.
const crowd = 5000

func crowdRules() []rule {
	return []rule{
		{name: "5 000 connections", says: "5 000 connections are open at once, and each gets its own answers", check: func(x *exam) {
			d := x.echoServer()
			const drivers = 10
			var all []*errand
			conns := make([][]net.Conn, drivers)
			for i := range drivers {
				all = append(all, x.aside(func() (err error) {
					conns[i], err = x.join(d, crowd/drivers)
					return err
				}))
			}
			x.await(all...)
			x.pollUntil(func() bool { return len(d.ends) == crowd })
			x.want("Stats.Net.Open", x.Stats().Net.Open, int64(crowd))
			all = nil
			for i := range drivers {
				all = append(all, x.aside(func() error { return part(conns[i], i) }))
			}
			x.await(all...)
			for _, e := range d.ends {
				e.Close(0)
				e.over()
			}
			x.want("Stats.Net.Open", x.Stats().Net.Open, int64(0))
		}},
		{name: "idle", says: "idle connections wake nobody, and have at most a goroutine each, or none if so declared", check: idle},
		{name: "come and go", says: "connections that come and go leave nothing behind", check: func(x *exam) {
			d := x.echoServer()
			var all []*errand
			for i := range 8 {
				all = append(all, x.aside(func() error {
					for range 100 {
						if err := x.roundTrip(d.Addr(), payload(500+i)); err != nil {
							return err
						}
					}
					return nil
				}))
			}
			x.await(all...)
			for _, e := range d.ends {
				e.Close(0)
				e.over()
			}
			x.want("Waiting", x.Waiting(), 1)
			x.want("Stats.Net.Accepted", x.Stats().Net.Accepted, int64(800))
		}},
	}
}

// idle looks at what can be counted exactly: each time that Poll looks for work and waits again is counted.
func idle(x *exam) {
	d := x.echoServer()
	x.await(x.aside(func() error { return x.roundTrip(d.Addr(), payload(10)) }))
	x.pollUntil(func() bool { return x.Stats().Net.Open == 0 })
	for !x.quiet() {
	}
	const n = 200
	goroutines := runtime.NumGoroutine()
	var conns []net.Conn
	x.await(x.aside(func() (err error) { conns, err = x.join(d, n); return err }))
	x.await(x.aside(func() error {
		for _, c := range conns {
			if err := exchange(c, payload(10)); err != nil {
				return err
			}
		}
		return nil
	}))
	allowed := n
	if x.declares(NoGoroutine) {
		allowed = 0
	}
	for !x.quiet() || runtime.NumGoroutine() > goroutines+allowed {
	}
	before := x.Stats()
	x.want("Poll", x.Poll(300*time.Millisecond), 0)
	after := x.Stats()
	x.want("Completions", after.Completions, before.Completions)
	x.want("Blocked", after.Blocked, before.Blocked+1)
	x.want("Stats.Net.Open", after.Net.Open, int64(n))
}

// quiet tells whether nothing happened, and nobody woke the VM, in a short wait.
func (x *exam) quiet() bool {
	before := x.Stats()
	ran := x.Poll(5 * time.Millisecond)
	return ran == 0 && x.Stats().Blocked == before.Blocked+1
}

// join opens n connections.
func (x *exam) join(d *door, n int) (conns []net.Conn, err error) {
	for range n {
		c, err := x.dialPeer(d.Addr())
		if err != nil {
			return conns, fmt.Errorf("connection %d (this needs 10 100 descriptors): %w", len(conns), err)
		}
		conns = append(conns, c)
	}
	return conns, nil
}

// part sends on all, then gets all back, then closes all.
func part(conns []net.Conn, driver int) error {
	question := func(i int) []byte { return fmt.Appendf(nil, "%d of %d", i, driver) }
	for i, c := range conns {
		if _, err := c.Write(question(i)); err != nil {
			return err
		}
	}
	for i, c := range conns {
		if err := expect(c, question(i)); err != nil {
			return err
		}
	}
	for _, c := range conns {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}
