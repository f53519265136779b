package core

import (
	"fmt"
	"sync"
	"time"

	"gene/backends"
)

// queue takes completions from any goroutine and gives them to the VM's in batches, by
// swapping two slices. It also keeps the counts that must agree with it.
type queue struct {
	wake chan struct{} // one slot: a token says "look again", several posts share one

	mu          sync.Mutex
	entries     []backends.Completion
	oldest      time.Duration // when entries[0] was posted
	held        int
	outstanding int // jobs accepted whose completion hasn't begun to run
	finished    int // those of them that wait in entries or in the batch
	accepted    [2]uint64
	rejected    uint64
	dropped     uint64
	closed      bool
}

// The indices of queue.accepted.
const (
	offloaded = iota
	background
)

// keepCap is the largest capacity that an emptied batch keeps: 1 MiB.
const keepCap = 1 << 16

// put appends c and reports whether it was taken.
func (q *queue) put(c backends.Completion, clock Clock, finishedJob bool) bool {
	q.mu.Lock()
	if q.closed {
		q.dropped++
		q.mu.Unlock()
		return false
	}
	if len(q.entries) == 0 {
		q.oldest = clock.Now()
	}
	q.entries = append(q.entries, c)
	if finishedJob {
		q.finished++
	}
	q.mu.Unlock()
	return true
}

// notify leaves a token for a blocked Poll.
func (q *queue) notify() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take swaps the emptied batch for what is queued.
func (q *queue) take(emptied []backends.Completion) ([]backends.Completion, time.Duration) {
	if cap(emptied) > keepCap {
		emptied = nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.entries) == 0 {
		return emptied[:0], 0
	}
	batch := q.entries
	q.entries = emptied[:0]
	return batch, q.oldest
}

func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.entries) == 0
}

// accept counts a job in, or says why not.
func (q *queue) accept(kind, limit int) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return backends.ErrClosed
	}
	if q.outstanding >= limit {
		q.rejected++
		return fmt.Errorf("%w: %d are pending and the limit is %d (option MaxPending)",
			backends.ErrTooManyPending, q.outstanding, limit)
	}
	q.outstanding++
	q.accepted[kind]++
	return nil
}

// done counts a job out whose completion begins to run.
func (q *queue) done() {
	q.mu.Lock()
	q.outstanding--
	q.finished--
	q.mu.Unlock()
}

func (q *queue) hold(by int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	if q.held+by < 0 {
		panic("internal error: EventLoop.Release without a Hold")
	}
	q.held += by
}

// waiting counts each thing once: a finished job is both outstanding and queued.
func (q *queue) waiting(inBatch int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return 0
	}
	return q.outstanding - q.finished + q.held + len(q.entries) + inBatch
}

// close refuses everything from now on and drops what is queued.
func (q *queue) close(inBatch int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.dropped += uint64(len(q.entries) + inBatch)
	q.entries = nil
}

func (q *queue) drop(n int) {
	q.mu.Lock()
	q.dropped += uint64(n)
	q.mu.Unlock()
}
