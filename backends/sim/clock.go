package sim

import (
	"sync/atomic"
	"time"
)

// Patience is how much real time the clock lets pass for background work that gives no sign
// of life: enough for a child process to start on a busy machine.
const Patience = time.Second

// clock is virtual. now is read by any goroutine and written by the VM's, like the rest.
type clock struct {
	ring    func()
	outside func() bool // whether background work is running, or has ended and its completion is queued
	now     atomic.Int64
	alarm   time.Duration
	spent   time.Duration // of Patience
	fresh   atomic.Bool   // background work was started: Patience begins anew
}

func newClock(ring func(), outside func() bool) *clock {
	return &clock{ring: ring, outside: outside, alarm: -1}
}

func (c *clock) Now() time.Duration { return time.Duration(c.now.Load()) }

func (c *clock) Wall() time.Time { return Start().Add(c.Now()) }

func (c *clock) Alarm(at time.Duration) {
	c.alarm = at
	c.advance(0)
}

func (c *clock) Stop() { c.alarm = -1 }

func (c *clock) Wait(wake <-chan struct{}, d time.Duration) {
	if d < 0 {
		<-wake
		c.spent = 0
		return
	}
	select {
	case <-wake: // what is there already comes before a jump
		return
	default:
	}
	if c.fresh.Swap(false) {
		c.spent = 0
	}
	if c.spent < Patience && c.outside() {
		c.waitOutside(wake, d)
		return
	}
	c.advance(d)
}

// waitOutside lets real time pass, d at most. It may return early: the caller comes again.
func (c *clock) waitOutside(wake <-chan struct{}, d time.Duration) {
	d = min(d, Patience-c.spent)
	began := time.Now()
	end := time.NewTimer(d)
	defer end.Stop()
	select {
	case <-wake:
		c.spent = 0
		c.advance(min(time.Since(began), d))
	case <-end.C:
		c.spent += d
		c.advance(d)
	}
}

func (c *clock) advance(d time.Duration) {
	now := time.Duration(c.now.Add(int64(d)))
	if c.alarm >= 0 && c.alarm <= now {
		c.alarm = -1
		c.ring()
	}
}
