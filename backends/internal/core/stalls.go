package core

import (
	"sync"
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

func newCond(mu *sync.Mutex) *sync.Cond { return sync.NewCond(mu) }

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
	if over {
		return
	}
	if held {
		s.received.Store(int64(c.loop.Now()))
	}
	left := time.Duration(s.received.Load()) + s.read - c.loop.Now()
	if left <= 0 {
		c.Abort(backends.ErrStalled)
		return
	}
	s.onRead = c.loop.AfterFunc(left, backends.Func(func() { c.checkRead(s) }))
}

// checkWrite: with nothing to send nothing is late.
func (c *Conn) checkWrite(s *stalls) {
	c.mu.Lock()
	idle, over := c.outBytes == 0, c.dying
	c.mu.Unlock()
	if over {
		return
	}
	if idle {
		s.sent.Store(int64(c.loop.Now()))
	}
	left := time.Duration(s.sent.Load()) + s.write - c.loop.Now()
	if left <= 0 {
		c.Abort(backends.ErrStalled)
		return
	}
	s.onWrite = c.loop.AfterFunc(left, backends.Func(func() { c.checkWrite(s) }))
}
