package netpoll

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"

	"github.com/cloudwego/netpoll"
	"golang.org/x/sys/unix"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/socket"
	"gene/backends/internal/stdnet"
)

func init() {
	netpoll.LinkBufferCap = bufferSize
	err := netpoll.Configure(netpoll.Config{
		BufferSize:   bufferSize,
		Runner:       run,
		LoggerOutput: io.Discard, // what matters reaches the program as an event
	})
	if err != nil {
		panic(fmt.Sprintf("internal error: netpoll refuses its configuration: %v", err))
	}
	backends.Register(Name, description, New, notes...)
}

// bufferSize is what an idle connection keeps for its next input. The library's own 8 KiB would be more than
// everything else that is kept for one.
const bufferSize = 1 << 10

type loop struct {
	*core.Loop
	network
}

// network is the library's listeners, and the standard library for the rest.
type network struct{ stdnet.Network }

// New returns a running loop. The library's poller is one per process and starts with the first loop.
func New(o backends.Options) (backends.EventLoop, error) {
	l, err := core.NewReal(Name, o)
	if err != nil {
		return nil, err
	}
	netpoll.Initialize()
	return loop{l, network{stdnet.Network{Loop: l}}}, nil
}

// Listen serves plain connections by the library.
func (n network) Listen(kind, address string, o backends.ListenOptions, a backends.Acceptor) (backends.Listener, error) {
	if kind == "tls" {
		return n.Network.Listen(kind, address, o, a)
	}
	inner, err := stdnet.Open(kind, address)
	if err != nil {
		return nil, err
	}
	ours, err := newListener(inner)
	if err != nil {
		inner.Close()
		return nil, err
	}
	s := &server{loop: n.Loop, o: o, inner: ours}
	s.ln = n.Loop.NewListener(inner.Addr(), o, a, s.inner.stop)
	if !n.Loop.Go(s.run) {
		ours.Close()
		return nil, backends.ErrClosed
	}
	return s.ln, nil
}

// listener lets the library stop accepting without ending its connections: a shut down socket
// wakes the poller, whose accept then fails with an error that it takes for the end. With all
// connections open that the program allows, it says that descriptors are exhausted: the library then
// leaves the socket alone and asks again after 0 to 1000 ms.
//
// The library's own listener closes its descriptor twice, by which it can close one that somebody
// else has just opened; this one keeps the descriptor in a file.
type listener struct {
	net.Listener
	file  *os.File
	fd    int
	slots interface {
		TrySlot() bool
		FreeSlot()
		Trouble(error)
	}

	mu       sync.Mutex
	stopped  bool
	retrying bool // the library asks again until it is told that nobody waits
	failing  bool // trouble was told
}

func newListener(inner net.Listener) (*listener, error) {
	file, err := inner.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		return nil, err
	}
	ln := &listener{Listener: inner, file: file, fd: int(file.Fd())}
	if err := syscall.SetNonblock(ln.fd, true); err != nil {
		file.Close()
		return nil, err
	}
	return ln, nil
}

// Fd is what the poller watches.
func (ln *listener) Fd() int { return ln.fd }

// Close closes both descriptors of the socket.
func (ln *listener) Close() error { return errors.Join(ln.file.Close(), ln.Listener.Close()) }

func (ln *listener) stop() {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.stopped = true
	syscall.Shutdown(ln.fd, syscall.SHUT_RDWR) // the accept that follows reports what went wrong
}

// errStopped contains the word by which the library knows the end.
var errStopped = errors.New("listener is closed")

// Accept is called by the poller, or by the library's retries.
func (ln *listener) Accept() (net.Conn, error) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	switch {
	case ln.stopped && ln.retrying:
		ln.retrying = false
		return nil, nil // ends the retries; the poller comes next
	case ln.stopped:
		return nil, errStopped
	case !ln.slots.TrySlot():
		ln.retrying = true
		return nil, syscall.EMFILE
	}
	fd, peer, err := unix.Accept4(ln.fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
	if err == nil {
		ln.failing = false
		return ln.accepted(fd, peer), nil
	}
	ln.slots.FreeSlot()
	switch err {
	case syscall.EAGAIN, syscall.EINTR, syscall.ECONNABORTED:
		return nil, nil // nobody waits, or not any more
	}
	ln.retrying = exhausted(err)
	if !ln.failing {
		ln.slots.Trouble(os.NewSyscallError("accept", err))
	}
	ln.failing = true
	return nil, err
}

// accepted is what the library makes its connection of: a descriptor and two addresses.
type accepted struct {
	net.Conn // none: the library uses the descriptor
	fd       int
	local    net.Addr
	remote   net.Addr
}

func (a *accepted) Fd() int              { return a.fd }
func (a *accepted) LocalAddr() net.Addr  { return a.local }
func (a *accepted) RemoteAddr() net.Addr { return a.remote }

func (ln *listener) accepted(fd int, peer unix.Sockaddr) *accepted {
	if ln.Addr().Network() != "unix" {
		socket.NoDelay(fd)
	}
	return &accepted{fd: fd, local: ln.Addr(), remote: socket.Addr(peer)}
}

// exhausted tells the errors after which the library retries.
func exhausted(err error) bool { return err == syscall.EMFILE || err == syscall.ENFILE }

// server is one listener with its library loop.
type server struct {
	loop  *core.Loop
	ln    *core.Listener
	o     backends.ListenOptions
	inner *listener
}

func (s *server) run() {
	s.inner.slots = s.ln
	events, err := netpoll.NewEventLoop(onRequest, netpoll.WithOnPrepare(s.prepare), netpoll.WithOnDisconnect(onDisconnect))
	if err == nil {
		err = events.Serve(s.inner)
	}
	s.inner.Close()
	s.ln.Ended(err)
}

// prepare gets each accepted connection before the poller knows it.
func (s *server) prepare(nc netpoll.Connection) context.Context {
	fd := nc.(netpoll.Conn).Fd()
	d := &conn{loop: s.loop, nc: nc, fd: fd}
	d.users.Store(1)
	nc.AddCloseCallback(d.closed)
	c := s.loop.NewConn(d, s.o.Flow, nc.LocalAddr(), nc.RemoteAddr())
	s.ln.Accepted(c)
	return connContext{context.Background(), d}
}
