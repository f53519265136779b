package core

import (
	"runtime"
	"sync/atomic"
	"time"

	"gene/backends"
)

// NewReal returns a running loop on the machine's clock; o is as the program gave it.
func NewReal(name string, o backends.Options) (*Loop, error) {
	o, err := o.WithDefaults()
	if err != nil {
		return nil, err
	}
	return New(Config{Name: name, Options: o, Tick: o.TickEvery, Clock: func(ring func()) Clock { return NewRealClock(ring) }}), nil
}

// RealClock is the machine's clock.
type RealClock struct {
	start   time.Time
	sleep   *time.Timer // of Wait, reused
	waiting atomic.Bool // in Wait
	ring    func()
	alarm   *time.Timer
	at      atomic.Int64 // when it is to ring
}

// coarse is how late the runtime's timers may be while all that runs is the program: the idle
// processors wait for them in whole milliseconds.
const coarse = 1200 * time.Microsecond

// NewRealClock returns a clock that starts now and whose alarms call ring.
func NewRealClock(ring func()) *RealClock {
	c := &RealClock{start: time.Now(), sleep: time.NewTimer(time.Hour), ring: ring}
	c.alarm = time.AfterFunc(time.Hour, c.approach)
	c.sleep.Stop()
	c.alarm.Stop()
	return c
}

// Now is the time since the start.
func (c *RealClock) Now() time.Duration { return time.Since(c.start) }

// Wall is the time of day.
func (c *RealClock) Wall() time.Time { return time.Now() }

// Wait blocks the goroutine. Go's scheduler runs who is woken next, before the others that became ready
// with its waker. Letting them go first gives Poll the completions of all of them in one batch: without
// it, a server of 64 busy connections was switched to and from for each message, which cost a third of
// its time.
func (c *RealClock) Wait(wake <-chan struct{}, d time.Duration) {
	c.waiting.Store(true)
	defer c.waiting.Store(false)
	if d < 0 {
		<-wake
		runtime.Gosched()
		return
	}
	c.sleep.Reset(d)
	select {
	case <-wake:
		c.sleep.Stop()
		runtime.Gosched()
	case <-c.sleep.C:
	}
}

// Alarm sets the runtime's timer to a moment before, and approach does the rest.
func (c *RealClock) Alarm(at time.Duration) {
	c.at.Store(int64(at))
	c.alarm.Reset(max(at-c.Now()-coarse, 0))
}

// approach rings on time for a program that computes. One that waits is woken by Wait, so that a thread of
// its own would be wasted on the alarm.
func (c *RealClock) approach() {
	left := time.Duration(c.at.Load()) - c.Now()
	switch {
	case left <= 0:
	case c.waiting.Load():
		time.AfterFunc(left, c.ring)
		return
	default:
		sleepPrecisely(left) // never too short: an early ring would be the only one
	}
	c.ring()
}

// Stop stops the runtime's timer.
func (c *RealClock) Stop() { c.alarm.Stop() }
