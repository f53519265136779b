package core

import (
	"runtime"
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
	start time.Time
	sleep *time.Timer // of Wait, reused
	alarm *time.Timer
}

// NewRealClock returns a clock that starts now and whose alarms call ring.
func NewRealClock(ring func()) *RealClock {
	c := &RealClock{start: time.Now(), sleep: time.NewTimer(time.Hour), alarm: time.AfterFunc(time.Hour, ring)}
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

// Alarm sets the runtime's timer.
func (c *RealClock) Alarm(at time.Duration) { c.alarm.Reset(at - c.Now()) }

// Stop stops the runtime's timer.
func (c *RealClock) Stop() { c.alarm.Stop() }
