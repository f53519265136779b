package netpoll

import (
	"context"
	"crypto/tls"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cloudwego/netpoll"

	"gene/backends"
	"gene/backends/internal/core"
)

// conn is the driver of one connection of the library. users counts who may touch it: the open
// connection and the writers; the last one says Gone.
type conn struct {
	c       *core.Conn
	loop    *core.Loop
	nc      netpoll.Connection
	hardCap int
	users   atomic.Int32

	mu   sync.Mutex
	fd   int
	over bool // the library has closed, or is about to close, the descriptor
}

// Attach keeps the connection.
func (d *conn) Attach(c *core.Conn) { d.c = c }

// Begin does nothing: the library reads from the start, and what comes waits in the core.
func (d *conn) Begin() {}

func (d *conn) leave() {
	if d.users.Add(-1) == 0 {
		d.c.Gone()
	}
}

const pieceMax = 64 << 10

// onRequest runs on a goroutine of the library's, one at a time for each connection, until all
// input is taken: what it leaves makes the library call it again at once.
func onRequest(ctx context.Context, nc netpoll.Connection) error {
	d := ctx.Value(connKey{}).(*conn)
	r := nc.Reader()
	for r.Len() > 0 {
		room := d.c.Room()
		if room <= 0 {
			if !d.awaitRoom() {
				return nc.Close()
			}
			continue
		}
		if err := d.take(r, min(r.Len(), pieceMax, room)); err != nil {
			return err
		}
	}
	return nil
}

// take moves n bytes from the library to the core.
func (d *conn) take(r netpoll.Reader, n int) error {
	b, err := r.ReadBinary(n)
	if err != nil {
		return err
	}
	r.Release()
	d.loop.Ledger().LibraryIn.Add(int64(len(b)))
	d.c.Received(b)
	return nil
}

// floodEvery is how often the library's buffer is looked at while the program holds up the
// connection: the library reads on, and has no call for that.
const floodEvery = 2 * time.Millisecond

func (d *conn) awaitRoom() bool {
	var watch *time.Timer
	var stopped atomic.Bool
	watch = time.AfterFunc(time.Hour, func() {
		if stopped.Load() {
			return
		}
		if d.nc.Reader().Len() > d.hardCap {
			d.c.Failed(backends.ErrFlooded)
			return
		}
		watch.Reset(floodEvery)
	})
	watch.Reset(floodEvery)
	room := d.c.AwaitRoom()
	stopped.Store(true)
	watch.Stop()
	return room
}

// closed is the library's last call for a connection, with the descriptor still open. The poller has
// let go of it, so what is still in the library's buffer is all there will be; nobody else would count it.
func (d *conn) closed(nc netpoll.Connection) error {
	r := nc.Reader()
	for r.Len() > 0 {
		if err := d.take(r, min(r.Len(), pieceMax)); err != nil {
			d.c.Failed(err)
			break
		}
	}
	d.mu.Lock()
	d.over = true
	d.mu.Unlock()
	d.c.Ended(nil)
	d.leave()
	return nil
}

// TryWrite leaves everything to Flush, which may block.
func (d *conn) TryWrite([]byte) (int, error) { return 0, nil }

// Flush starts the writer.
func (d *conn) Flush() {
	d.users.Add(1)
	if !d.loop.Go(d.write) {
		d.leave()
	}
}

func (d *conn) write() {
	defer d.leave()
	w := d.nc.Writer()
	for {
		bufs := d.c.Output(256 << 10)
		if bufs == nil {
			return
		}
		n, err := d.fill(w, bufs)
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			d.c.Failed(backends.ErrConnClosed) // the library doesn't say why
			d.c.Output(0)
			return
		}
		d.loop.Ledger().LibraryOut.Add(int64(n))
		d.c.Sent(n)
	}
}

// fill gives the library what Flush is to send. The lock keeps the close callback waiting, behind which
// the library's buffer is gone.
func (d *conn) fill(w netpoll.Writer, bufs [][]byte) (n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return 0, backends.ErrConnClosed
	}
	for _, b := range bufs {
		if _, err = w.WriteBinary(b); err != nil {
			return n, err
		}
		n += len(b)
	}
	return n, nil
}

// CloseWrite sends the end of the stream.
func (d *conn) CloseWrite() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil
	}
	return syscall.Shutdown(d.fd, syscall.SHUT_WR)
}

// Close closes the descriptor.
func (d *conn) Close(reset bool) {
	d.mu.Lock()
	over := d.over
	if reset && !over {
		syscall.SetsockoptLinger(d.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1}) // without it, it is a plain close
	}
	d.mu.Unlock()
	if !over {
		d.loop.Go(func() { d.nc.Close() }) // may call back
	}
}

// SetKeepAlive sets the probes of TCP.
func (d *conn) SetKeepAlive(every time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over || d.nc.LocalAddr().Network() == "unix" {
		return nil
	}
	if every < 0 {
		return syscall.SetsockoptInt(d.fd, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 0)
	}
	seconds := max(int(every/time.Second), 1)
	for _, o := range [][3]int{{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
		{syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, seconds}, {syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, seconds}} {
		if err := syscall.SetsockoptInt(d.fd, o[0], o[1], o[2]); err != nil {
			return err
		}
	}
	return nil
}

// TLS is always nil: the standard library serves it.
func (d *conn) TLS() *tls.ConnectionState { return nil }
