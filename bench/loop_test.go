package bench

import (
	"testing"
	"time"

	"gene/backends"
	_ "gene/backends/evio" // registers itself, as the next
	_ "gene/backends/netpoll"
	_ "gene/backends/sim"
)

// BenchmarkLoop measures what every backend does all the time: a completion
// posted and run, a timer set and fired, a timer set and stopped, and trivial
// work sent to a worker and back. A thousand timers are pending.
func BenchmarkLoop(b *testing.B) {
	for _, name := range backends.Names() {
		b.Run(name, func(b *testing.B) {
			b.Run("post", func(b *testing.B) { eachOnLoop(b, name, post) })
			b.Run("timer", func(b *testing.B) { eachOnLoop(b, name, fire) })
			b.Run("timer-stopped", func(b *testing.B) { eachOnLoop(b, name, stop) })
			b.Run("offload", func(b *testing.B) { eachOnLoop(b, name, offload) })
		})
	}
}

// eachOnLoop times the operation, which calls done once it has completed or
// not at all if there is nothing to complete.
func eachOnLoop(b *testing.B, name string, operation func(b *testing.B, loop backends.EventLoop, done backends.Completion) (completes bool)) {
	loop, err := backends.New(name, backends.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := loop.Close(); err != nil {
			b.Error(err)
		}
	})
	for i := range 1000 {
		loop.AfterFunc(time.Hour+time.Duration(i)*time.Second, backends.Func(func() { b.Error("an hour has passed") }))
	}
	completed, want := 0, 0
	done := backends.Func(func() { completed++ })
	b.ReportAllocs()
	for b.Loop() {
		if operation(b, loop, done) {
			want++
		}
		for completed < want {
			loop.Poll(-1)
		}
	}
}

func post(_ *testing.B, loop backends.EventLoop, done backends.Completion) bool {
	loop.Post(done)
	return true
}

func fire(_ *testing.B, loop backends.EventLoop, done backends.Completion) bool {
	loop.AfterFunc(0, done)
	return true
}

func stop(b *testing.B, loop backends.EventLoop, done backends.Completion) bool {
	if !loop.AfterFunc(30*time.Minute, done).Stop() {
		b.Fatal("a timer of half an hour is not pending")
	}
	return false
}

func offload(b *testing.B, loop backends.EventLoop, done backends.Completion) bool {
	if err := loop.Offload(backends.PoolOther, func() {}, done); err != nil {
		b.Fatal(err)
	}
	return true
}
