package core

import (
	"fmt"
	"sync/atomic"
	"time"

	"gene/backends"
)

// Loop is an event loop without a backend's own part.
type Loop struct {
	flags
	queue   queue
	pools   [backends.NumPools]pool
	running group // workers, background work and what drivers run
	sockets sockets
	net     Ledger
	ticker  ticker

	name    string
	options backends.Options
	clock   Clock
	gather  func()                      // see Config
	arrange func([]backends.Completion) // see Config

	// From here on: the VM's goroutine only.
	timers  timers
	alarmAt time.Duration // what the clock's alarm is set to; never if it isn't
	batch   []backends.Completion
	next    int // in batch
	stats   backends.Stats
	lags    lags
}

// Config is what a backend gives.
type Config struct {
	Name    string
	Options backends.Options        // with defaults filled in
	Tick    time.Duration           // period of Tick, 0 for never
	Clock   func(ring func()) Clock // ring sets Ready

	// Both may be nil and are called on the VM's goroutine: Gather when an iteration begins,
	// before the queue is taken, Arrange to reorder a batch in place.
	Gather  func()
	Arrange func(batch []backends.Completion)
}

// New returns a running loop.
func New(c Config) *Loop {
	l := &Loop{name: c.Name, options: c.Options, gather: c.Gather, arrange: c.Arrange, alarmAt: never}
	l.queue.wake = make(chan struct{}, 1)
	for p := range l.pools {
		l.pools[p].bound = c.Options.Workers(backends.Pool(p))
	}
	l.ticker.init(c.Tick, l.Ring)
	l.clock = c.Clock(l.Ring)
	return l
}

// Ring sets Ready.
func (l *Loop) Ring() { l.ready.Store(1) }

// Wake sets Ready and makes a blocked Poll look again.
func (l *Loop) Wake() {
	l.Ring()
	l.queue.notify()
}

// Name returns the backend's name.
func (l *Loop) Name() string { return l.name }

// Now returns the clock's time since the start.
func (l *Loop) Now() time.Duration { return l.clock.Now() }

// Wall returns the clock's time of day.
func (l *Loop) Wall() time.Time { return l.clock.Wall() }

// Ready returns the flag for safepoints.
func (l *Loop) Ready() *atomic.Uint32 { return &l.ready }

// Tick turns the fairness tick on or off.
func (l *Loop) Tick(want bool) {
	if !l.closed.Load() {
		l.ticker.want(want)
	}
}

// AfterFunc starts a timer.
func (l *Loop) AfterFunc(d time.Duration, c backends.Completion) backends.Timer {
	mustNotBeNil(c)
	if l.closed.Load() {
		return &timer{index: idle}
	}
	at := after(l.clock.Now(), d)
	t := l.timers.start(at, c)
	if d <= 0 {
		l.Ring() // the alarm stays as it is: resetting it costs as much as all the rest
	} else if at < l.alarmAt {
		l.setAlarm(at)
	}
	return t
}

// after is now + d, without overflow.
func after(now, d time.Duration) time.Duration {
	switch {
	case d <= 0:
		return now
	case d >= never-now:
		return never - 1
	}
	return now + d
}

// setAlarm sees to it that Ready becomes non-zero at the earliest deadline. An alarm
// that is too early stays: resetting costs more than one needless Poll.
func (l *Loop) setAlarm(earliest time.Duration) {
	l.alarmAt = earliest
	l.clock.Alarm(earliest)
}

// Post queues a completion.
func (l *Loop) Post(c backends.Completion) {
	mustNotBeNil(c)
	if l.queue.put(c, l.clock, false) {
		l.Wake()
	}
}

// finish queues a job whose work is done.
func (l *Loop) finish(j *Job) {
	if l.queue.put(j, l.clock, true) {
		l.Wake()
	}
}

// Interrupt wakes the VM's goroutine.
func (l *Loop) Interrupt() {
	if l.closed.Load() {
		return
	}
	l.interrupt.Store(true)
	l.Wake()
}

// Offload runs work on a worker of the pool.
func (l *Loop) Offload(p backends.Pool, work func(), done backends.Completion) error {
	if p >= backends.NumPools {
		panic(fmt.Sprintf("internal error: EventLoop.Offload to pool %d of %d", p, backends.NumPools))
	}
	j, err := l.NewJob(work, done)
	if err != nil {
		return err
	}
	if !l.pools[p].add(j, &l.running) { // closed since
		l.queue.drop(1)
	}
	return nil
}

// NewJob counts work in as offloaded. Who calls it must call Run.
func (l *Loop) NewJob(work func(), done backends.Completion) (*Job, error) {
	return l.newJob(offloaded, work, done)
}

func (l *Loop) newJob(kind int, work func(), done backends.Completion) (*Job, error) {
	mustNotBeNil(done)
	if work == nil {
		panic("internal error: nil work given to an event loop")
	}
	if err := l.queue.accept(kind, l.options.MaxPending); err != nil {
		return nil, err
	}
	return &Job{loop: l, work: work, done: done}, nil
}

// Background runs work on a goroutine of its own.
func (l *Loop) Background(work func(), done backends.Completion) error {
	j, err := l.newJob(background, work, done)
	if err != nil {
		return err
	}
	if !l.running.start(j.Run) { // closed since
		l.queue.drop(1)
	}
	return nil
}

// Unfinished returns how many works are accepted and not yet done.
func (l *Loop) Unfinished() int {
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	return l.queue.outstanding - l.queue.finished
}

// Queued tells whether completions wait for Poll, also one whose wake-up is still on its way.
func (l *Loop) Queued() bool { return !l.queue.empty() }

// Dropped counts jobs that a backend accepted and won't run.
func (l *Loop) Dropped(n int) { l.queue.drop(n) }

// Hold counts something outstanding.
func (l *Loop) Hold() { l.queue.hold(1) }

// Release undoes one Hold.
func (l *Loop) Release() { l.queue.hold(-1) }

// Pending counts everything that is outstanding.
func (l *Loop) Pending() int { return len(l.timers.heap) + l.Waiting() }

// Waiting counts everything but timers.
func (l *Loop) Waiting() int { return l.queue.waiting(len(l.batch) - l.next) }

// Stats returns the counters.
func (l *Loop) Stats() backends.Stats {
	s := l.stats
	s.TimersStarted = l.timers.seq
	s.TimersStopped = l.timers.stopped
	s.TimersPending = len(l.timers.heap)
	s.Ticks = l.ticker.rung.Load()
	l.lags.tell(&s)
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	s.Offloaded = l.queue.accepted[offloaded]
	s.Background = l.queue.accepted[background]
	s.Rejected = l.queue.rejected
	s.Dropped = l.queue.dropped
	s.Net = l.net.stats()
	return s
}

func mustNotBeNil(c backends.Completion) {
	if c == nil {
		panic("internal error: nil completion given to an event loop")
	}
}
