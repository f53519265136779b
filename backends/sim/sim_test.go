package sim_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"gene/backends"
	"gene/backends/looptest"
	"gene/backends/sim"
)

func TestLoop(t *testing.T) {
	looptest.Run(t, sim.New, looptest.SerialWork)
}

func newLoop(t *testing.T, o backends.Options) backends.EventLoop {
	t.Helper()
	loop, err := sim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := loop.Close(); err != nil {
			t.Error(err)
		}
	})
	return loop
}

// trace runs a small program and tells what happened when.
func trace(t *testing.T, seed uint64) string {
	loop := newLoop(t, backends.Options{Seed: seed})
	var b strings.Builder
	note := func(name string, i int) backends.Func {
		return func() { fmt.Fprintf(&b, "%v %s%d\n", loop.Now(), name, i) }
	}
	for i := range 10 {
		loop.Offload(backends.PoolFiles, func() {}, note("work", i))
		loop.Post(note("post", i))
		loop.AfterFunc(time.Duration(i%3)*time.Minute, backends.Func(func() {
			note("timer", i)()
			loop.Offload(backends.PoolNames, func() {}, note("second", i))
		}))
	}
	for loop.Pending() > 0 {
		loop.Poll(-1)
	}
	return b.String()
}

func TestSeedDecidesOrder(t *testing.T) {
	orders := map[string]bool{}
	for seed := range uint64(20) {
		first := trace(t, seed)
		if second := trace(t, seed); first != second {
			t.Fatalf("seed %d gave two runs:\n%s\nand\n%s", seed, first, second)
		}
		orders[first] = true
	}
	if len(orders) < 15 {
		t.Errorf("20 seeds gave %d orders", len(orders))
	}
}

func TestPostsKeepTheirOrderAmongWorks(t *testing.T) {
	loop := newLoop(t, backends.Options{Seed: 7})
	next := 0
	for i := range 100 {
		loop.Post(backends.Func(func() {
			if i != next {
				t.Errorf("post %d ran when %d was next", i, next)
			}
			next++
		}))
		loop.Offload(backends.PoolFiles, func() {}, backends.Func(func() {}))
	}
	if ran := loop.Poll(0); ran != 200 {
		t.Errorf("Poll ran %d, want 200", ran)
	}
}

func TestAnHourTakesNoTime(t *testing.T) {
	loop := newLoop(t, backends.Options{})
	n := 0
	var tick backends.Func
	tick = func() {
		if n++; n < 3600 {
			loop.AfterFunc(time.Second, tick)
		}
	}
	loop.AfterFunc(time.Second, tick)
	for loop.Pending() > 0 {
		loop.Poll(-1)
	}
	if loop.Now() != time.Hour || loop.Wall() != sim.Start().Add(time.Hour) {
		t.Errorf("Now is %v and Wall %v after 3600 timers of a second", loop.Now(), loop.Wall())
	}
}

func TestPollStopsAtItsWait(t *testing.T) {
	loop := newLoop(t, backends.Options{})
	loop.AfterFunc(time.Hour, backends.Func(func() {}))
	if ran := loop.Poll(time.Minute); ran != 0 || loop.Now() != time.Minute {
		t.Errorf("Poll(1m) ran %d and left the clock at %v", ran, loop.Now())
	}
}

func TestSleepMovesTheClockAndSetsReady(t *testing.T) {
	loop := newLoop(t, backends.Options{})
	loop.AfterFunc(time.Minute, backends.Func(func() {}))
	loop.Sleep(time.Minute - 1)
	if loop.Ready().Load() != 0 {
		t.Error("Ready is set before the deadline")
	}
	loop.Sleep(1)
	if loop.Ready().Load() == 0 {
		t.Error("Ready isn't set at the deadline")
	}
}

// Background work that ends gets there before a timer that is far away, and one that never
// ends doesn't stop the clock.
func TestBackgroundWorkAndTimers(t *testing.T) {
	loop := newLoop(t, backends.Options{})
	var order []string
	note := func(what string) backends.Func { return func() { order = append(order, what) } }
	loop.AfterFunc(24*time.Hour, note("timer"))
	r, w := io.Pipe()
	loop.Background(func() { io.ReadAll(r) }, note("read"))
	go w.Close()
	loop.Poll(-1)

	never := make(chan struct{})
	loop.Background(func() { <-never }, note("cancelled"))
	loop.Poll(-1)
	if now := loop.Now(); now < 24*time.Hour {
		t.Errorf("the timer fired at %v", now)
	}
	close(never)
	loop.Poll(-1)
	if !slices.Equal(order, []string{"read", "timer", "cancelled"}) {
		t.Errorf("order is %v", order)
	}
}
