package looptest

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gene/backends"
)

// close must succeed.
func (x *exam) close() {
	if err := x.Close(); err != nil {
		x.failf("Close: %v", err)
	}
}

func closeRules() []rule {
	return []rule{
		{name: "twice", says: "Close again returns nil", check: func(x *exam) {
			x.close()
			x.close()
		}},
		{name: "poll", says: "after Close, Poll returns 0 at once whatever the wait", check: func(x *exam) {
			x.Post(new(count))
			x.AfterFunc(0, new(count))
			x.close()
			for _, wait := range []time.Duration{0, time.Hour, -1} {
				x.want("Poll", x.Poll(wait), 0)
			}
			x.pending(0, 0)
		}},
		{name: "calls", says: "after Close, nothing is taken and nothing breaks", check: afterClose},
		{name: "work", says: "after Close, work is refused with ErrClosed and doesn't run", check: func(x *exam) {
			x.close()
			work := func() { panic("refused work ran") }
			if err := x.Offload(backends.PoolFiles, work, new(count)); !errors.Is(err, backends.ErrClosed) {
				x.failf("Offload gave %v", err)
			}
			if err := x.Background(work, new(count)); !errors.Is(err, backends.ErrClosed) {
				x.failf("Background gave %v", err)
			}
		}},
		{name: "waits", says: "Close waits for work that has started, and drops its completion", check: func(x *exam) {
			started, release := make(chan struct{}), make(chan struct{})
			var ended atomic.Bool
			var done count
			x.background(func() { close(started); <-release; ended.Store(true) }, &done)
			<-started
			go close(release)
			x.close()
			x.want("whether the work had ended", ended.Load(), true)
			x.want("Poll", x.Poll(0), 0)
			x.want("the completions", int(done), 0)
			x.want("Stats.Dropped", x.Stats().Dropped, uint64(1))
		}},
		{name: "drops", says: "Close drops work that hasn't started, and counts it", options: backends.Options{OtherWorkers: 1, Linger: time.Millisecond}, not: SerialWork, check: func(x *exam) {
			started, release := make(chan struct{}), make(chan struct{})
			x.offload(backends.PoolOther, func() { close(started); <-release }, new(count))
			<-started
			for range 3 { // the pool's one worker is busy
				x.offload(backends.PoolOther, func() { panic("dropped work ran") }, new(count))
			}
			err := x.Close() // gives up on the one that started
			dropped := x.Stats().Dropped
			close(release)
			if err == nil || dropped != 3 {
				x.failf("Close gave %v and Stats.Dropped is %d, want an error and 3", err, dropped)
			}
		}},
		{name: "in a completion", says: "Close in a completion ends Poll after it", check: func(x *exam) {
			var ran count
			x.Post(&ran)
			x.Post(backends.Func(x.close))
			x.Post(&ran)
			x.want("Poll", x.Poll(-1), 2)
			x.want("the number of others that ran", int(ran), 1)
			x.want("Stats.Dropped", x.Stats().Dropped, uint64(1))
		}},
		{name: "in a timer", says: "Close in a timer's completion ends Poll after it", check: func(x *exam) {
			var ran count
			x.Post(&ran)
			x.AfterFunc(0, backends.Func(x.close))
			x.AfterFunc(0, &ran)
			x.want("Poll", x.Poll(-1), 1)
			x.want("the number of others that ran", int(ran), 0)
		}},
		{name: "linger", says: "Close gives up on work that doesn't end after Options.Linger, and says how many", options: backends.Options{Linger: time.Millisecond}, check: func(x *exam) {
			release := make(chan struct{})
			x.background(func() { <-release }, new(count))
			x.background(func() { <-release }, new(count))
			err := x.Close()
			close(release)
			if err == nil || !strings.Contains(err.Error(), "2 works") {
				x.failf("Close gave %v", err)
			}
		}},
		{name: "beside posts", says: "Close beside posts, holds and work from elsewhere is safe", check: func(x *exam) {
			var running sync.WaitGroup
			for range 4 {
				running.Go(func() {
					for range 500 {
						x.Post(backends.Func(func() {}))
						x.Interrupt()
						x.Hold()
						x.Offload(backends.PoolFiles, func() {}, backends.Func(func() {}))
						x.Background(func() {}, backends.Func(func() {}))
					}
				})
			}
			x.Poll(-1)
			x.close()
			running.Wait()
			x.pending(0, 0)
		}},
	}
}

func afterClose(x *exam) {
	timer := x.AfterFunc(time.Hour, new(count))
	x.Hold()
	x.close()
	x.want("Stop of a timer from before", timer.Stop(), false)
	x.want("Stop of a timer from after", x.AfterFunc(0, new(count)).Stop(), false)
	x.Post(new(count))
	x.Hold()
	x.Release()
	x.Release()
	x.Interrupt()
	x.Tick(true)
	x.Tick(false)
	x.pending(0, 0)
	x.want("Poll", x.Poll(0), 0)
	start := x.Now()
	x.Sleep(time.Millisecond)
	if took := x.Now() - start; took < time.Millisecond {
		x.failf("Sleep took %v", took)
	}
}
