package looptest

import (
	"errors"
	"net"
	"os"
	"path/filepath"

	"gene/backends"
)

// end is the loop's end of a connection. As its handler it checks the order of events and
// the window in every case.
type end struct {
	backends.Conn
	x      *exam
	window int
	hold   bool           // consume nothing
	onData func(b []byte) // nil: append to got
	onEnd  func()         // may be nil
	onOver func()         // at Closed; may be nil

	got      []byte
	inFlight int
	ended    bool
	closed   bool
	report   backends.Report

	writes  int // not finished at once
	written int // of those, told
}

func newEnd(x *exam, c backends.Conn, f backends.Flow) *end {
	return &end{Conn: c, x: x, window: f.WithDefaults().Window}
}

// begin starts reading.
func (e *end) begin() { e.Start(e) }

func (e *end) Data(b []byte) {
	if e.ended || e.closed {
		e.x.failf("Data came after End or Closed")
	}
	if len(b) == 0 {
		e.x.failf("Data came without a byte")
	}
	e.inFlight += len(b)
	if e.inFlight > e.window {
		e.x.failf("%d bytes are in flight, and the window is %d", e.inFlight, e.window)
	}
	if e.onData != nil {
		e.onData(b)
	} else {
		e.got = append(e.got, b...)
	}
	if !e.hold {
		e.free(len(b))
	}
}

// free gives back n bytes of the window.
func (e *end) free(n int) {
	e.inFlight -= n
	e.Consumed(n)
}

func (e *end) End() {
	if e.ended || e.closed {
		e.x.failf("End came after End or Closed")
	}
	e.ended = true
	if e.onEnd != nil {
		e.onEnd()
	}
}

func (e *end) Closed(r backends.Report) {
	if e.closed {
		e.x.failf("Closed came twice")
	}
	if e.written != e.writes {
		e.x.failf("Closed came before %d Written", e.writes-e.written)
	}
	e.closed, e.report = true, r
	if e.onOver != nil {
		e.onOver()
	}
}

// echo sends back what comes, and the end too.
func (e *end) echo() {
	e.hold = true
	e.onData = func(b []byte) {
		s := e.send(b)
		s.then(func() { e.free(len(b)) })
	}
	e.onEnd = func() { e.CloseWrite() }
	e.begin()
}

// sending is one Write.
type sending struct {
	e    *end
	seq  int
	done bool
	err  error
	next func()
}

// send must be taken.
func (e *end) send(b []byte) *sending {
	s := &sending{e: e}
	done, err := e.Write(b, s)
	if err != nil {
		e.x.failf("Write: %v", err)
	}
	if s.done = done; !done {
		s.seq = e.writes
		e.writes++
	}
	return s
}

// then runs f when the bytes are with the system, or lost.
func (s *sending) then(f func()) {
	if s.done {
		f()
		return
	}
	s.next = f
}

func (s *sending) Written(err error) {
	e := s.e
	if e.closed {
		e.x.failf("Written came after Closed")
	}
	if s.done || s.seq != e.written {
		e.x.failf("Written came for write %d, want write %d, once each and in order", s.seq, e.written)
	}
	e.written++
	s.done, s.err = true, err
	if s.next != nil {
		s.next()
	}
}

// received polls until n bytes are in got.
func (e *end) received(n int) []byte {
	e.x.pollUntil(func() bool { return len(e.got) >= n || e.closed })
	if len(e.got) < n {
		e.x.failf("the connection ended (%v) after %d bytes, want %d", e.report.Err, len(e.got), n)
	}
	return e.got
}

// over polls until Closed and returns its report.
func (e *end) over() backends.Report {
	e.x.pollUntil(func() bool { return e.closed })
	return e.report
}

// overWell is over without an error and without a loss.
func (e *end) overWell() {
	if r := e.over(); r != (backends.Report{}) {
		e.x.failf("Closed told %+v, want no error and no loss", r)
	}
}

// door is a listener of the loop's.
type door struct {
	backends.Listener
	x        *exam
	flow     backends.Flow
	accepted func(*end) // may be nil
	ends     []*end
	troubles []error
	closed   bool
	err      error
}

func (d *door) Accepted(c backends.Conn) {
	if d.closed {
		d.x.failf("Accepted came after ListenerClosed")
	}
	e := newEnd(d.x, c, d.flow)
	d.ends = append(d.ends, e)
	if d.accepted != nil {
		d.accepted(e)
	}
}

func (d *door) Trouble(err error) { d.troubles = append(d.troubles, err) }

func (d *door) ListenerClosed(err error) {
	if d.closed {
		d.x.failf("ListenerClosed came twice")
	}
	d.closed, d.err = true, err
}

// address is one that is free.
func (x *exam) address(network string) string {
	if network == "unix" {
		return x.path()
	}
	return "127.0.0.1:0"
}

// path is a file name, short enough for a socket, in a directory of its own.
func (x *exam) path() string {
	dir, err := os.MkdirTemp("", "exam")
	if err != nil {
		x.failf("%v", err)
	}
	x.cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// listen opens a door that gives its connections to accepted.
func (x *exam) listen(network string, o backends.ListenOptions, accepted func(*end)) *door {
	d := &door{x: x, flow: o.Flow, accepted: accepted}
	l, err := x.Listen(network, x.address(network), o, d)
	if err != nil {
		x.failf("Listen: %v", err)
	}
	d.Listener = l
	return d
}

// echoServer is a door whose ends echo.
func (x *exam) echoServer() *door {
	return x.listen("tcp", backends.ListenOptions{}, (*end).echo)
}

// shut closes the door in order.
func (d *door) shut() {
	d.Close()
	d.x.pollUntil(func() bool { return d.closed })
	d.x.want("the error of ListenerClosed", d.err, error(nil))
}

// roundTrip is a peer that sends and gets it back.
func (x *exam) roundTrip(to net.Addr, data []byte) error {
	c, err := x.dialPeer(to)
	if err != nil {
		return err
	}
	return errors.Join(exchange(c, data), c.Close())
}

// exchange sends and gets it back.
func exchange(c net.Conn, data []byte) error {
	if _, err := c.Write(data); err != nil {
		return err
	}
	return expect(c, data)
}
