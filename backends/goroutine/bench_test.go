package goroutine_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gene/backends"
	"gene/backends/goroutine"
)

// pendings are the figures of the claim that cost per event doesn't grow with what is pending.
var pendings = []int{10, 1000, 1_000_000}

func newBench(b *testing.B, pending int) backends.EventLoop {
	loop, err := goroutine.New(backends.Options{})
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range pending {
		loop.AfterFunc(time.Hour+time.Duration(random.Int64N(int64(time.Hour))), backends.Func(func() {}))
	}
	b.Cleanup(func() { loop.Close() })
	b.ReportAllocs()
	b.ResetTimer()
	return loop
}

// BenchmarkTimerFires starts a timer and lets it fire, with others pending.
func BenchmarkTimerFires(b *testing.B) {
	for _, pending := range pendings {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			loop := newBench(b, pending)
			c := backends.Func(func() {})
			for range b.N {
				loop.AfterFunc(0, c)
				loop.Poll(0)
			}
		})
	}
}

// BenchmarkTimerStops starts a timer and stops it, as a timeout that isn't needed.
func BenchmarkTimerStops(b *testing.B) {
	for _, pending := range pendings {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			loop := newBench(b, pending)
			c := backends.Func(func() {})
			for range b.N {
				loop.AfterFunc(90*time.Minute, c).Stop()
			}
		})
	}
}

// BenchmarkPost posts a completion and runs it, with timers pending.
func BenchmarkPost(b *testing.B) {
	for _, pending := range pendings {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			loop := newBench(b, pending)
			c := backends.Func(func() {})
			for range b.N {
				loop.Post(c)
				loop.Poll(0)
			}
		})
	}
}

// BenchmarkPostBatch is the cost of one completion among many.
func BenchmarkPostBatch(b *testing.B) {
	loop := newBench(b, 0)
	c := backends.Func(func() {})
	for n := b.N; n > 0; {
		batch := min(n, 1000)
		for range batch {
			loop.Post(c)
		}
		loop.Poll(0)
		n -= batch
	}
}

// BenchmarkOffload is a trivial work's way to a worker and back.
func BenchmarkOffload(b *testing.B) {
	loop := newBench(b, 0)
	work, done := func() {}, backends.Func(func() {})
	for range b.N {
		if err := loop.Offload(backends.PoolFiles, work, done); err != nil {
			b.Fatal(err)
		}
		loop.Poll(-1)
	}
}

// BenchmarkIdlePoll is what a safepoint pays for a flag set in vain.
func BenchmarkIdlePoll(b *testing.B) {
	loop := newBench(b, 10)
	for range b.N {
		loop.Poll(0)
	}
}

// BenchmarkTick is the cost of turning the fairness tick on and off.
func BenchmarkTick(b *testing.B) {
	loop := newBench(b, 0)
	for range b.N {
		loop.Tick(true)
		loop.Tick(false)
	}
}

// BenchmarkThousandSleeps is the time of 1 000 timers of 100 ms: 100 ms and little more.
func BenchmarkThousandSleeps(b *testing.B) {
	loop := newBench(b, 0)
	for range b.N {
		left := 1000
		for range left {
			loop.AfterFunc(100*time.Millisecond, backends.Func(func() { left-- }))
		}
		for left > 0 {
			loop.Poll(-1)
		}
	}
}

// BenchmarkMillionTimers starts and fires a million, per timer.
func BenchmarkMillionTimers(b *testing.B) {
	const n = 1_000_000
	loop := newBench(b, 0)
	random := rand.New(rand.NewPCG(1, 1))
	for range b.N {
		left := n
		done := backends.Func(func() { left-- })
		for range n {
			loop.AfterFunc(time.Duration(random.Int64N(int64(time.Millisecond))), done)
		}
		for left > 0 {
			loop.Poll(-1)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/timer")
}
