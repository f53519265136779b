package core

import (
	"sync/atomic"
	"time"
)

// ticker rings while it is wanted. Turning it on and off happens at every other task switch, so
// it costs two atomics: off leaves the runtime's timer to run out by itself.
type ticker struct {
	every  time.Duration // 0: never
	ring   func()
	wanted atomic.Bool
	armed  atomic.Bool
	rung   atomic.Uint64
	timer  *time.Timer
}

func (t *ticker) init(every time.Duration, ring func()) {
	t.every, t.ring = every, ring
	t.timer = time.AfterFunc(time.Hour, t.fire)
	t.timer.Stop()
}

func (t *ticker) want(on bool) {
	if t.every == 0 {
		return
	}
	t.wanted.Store(on)
	if on {
		t.arm()
	}
}

func (t *ticker) arm() {
	if !t.armed.Load() && t.armed.CompareAndSwap(false, true) {
		t.timer.Reset(t.every)
	}
}

// fire disarms before it looks, so that a want in between is not missed.
func (t *ticker) fire() {
	t.armed.Store(false)
	if t.wanted.Load() {
		t.rung.Add(1)
		t.ring()
		t.arm()
	}
}

func (t *ticker) stop() {
	t.wanted.Store(false)
	t.timer.Stop()
}
