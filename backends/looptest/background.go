package looptest

import (
	"sync"

	"gene/backends"
)

func backgroundRules() []rule {
	return []rule{
		{name: "goroutines", says: "work runs elsewhere, its completion on the VM's goroutine", check: func(x *exam) {
			goroutines(x, x.background)
		}},
		{name: "unbounded", says: "any number of background works run at once, whatever the workers", options: narrow(), check: func(x *exam) {
			const n = 500
			var all sync.WaitGroup
			var done count
			all.Add(n)
			for range n {
				x.background(func() { all.Done(); all.Wait() }, &done)
			}
			x.pollUntil(func() bool { return done == n })
			x.want("Pending", x.Pending(), 0)
		}},
		{name: "starts at once", says: "background work starts without a Poll", check: func(x *exam) {
			started := make(chan struct{})
			var done count
			x.background(func() { close(started) }, &done)
			<-started
			x.want("the completions without a Poll", int(done), 0)
			x.pollUntil(func() bool { return done == 1 })
		}},
		{name: "limit", says: "MaxPending bounds background work too", options: backends.Options{MaxPending: 5}, check: func(x *exam) {
			limitOf(x, x.Background)
		}},
		{name: "panic", says: "a panic of work is raised in Poll, with its stack, and harms no other work", check: func(x *exam) {
			workPanics(x, x.background)
		}},
		{name: "fifos", says: "100 reads of FIFOs wait at once and hold no thread each", check: readFIFOs},
	}
}
