package core

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"gene/backends"
)

// Driver is what a backend does for one connection. The core calls all of it on the VM's
// goroutine (but Close, which Loop.Close may cause), and none of it may block. The driver
// tells the core of its side with Received, Ended, Failed, Sent and, when the
// descriptor is closed and none of its goroutines uses the connection any more, Gone.
type Driver interface {
	// Attach tells the driver its connection, before anything else.
	Attach(c *Conn)
	// Begin starts reading.
	Begin()
	// TryWrite hands to the system what it takes at once, perhaps nothing. It is called while the
	// outbox is empty only.
	TryWrite(b []byte) (int, error)
	// Flush says that the outbox has become non-empty: the driver takes Output and
	// reports Sent until Output gives nothing.
	Flush()
	// CloseWrite sends the end of the stream. The outbox is empty.
	CloseWrite() error
	// Close closes the descriptor, with a reset if reset is set, and leads to Gone.
	Close(reset bool)
	SetKeepAlive(every time.Duration) error
	TLS() *tls.ConnectionState
}

// lingerFor is how long a closed connection goes on reading, and dropping, what the peer still
// sends: closing with unread input makes TCP reset, which can destroy the last answer on its way.
const lingerFor = time.Second

// Conn is a connection: the events, the window, the outbox and the ledger that all backends
// share. Fields below mu are guarded by it; those above belong to the VM's goroutine.
type Conn struct {
	loop          *Loop
	driver        Driver
	handler       backends.Handler
	local, remote net.Addr
	flow          backends.Flow
	listener      *Listener // that accepted it, or nil
	drain         backends.Timer
	stalls        *stalls
	ended         bool // End was told
	closedTold    bool
	lingering     bool
	counted       bool // set once, before anybody else knows the connection

	mu       sync.Mutex
	room     *sync.Cond // made by the first AwaitRoom
	onRoom   func()     // set by WhenRoom
	in       [][]byte
	inBytes  int  // in in
	flight   int  // given to the handler and not consumed
	waiting  bool // the driver waits for room
	held     bool // it did when the connection was closed: the peer has sent more
	unread   int64
	inEnded  bool
	out      []outgoing
	outHead  int
	outBytes int
	flushing bool
	written  []finished
	posted   bool
	wantFin  bool
	finSent  bool
	closing  bool // by Close, Abort or a failure: nothing is delivered any more
	dying    bool // driver.Close was called
	gone     bool
	dead     bool // the loop is closed: no events
	err      error
}

// outgoing is one Write that is not finished.
type outgoing struct {
	data []byte
	off  int
	w    backends.Written
}

type finished struct {
	w   backends.Written
	err error
}

// NewConn makes a connection that has not begun to read. It may be called by any goroutine.
func (l *Loop) NewConn(d Driver, flow backends.Flow, local, remote net.Addr) *Conn {
	c := &Conn{loop: l, driver: d, flow: flow.WithDefaults(), local: local, remote: remote}
	d.Attach(c)
	c.counted = l.running.enter() // Close of the loop waits until it is gone
	l.Hold()
	l.net.Open.Add(1)
	if !l.AddSocket(c) {
		c.Shut()
	}
	return c
}

// Start begins reading.
func (c *Conn) Start(h backends.Handler) {
	if c.handler != nil {
		panic("internal error: Conn.Start called twice")
	}
	c.handler = h
	c.mu.Lock()
	begin := !c.dying
	again := c.pendingEvents() && !c.posted
	c.posted = c.posted || again
	c.mu.Unlock()
	if again {
		c.loop.Post(c)
	}
	if begin {
		c.driver.Begin()
	}
}

// pendingEvents tells whether Complete has something to do.
func (c *Conn) pendingEvents() bool {
	return len(c.in) > 0 || c.inEnded || len(c.written) > 0 || c.gone || c.err != nil
}

// Consumed gives back n bytes of the window.
func (c *Conn) Consumed(n int) {
	c.mu.Lock()
	c.flight -= n
	if c.flight < 0 {
		c.mu.Unlock()
		panic("internal error: more consumed of a connection than was delivered")
	}
	c.wakeReader()
	if len(c.in) > 0 {
		c.post()
	}
	c.mu.Unlock()
}

func (c *Conn) wakeReader() {
	if c.waiting && c.hasRoom() {
		c.releaseReader()
	}
}

// releaseReader lets the driver go on that waits for room.
func (c *Conn) releaseReader() {
	if c.room != nil {
		c.room.Broadcast()
	}
	if f := c.onRoom; f != nil {
		c.onRoom, c.waiting = nil, false
		f()
	}
}

// hasRoom: a connection that is closing reads on, to drop what comes.
func (c *Conn) hasRoom() bool {
	return c.inBytes+c.flight < c.flow.Window || c.closing || c.dying || c.dead
}

// Write sends data.
func (c *Conn) Write(data []byte, w backends.Written) (bool, error) {
	c.mu.Lock()
	if c.closing || c.wantFin || c.dying || c.gone || c.dead {
		err := c.err
		c.mu.Unlock()
		if err == nil {
			err = backends.ErrConnClosed
		}
		return false, err
	}
	c.loop.net.Taken.Add(int64(len(data)))
	idle := c.outBytes == 0 && !c.flushing
	c.mu.Unlock()
	sent := 0
	if idle && len(data) > 0 {
		n, err := c.driver.TryWrite(data)
		sent = n
		c.loop.net.Sent.Add(int64(n))
		if err != nil {
			c.queue(data, n, w)
			c.Failed(err)
			return false, nil
		}
	}
	if idle && sent == len(data) {
		c.noteSend()
		return true, nil
	}
	c.queue(data, sent, w)
	c.mu.Lock()
	flush := !c.flushing
	c.flushing = true
	c.mu.Unlock()
	if flush {
		c.driver.Flush()
	}
	return false, nil
}

func (c *Conn) queue(data []byte, off int, w backends.Written) {
	c.mu.Lock()
	c.out = append(c.out, outgoing{data, off, w})
	c.outBytes += len(data) - off
	c.mu.Unlock()
}

// Buffered counts what Write took and the system hasn't.
func (c *Conn) Buffered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.outBytes
}

// CloseWrite sends the end of the stream behind what was written.
func (c *Conn) CloseWrite() error {
	c.mu.Lock()
	if c.closing || c.dying || c.dead {
		c.mu.Unlock()
		return backends.ErrConnClosed
	}
	c.wantFin = true
	c.mu.Unlock()
	c.advance()
	return nil
}

// Close sends what was written and closes.
func (c *Conn) Close(drain time.Duration) {
	c.mu.Lock()
	if c.closing || c.dying || c.dead {
		c.mu.Unlock()
		return
	}
	c.closing = true
	c.dropInput()
	left := c.outBytes
	if c.waiting {
		c.held = true
		c.releaseReader()
	}
	c.mu.Unlock()
	if left > 0 {
		if drain <= 0 {
			drain = backends.DefaultCloseFor
		}
		c.drain = c.loop.AfterFunc(drain, backends.Func(func() {
			c.Abort(backends.ErrStalled)
		}))
	}
	c.advance()
}

// dropInput counts what will not be delivered.
func (c *Conn) dropInput() {
	c.unread += int64(c.inBytes)
	c.loop.net.ReadLost.Add(int64(c.inBytes))
	c.in, c.inBytes = nil, 0
}

// Abort closes at once.
func (c *Conn) Abort(reason error) {
	c.mu.Lock()
	if c.dying || c.dead {
		c.mu.Unlock()
		return
	}
	if c.err == nil {
		c.err = reason
	}
	c.closing = true
	c.dropInput()
	c.mu.Unlock()
	c.die(true)
}

// die closes the descriptor, once.
func (c *Conn) die(reset bool) {
	c.mu.Lock()
	if c.dying {
		c.mu.Unlock()
		return
	}
	c.dying = true
	if c.gone { // before it was started: nobody else tells of the end
		c.post()
	}
	if c.waiting {
		c.releaseReader()
	}
	c.mu.Unlock()
	c.driver.Close(reset)
}

// SetKeepAlive sets TCP's own probes.
func (c *Conn) SetKeepAlive(every time.Duration) error { return c.driver.SetKeepAlive(every) }

// LocalAddr is our end.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is the peer's end.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// TLS is the state of the encryption, or nil.
func (c *Conn) TLS() *tls.ConnectionState { return c.driver.TLS() }

// advance takes the connection further towards its end where what is pending allows. VM's
// goroutine.
func (c *Conn) advance() {
	c.mu.Lock()
	ready := c.outBytes == 0 && !c.flushing && !c.dying
	closing, fin := c.closing, c.wantFin && !c.finSent
	c.mu.Unlock()
	switch {
	case !ready:
		return
	case closing:
		c.finishClosing()
		return
	case fin:
		c.sendFin()
	}
	c.mu.Lock()
	over := c.finSent && c.inEnded && c.ended
	c.mu.Unlock()
	if over {
		c.die(false)
	}
}

func (c *Conn) sendFin() {
	if err := c.driver.CloseWrite(); err != nil && !errors.Is(err, net.ErrClosed) {
		c.Failed(err)
		return
	}
	c.mu.Lock()
	c.finSent = true
	c.mu.Unlock()
}

// finishClosing closes, perhaps after lingering.
func (c *Conn) finishClosing() {
	c.mu.Lock()
	linger := !c.inEnded && (c.held || c.unread > 0)
	fin := !c.finSent
	c.mu.Unlock()
	if !linger {
		c.stopDrain()
		c.die(false)
		return
	}
	if c.lingering {
		return
	}
	c.lingering = true
	c.stopDrain()
	c.drain = c.loop.AfterFunc(lingerFor, backends.Func(func() { c.die(false) }))
	if fin {
		c.sendFin()
	}
}

func (c *Conn) stopDrain() {
	if c.drain != nil {
		c.drain.Stop()
		c.drain = nil
	}
}
