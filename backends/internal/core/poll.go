package core

import (
	"fmt"
	"time"
)

// Poll is the iteration that package backends numbers; the numbers here are the same.
func (l *Loop) Poll(wait time.Duration) int {
	if l.closed.Load() {
		return 0
	}
	l.stats.Polls++
	end := never
	if wait > 0 {
		end = after(l.clock.Now(), wait)
	}
	for {
		interrupted := l.enter()
		ran := l.turn()
		if ran > 0 || wait == 0 || interrupted || l.closed.Load() {
			return ran
		}
		if !l.block(end) {
			return 0
		}
	}
}

// enter is step 1. The flag goes first: what is queued after it sets it again.
func (l *Loop) enter() (interrupted bool) {
	l.ready.Store(0)
	return l.interrupt.Load() && l.interrupt.Swap(false)
}

// turn is steps 2 to 5.
func (l *Loop) turn() int {
	defer l.leave()
	if l.next < len(l.batch) { // of an iteration that panicked, or of the one we are called from
		return l.runBatch(len(l.batch))
	}
	if l.gather != nil {
		l.gather()
	}
	now := l.clock.Now()
	lastSeq := l.timers.seq
	batch, oldest := l.queue.take(l.batch)
	l.batch, l.next = batch, 0
	if len(batch) > 0 {
		l.stats.QueueMax = max(l.stats.QueueMax, len(batch))
		l.lags.add(now - oldest)
		if l.arrange != nil {
			l.arrange(batch)
		}
	}
	ran := l.runTimers(now, lastSeq)
	return ran + l.runBatch(len(batch))
}

func (l *Loop) runTimers(now time.Duration, lastSeq uint64) int {
	if l.alarmAt <= now {
		l.alarmAt = never // it has rung, or is about to
	}
	ran := 0
	for !l.closed.Load() {
		c, at, ok := l.timers.due(now, lastSeq)
		if !ok {
			break
		}
		ran++
		l.stats.TimersFired++
		l.lags.add(now - at)
		c.Complete()
	}
	return ran
}

func (l *Loop) runBatch(limit int) int {
	ran := 0
	for l.next < len(l.batch) && ran < limit {
		c := l.batch[l.next]
		l.batch[l.next] = nil
		l.next++
		ran++
		l.stats.Completions++
		c.Complete()
	}
	return ran
}

// leave sets Ready, or the alarm, for what this iteration leaves behind. It also runs
// when a completion panics.
func (l *Loop) leave() {
	if l.closed.Load() {
		return
	}
	if l.next < len(l.batch) {
		l.ready.Store(1)
	}
	if earliest := l.timers.earliest(); earliest < l.alarmAt {
		l.setAlarm(earliest)
	}
}

// block is step 6. It reports whether to look again.
func (l *Loop) block(end time.Duration) bool {
	until := min(end, l.timers.earliest())
	d := time.Duration(-1)
	if until != never {
		now := l.clock.Now()
		if end != never && now >= end {
			return false
		}
		d = max(until-now, 0)
	}
	l.stats.Blocked++
	l.clock.Wait(l.queue.wake, d)
	return true
}

// Sleep blocks the VM's goroutine. A token it takes from a post is no loss: Poll looks at
// the queue before it waits.
func (l *Loop) Sleep(d time.Duration) {
	end := after(l.clock.Now(), d)
	for !l.interrupt.Load() {
		now := l.clock.Now()
		if now >= end {
			return
		}
		l.clock.Wait(l.queue.wake, end-now)
	}
}

// Close stops the loop.
func (l *Loop) Close() error {
	if l.closed.Swap(true) {
		return nil
	}
	l.interrupt.Store(false)
	l.queue.close(len(l.batch) - l.next)
	l.queue.notify()
	l.batch, l.next = nil, 0
	l.timers.clear()
	l.ticker.stop()
	l.clock.Stop()
	l.sockets.shutAll()
	for p := range l.pools {
		l.queue.drop(l.pools[p].close())
	}
	if n := l.running.finish(l.options.Linger); n > 0 {
		return fmt.Errorf("event loop closed with %d works still running after %v", n, l.options.Linger)
	}
	return nil
}
