package looptest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"gene/backends"
)

// offload must be accepted.
func (x *exam) offload(p backends.Pool, work func(), done backends.Completion) {
	if err := x.Offload(p, work, done); err != nil {
		x.failf("Offload: %v", err)
	}
}

// background must be accepted.
func (x *exam) background(work func(), done backends.Completion) {
	if err := x.Background(work, done); err != nil {
		x.failf("Background: %v", err)
	}
}

func offloadRules() []rule {
	return []rule{
		{name: "goroutines", says: "work runs elsewhere, its completion on the VM's goroutine", check: func(x *exam) {
			goroutines(x, func(work func(), done backends.Completion) { x.offload(backends.PoolOther, work, done) })
		}},
		{name: "bound", says: "no more works of a pool run at once than its bound", options: narrow(), check: func(x *exam) {
			for p, bound := range map[backends.Pool]int32{backends.PoolFiles: 3, backends.PoolNames: 2, backends.PoolOther: 1} {
				var running, most atomic.Int32
				var done count
				for range 200 {
					x.offload(p, func() {
						n := running.Add(1)
						for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
						}
						runtime.Gosched()
						running.Add(-1)
					}, &done)
				}
				x.pollUntil(func() bool { return done == 200 })
				if most.Load() > bound {
					x.failf("%d works of pool %s ran at once, the bound is %d", most.Load(), p, bound)
				}
			}
		}},
		{name: "bound reached", says: "as many works of a pool run at once as its bound allows", options: narrow(), not: SerialWork, check: func(x *exam) {
			var all sync.WaitGroup
			var done count
			all.Add(3)
			for range 3 {
				x.offload(backends.PoolFiles, func() { all.Done(); all.Wait() }, &done)
			}
			x.pollUntil(func() bool { return done == 3 })
		}},
		{name: "separate pools", says: "a full pool doesn't hold up another", options: narrow(), not: SerialWork, check: func(x *exam) {
			release := make(chan struct{})
			var slow, quick count
			for range 10 {
				x.offload(backends.PoolFiles, func() { <-release }, &slow)
			}
			x.offload(backends.PoolNames, func() {}, &quick)
			x.offload(backends.PoolOther, func() {}, &quick)
			x.pollUntil(func() bool { return quick == 2 })
			x.want("the completions of the full pool", int(slow), 0)
			close(release)
			x.pollUntil(func() bool { return slow == 10 })
		}},
		{name: "limit", says: "work beyond MaxPending is refused with the limit and the value, until some completed", options: backends.Options{MaxPending: 5}, check: func(x *exam) {
			limitOf(x, func(work func(), done backends.Completion) error { return x.Offload(backends.PoolFiles, work, done) })
		}},
		{name: "many", says: "of many works each runs once and completes once", check: func(x *exam) {
			const n = 20_000
			var worked atomic.Int32
			var done count
			for range n {
				x.offload(backends.PoolFiles, func() { worked.Add(1) }, &done)
			}
			x.pollUntil(func() bool { return done == n })
			x.want("the works that ran", worked.Load(), int32(n))
			x.want("Pending", x.Pending(), 0)
		}},
		{name: "from a completion", says: "a completion may offload the next work", check: func(x *exam) {
			n := 0
			var next backends.Func
			next = func() {
				if n++; n < 100 {
					x.offload(backends.PoolFiles, func() {}, next)
				}
			}
			x.offload(backends.PoolFiles, func() {}, next)
			x.pollUntil(func() bool { return n == 100 })
		}},
		{name: "files", says: "files read by workers arrive whole", check: readFiles},
		{name: "panic", says: "a panic of work is raised in Poll, with its stack, and harms no other work", check: func(x *exam) {
			workPanics(x, func(work func(), done backends.Completion) { x.offload(backends.PoolFiles, work, done) })
		}},
		{name: "goexit", says: "work that ends its goroutine is reported, and its worker replaced", options: narrow(), check: func(x *exam) {
			var done count
			x.offload(backends.PoolOther, runtime.Goexit, &done)
			x.offload(backends.PoolOther, func() {}, &done)
			var reported any
			for reported == nil {
				reported = panicOf(func() { x.Poll(-1) })
			}
			if _, ok := reported.(*backends.WorkPanic); !ok {
				x.failf("reported %v", reported)
			}
			x.pollUntil(func() bool { return done == 1 })
		}},
		{name: "nil", says: "nil work or completion is refused where it is given", check: func(x *exam) {
			if panicOf(func() { x.Offload(0, nil, new(count)) }) == nil || panicOf(func() { x.Offload(0, func() {}, nil) }) == nil {
				x.failf("it was taken")
			}
			x.want("Pending", x.Pending(), 0)
		}},
	}
}

func narrow() backends.Options {
	return backends.Options{FileWorkers: 3, NameWorkers: 2, OtherWorkers: 1}
}

// goroutines also gives the race detector something to judge: result is not guarded.
func goroutines(x *exam, start func(func(), backends.Completion)) {
	vm, worker, completion := goroutineID(), "", ""
	result := 0
	start(func() { worker = goroutineID(); result = 42 }, backends.Func(func() {
		completion = goroutineID()
		x.want("the work's result", result, 42)
	}))
	x.pollUntil(func() bool { return completion != "" })
	x.want("the completion's goroutine", completion, vm)
	if worker == vm {
		x.failf("the work ran on the VM's goroutine")
	}
}

func limitOf(x *exam, start func(func(), backends.Completion) error) {
	var done count
	for i := range 5 {
		if err := start(func() {}, &done); err != nil {
			x.failf("work %d of 5: %v", i+1, err)
		}
	}
	err := start(func() { panic("refused work ran") }, &done)
	if !errors.Is(err, backends.ErrTooManyPending) || strings.Count(err.Error(), "5") != 2 {
		x.failf("the sixth gave %v, want ErrTooManyPending with limit and value", err)
	}
	x.want("Stats.Rejected", x.Stats().Rejected, uint64(1))
	x.pollUntil(func() bool { return done == 5 })
	if err := start(func() {}, &done); err != nil {
		x.failf("after the completions: %v", err)
	}
	x.pollUntil(func() bool { return done == 6 })
}

func workPanics(x *exam, start func(func(), backends.Completion)) {
	cause := errors.New("on purpose")
	var done, never count
	start(func() { panickingWork(cause) }, &never)
	start(func() {}, &done)
	var reported any
	for reported == nil || done == 0 {
		if v := panicOf(func() { x.Poll(-1) }); v != nil {
			reported = v
		}
	}
	p, ok := reported.(*backends.WorkPanic)
	if !ok || !errors.Is(p, cause) || !strings.Contains(p.Error(), "panickingWork") {
		x.failf("Poll panicked with %v, want a WorkPanic with the stack", reported)
	}
	x.want("the completions of the work that panicked", int(never), 0)
	x.want("Pending", x.Pending(), 0)
}

func panickingWork(err error) { panic(err) }

func readFiles(x *exam) {
	dir, err := os.MkdirTemp("", "looptest")
	if err != nil {
		x.failf("%v", err)
	}
	x.cleanup(func() { os.RemoveAll(dir) })
	done := 0
	for i := range 100 {
		path, text := filepath.Join(dir, fmt.Sprint(i)), fmt.Sprintf("text of %d", i)
		var got []byte
		var writeErr, readErr error
		x.offload(backends.PoolFiles, func() {
			writeErr = os.WriteFile(path, []byte(text), 0o600)
			got, readErr = os.ReadFile(path)
		}, backends.Func(func() {
			if writeErr != nil || readErr != nil || string(got) != text {
				x.failf("got %q, %v, %v", got, writeErr, readErr)
			}
			done++
		}))
	}
	x.pollUntil(func() bool { return done == 100 })
}
