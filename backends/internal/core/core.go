// Package core is what every event loop shares: the completion queue, the timer heap,
// the bounded workers and the iteration that package backends describes. A backend is a
// [Loop] with a [Clock], and what it adds of its own; it reaches the VM's goroutine through
// Post alone.
//
// It imports package backends and nothing else of ours.
//
// What belongs to the VM's goroutine (timers, the batch being run, most counters) has no
// lock. What others touch is in queue (one lock) and in a few atomics.
package core

import (
	"sync/atomic"
	"time"
)

// Clock tells and passes time. Now and Wall are called by any goroutine, the rest by the
// VM's.
type Clock interface {
	Now() time.Duration
	Wall() time.Time

	// Wait returns when wake has a token, which it consumes, or when d has passed. A
	// negative d has no end.
	Wait(wake <-chan struct{}, d time.Duration)

	// Alarm calls ring from any goroutine once the clock reads at or later; a new call
	// replaces the one before. It may ring once too often.
	Alarm(at time.Duration)

	// Stop ends the alarm for good.
	Stop()
}

// never is a deadline that doesn't come.
const never = time.Duration(1<<63 - 1)

// flags are what producers set and Poll clears. They have a cache line of their own: the VM
// reads ready at every safepoint, while producers write to the queue's lock.
type flags struct {
	ready     atomic.Uint32
	interrupt atomic.Bool
	closed    atomic.Bool
	_         [64]byte
}
