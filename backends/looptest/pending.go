package looptest

import (
	"sync"
	"time"

	"gene/backends"
)

func pendingRules() []rule {
	return []rule{
		{name: "nothing", says: "a new loop has nothing pending", check: func(x *exam) { x.pending(0, 0) }},
		{name: "timers", says: "a timer is pending until it fires or is stopped, and Waiting leaves it out", check: func(x *exam) {
			timer := x.AfterFunc(time.Hour, new(count))
			x.AfterFunc(0, new(count))
			x.pending(2, 0)
			timer.Stop()
			x.pending(1, 0)
			x.Poll(0)
			x.pending(0, 0)
		}},
		{name: "posts", says: "a post is pending until it begins to run", check: func(x *exam) {
			x.Post(backends.Func(func() { x.pending(1, 1) }))
			x.Post(backends.Func(func() { x.pending(0, 0) }))
			x.pending(2, 2)
			x.Poll(0)
			x.pending(0, 0)
		}},
		{name: "offload", says: "offloaded work counts once, until its completion begins to run", check: func(x *exam) {
			ended := make(chan struct{})
			ran := false
			x.offload(backends.PoolFiles, func() { close(ended) }, backends.Func(func() { ran = true; x.pending(0, 0) }))
			x.pending(1, 1)
			x.pollUntil(func() bool { return ran })
			<-ended
			x.pending(0, 0)
		}},
		{name: "background", says: "background work counts once, while it runs and while its completion waits", check: func(x *exam) {
			release := make(chan struct{})
			ran := false
			x.background(func() { <-release }, backends.Func(func() { ran = true; x.pending(0, 0) }))
			x.pending(1, 1)
			close(release)
			x.awaitReady() // its completion is queued
			x.pending(1, 1)
			x.pollUntil(func() bool { return ran })
		}},
		{name: "hold", says: "each Hold counts until its Release, from any goroutine", check: func(x *exam) {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for range 100 {
						x.Hold()
					}
				})
			}
			all.Wait()
			x.pending(800, 800)
			for range 8 {
				all.Go(func() {
					for range 100 {
						x.Release()
					}
				})
			}
			all.Wait()
			x.pending(0, 0)
		}},
		{name: "release", says: "a Release without a Hold panics", check: func(x *exam) {
			if panicOf(x.Release) == nil {
				x.failf("it didn't")
			}
			x.pending(0, 0)
		}},
		{name: "together", says: "all kinds add up", check: func(x *exam) {
			release := make(chan struct{})
			x.AfterFunc(time.Hour, new(count))
			x.Post(new(count))
			x.Hold()
			x.background(func() { <-release }, new(count))
			x.pending(4, 3)
			x.Release()
			close(release)
			x.pollUntil(func() bool { return x.Waiting() == 0 })
			x.pending(1, 0)
		}},
	}
}

func (x *exam) pending(pending, waiting int) {
	x.want("Pending", x.Pending(), pending)
	x.want("Waiting", x.Waiting(), waiting)
}
