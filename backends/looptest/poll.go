package looptest

import (
	"slices"
	"time"

	"gene/backends"
)

func pollRules() []rule {
	return []rule{
		{name: "zero", says: "Poll(0) never blocks", check: func(x *exam) {
			x.want("Poll(0) of an idle loop", x.Poll(0), 0)
			x.AfterFunc(time.Hour, new(count))
			x.want("Poll(0) before the deadline", x.Poll(0), 0)
		}},
		{name: "positive", says: "Poll(w) of an idle loop returns 0 when w has passed", check: func(x *exam) {
			start := x.Now()
			x.want("Poll", x.Poll(5*time.Millisecond), 0)
			if took := x.Now() - start; took < 5*time.Millisecond {
				x.failf("it returned after %v", took)
			}
		}},
		{name: "positive with timer", says: "Poll(w) returns once a timer fired, without waiting for w", check: func(x *exam) {
			x.AfterFunc(time.Millisecond, new(count))
			x.want("Poll", x.Poll(time.Hour), 1)
			if now := x.Now(); now > time.Minute {
				x.failf("it returned after %v", now)
			}
		}},
		{name: "positive before timer", says: "Poll(w) doesn't run a timer due after w", check: func(x *exam) {
			timer := x.AfterFunc(time.Hour, new(count))
			x.want("Poll", x.Poll(time.Millisecond), 0)
			x.want("Stop", timer.Stop(), true)
		}},
		{name: "negative", says: "Poll(-1) waits until a completion ran", check: func(x *exam) {
			var ran count
			go x.Post(&ran)
			x.want("Poll", x.Poll(-1), 1)
			x.want("the number of runs", int(ran), 1)
		}},
		{name: "negative with timer", says: "Poll(-1) waits until a timer fired", check: func(x *exam) {
			x.AfterFunc(3*time.Millisecond, new(count))
			x.want("Poll", x.Poll(-1), 1)
		}},
		{name: "stopped timer", says: "Poll doesn't return for a timer that was stopped", check: func(x *exam) {
			var ran count
			x.AfterFunc(time.Millisecond, &ran).Stop()
			x.AfterFunc(3*time.Millisecond, &ran)
			x.want("Poll", x.Poll(-1), 1)
			x.want("Now at least 3 ms", x.Now() >= 3*time.Millisecond, true)
		}},
		{name: "count", says: "Poll returns how many ran, timers and completions", check: func(x *exam) {
			for range 3 {
				x.Post(new(count))
				x.AfterFunc(0, new(count))
			}
			x.want("Poll", x.Poll(0), 6)
		}},
		{name: "queue order", says: "posted completions run in order of their posts", check: func(x *exam) {
			var ran []int
			for i := range 1000 {
				x.Post(appendTo(&ran, i))
			}
			x.Poll(0)
			if !slices.Equal(ran, upTo(1000)) {
				x.failf("ran in order %v", ran)
			}
		}},
		{name: "no starvation", says: "what a completion posts waits for the next Poll", check: func(x *exam) {
			n := 0
			var forever backends.Func
			forever = func() { n++; x.Post(forever) }
			x.Post(forever)
			for i := 1; i <= 10; i++ {
				x.want("Poll", x.Poll(-1), 1)
				x.want("the number of runs", n, i)
			}
		}},
		{name: "panic", says: "a panic leaves Poll, and the rest of the batch stays", check: func(x *exam) {
			var ran []int
			x.Post(appendTo(&ran, 0))
			x.Post(backends.Func(func() { panic("on purpose") }))
			x.Post(appendTo(&ran, 1))
			x.want("the panic", panicOf(func() { x.Poll(0) }), "on purpose")
			x.want("Waiting", x.Waiting(), 1)
			x.want("Ready", x.Ready().Load(), uint32(1))
			x.want("Poll", x.Poll(0), 1)
			if !slices.Equal(ran, upTo(2)) {
				x.failf("ran %v", ran)
			}
		}},
		{name: "panic of a timer", says: "a panic of a timer's completion loses no other", check: func(x *exam) {
			var ran []int
			x.AfterFunc(0, backends.Func(func() { panic("on purpose") }))
			x.AfterFunc(0, appendTo(&ran, 1))
			x.Post(appendTo(&ran, 2))
			x.want("the panic", panicOf(func() { x.Poll(0) }), "on purpose")
			x.awaitReady()
			x.pollUntil(func() bool { return len(ran) == 2 })
		}},
		{name: "nested", says: "Poll in a completion goes on with the rest of the batch", check: func(x *exam) {
			var ran []int
			inner := 0
			x.Post(backends.Func(func() { inner = x.Poll(-1) }))
			x.Post(appendTo(&ran, 0))
			x.Post(appendTo(&ran, 1))
			x.want("the outer Poll", x.Poll(0), 1)
			x.want("the inner Poll", inner, 2)
			if !slices.Equal(ran, upTo(2)) {
				x.failf("ran %v", ran)
			}
		}},
		{name: "sleep", says: "Sleep lasts its time and runs nothing", check: func(x *exam) {
			var ran count
			x.Post(&ran)
			x.AfterFunc(time.Millisecond, &ran)
			start, wall := x.Now(), x.Wall()
			x.Sleep(5 * time.Millisecond)
			x.want("the number of runs", int(ran), 0)
			if took := x.Now() - start; took < 5*time.Millisecond {
				x.failf("it took %v", took)
			}
			if took := x.Wall().Sub(wall); took < 4*time.Millisecond { // the wall clock may be adjusted
				x.failf("it took %v on the wall clock", took)
			}
			x.want("Poll", x.Poll(0), 2)
		}},
		{name: "sleep loses nothing", says: "what is posted during Sleep wakes the next Poll", check: func(x *exam) {
			var ran count
			posted := make(chan struct{})
			go func() {
				x.Post(&ran)
				close(posted)
			}()
			x.Sleep(time.Millisecond)
			<-posted
			x.want("Poll", x.Poll(-1), 1)
		}},
		{name: "negative sleep", says: "Sleep of nothing returns at once", check: func(x *exam) {
			x.Sleep(0)
			x.Sleep(-time.Hour)
		}},
		{name: "own instance", says: "two loops in one process share nothing", check: func(x *exam) {
			other, err := x.construct(backends.Options{})
			if err != nil {
				x.failf("%v", err)
			}
			defer other.Close()
			var ran count
			other.Post(&ran)
			other.AfterFunc(0, &ran)
			x.want("Poll of this one", x.Poll(0), 0)
			x.want("Pending of this one", x.Pending(), 0)
			x.want("Poll of the other", other.Poll(0), 2)
		}},
	}
}
