package stdnet

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gene/backends"
	"gene/backends/internal/core"
)

// conn is the driver of one net.Conn. users counts who may still touch it: the open
// connection itself, the reader and the writer; the last one says Gone.
type conn struct {
	c     *core.Conn
	loop  *core.Loop
	nc    net.Conn
	raw   syscall.RawConn // nil where reads and writes go through nc
	users atomic.Int32
	once  sync.Once
	read  rawRead
	write rawWrite
}

// New makes a connection of the loop that reads nothing yet.
func New(l *core.Loop, nc net.Conn, flow backends.Flow) *core.Conn {
	d := &conn{loop: l, nc: nc}
	d.users.Store(1)
	d.raw = rawConn(nc)
	return l.NewConn(d, flow, nc.LocalAddr(), nc.RemoteAddr())
}

// TakeOver gives a driver for what is left of a connection whose input has ended.
func TakeOver(l *core.Loop, c *core.Conn, nc net.Conn) core.Driver {
	d := &conn{c: c, loop: l, nc: nc, raw: rawConn(nc)}
	d.users.Store(1)
	return d
}

// Attach keeps the connection.
func (d *conn) Attach(c *core.Conn) { d.c = c }

func (d *conn) leave() {
	if d.users.Add(-1) == 0 {
		d.c.Gone()
	}
}

// Begin starts the reader.
func (d *conn) Begin() {
	d.users.Add(1)
	started := d.loop.Go(func() {
		defer d.leave()
		d.c.Ended(d.readAll())
	})
	if !started {
		d.leave()
	}
}

// pieceMax is what one read takes at most.
const pieceMax = 64 << 10

var pieces = sync.Pool{New: func() any { b := make([]byte, pieceMax); return &b }}

// readAll gives nil at the end of the stream.
func (d *conn) readAll() error {
	for {
		buf, n, err := d.readPiece(min(pieceMax, d.c.Room()))
		if n > 0 {
			d.loop.Ledger().StandardIn.Add(int64(n))
			piece := append([]byte(nil), (*buf)[:n]...)
			pieces.Put(buf)
			if !d.c.Received(piece) && !d.c.AwaitRoom() {
				return nil
			}
		} else if buf != nil {
			pieces.Put(buf)
		}
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, net.ErrClosed):
			return nil // by us
		case err != nil:
			return err
		}
	}
}

func (d *conn) readPiece(most int) (*[]byte, int, error) {
	if d.raw != nil {
		return d.read.next(d.raw, most)
	}
	buf := pieces.Get().(*[]byte)
	n, err := d.nc.Read((*buf)[:most])
	return buf, n, err
}

// TryWrite writes what the system takes at once.
func (d *conn) TryWrite(b []byte) (int, error) {
	if d.raw == nil {
		return 0, nil
	}
	n, err := d.write.try(d.raw, b)
	d.loop.Ledger().StandardOut.Add(int64(n))
	return n, err
}

// Flush starts the writer.
func (d *conn) Flush() {
	d.users.Add(1)
	started := d.loop.Go(func() {
		defer d.leave()
		for {
			bufs := d.c.Output(256 << 10)
			if bufs == nil {
				return
			}
			w := net.Buffers(bufs)
			n, err := w.WriteTo(d.nc)
			d.loop.Ledger().StandardOut.Add(n)
			d.c.Sent(int(n))
			if err != nil {
				d.c.Failed(err)
				d.c.Output(0)
				return
			}
		}
	})
	if !started {
		d.leave()
	}
}

// CloseWrite sends the end of the stream.
func (d *conn) CloseWrite() error {
	switch nc := d.nc.(type) {
	case *tls.Conn:
		// The alert may block; the answer to a peer that takes nothing is the drain's limit.
		d.users.Add(1)
		if !d.loop.Go(func() { defer d.leave(); d.failure(nc.CloseWrite()) }) {
			d.leave()
		}
		return nil
	case interface{ CloseWrite() error }:
		return nc.CloseWrite()
	}
	return nil
}

func (d *conn) failure(err error) {
	if err != nil && !errors.Is(err, net.ErrClosed) {
		d.c.Failed(err)
	}
}

// Close closes the descriptor.
func (d *conn) Close(reset bool) {
	d.once.Do(func() {
		switch nc := d.nc.(type) {
		case *net.TCPConn:
			if reset {
				nc.SetLinger(0) // fails only if it is closed already
			}
			nc.Close()
		case *tls.Conn:
			nc.NetConn().SetDeadline(time.Now()) // so that the closing alert can't block
			nc.NetConn().Close()
		default:
			nc.Close()
		}
		d.leave()
	})
}

// SetKeepAlive sets the probes of TCP.
func (d *conn) SetKeepAlive(every time.Duration) error {
	nc := d.nc
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	tc, ok := nc.(*net.TCPConn)
	if !ok {
		return nil
	}
	return tc.SetKeepAliveConfig(net.KeepAliveConfig{Enable: every >= 0, Idle: every, Interval: every})
}

// TLS is the state of the encryption.
func (d *conn) TLS() *tls.ConnectionState {
	if t, ok := d.nc.(*tls.Conn); ok {
		s := t.ConnectionState()
		return &s
	}
	return nil
}
