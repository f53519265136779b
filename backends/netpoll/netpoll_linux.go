package netpoll

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"

	"github.com/cloudwego/netpoll"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/stdnet"
)

func init() {
	netpoll.SetLoggerOutput(io.Discard) // what matters reaches the program as an event
	backends.Register(Name, description, New, notes...)
}

type loop struct {
	*core.Loop
	network
}

// network is the library's listeners, and the standard library for the rest.
type network struct{ stdnet.Network }

// New returns a running loop. The library's poller is one per process and starts with the first loop.
func New(o backends.Options) (backends.EventLoop, error) {
	o, err := o.WithDefaults()
	if err != nil {
		return nil, err
	}
	netpoll.Initialize()
	l := core.New(core.Config{
		Name:    Name,
		Options: o,
		Tick:    o.TickEvery,
		Clock:   func(ring func()) core.Clock { return core.NewRealClock(ring) },
	})
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
	converted, err := netpoll.ConvertListener(inner)
	if err != nil {
		inner.Close()
		return nil, err
	}
	s := &server{loop: n.Loop, o: o, inner: &listener{Listener: converted}}
	s.ln = n.Loop.NewListener(inner.Addr(), o, a, s.inner.stop)
	if !n.Loop.Go(s.run) {
		converted.Close()
		return nil, backends.ErrClosed
	}
	return s.ln, nil
}

// listener lets the library stop accepting without ending its connections: a shut down socket
// wakes the poller, whose accept then fails with an error that it takes for the end. With all
// connections open that the program allows, it says that descriptors are exhausted: the library then
// leaves the socket alone and asks again after 0 to 1000 ms.
type listener struct {
	netpoll.Listener
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

func (ln *listener) stop() {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	ln.stopped = true
	syscall.Shutdown(ln.Fd(), syscall.SHUT_RDWR) // the accept that follows reports what went wrong
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
	nc, err := ln.Listener.Accept()
	if nc == nil {
		ln.slots.FreeSlot()
		ln.retrying = exhausted(err)
	}
	if err != nil && !ln.failing {
		ln.slots.Trouble(err)
	}
	ln.failing = err != nil
	return nc, err
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
	events, err := netpoll.NewEventLoop(onRequest, netpoll.WithOnPrepare(s.prepare))
	if err == nil {
		err = events.Serve(s.inner)
	}
	s.inner.Close()
	s.ln.Ended(err)
}

// prepare gets each accepted connection before the poller knows it.
func (s *server) prepare(nc netpoll.Connection) context.Context {
	fd := nc.(netpoll.Conn).Fd()
	syscall.CloseOnExec(fd) // the library leaves it to be inherited by children
	d := &conn{loop: s.loop, nc: nc, fd: fd, hardCap: s.o.Flow.WithDefaults().HardCap}
	d.users.Store(1)
	nc.AddCloseCallback(d.closed)
	c := s.loop.NewConn(d, s.o.Flow, nc.LocalAddr(), nc.RemoteAddr())
	s.ln.Accepted(c)
	return context.WithValue(context.Background(), connKey{}, d)
}

type connKey struct{}
