//go:build amd64 || arm64

package evio

import (
	"crypto/tls"
	"net"
	"os"
	"sync"
	"time"
	"unsafe"

	library "github.com/tidwall/evio"
	"golang.org/x/sys/unix"

	"gene/backends/internal/core"
	"gene/backends/internal/socket"
	"gene/backends/internal/stdnet"
)

const (
	// pieceMax is what the library is given at once. It doesn't read while it holds output, which would stop a peer that
	// writes before it reads; a socket that is ready to write takes this much without leaving anything.
	pieceMax = 16 << 10

	// pause is how often a socket is asked whether it takes more, while the library doesn't watch it.
	pause = time.Millisecond
)

// conn is the driver of one connection. The library reads and writes it, with two exceptions: while reading is paused
// the output is written here, because the library would read again after each of its own writes; and behind
// the peer's half-close, at which the library lets go, package net serves the rest.
type conn struct {
	c   *core.Conn
	s   *server
	ec  library.Conn
	fd  int // the library's, which closes it
	tcp bool

	dirty bool // in s.dirty; guarded by s.mu

	// Of the library's goroutine.
	given  int // bytes that the library took and the system hadn't when we last looked
	fin    bool
	paused bool
	ended  bool // a close was told to the library

	mu       sync.Mutex
	kept     int         // our descriptor, or -1
	rest     core.Driver // of what is left behind the peer's half-close
	flushing bool
	waking   bool // a pause is running
	wantFin  bool
	closing  bool
	reset    bool
}

// Attach keeps the connection.
func (d *conn) Attach(c *core.Conn) { d.c = c }

// Begin does nothing: the library reads from the start, as far as there is room.
func (d *conn) Begin() {}

// TryWrite takes nothing as long as the library writes.
func (d *conn) TryWrite(b []byte) (int, error) {
	if rest := d.successor(); rest != nil {
		return rest.TryWrite(b)
	}
	return 0, nil
}

func (d *conn) successor() core.Driver {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rest
}

// ask has the library's goroutine do what set notes, or the successor do it.
func (d *conn) ask(set func(), then func(core.Driver)) {
	d.mu.Lock()
	rest := d.rest
	if rest == nil {
		set()
	}
	d.mu.Unlock()
	if rest != nil {
		then(rest)
		return
	}
	d.s.look(d)
}

// Flush has the library ask for output.
func (d *conn) Flush() { d.ask(func() { d.flushing = true }, core.Driver.Flush) }

// CloseWrite has the library's goroutine send the end of the stream.
func (d *conn) CloseWrite() (err error) {
	d.ask(func() { d.wantFin = true }, func(rest core.Driver) { err = rest.CloseWrite() })
	return err
}

// Close has the library close.
func (d *conn) Close(reset bool) {
	d.ask(func() { d.closing, d.reset = true, reset }, func(rest core.Driver) { rest.Close(reset) })
}

// SetKeepAlive sets TCP's probes.
func (d *conn) SetKeepAlive(every time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.rest != nil:
		return d.rest.SetKeepAlive(every)
	case d.tcp && d.kept >= 0:
		return socket.KeepAlive(d.kept, every)
	}
	return nil
}

// TLS is nil.
func (d *conn) TLS() *tls.ConnectionState { return nil }

// received takes over a piece, which is a copy already.
func (d *conn) received(b []byte) {
	d.s.loop.Ledger().LibraryIn.Add(int64(len(b)))
	if !d.c.Received(b) && d.c.WhenRoom(d.look) {
		d.paused = true
		d.s.inside.watch(d.fd, 0)
	}
}

func (d *conn) look() { d.s.look(d) }

// resume lets the library read again once there is room.
func (d *conn) resume() {
	if d.paused && d.c.Room() > 0 {
		d.paused = false
		d.s.inside.watch(d.fd, unix.EPOLLIN)
	}
}

// settle reports what the system took since the last look.
func (d *conn) settle() (pending int) {
	pending = d.s.inside.pendingOutput(d.ec)
	if moved := d.given - pending; moved > 0 {
		d.given = pending
		d.s.loop.Ledger().LibraryOut.Add(int64(moved))
		d.c.Sent(moved)
	}
	return pending
}

// advance is next for a connection that the library isn't asking about.
func (d *conn) advance() {
	if d.s.conns[d.ec] == d {
		out, action := d.next()
		d.s.inside.give(d.ec, d.fd, append([]byte(nil), out...), action)
	}
}

// next is called on the library's goroutine whenever it may get output or end the connection.
func (d *conn) next() ([]byte, library.Action) {
	pending := d.settle()
	d.mu.Lock()
	closing, reset, fin := d.closing, d.reset, d.wantFin && !d.fin
	d.mu.Unlock()
	if d.ended {
		return nil, library.None
	}
	d.resume()
	switch {
	case closing:
		d.ended = true
		d.end(reset, pending)
		return nil, library.Close
	case pending > 0:
		d.s.writing = append(d.s.writing, d)
		return nil, library.None
	case fin:
		d.fin = true
		d.shutdown(unix.SHUT_WR)
		return nil, library.None
	case d.paused:
		d.writeHere()
		return nil, library.None
	}
	return d.output(), library.None
}

// piece is the next of the outbox, or nothing.
func (d *conn) piece() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.flushing {
		return nil
	}
	bufs := d.c.Output(pieceMax)
	switch len(bufs) {
	case 0:
		d.flushing = false
		return nil
	case 1:
		return bufs[0]
	}
	var all []byte
	for _, b := range bufs {
		all = append(all, b...)
	}
	return all
}

// output is what the library shall write, of which it makes a copy.
func (d *conn) output() []byte {
	out := d.piece()
	if len(out) > 0 && !writable(d.fd) {
		d.lookAgain()
		return nil
	}
	if d.given = len(out); d.given > 0 {
		d.s.writing = append(d.s.writing, d)
	}
	return out
}

// writeHere writes what the system takes.
func (d *conn) writeHere() {
	for out := d.piece(); len(out) > 0; out = d.piece() {
		n, err := unix.Write(d.fd, out)
		if err == unix.EAGAIN || err == unix.EINTR {
			d.lookAgain()
			return
		}
		if err != nil {
			d.c.Failed(os.NewSyscallError("write", err))
			return
		}
		d.s.loop.Ledger().DirectOut.Add(int64(n))
		d.c.Sent(n)
	}
}

func writable(fd int) bool {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(p, 0)
	return n > 0 || err != nil
}

func (d *conn) lookAgain() {
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
		d.s.look(d)
	})
}

// end makes the socket ready, so that the library comes to its action though the peer takes nothing.
func (d *conn) end(abort bool, pending int) {
	switch {
	case !abort && pending == 0:
		d.shutdown(unix.SHUT_WR)
	case !d.tcp || !abort:
		d.shutdown(unix.SHUT_RDWR)
	default:
		disconnect(d.fd)
	}
}

// shutdown fails only when the peer is gone, which the library notices itself.
func (d *conn) shutdown(how int) { unix.Shutdown(d.fd, how) }

// disconnect resets a TCP socket, and makes it ready for the library to notice even when the peer takes nothing.
func disconnect(fd int) {
	none := unix.RawSockaddr{Family: unix.AF_UNSPEC}
	unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&none)), unsafe.Sizeof(none))
}

// left is told when the library has closed its descriptor, with the reason or nil for the peer's end of stream.
func (d *conn) left(err error) {
	d.settle()
	d.mu.Lock()
	ours := d.closing
	d.mu.Unlock()
	if err == nil && !ours {
		err = d.whyEnded()
	}
	switch {
	case ours:
	case err != nil:
		d.c.Failed(err)
	case d.handOver():
		d.c.Ended(nil)
		return
	default:
		d.c.Ended(nil)
	}
	d.mu.Lock()
	if d.kept >= 0 {
		unix.Close(d.kept)
		d.kept = -1
	}
	d.mu.Unlock()
	d.c.Gone()
}

// whyEnded is nil if the peer has ended its stream: the library may have closed by itself.
func (d *conn) whyEnded() error {
	var b [1]byte
	n, _, err := unix.Recvfrom(d.kept, b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	switch {
	case n == 0 && err == nil:
		return nil
	case err == nil || err == unix.EAGAIN:
		return errServeEnded
	}
	return os.NewSyscallError("read", err)
}

// handOver gives what is left to package net. It reports false if there is no descriptor for that, or if the program
// closed meanwhile.
func (d *conn) handOver() bool {
	d.mu.Lock()
	f := os.NewFile(uintptr(d.kept), "") // it closes the descriptor, so nobody else may
	d.kept = -1
	d.mu.Unlock()
	defer f.Close()
	nc, err := net.FileConn(f)
	if err != nil {
		return false
	}
	d.mu.Lock()
	if d.closing {
		d.mu.Unlock()
		nc.Close()
		return false
	}
	rest := stdnet.TakeOver(d.s.loop, d.c, nc)
	d.rest = rest
	flush, fin := d.flushing, d.wantFin && !d.fin
	d.mu.Unlock()
	if flush {
		rest.Flush()
	}
	if fin {
		if err := rest.CloseWrite(); err != nil {
			d.c.Failed(err)
		}
	}
	return true
}
