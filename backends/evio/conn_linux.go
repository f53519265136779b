//go:build amd64 || arm64

package evio

import (
	"crypto/tls"
	"errors"
	"sync"
	"time"

	library "github.com/tidwall/evio"
	"golang.org/x/sys/unix"

	"gene/backends/internal/core"
)

const (
	// pieceMax is what the library is given at once. It doesn't read while it holds output, and a
	// socket that is ready to write takes this much without leaving anything.
	pieceMax = 32 << 10

	// quickLooks are made before the first pause: the output is gone two iterations later, mostly.
	quickLooks = 2

	pause = time.Millisecond
)

// conn is the driver of one connection.
type conn struct {
	c  *core.Conn
	s  *server
	ec library.Conn
	fd int

	// Of the library's goroutine.
	given int // bytes that the library took and the system hadn't when we last looked
	looks int
	fin   bool

	mu       sync.Mutex
	waking   bool // a pause is running
	wantFin  bool
	closing  bool
	reset    bool
	alive    time.Duration
	setAlive bool
}

// Attach keeps the connection.
func (d *conn) Attach(c *core.Conn) { d.c = c }

// Begin does nothing: the library reads from the start.
func (d *conn) Begin() {}

// TryWrite takes nothing: only the library's goroutine writes.
func (d *conn) TryWrite([]byte) (int, error) { return 0, nil }

// Flush has the library ask for output.
func (d *conn) Flush() { d.s.wake(d.ec) }

// CloseWrite has the library's goroutine send the end of the stream.
func (d *conn) CloseWrite() error {
	d.request(func() { d.wantFin = true })
	return nil
}

// Close has the library close.
func (d *conn) Close(reset bool) {
	d.request(func() { d.closing, d.reset = true, reset })
}

// SetKeepAlive has the library's goroutine set TCP's probes.
func (d *conn) SetKeepAlive(every time.Duration) error {
	if d.s.network != "unix" {
		d.request(func() { d.alive, d.setAlive = every, true })
	}
	return nil
}

// TLS is nil.
func (d *conn) TLS() *tls.ConnectionState { return nil }

func (d *conn) request(set func()) {
	d.mu.Lock()
	set()
	d.mu.Unlock()
	d.s.wake(d.ec)
}

// received takes over a piece, which is a copy already.
func (d *conn) received(b []byte) (flooded bool) {
	d.s.loop.Ledger().LibraryIn.Add(int64(len(b)))
	return !d.c.Received(b) && d.c.Flooded()
}

// settle reports what the system took since the last look.
func (d *conn) settle() (pending int) {
	pending = pendingOutput(d.ec)
	if moved := d.given - pending; moved > 0 {
		d.given = pending
		d.looks = 0
		d.s.loop.Ledger().LibraryOut.Add(int64(moved))
		d.c.Sent(moved)
	}
	return pending
}

// next is called on the library's goroutine whenever it may give output or end the connection.
func (d *conn) next() ([]byte, library.Action) {
	pending := d.settle()
	d.mu.Lock()
	closing, reset, fin := d.closing, d.reset, d.wantFin && !d.fin
	alive, setAlive := d.alive, d.setAlive
	d.setAlive = false
	d.mu.Unlock()
	if setAlive {
		keepAlive(d.fd, alive)
	}
	if closing {
		d.end(reset)
		return nil, library.Close
	}
	if pending > 0 {
		d.lookAgain()
		return nil, library.None
	}
	if fin {
		d.fin = true
		d.shutdown(unix.SHUT_WR)
		return nil, library.None
	}
	return d.output(), library.None
}

// output asks the outbox only when the system would take the bytes.
func (d *conn) output() []byte {
	if d.c.Buffered() > 0 && !writable(d.fd) {
		d.looks = quickLooks
		d.lookAgain()
		return nil
	}
	var out []byte
	for _, b := range d.c.Output(pieceMax) {
		out = append(out, b...)
	}
	if d.given = len(out); d.given > 0 {
		d.looks = 0
		d.lookAgain()
	}
	return out
}

func (d *conn) lookAgain() {
	if d.looks++; d.looks <= quickLooks {
		d.s.wake(d.ec)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waking {
		return
	}
	d.waking = true
	time.AfterFunc(pause, func() {
		d.mu.Lock()
		d.waking = false
		d.mu.Unlock()
		d.s.wake(d.ec)
	})
}

// end makes the socket ready, so that the library comes to its action though the peer takes nothing.
func (d *conn) end(abort bool) {
	switch {
	case !abort && pendingOutput(d.ec) == 0:
		d.shutdown(unix.SHUT_WR)
	case d.s.network == "unix" || !abort:
		d.shutdown(unix.SHUT_RDWR)
	default:
		reset(d.fd)
	}
}

// shutdown fails only when the peer is gone, which the library notices itself.
func (d *conn) shutdown(how int) { unix.Shutdown(d.fd, how) }

// keepAlive mirrors net.TCPConn; the values are whole seconds, at least one.
func keepAlive(fd int, every time.Duration) {
	if every < 0 {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0)
		return
	}
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	if seconds := int(min((every+time.Second-1)/time.Second, 32767)); seconds > 0 {
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, seconds)
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, seconds)
	}
}

// errServeEnded is why connections are lost when the library's loop ends by itself.
var errServeEnded = errors.New("the library's event loop ended, and its connections with it")

// gone is told when the descriptor is closed.
func (d *conn) gone(err error, lost bool) {
	d.settle()
	d.mu.Lock()
	ours := d.closing
	d.mu.Unlock()
	switch {
	case ours:
	case err != nil:
		d.c.Failed(err)
	case lost:
		d.c.Failed(errServeEnded)
	default:
		d.c.Ended(nil)
	}
	d.c.Gone()
}
