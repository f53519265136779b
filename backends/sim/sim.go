// Package sim is an event loop on virtual time, for tests.
//
// # Time
//
// The clock stands still while the program runs. When Poll or Sleep would wait, it jumps to the
// next deadline: an hour of timers takes milliseconds. Wall starts at [Start].
//
// # Work
//
// Offload runs no workers: the works handed over since the last iteration run one after the
// other when the next Poll begins, in an order drawn from Options.Seed, and take no virtual
// time. They are real: a file that is written is written. Work that waits for another work therefore
// never ends.
//
// Background work waits for the outside world, so it really runs on a goroutine at
// once. While there is any, time passes no faster than real time, up to [Patience] without a
// sign of life from outside; after that the clock jumps as if there were none. So
// a read of a FIFO arrives before its timeout, and one that never arrives does time out,
// soon. With no timer pending, Poll waits for real. Sockets are real too, and count as
// background work while they are open.
//
// # Order
//
// Timers fire in order, as everywhere. In each batch of completions the ends of works are
// spread at random, by the seed, among the posted ones; posted ones keep their order. Runs with equal seed
// are identical if all calls come from the VM's goroutine and there is no background work.
//
// Tick rings only if Options.TickEvery is given, by real time; a run in which it rings can't
// be repeated.
package sim

import (
	"math/rand/v2"
	"sync"
	"time"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/stdnet"
)

// Name is what the backend is registered under.
const Name = "sim"

func init() {
	backends.Register(Name, "virtual time and an order of completions drawn from a seed, for tests", New)
}

// Start is where the virtual wall clock starts.
func Start() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Loop is the event loop of this backend.
type Loop struct {
	*core.Loop
	stdnet.Network
	clock  *clock
	random *rand.Rand // VM's goroutine only

	mu   sync.Mutex
	jobs []*core.Job // offloaded since the last iteration
}

// New returns a running loop.
func New(o backends.Options) (backends.EventLoop, error) {
	tick := o.TickEvery
	o, err := o.WithDefaults()
	if err != nil {
		return nil, err
	}
	const stream = 0x67656e65 // any constant: PCG wants two words
	l := &Loop{random: rand.New(rand.NewPCG(o.Seed, stream))}
	l.Loop = core.New(core.Config{
		Name:    Name,
		Options: o,
		Tick:    tick,
		Clock: func(ring func()) core.Clock {
			l.clock = newClock(ring, func() bool { return l.Unfinished() > 0 || l.OpenSockets() > 0 || l.Queued() })
			return l.clock
		},
		Gather:  l.runJobs,
		Arrange: l.arrange,
	})
	l.Network.Loop = l.Loop
	return l, nil
}

// Offload keeps the work for the next Poll. The pool doesn't matter.
func (l *Loop) Offload(_ backends.Pool, work func(), done backends.Completion) error {
	j, err := l.NewJob(work, done)
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.jobs = append(l.jobs, j)
	l.mu.Unlock()
	l.Wake()
	return nil
}

// Background runs the work on a goroutine.
func (l *Loop) Background(work func(), done backends.Completion) error {
	l.clock.fresh.Store(true)
	return l.Loop.Background(work, done)
}

func (l *Loop) takeJobs() []*core.Job {
	l.mu.Lock()
	defer l.mu.Unlock()
	jobs := l.jobs
	l.jobs = nil
	return jobs
}

// runJobs gives each job a goroutine, as elsewhere, so that one which ends its
// goroutine doesn't end the VM's.
func (l *Loop) runJobs() {
	jobs := l.takeJobs()
	l.random.Shuffle(len(jobs), func(i, k int) { jobs[i], jobs[k] = jobs[k], jobs[i] })
	for _, j := range jobs {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			j.Run()
		}()
		<-ended
	}
}

// arrange merges the ends of works, which are in random order already, with the posts.
func (l *Loop) arrange(batch []backends.Completion) {
	var jobs, posts []backends.Completion
	for _, c := range batch {
		if _, ok := c.(*core.Job); ok {
			jobs = append(jobs, c)
		} else {
			posts = append(posts, c)
		}
	}
	if len(jobs) == 0 || len(posts) == 0 {
		return
	}
	for i := range batch {
		from := &posts
		if l.random.IntN(len(jobs)+len(posts)) < len(jobs) {
			from = &jobs
		}
		batch[i], *from = (*from)[0], (*from)[1:]
	}
}

// Close stops the loop.
func (l *Loop) Close() error {
	err := l.Loop.Close()
	l.Dropped(len(l.takeJobs()))
	return err
}
