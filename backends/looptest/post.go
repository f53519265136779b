package looptest

import (
	"sync"
	"time"

	"gene/backends"
)

func postRules() []rule {
	return []rule{
		{name: "goroutine", says: "completions run on the goroutine that polls", check: func(x *exam) {
			vm, ran := goroutineID(), ""
			go x.Post(backends.Func(func() { ran = goroutineID() }))
			x.Poll(-1)
			x.want("the completion's goroutine", ran, vm)
		}},
		{name: "not in Post", says: "Post doesn't run the completion", check: func(x *exam) {
			var ran count
			x.Post(&ran)
			x.want("the number of runs", int(ran), 0)
		}},
		{name: "hammer", says: "of many producers' posts none is lost, and each producer's order is kept", check: func(x *exam) {
			hammer(x, 8, 5000)
		}},
		{name: "hammer with timers", says: "posts and timers don't lose each other's wake-ups", check: func(x *exam) {
			n := 0
			var tick backends.Func
			tick = func() {
				if n++; n < 200 {
					x.AfterFunc(50*time.Microsecond, tick)
				}
			}
			x.AfterFunc(0, tick)
			hammer(x, 4, 2000)
			x.pollUntil(func() bool { return n == 200 })
		}},
		{name: "ping-pong", says: "each of many single posts wakes a blocked Poll", check: func(x *exam) {
			ping := make(chan struct{})
			var peer sync.WaitGroup
			peer.Go(func() {
				for range ping {
					x.Post(backends.Func(func() {}))
				}
			})
			for range 2000 {
				ping <- struct{}{}
				x.want("Poll", x.Poll(-1), 1)
			}
			close(ping)
			peer.Wait()
		}},
		{name: "nil", says: "a nil completion is refused where it is given", check: func(x *exam) {
			if panicOf(func() { x.Post(nil) }) == nil || panicOf(func() { x.AfterFunc(0, nil) }) == nil {
				x.failf("it was taken")
			}
		}},
	}
}

func hammer(x *exam, producers, each int) {
	next := make([]int, producers)
	total := 0
	var running sync.WaitGroup
	for p := range producers {
		running.Go(func() {
			for i := range each {
				x.Post(backends.Func(func() {
					x.want("the next of its producer", i, next[p])
					next[p]++
					total++
				}))
			}
		})
	}
	x.pollUntil(func() bool { return total == producers*each })
	running.Wait()
	x.want("Waiting", x.Waiting(), 0)
}
