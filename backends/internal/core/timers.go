package core

import (
	"time"

	"gene/backends"
)

// timers is a 4-ary min-heap by deadline, then by order of start. Key and timer lie side by
// side in the heap, so that comparing children touches one or two cache lines and no timer.
type timers struct {
	heap    []slot
	seq     uint64 // of the timer started last
	stopped uint64
}

type slot struct {
	at    time.Duration
	seq   uint64
	timer *timer
}

// timer is 32 bytes, and its slot 24: a million may be pending.
type timer struct {
	set   *timers
	c     backends.Completion
	index int // in the heap; idle when fired or stopped
}

const idle = -1

func (s *slot) before(o *slot) bool {
	return s.at < o.at || s.at == o.at && s.seq < o.seq
}

// earliest is the first deadline, or never.
func (ts *timers) earliest() time.Duration {
	if len(ts.heap) == 0 {
		return never
	}
	return ts.heap[0].at
}

func (ts *timers) start(at time.Duration, c backends.Completion) *timer {
	ts.seq++
	t := &timer{set: ts, c: c, index: len(ts.heap)}
	ts.heap = append(ts.heap, slot{at, ts.seq, t})
	ts.up(t.index)
	return t
}

// Stop takes the timer out of the heap.
func (t *timer) Stop() bool {
	if t.index == idle {
		return false
	}
	t.set.remove(t.index)
	t.set.stopped++
	return true
}

// due takes out and returns the first timer if its deadline is at most now and it was
// started no later than lastSeq. A later one can't hide an earlier one: it has the
// same deadline at best, so it comes behind.
func (ts *timers) due(now time.Duration, lastSeq uint64) (backends.Completion, time.Duration, bool) {
	if len(ts.heap) == 0 {
		return nil, 0, false
	}
	first := ts.heap[0]
	if first.at > now || first.seq > lastSeq {
		return nil, 0, false
	}
	c := first.timer.c
	ts.remove(0)
	return c, first.at, true
}

func (ts *timers) remove(i int) {
	gone := ts.heap[i].timer
	gone.index, gone.c = idle, nil // what c refers to need not live as long as the handle
	last := len(ts.heap) - 1
	moved := ts.heap[last]
	ts.heap[last] = slot{}
	ts.heap = ts.heap[:last]
	if i < last {
		ts.heap[i] = moved
		moved.timer.index = i
		ts.down(i)
		ts.up(moved.timer.index)
	}
	ts.shrink()
}

// shrink gives memory back after a burst; by half at a quarter, so that it stays cheap.
func (ts *timers) shrink() {
	if c := cap(ts.heap); c > 4096 && len(ts.heap) < c/4 {
		ts.heap = append(make([]slot, 0, c/2), ts.heap...)
	}
}

func (ts *timers) clear() int {
	n := len(ts.heap)
	for i := range ts.heap {
		t := ts.heap[i].timer
		t.index, t.c = idle, nil
	}
	ts.heap = nil
	return n
}

func (ts *timers) up(i int) {
	h := ts.heap
	s := h[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !s.before(&h[parent]) {
			break
		}
		h[i] = h[parent]
		h[i].timer.index = i
		i = parent
	}
	h[i] = s
	s.timer.index = i
}

func (ts *timers) down(i int) {
	h := ts.heap
	s := h[i]
	for {
		child := 4*i + 1
		if child >= len(h) {
			break
		}
		for k, end := child+1, min(child+4, len(h)); k < end; k++ {
			if h[k].before(&h[child]) {
				child = k
			}
		}
		if !h[child].before(&s) {
			break
		}
		h[i] = h[child]
		h[i].timer.index = i
		i = child
	}
	h[i] = s
	s.timer.index = i
}
