package core

import (
	"runtime"
	"sync"
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
	mu      sync.Mutex    // at and what precise is set to change together
	at      atomic.Int64  // when the alarm is to ring
	precise *alarm        // nil before the first alarm, and where the system has none
	silent  bool          // precise isn't to be used
	coarse  *time.Timer   // rings in its place
	rung    chan struct{} // one slot: the alarm rang while the goroutine waited
}

// NewRealClock returns a clock that starts now and whose alarms call ring.
func NewRealClock(ring func()) *RealClock {
	c := &RealClock{start: time.Now(), sleep: time.NewTimer(time.Hour), ring: ring, rung: make(chan struct{}, 1)}
	c.coarse = time.AfterFunc(time.Hour, ring)
	c.sleep.Stop()
	c.coarse.Stop()
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
	case <-c.rung: // of an earlier wait perhaps: who waits looks again anyway
		c.sleep.Stop()
	case <-c.sleep.C:
	}
}

// Alarm sets the system's alarm, or the runtime's timer where there is none.
func (c *RealClock) Alarm(at time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.precise == nil && !c.silent {
		c.precise = newAlarm(c.near)
		c.silent = c.precise == nil
	}
	c.at.Store(int64(at))
	left := max(at-c.Now(), 0)
	if c.silent || !c.precise.set(left-c.precise.lead) {
		c.coarse.Reset(left)
	}
}

// near rings on time. It is called a little before, and looks until then for a program that computes. Who waits
// needs nobody to look.
func (c *RealClock) near() {
	for left := c.left(); left > 0; left = c.left() {
		if (c.waiting.Load() || left > 2*lead) && c.again() {
			return
		}
	}
	c.ring() // never too early: it would be the only one
	if c.waiting.Load() {
		select {
		case c.rung <- struct{}{}:
		default:
		}
	}
}

// left is the time until the alarm.
func (c *RealClock) left() time.Duration { return time.Duration(c.at.Load()) - c.Now() }

// again sets the alarm to the very moment, which a call of Alarm may have changed. It reports whether it did.
func (c *RealClock) again() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := c.left()
	return left > 0 && !c.silent && c.precise.set(left)
}

// Stop ends the alarm.
func (c *RealClock) Stop() {
	c.mu.Lock()
	c.silent = true
	c.mu.Unlock()
	c.coarse.Stop()
	if c.precise != nil {
		c.precise.stop()
	}
}
