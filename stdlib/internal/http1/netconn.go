package http1

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"gene/backends"
)

// NetConn is an upgraded connection for libraries that want a net.Conn: any
// goroutine may use it but the VM's, which it would block. It is a
// backends.Handler.
type NetConn struct {
	post func(backends.Completion)

	mu    sync.Mutex
	more  sync.Cond // what Read waits for has changed
	conn  backends.Conn
	in    []byte
	err   error         // of Read once in is empty
	done  chan struct{} // closed with the connection
	left  chan struct{} // closed by Close
	local bool          // Close was called
}

// NewNetConn makes a connection that is not attached yet; post brings a
// completion to the VM's goroutine.
func NewNetConn(post func(backends.Completion)) *NetConn {
	c := &NetConn{post: post, done: make(chan struct{}), left: make(chan struct{})}
	c.more.L = &c.mu
	return c
}

// Attach gives c its connection. It is called before any other use.
func (c *NetConn) Attach(conn backends.Conn) { c.conn = conn }

// Data takes bytes from the loop.
func (c *NetConn) Data(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = append(c.in, b...)
	c.more.Broadcast()
}

// End notes that the peer sends no more.
func (c *NetConn) End() { c.fail(io.EOF) }

// Closed notes the end of the connection.
func (c *NetConn) Closed(r backends.Report) {
	err := r.Err
	if err == nil {
		err = net.ErrClosed
	}
	c.fail(err)
	close(c.done)
}

func (c *NetConn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	c.more.Broadcast()
}

// Read waits for bytes.
func (c *NetConn) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.in) == 0 && c.err == nil && !c.local {
		c.more.Wait()
	}
	if c.local {
		return 0, net.ErrClosed
	}
	if len(c.in) == 0 {
		return 0, c.err
	}
	n := copy(b, c.in)
	if c.in = c.in[n:]; len(c.in) == 0 {
		c.in = nil
	}
	c.post(backends.Func(func() { c.conn.Consumed(n) }))
	return n, nil
}

// written brings the end of a write to the goroutine that waits for it.
type written chan error

func (w written) Written(err error) { w <- err }

// Write waits until the system has all of b.
func (c *NetConn) Write(b []byte) (int, error) {
	w := make(written, 1)
	data := append([]byte(nil), b...)
	c.post(backends.Func(func() {
		if finished, err := c.conn.Write(data, w); finished || err != nil {
			w <- err
		}
	}))
	select {
	case err := <-w:
		if err != nil {
			return 0, err
		}
		return len(b), nil
	case <-c.done:
	case <-c.left:
	}
	return 0, net.ErrClosed
}

// Close ends the connection behind what was written.
func (c *NetConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.local {
		c.local = true
		close(c.left)
		c.more.Broadcast()
		c.post(backends.Func(func() { c.conn.Close(0) }))
	}
	return nil
}

// LocalAddr is our address.
func (c *NetConn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr is the peer's address.
func (c *NetConn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }

var errDeadline = errors.Join(os.ErrNoDeadline, errors.New("the user of this connection closes it instead"))

// SetDeadline takes only the zero time: who wants to stop waiting closes the
// connection.
func (c *NetConn) SetDeadline(t time.Time) error {
	if t.IsZero() {
		return nil
	}
	return errDeadline
}

// SetReadDeadline is SetDeadline.
func (c *NetConn) SetReadDeadline(t time.Time) error { return c.SetDeadline(t) }

// SetWriteDeadline is SetDeadline.
func (c *NetConn) SetWriteDeadline(t time.Time) error { return c.SetDeadline(t) }
