package core

import (
	"testing"
	"time"
)

// rings collects the times at which a clock's alarm rang.
func rings() (c *RealClock, rang chan time.Duration) {
	rang = make(chan time.Duration, 100)
	c = NewRealClock(func() { rang <- c.Now() })
	return c, rang
}

// An alarm never rings before its time, because it rings once.
func TestAlarmIsNeverEarly(t *testing.T) {
	c, rang := rings()
	defer c.Stop()
	for _, d := range []time.Duration{0, time.Microsecond, 50 * time.Microsecond, 300 * time.Microsecond, 2 * time.Millisecond} {
		at := c.Now() + d
		c.Alarm(at)
		if got := <-rang; got < at {
			t.Errorf("an alarm in %v rang %v too early", d, at-got)
		}
	}
}

// A new alarm replaces the one before, whether it is earlier or later.
func TestAlarmIsReplaced(t *testing.T) {
	c, rang := rings()
	defer c.Stop()
	c.Alarm(c.Now() + time.Hour)
	early := c.Now() + time.Millisecond
	c.Alarm(early)
	if got := <-rang; got < early {
		t.Errorf("rang at %v, want %v or later", got, early)
	}
	for range 200 { // about the moment at which the first one rings
		c.Alarm(c.Now() + 70*time.Microsecond)
		late := c.Now() + 100*time.Microsecond
		c.Alarm(late)
		for got := <-rang; got < late; got = <-rang { // the first one's, which was on its way
		}
	}
}

// A goroutine that waits is woken by the alarm, and by a token before it.
func TestWaitEndsWithTheAlarm(t *testing.T) {
	c, _ := rings()
	defer c.Stop()
	wake := make(chan struct{}, 1)
	for range 50 {
		at := c.Now() + 200*time.Microsecond
		c.Alarm(at)
		for c.Now() < at {
			c.Wait(wake, at-c.Now())
		}
	}
	c.Alarm(c.Now() + time.Hour)
	wake <- struct{}{}
	c.Wait(wake, time.Hour)
}

// After Stop nothing rings.
func TestAlarmAfterStop(t *testing.T) {
	c, rang := rings()
	c.Alarm(c.Now() + time.Hour)
	c.Stop()
	if c.again() {
		t.Error("the alarm of a clock that was stopped could be set again")
	}
	select {
	case got := <-rang:
		t.Errorf("rang at %v", got)
	default:
	}
}
