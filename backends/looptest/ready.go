package looptest

import (
	"time"

	"gene/backends"
)

func readyRules() []rule {
	return []rule{
		{name: "cleared", says: "Ready is 0 at first, and after a Poll that leaves nothing", check: func(x *exam) {
			x.want("Ready of a new loop", x.Ready().Load(), uint32(0))
			x.Post(new(count))
			x.Poll(0)
			x.want("Ready after Poll", x.Ready().Load(), uint32(0))
		}},
		{name: "post", says: "Post sets Ready before it returns", check: func(x *exam) {
			x.Post(new(count))
			x.want("Ready", x.Ready().Load(), uint32(1))
		}},
		{name: "post from elsewhere", says: "a busy VM sees another goroutine's Post", check: func(x *exam) {
			go x.Post(new(count))
			x.awaitReady()
			x.want("Poll", x.Poll(0), 1)
		}},
		{name: "offload", says: "a busy VM sees that offloaded work ended", check: func(x *exam) {
			var ran count
			if err := x.Offload(backends.PoolFiles, func() {}, &ran); err != nil {
				x.failf("%v", err)
			}
			for ran == 0 {
				x.awaitReady()
				x.Poll(0)
			}
		}},
		{name: "timer", says: "Ready is set when a timer falls due while the VM is busy", check: func(x *exam) {
			busyTimer(x, time.Millisecond)
		}},
		{name: "timer in a callback", says: "Ready is also set for a timer started inside Poll", check: func(x *exam) {
			var ran count
			x.Post(backends.Func(func() { x.AfterFunc(time.Millisecond, &ran) }))
			x.Poll(0)
			x.Sleep(2 * time.Millisecond)
			for ran == 0 {
				x.awaitReady()
				x.Poll(0)
			}
		}},
		{name: "earlier timer", says: "Ready is set for a timer that is started later and due earlier", check: func(x *exam) {
			x.AfterFunc(time.Hour, new(count))
			busyTimer(x, time.Millisecond)
		}},
		{name: "later timer", says: "Ready is set for the next timer when the earliest was stopped", check: func(x *exam) {
			x.AfterFunc(time.Millisecond, new(count)).Stop()
			busyTimer(x, 3*time.Millisecond)
		}},
		{name: "one after the other", says: "Ready is set for each of many timers, as each falls due", check: func(x *exam) {
			var ran count
			for i := range 20 {
				x.AfterFunc(time.Duration(i)*200*time.Microsecond, &ran)
			}
			for ran < 20 {
				x.Sleep(200 * time.Microsecond)
				x.awaitReady()
				x.Poll(0)
			}
		}},
		{name: "zero timer", says: "Ready is set by AfterFunc with delay 0", check: func(x *exam) {
			x.AfterFunc(0, new(count))
			x.want("Ready", x.Ready().Load(), uint32(1))
			x.Post(backends.Func(func() { x.AfterFunc(-1, new(count)) }))
			x.Poll(0)
			x.want("Ready for one started in Poll", x.Ready().Load(), uint32(1))
		}},
		{name: "interrupt", says: "Interrupt sets Ready", check: func(x *exam) {
			x.Interrupt()
			x.want("Ready", x.Ready().Load(), uint32(1))
			x.want("Poll", x.Poll(0), 0)
			x.want("Ready after Poll", x.Ready().Load(), uint32(0))
		}},
		{name: "stays", says: "Ready stays set if more is queued when Poll returns", check: func(x *exam) {
			x.Post(backends.Func(func() { x.Post(new(count)) }))
			x.Poll(0)
			x.want("Ready", x.Ready().Load(), uint32(1))
		}},
		{name: "tick", says: "while Tick is on, Ready is set again and again", options: backends.Options{TickEvery: time.Millisecond}, check: func(x *exam) {
			x.Tick(true)
			for range 5 {
				x.awaitReady()
				x.want("Poll", x.Poll(0), 0)
			}
			x.Tick(false)
			x.Tick(true)
			x.awaitReady()
			x.Tick(false)
			if ticks := x.Stats().Ticks; ticks < 6 {
				x.failf("Stats counts %d ticks, want 6 or more", ticks)
			}
		}},
	}
}

func busyTimer(x *exam, d time.Duration) {
	var ran count
	x.AfterFunc(d, &ran)
	x.Sleep(d)
	for ran == 0 { // the flag may be set a little early, never not at all
		x.awaitReady()
		x.Poll(0)
	}
}
