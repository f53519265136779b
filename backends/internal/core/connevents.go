package core

import (
	"io"
	"math"
	"sync"

	"gene/backends"
)

// What a driver tells, from any goroutine, and how it becomes events on the VM's.

// Received takes over bytes read from the peer and reports whether there is room for more;
// without, a driver calls AwaitRoom, or if it can't wait asks Flooded.
func (c *Conn) Received(b []byte) (room bool) {
	c.loop.net.Read.Add(int64(len(b)))
	c.mu.Lock()
	if c.closing || c.dying || c.dead {
		c.unread += int64(len(b))
		c.loop.net.ReadLost.Add(int64(len(b)))
		c.mu.Unlock()
		return true
	}
	c.in = append(c.in, b)
	c.inBytes += len(b)
	room = c.hasRoom()
	c.noteReceive()
	c.unlockAndPost()
	return room
}

// Room is how many bytes the window has room for. It only grows until the next Received.
func (c *Conn) Room() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || c.dying || c.dead {
		return math.MaxInt // to be dropped
	}
	return c.flow.Window - c.inBytes - c.flight
}

// AwaitRoom blocks the driver's goroutine until the window has room; it reports false when the
// connection is to be closed.
func (c *Conn) AwaitRoom() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.hasRoom() {
		if c.room == nil {
			c.room = sync.NewCond(&c.mu)
		}
		c.waiting = true
		c.room.Wait()
	}
	c.waiting = false
	return !c.dying && !c.dead
}

// WhenRoom calls f once when the window has room or the connection is to be closed; it reports false, and forgets f,
// if that is so already. f is called with the connection locked, by any goroutine.
func (c *Conn) WhenRoom(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hasRoom() {
		return false
	}
	c.waiting, c.onRoom = true, f
	return true
}

// Flooded tells whether the hard cap is passed; the connection is failing then.
func (c *Conn) Flooded() bool {
	c.mu.Lock()
	over := c.inBytes+c.flight > c.flow.Window+c.flow.HardCap
	c.mu.Unlock()
	if over {
		c.Failed(backends.ErrFlooded)
	}
	return over
}

// Ended says that the peer sends no more: nil or io.EOF, else it is a failure.
func (c *Conn) Ended(err error) {
	if err != nil && err != io.EOF {
		c.Failed(err)
		return
	}
	c.mu.Lock()
	c.inEnded = true
	c.unlockAndPost()
}

// Failed says that the connection is broken: what was received is still delivered.
func (c *Conn) Failed(err error) {
	c.mu.Lock()
	if c.err == nil && !c.dying && !c.dead {
		c.err = err
	}
	c.unlockAndPost()
}

// Gone says that the descriptor is closed. It is the driver's last word.
func (c *Conn) Gone() {
	c.mu.Lock()
	if c.gone {
		c.mu.Unlock()
		return
	}
	c.gone = true
	if c.counted {
		defer c.loop.running.end()
	}
	if c.dead {
		c.settleOutput(backends.ErrClosed)
		c.mu.Unlock()
		c.left()
		return
	}
	c.unlockAndPost()
}

// Output gives up to limit bytes to be sent next, which stay in the outbox until Sent. With
// nothing left it ends the flush.
func (c *Conn) Output(limit int) [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	var bufs [][]byte
	for _, o := range c.out[c.outHead:] {
		b := o.data[o.off:]
		if len(b) > limit {
			b = b[:limit]
		}
		bufs = append(bufs, b)
		if limit -= len(b); limit == 0 || len(bufs) == 64 {
			break
		}
	}
	if len(bufs) == 0 || c.dying {
		c.flushing = false
		if c.wantFin || c.closing {
			c.post()
		}
		return nil
	}
	return bufs
}

// Sent says that the system took the next n bytes.
func (c *Conn) Sent(n int) {
	c.loop.net.Sent.Add(int64(n))
	c.mu.Lock()
	c.outBytes -= n
	for c.outHead < len(c.out) {
		o := &c.out[c.outHead]
		step := min(n, len(o.data)-o.off)
		o.off += step
		n -= step
		if o.off < len(o.data) {
			break
		}
		if o.w != nil {
			c.written = append(c.written, finished{w: o.w})
		}
		*o = outgoing{}
		c.outHead++
	}
	if c.outHead == len(c.out) {
		c.out, c.outHead = c.out[:0], 0
	}
	c.noteSend()
	if len(c.written) > 0 || c.outBytes == 0 && (c.wantFin || c.closing) {
		c.post()
	}
	c.mu.Unlock()
}

func (c *Conn) unlockAndPost() {
	c.post()
	c.mu.Unlock()
}

// post queues the connection unless it is queued already. A connection that was not started
// keeps its events for Start.
func (c *Conn) post() {
	if c.posted || c.dead {
		return
	}
	c.posted = true
	c.loop.Post(c)
}

// Complete delivers what has come. The loop calls it on the VM's goroutine.
func (c *Conn) Complete() {
	if c.handler == nil && !c.isClosing() {
		c.mu.Lock()
		c.posted = false // Start posts again
		c.mu.Unlock()
		return
	}
	c.mu.Lock()
	c.posted = false
	in, written := c.takeInput(), c.written
	c.written = nil
	inEnded, err := c.inEnded && len(c.in) == 0, c.err
	c.mu.Unlock()
	c.deliver(in)
	for _, f := range written {
		f.w.Written(f.err)
	}
	if inEnded && err == nil && !c.ended && !c.isClosing() {
		c.ended = true
		c.handler.End()
	}
	if err != nil {
		c.mu.Lock()
		c.closing = true
		c.dropInput()
		c.mu.Unlock()
		c.die(false)
	}
	c.advance()
	c.conclude()
}

// takeInput takes what the window allows; a driver that can't wait may have received more.
func (c *Conn) takeInput() (in [][]byte) {
	for room := c.flow.Window - c.flight; room > 0 && len(c.in) > 0; room = c.flow.Window - c.flight {
		b := c.in[0]
		if len(b) > room {
			c.in[0], b = b[room:], b[:room:room]
		} else {
			c.in = c.in[1:]
		}
		in = append(in, b)
		c.inBytes -= len(b)
		c.flight += len(b)
	}
	if len(c.in) == 0 {
		c.in = nil
	}
	return in
}

func (c *Conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// deliver gives the chunks to the handler, which may close the connection in between.
func (c *Conn) deliver(in [][]byte) {
	for i, b := range in {
		c.mu.Lock()
		closing := c.closing
		if closing {
			for _, b := range in[i:] {
				c.unread += int64(len(b))
				c.flight -= len(b)
				c.loop.net.ReadLost.Add(int64(len(b)))
			}
		}
		c.mu.Unlock()
		if closing {
			return
		}
		c.loop.net.Delivered.Add(int64(len(b)))
		c.handler.Data(b)
	}
}

// conclude tells of the end once the descriptor is closed and everything else was told; if more
// is posted, that comes first, so that nothing is queued after Closed.
func (c *Conn) conclude() {
	c.mu.Lock()
	if !c.gone || c.posted || c.closedTold || c.dead || len(c.in) > 0 && !c.closing {
		c.mu.Unlock()
		return
	}
	c.closedTold, c.closing = true, true // later writes are refused
	unsent := c.settleOutput(c.err)
	written := c.written
	c.written = nil
	report := backends.Report{Err: c.err, Unread: c.unread, Unsent: unsent}
	c.mu.Unlock()
	for _, f := range written {
		f.w.Written(f.err)
	}
	c.stopDrain()
	c.stopStalls()
	c.left()
	if c.handler != nil {
		c.handler.Closed(report)
	}
}

// settleOutput counts what is left in the outbox as lost, and returns how much it was.
func (c *Conn) settleOutput(err error) (unsent int64) {
	if err == nil {
		err = backends.ErrConnClosed
	}
	for _, o := range c.out[c.outHead:] {
		lost := int64(len(o.data) - o.off)
		unsent += lost
		if o.w != nil {
			c.written = append(c.written, finished{o.w, &backends.LostError{Lost: lost, Of: int64(len(o.data)), Err: err}})
		}
	}
	c.out, c.outHead, c.outBytes = nil, 0, 0
	c.loop.net.WriteLost.Add(unsent)
	return unsent
}

// left takes the connection out of the loop's books.
func (c *Conn) left() {
	c.loop.net.Open.Add(-1)
	c.loop.RemoveSocket(c)
	if c.listener != nil {
		c.listener.FreeSlot()
	}
	c.loop.Release()
}

// Shut ends a connection whose loop is closed: there are no more events, only the ledger.
func (c *Conn) Shut() {
	c.mu.Lock()
	c.dead = true
	if !c.closing {
		c.dropInput()
	}
	if c.waiting {
		c.releaseReader()
	}
	gone := c.gone
	c.mu.Unlock()
	if gone {
		c.mu.Lock()
		c.settleOutput(backends.ErrClosed)
		c.mu.Unlock()
		c.left()
		return
	}
	c.die(false)
}
