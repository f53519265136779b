package core

import (
	"sync/atomic"
	"time"

	"gene/backends"
)

// stalls watches a connection for SetTimeouts. The timers aren't moved at each byte: one that fires
// looks at the last progress and is started anew for what is left.
type stalls struct {
	read, write     time.Duration
	received, sent  atomic.Int64 // the loop's time of the last progress
	onRead, onWrite backends.Timer
}

// SetTimeouts sets both limits.
func (c *Conn) SetTimeouts(read, write time.Duration) {
	c.stopStalls()
	if read <= 0 && write <= 0 {
		c.mu.Lock()
		c.stalls = nil
		c.mu.Unlock()
		return
	}
	s := &stalls{read: read, write: write}
	now := int64(c.loop.Now())
	s.received.Store(now)
	s.sent.Store(now)
	c.mu.Lock()
	c.stalls = s
	c.mu.Unlock()
	if read > 0 {
		s.onRead = c.loop.AfterFunc(read, backends.Func(func() { c.checkRead(s) }))
	}
	if write > 0 {
		s.onWrite = c.loop.AfterFunc(write, backends.Func(func() { c.checkWrite(s) }))
	}
}

func (c *Conn) stopStalls() {
	s := c.stalls
	if s == nil {
		return
	}
	for _, t := range []backends.Timer{s.onRead, s.onWrite} {
		if t != nil {
			t.Stop()
		}
	}
}

// noteReceive is called with the lock held.
func (c *Conn) noteReceive() {
	if c.stalls != nil {
		c.stalls.received.Store(int64(c.loop.Now()))
	}
}

func (c *Conn) noteSend() {
	if s := c.stalls; s != nil {
		s.sent.Store(int64(c.loop.Now()))
	}
}

// checkRead: a peer that is held up by a full window is not late.
func (c *Conn) checkRead(s *stalls) {
	c.mu.Lock()
	held, over := !c.hasRoom(), c.inEnded || c.dying
	c.mu.Unlock()
	if !over {
		s.onRead = c.checkProgress(&s.received, s.read, held, func() { c.checkRead(s) })
	}
}

// checkWrite: with nothing to send nothing is late.
func (c *Conn) checkWrite(s *stalls) {
	c.mu.Lock()
	idle, over := c.outBytes == 0, c.dying
	c.mu.Unlock()
	if !over {
		s.onWrite = c.checkProgress(&s.sent, s.write, idle, func() { c.checkWrite(s) })
	}
}

// checkProgress ends the connection if the last progress is longer ago than the limit, else it starts the
// timer of the next check. Who is excused counts as having made progress now.
func (c *Conn) checkProgress(last *atomic.Int64, limit time.Duration, excused bool, again func()) backends.Timer {
	if excused {
		last.Store(int64(c.loop.Now()))
	}
	left := time.Duration(last.Load()) + limit - c.loop.Now()
	if left <= 0 {
		c.Abort(backends.ErrStalled)
		return nil
	}
	return c.loop.AfterFunc(left, backends.Func(again))
}
