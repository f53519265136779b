//go:build amd64 || arm64

package evio

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	library "github.com/tidwall/evio"
	"golang.org/x/sys/unix"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/stdnet"
)

// server is one listener: a Serve of the library, and another if that ends by itself.
//
// The library can be told something only through a connection, so each server has one to
// itself, the control. It is opened before Listen returns, and is what stops the library.
type server struct {
	loop    *core.Loop
	ln      *core.Listener
	network string
	path    string // of a unix socket
	address string // that the library listens on
	flow    backends.Flow
	ready   chan error // one value, for Listen

	started bool // ready was told

	mu      sync.Mutex // what wake needs; the library's poll is open while control is set
	control library.Conn
	tasks   []func() // for the library's goroutine

	// Of the library's goroutine.
	dialled   chan struct{} // the control's other end is connected, or failed
	other     net.Conn
	name      string // of the other end
	dialError error
	conns     map[library.Conn]*conn
	epoll     int
	accepting int // the descriptor
	paused    bool
	parked    []*core.Conn // accepted by the library beyond MaxConns
	stopping  bool         // no more accepting
	ending    bool         // Shutdown was returned
}

// listen returns once the library serves.
func listen(l *core.Loop, network, address string, o backends.ListenOptions, a backends.Acceptor) (backends.Listener, error) {
	s := &server{loop: l, network: network, flow: o.Flow, address: address, ready: make(chan error, 1)}
	if strings.ContainsAny(address, "?") || strings.Contains(address, "://") {
		return nil, fmt.Errorf("listen %s %s: loop evio can't take an address with ? or :// in it", network, address)
	}
	if network == "unix" {
		if err := stdnet.ClearPath(address); err != nil {
			return nil, err
		}
		s.path = address
	}
	begun := make(chan net.Addr, 1)
	made := make(chan struct{})
	if !l.Go(func() { s.run(begun, made) }) {
		return nil, backends.ErrClosed
	}
	var addr net.Addr
	select {
	case addr = <-begun:
	case err := <-s.ready:
		return nil, err
	}
	if network == "unix" {
		addr = &net.UnixAddr{Name: address, Net: "unix"}
	}
	s.ln = l.NewListener(addr, o, a, func() { s.post(s.stop) })
	close(made)
	if err := <-s.ready; err != nil {
		return nil, err
	}
	return s.ln, nil
}

// Pauses before the library serves again.
const (
	againMin = 5 * time.Millisecond
	againMax = time.Second
)

// run serves until the listener is closed and its connections have ended.
func (s *server) run(begun chan<- net.Addr, made <-chan struct{}) {
	var wait time.Duration
	for {
		err := s.serve(begun, made)
		if s.ln == nil { // it never began
			s.ready <- err
			return
		}
		if err == nil {
			err = errServeEnded
		}
		if s.stopping || s.ln.Closed() {
			s.ended(nil)
			return
		}
		if !s.started {
			s.ended(err)
			s.ready <- err
			return
		}
		if wait == 0 {
			s.ln.Trouble(err)
		}
		wait = min(max(2*wait, againMin), againMax)
		s.ln.Pause(wait)
		if s.ln.Closed() {
			s.ended(nil)
			return
		}
	}
}

func (s *server) ended(err error) {
	if s.path != "" && !s.stopping {
		os.Remove(s.path)
	}
	s.ln.Ended(err)
}

// serve is one life of the library.
func (s *server) serve(begun chan<- net.Addr, made <-chan struct{}) error {
	s.dialled, s.conns, s.dialError = make(chan struct{}), map[library.Conn]*conn{}, nil
	s.parked, s.paused, s.other = nil, false, nil
	target := s.address
	if s.path != "" { // the library removes what the path names, so it gets one of ours
		target = filepath.Join(filepath.Dir(s.path), "."+rand.Text()[:8])
	}
	err := library.Serve(library.Events{
		NumLoops: 1,
		Serving: func(srv library.Server) library.Action {
			if s.path != "" {
				if s.dialError = os.Rename(target, s.path); s.dialError != nil {
					return library.Shutdown
				}
			}
			if s.ln == nil {
				s.address = srv.Addrs[0].String()
				begun <- srv.Addrs[0]
				<-made
			}
			go s.connect(srv.Addrs[0])
			return library.None
		},
		Opened: s.opened,
		Closed: s.closed,
		Data:   s.data,
	}, s.network+"://"+target)
	if s.other != nil {
		s.other.Close()
	}
	return errors.Join(err, s.dialError)
}

// connect opens the other end of the control. Until it is there the library's goroutine waits.
func (s *server) connect(addr net.Addr) {
	defer close(s.dialled)
	for range 1000 {
		if s.path != "" {
			s.name = "@gene-" + rand.Text()
			s.other, s.dialError = net.DialUnix("unix", &net.UnixAddr{Name: s.name}, &net.UnixAddr{Name: s.path})
		} else if s.other, s.dialError = net.DialTimeout(addr.Network(), reachable(addr), time.Second); s.dialError == nil {
			s.name = s.other.LocalAddr().String()
		}
		if s.dialError == nil {
			return
		}
		s.ln.Pause(10 * time.Millisecond)
	}
}

// wake has the library call data with nothing, unless it has stopped.
func (s *server) wake(c library.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control != nil {
		c.Wake()
	}
}

// post runs f on the library's goroutine; without a library, when there is one.
func (s *server) post(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tasks = append(s.tasks, f)
	if s.control != nil {
		s.control.Wake()
	}
}

func (s *server) runTasks() {
	s.mu.Lock()
	tasks := s.tasks
	s.tasks = nil
	s.mu.Unlock()
	for _, f := range tasks {
		f()
	}
}

func (s *server) opened(c library.Conn) (out []byte, o library.Options, a library.Action) {
	fd := descriptor(c)
	unix.CloseOnExec(fd)
	<-s.dialled
	if s.control == nil && peerName(c) == s.name {
		if err := s.begin(c); err != nil {
			s.dialError = err
			return nil, o, library.Shutdown
		}
		s.runTasks()
		return nil, o, s.whenIdle()
	}
	if nearLimit(fd) {
		s.loop.Ledger().Refused.Add(1)
		s.ln.Trouble(fmt.Errorf("accept %s: a connection was refused: %w", s.address, unix.EMFILE))
		return nil, o, library.Close
	}
	o.TCPKeepAlive = backends.DefaultAlive
	d := &conn{s: s, ec: c, fd: fd}
	s.conns[c] = d
	s.admit(s.loop.NewConn(d, s.flow, c.LocalAddr(), c.RemoteAddr()))
	return nil, o, library.None
}

// begin takes the control into use.
func (s *server) begin(c library.Conn) (err error) {
	if err = inspect(c); err != nil {
		return err
	}
	s.epoll = pollDescriptor(c)
	unix.CloseOnExec(s.epoll)
	if s.accepting, err = listening(s.epoll); err != nil {
		return err
	}
	s.mu.Lock()
	s.control = c
	s.mu.Unlock()
	for other := range s.conns {
		other.Wake() // what was asked of it before the control was there
	}
	if !s.started {
		s.started = true
		s.ready <- nil
	}
	return nil
}

// admit gives a connection to the program, at once or when there is a slot for it.
func (s *server) admit(c *core.Conn) {
	if len(s.parked) == 0 && s.ln.TrySlot() {
		s.ln.Accepted(c)
		return
	}
	s.parked = append(s.parked, c)
	if len(s.parked) == 1 {
		s.awaitSlot()
	}
}

// awaitSlot stops accepting until there is a slot for the first that waits.
func (s *server) awaitSlot() {
	if !s.paused && s.control != nil && !s.stopping {
		s.paused = unwatch(s.epoll, s.accepting) == nil
	}
	s.loop.Go(func() {
		if s.ln.NextSlot() {
			s.post(s.slotCame)
		}
	})
}

func (s *server) slotCame() {
	if len(s.parked) == 0 { // of a library that has ended
		s.ln.FreeSlot()
		return
	}
	s.ln.Accepted(s.parked[0])
	if s.parked = s.parked[1:]; len(s.parked) > 0 {
		s.awaitSlot()
	} else if s.paused && !s.stopping {
		s.paused = false
		if err := watch(s.epoll, s.accepting); err != nil {
			s.ln.Trouble(err)
		}
	}
}

// stop ends accepting; connections go on.
func (s *server) stop() {
	if s.stopping {
		return
	}
	s.stopping = true
	unwatch(s.epoll, s.accepting) // fails if it is paused
	unix.Shutdown(s.accepting, unix.SHUT_RDWR)
	if s.path != "" {
		os.Remove(s.path)
	}
	for _, c := range s.parked {
		c.Shut()
	}
	s.parked = nil
	s.ln.Ended(nil)
}

// whenIdle ends the library once there is nothing left to do for it.
func (s *server) whenIdle() library.Action {
	if s.stopping && len(s.conns) == 0 {
		s.ending = true
		s.forget()
		return library.Shutdown
	}
	return library.None
}

// forget makes sure that nobody wakes a library that ends.
func (s *server) forget() {
	s.mu.Lock()
	s.control = nil
	s.mu.Unlock()
}

func (s *server) data(c library.Conn, in []byte) ([]byte, library.Action) {
	d := s.conns[c]
	if d == nil { // the control, or one that was refused
		if c != s.control {
			return nil, library.Close
		}
		s.runTasks()
		return nil, s.whenIdle()
	}
	if len(in) > 0 && d.received(in) {
		d.Close(false)
	}
	return d.next()
}

func (s *server) closed(c library.Conn, err error) library.Action {
	d := s.conns[c]
	if d == nil {
		if c == s.control {
			s.forget()
			s.ending = true
		}
		return library.None
	}
	delete(s.conns, c)
	d.gone(err, s.control == nil)
	if s.control == nil {
		return library.None
	}
	return s.whenIdle()
}
