package http1

import (
	"io"
	"sync"

	"gene/backends"
)

const (
	streamMax = 64 << 10 // bytes of a body that wait to be read; more stay with the connection
	streamLow = 32 << 10 // bytes from which on more is taken
)

// BodyError is why a body that is being read ends early.
type BodyError struct {
	Status int // of the answer that fits
	Why    string
}

// Error is what was wrong.
func (e *BodyError) Error() string { return e.Why }

// Body is the body of a request while it comes. Any goroutine but the VM's may read it, one at a time.
type Body struct {
	pull func() // on the VM's goroutine: takes more of what has come
	post func(backends.Completion)

	mu      sync.Mutex
	more    sync.Cond
	buf     []byte
	err     error
	waiting bool // Read waits for bytes
	asked   bool // pull is under way
}

func newBody(c *conn) *Body {
	b := &Body{post: c.srv.loop.Post, pull: func() { c.goOn(); c.advance() }}
	b.more.L = &b.mu
	return b
}

// Read waits for bytes; io.EOF is the end of a whole body.
func (b *Body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.empty() {
		if b.ask(); b.empty() {
			b.waiting = true
			b.more.Wait()
		}
	}
	b.waiting = false
	if len(b.buf) == 0 {
		return 0, b.err
	}
	n := copy(p, b.buf)
	if b.buf = b.buf[n:]; len(b.buf) == 0 {
		b.buf = nil
	}
	if b.err == nil && len(b.buf) < streamLow {
		b.ask()
	}
	return n, nil
}

func (b *Body) empty() bool { return len(b.buf) == 0 && b.err == nil }

// ask is called with the lock held, which it gives up meanwhile.
func (b *Body) ask() {
	if b.asked {
		return
	}
	b.asked = true
	b.mu.Unlock()
	b.post(backends.Func(func() {
		b.mu.Lock()
		b.asked = false
		b.mu.Unlock()
		b.pull()
	}))
	b.mu.Lock()
}

// Close ends reading.
func (b *Body) Close() error {
	b.finish(ErrAnswered)
	return nil
}

func (b *Body) room() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.buf) > streamLow {
		return 0
	}
	return streamMax - len(b.buf)
}

// starving tells whether somebody waits for bytes that don't come.
func (b *Body) starving() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting
}

func (b *Body) feed(data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf = append(b.buf, data...)
	b.more.Broadcast()
}

func (b *Body) finish(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
	}
	b.more.Broadcast()
}

// readStream gives the program what it has room for.
func (c *conn) readStream() bool {
	if c.stream == nil || len(c.in) == 0 {
		return false
	}
	room := c.stream.room()
	if room == 0 {
		return false
	}
	n, done, r := c.body.read(c.in[:min(room, len(c.in))])
	if r != nil {
		c.failBody(r)
		return false
	}
	data := c.body.data
	c.body.data = nil
	c.stream.feed(data)
	c.drop(n)
	if done {
		c.stream.finish(io.EOF)
		c.body, c.stream = nil, nil
	}
	if done || n > 0 {
		c.armBusy()
	}
	return n > 0 && !done
}

// failBody ends a body that is wrong, too large or too slow. The connection ends with the answer.
func (c *conn) failBody(r *refusal) {
	c.srv.rejected++
	c.req.last = true
	c.breakBody(&BodyError{Status: r.status, Why: r.why})
}

// breakBody ends a body of which no more is taken.
func (c *conn) breakBody(err error) {
	if c.stream != nil {
		c.stream.finish(err)
		c.stream = nil
		if c.req != nil {
			c.req.last = true
		}
	}
}

// cannotSkip tells whether what is left of a body is too much, or won't come at all.
func (c *conn) cannotSkip() bool {
	return c.body != nil && (c.expects || c.body.left > skipMax)
}

// skipBody throws away what nobody has read.
func (c *conn) skipBody() bool {
	if len(c.in) == 0 {
		return false
	}
	before := c.body.taken
	n, done, r := c.body.read(c.in)
	c.body.data = nil
	c.body.max = min(c.body.max, before+skipMax)
	c.drop(n)
	switch {
	case r != nil:
		c.finish()
		return false
	case !done:
		return false
	}
	c.body = nil
	c.phase = reading
	c.arm(c.srv.limits.IdleTime)
	return true
}
