//go:build amd64 || arm64

package evio

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"time"

	library "github.com/tidwall/evio"
	"golang.org/x/sys/unix"

	"gene/backends"
	"gene/backends/internal/core"
)

// server is the library, from the first listener to the end of the loop. Everything of its connections happens on
// its goroutine; others leave a function or a connection to look at, and wake the control.
type server struct {
	loop *core.Loop
	name string // of its private listener

	mu      sync.Mutex
	control net.Conn // our end of it; nil before and after the library serves
	woken   bool
	tasks   []func()
	dirty   []*conn

	// Of the library's goroutine.
	inside  *inside
	conns   map[library.Conn]*conn
	writing []*conn // the library has output of theirs
	ending  bool
	low     descriptors
	dialled chan net.Conn // our end of the control
	begun   chan error    // one value, for start
}

// startMax is how long the library may take until it serves.
const startMax = 10 * time.Second

// start returns a server that serves.
func start(l *core.Loop) (*server, error) {
	s := &server{loop: l, name: "@gene-" + rand.Text(), conns: map[library.Conn]*conn{}, begun: make(chan error, 1), dialled: make(chan net.Conn, 1)}
	if !l.Go(s.run) {
		return nil, backends.ErrClosed
	}
	t := time.NewTimer(startMax)
	defer t.Stop()
	select {
	case err := <-s.begun:
		if err != nil {
			return nil, fmt.Errorf("loop evio: %w", err)
		}
	case <-t.C:
		return nil, fmt.Errorf("loop evio: the library didn't start in %v", startMax)
	}
	if !l.AddSocket(s) {
		s.Shut()
		return nil, backends.ErrClosed
	}
	return s, nil
}

// needed is how many descriptors the library opens behind its listener, and the other end of the control: it
// hangs if it can't have them, so they are kept free for it until then.
const needed = 6

// run is the library's life.
func (s *server) run() {
	defer s.loop.RemoveSocket(s)
	spare, err := s.reserve()
	if err != nil {
		s.begun <- err
		return
	}
	err = library.Serve(library.Events{
		NumLoops: 1,
		Serving: func(library.Server) library.Action {
			spare.close()
			go s.dial()
			return library.None
		},
		Opened:   s.opened,
		Closed:   s.closed,
		Data:     s.data,
		PreWrite: s.wakeSoon,
	}, "unix://"+s.name)
	spare.close()
	s.low.close()
	s.fail(errors.Join(err, errServeEnded))
	if s.inside == nil && err == nil { // it ended before it had the control
		if c := <-s.dialled; c != nil {
			c.Close()
		}
	}
}

// dial connects our end of the control. Without one the library stays as it is, and start gives up.
func (s *server) dial() {
	c, err := net.Dial("unix", s.name)
	if err != nil {
		s.begun <- err
	}
	s.dialled <- c
}

// reserve opens descriptors that the library gets the place of, and before them some with lower numbers than its
// listener's: the library closes that one twice, and in between the system must have lower ones to give out.
func (s *server) reserve() (spare descriptors, err error) {
	if s.low, err = openDescriptors(8); err != nil {
		return nil, err
	}
	if spare, err = openDescriptors(needed); err != nil {
		s.low.close()
	}
	return spare, err
}

// opened gets the control; then the private listener has served its purpose.
func (s *server) opened(c library.Conn) (out []byte, o library.Options, a library.Action) {
	in, err := lookInside(c)
	if err == nil && !in.ownPeer(c) {
		return nil, o, library.Close
	}
	if err == nil {
		err = in.forgetListener()
	}
	if err != nil {
		s.begun <- err
		return nil, o, library.Shutdown
	}
	s.inside = in
	s.mu.Lock()
	s.control = <-s.dialled
	s.mu.Unlock()
	s.begun <- nil
	return nil, o, library.None
}

func (s *server) running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.control != nil
}

// post runs f on the library's goroutine; it reports false if that has ended.
func (s *server) post(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control == nil {
		return false
	}
	s.tasks = append(s.tasks, f)
	s.wake()
	return true
}

// look has the library's goroutine look at the connection. It is called with the locks of others held.
func (s *server) look(d *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control == nil || d.dirty {
		return
	}
	d.dirty = true
	s.dirty = append(s.dirty, d)
	s.wake()
}

// wake is called with the lock held, with the control set. It sends a byte, because the library's own way
// to be woken can miss one that comes while it looks at others, until its next look 100 ms later. At most one is on
// its way, so that the socket takes it.
func (s *server) wake() {
	if !s.woken {
		s.woken = true
		s.control.Write(wakeByte)
	}
}

var wakeByte = []byte{0}

// wakeSoon has the control's turn come when the library has done what it is at: it is called just before it
// writes, and when it has read.
func (s *server) wakeSoon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control != nil {
		s.wake()
	}
}

// data is the library's call for what it has read, and for the control's wake-ups.
func (s *server) data(c library.Conn, in []byte) ([]byte, library.Action) {
	if d := s.conns[c]; d != nil {
		if len(in) > 0 {
			d.received(in)
			s.wakeSoon()
		}
		return d.next()
	}
	s.turn()
	if s.ending && len(s.conns) == 0 {
		s.forget()
		s.low.close()
		return nil, library.Shutdown
	}
	return nil, library.None
}

// forget closes our end of the control, behind which nobody wakes the library.
func (s *server) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control != nil {
		s.control.Close()
		s.control = nil
	}
}

// turn does what others left. First it lets the program go on with what was read: its answers are taken along
// then, while behind the library's wait for events they would each have to wake it.
func (s *server) turn() {
	runtime.Gosched()
	s.mu.Lock()
	tasks, dirty := s.tasks, s.dirty
	s.tasks, s.dirty, s.woken = nil, nil, false
	for _, d := range dirty {
		d.dirty = false
	}
	s.mu.Unlock()
	for _, f := range tasks {
		f()
	}
	writing := s.writing
	s.writing = nil
	for _, d := range writing {
		d.advance()
	}
	for _, d := range dirty {
		d.advance()
	}
}

// closed is the library's last call for a connection, behind the closing of its descriptor.
func (s *server) closed(c library.Conn, err error) library.Action {
	d := s.conns[c]
	if d == nil {
		return library.None
	}
	delete(s.conns, c)
	d.left(err)
	if s.ending {
		s.wakeSoon() // the last one ends the library
	}
	return library.None
}

// errServeEnded is why connections are lost when the library's loop ends by itself.
var errServeEnded = errors.New("the library's event loop ended")

// fail ends what waits for a library that has ended.
func (s *server) fail(err error) {
	s.forget()
	s.mu.Lock()
	tasks := s.tasks
	s.tasks = nil
	s.mu.Unlock()
	s.ending = true
	for _, f := range tasks {
		f()
	}
	select {
	case s.begun <- err:
	default: // it had begun
	}
}

// Shut ends the library when its last connection has ended. The loop calls it when it is closed.
func (s *server) Shut() { s.post(func() { s.ending = true }) }

// descriptors are kept to be given up at the right moment.
type descriptors []int

func openDescriptors(n int) (descriptors, error) {
	var ds descriptors
	for range n {
		fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
		if err != nil {
			ds.close()
			return nil, err
		}
		ds = append(ds, fd)
	}
	return ds, nil
}

func (ds *descriptors) close() {
	for _, fd := range *ds {
		unix.Close(fd)
	}
	*ds = nil
}
