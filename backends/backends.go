// Package backends is the seam between the virtual machine and the world that makes
// it wait: timers, files, child processes, sockets (see [Network]). The VM knows the interface
// [EventLoop] and no backend; a backend registers itself by name and is made with
// [New]. The package imports nothing of ours.
//
// # Goroutines
//
// "The VM's goroutine" is the one goroutine that runs a VM's interpreter at a given
// moment. A loop serves one VM. Completions run on that goroutine, inside Poll, and
// nowhere else; so they need no locks, and may start timers and work, but must not block.
//
//	method                       called by            blocks
//	Poll                         VM's goroutine       as wait says
//	Sleep                        VM's goroutine       yes, for d or until Interrupt
//	AfterFunc, Timer.Stop        VM's goroutine       no
//	Pending, Waiting, Stats      VM's goroutine       no
//	Tick                         VM's goroutine       no
//	Close                        VM's goroutine       until started work has ended, at most Options.Linger
//	Offload, Background          any goroutine        no
//	Post, Interrupt              any goroutine        no
//	Hold, Release                any goroutine        no
//	Name, Now, Wall, Ready       any goroutine        no
//
// # Waiting
//
// Poll(0) never blocks. Poll(w) with w > 0 returns when something ran or, having run
// nothing, when w has passed. Poll with a negative wait returns when something ran. All
// of them return at once, perhaps with 0, after Interrupt or Close. A negative wait
// while nothing is pending waits for a Post, an Interrupt or work started by another
// goroutine: a caller that doesn't want that asks Pending first.
//
// # One iteration
//
//  1. Ready is set to 0 and an earlier Interrupt is taken note of (and forgotten).
//  2. The clock is read, once. The whole queue is taken; that is the batch.
//  3. Timers whose deadline is reached run, by deadline, and in order of start where
//     deadlines are equal. A timer started from here on waits for the next iteration,
//     even with a delay of 0; one stopped from here on doesn't run.
//  4. The batch runs, in queue order. What is queued from here on waits for the next
//     iteration: a completion that posts completions starves nobody.
//  5. If anything ran, if wait is 0, if wait has passed, after Interrupt and after Close:
//     Ready is set again if more is queued or due already, and Poll returns the number of
//     completions that ran, timers' and others'.
//  6. Otherwise Poll waits for a post, an interrupt, the earliest deadline or the end of
//     wait, whichever comes first, and goes on with 1.
//
// Completions posted by one goroutine run in the order of its posts. Between Offload and
// Background works there is no order: what ends first completes first.
//
// Poll may be called from within a completion: it goes on with the rest of the
// interrupted batch. If a completion panics, the panic leaves Poll, and the rest of the
// batch stays for the next Poll.
//
// # Ready
//
// The interpreter tests Ready at its safepoints: a plain load and a never-taken branch.
// It becomes non-zero when something is queued, when a timer falls due (also while the VM
// is busy and calls nothing here), after Interrupt, and every Options.TickEvery while Tick is on.
// It may be non-zero although Poll(0) then finds nothing to run; it is never 0 for
// long when Poll(0) would find something.
//
// # What counts as pending
//
// Each thing counts once: a started timer until it fires or is stopped; offloaded and
// background work until its completion begins to run; a posted completion until it
// begins to run; a Hold until its Release. Options.MaxPending bounds offloaded and background work.
//
// # Panics
//
// Work handles its own errors and hands them to its completion. A panic in it is a bug
// of ours: it is kept with its stack and raised again, as a [*WorkPanic], on the VM's goroutine
// in place of the completion.
//
// # After Close
//
// Timers are dropped, work not yet started and completions not yet run are dropped (Stats.Dropped
// counts them), and started work is waited for. Work that waits for the outside world
// must have been cancelled by who started it, else Close gives up after Options.Linger and says
// what is still running. From then on Poll returns 0 at once, Post, Hold, Release, Interrupt and Tick do
// nothing, Offload and Background return [ErrClosed], AfterFunc returns a timer that never fires, Pending and
// Waiting are 0, Stats, Now, Wall and Sleep work as before, and Close again returns nil.
package backends

import (
	"sync/atomic"
	"time"
)

// Completion is what a loop runs on the VM's goroutine, inside Poll.
type Completion interface{ Complete() }

// Func adapts a function to Completion.
type Func func()

// Complete calls f.
func (f Func) Complete() { f() }

// Timer is a started timer.
type Timer interface {
	// Stop reports whether the timer was still pending; if so, it will not fire.
	Stop() bool
}

// Pool names one of the bounded groups of workers. Their bounds are separate, so that
// slow files can't starve name look-ups.
type Pool uint8

// The pools.
const (
	PoolFiles Pool = iota // regular files and directories
	PoolNames             // name look-ups
	PoolOther             // databases and everything else
	NumPools  = iota
)

// String returns the pool's name.
func (p Pool) String() string {
	switch p {
	case PoolFiles:
		return "files"
	case PoolNames:
		return "names"
	case PoolOther:
		return "other"
	}
	return "unknown"
}

// EventLoop is the seam. The package comment is its contract.
type EventLoop interface {
	// Name is the name the backend is registered under.
	Name() string

	// Now is the monotonic time since the loop was made; sim's is virtual.
	Now() time.Duration

	// Wall is the wall clock; sim's is virtual.
	Wall() time.Time

	// Sleep blocks the VM's goroutine for d without running completions. An Interrupt
	// ends it early. In sim it moves the virtual clock.
	Sleep(d time.Duration)

	// Poll runs the timers due and the completions queued, waits for some if there are
	// none and wait allows it, and returns how many ran.
	Poll(wait time.Duration) int

	// Interrupt makes a blocked Poll or Sleep return, or the next Poll not block, and sets
	// Ready. It says nothing about why: the caller keeps its own note.
	Interrupt()

	// Ready is the flag for safepoints.
	Ready() *atomic.Uint32

	// Tick, while want is true, makes Ready non-zero every Options.TickEvery, so that a busy task
	// notices that others could run. Switching it costs two atomic operations.
	Tick(want bool)

	// AfterFunc runs c once, d from now; a negative d is 0.
	AfterFunc(d time.Duration, c Completion) Timer

	// Offload runs work on one of the pool's workers, then queues done. It fails with
	// ErrTooManyPending at the limit and with ErrClosed; then neither will run.
	Offload(p Pool, work func(), done Completion) error

	// Background runs work on a goroutine of its own, then queues done. It is for work that
	// parks in Go's runtime poller (FIFOs, pipes, waiting for a child) and so holds no
	// operating system thread. Errors are as in Offload.
	Background(work func(), done Completion) error

	// Post queues a completion.
	Post(c Completion)

	// Hold and Release count something outstanding that the loop can't see itself.
	// Release without a Hold panics.
	Hold()
	Release()

	// Pending counts timers, offloaded and background work, holds and queued completions.
	Pending() int

	// Waiting is Pending without the timers.
	Waiting() int

	// Stats returns the counters so far.
	Stats() Stats

	// Close stops the loop and waits for its goroutines. Sockets are closed; what their outboxes
	// still hold is lost, and counted.
	Close() error

	Network
}

// Stats are a loop's counters since it was made.
type Stats struct {
	Polls         uint64 // calls of Poll
	Blocked       uint64 // times that a Poll waited
	Completions   uint64 // completions run, timers' not included
	TimersStarted uint64
	TimersFired   uint64
	TimersStopped uint64
	TimersPending int
	Offloaded     uint64 // works accepted by Offload
	Background    uint64 // works accepted by Background
	Rejected      uint64 // works refused because of MaxPending
	Dropped       uint64 // works and completions that Close dropped
	Ticks         uint64 // fairness ticks
	QueueMax      int    // largest batch taken from the queue

	// Lag is the time from ready to run: of each timer from its deadline, and of the
	// oldest completion in each batch from its post, to the iteration that runs it.
	// The quantiles are at most a sixteenth too large.
	LagMax  time.Duration
	LagMean time.Duration
	LagP50  time.Duration
	LagP99  time.Duration
	LagP999 time.Duration

	Net NetStats
}
