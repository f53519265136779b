// Package http1 is an HTTP/1.1 server above connections of the event loop. It
// knows no Gene values. Everything runs on the VM's goroutine, inside Poll, so
// nothing here locks and nothing waits: a connection is a state machine that is
// fed with the bytes that come. Connections that agreed on HTTP/2 in their TLS handshake are
// given to net/http, on goroutines, and their requests reach the program in the same form.
//
// What a peer sends is checked strictly before net/http parses it, because what
// two parsers understand differently lets requests be smuggled past one of
// them. What isn't plainly right is answered with an error, and the connection
// ends.
package http1

import (
	"bufio"
	"context"
	"net/http"
	"time"

	"gene/backends"
)

// Loop is what a server needs of the event loop.
type Loop interface {
	Now() time.Duration
	Wall() time.Time
	AfterFunc(d time.Duration, c backends.Completion) backends.Timer
	Post(c backends.Completion)
	Background(work func(), done backends.Completion) error
}

// Limits bound what a peer may ask for. Zeros stand for the defaults.
type Limits struct {
	Header int   // bytes of a request's head; 16 KiB
	Body   int64 // bytes of a request's body; 16 MiB

	HeaderTime  time.Duration // for a head, from its first byte; 10 s
	BodyTime    time.Duration // without a byte of a body that is being read; 30 s
	IdleTime    time.Duration // between requests; 60 s
	WriteTime   time.Duration // without a byte being taken of what is sent; 30 s
	RequestTime time.Duration // until a request is answered; 0 is for ever
}

func (l Limits) withDefaults() Limits {
	fill(&l.Header, 16<<10)
	fill(&l.Body, 16<<20)
	fill(&l.HeaderTime, 10*time.Second)
	fill(&l.BodyTime, 30*time.Second)
	fill(&l.IdleTime, 60*time.Second)
	fill(&l.WriteTime, 30*time.Second)
	return l
}

func fill[T int | int64 | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}

// Server serves the connections of a listener, of which it is the Acceptor.
type Server struct {
	loop   Loop
	limits Limits
	serve  func(*Request)

	// Timeout, when set, is asked for the answer to a request that has taken
	// longer than Limits.RequestTime. It must answer it.
	Timeout func(*Request)
	// StreamBodies hands requests over when their head has come; the program reads Request.Body.
	StreamBodies bool
	// Context ends what goroutines do for HTTP/2; at first it has no end.
	Context context.Context
	// OnTrouble, when set, hears of errors that the listener survives, and of
	// the one that ends it.
	OnTrouble func(error)
	// OnDrained, when set, is called once after Stop, with the last connection
	// closed.
	OnDrained func()

	listener backends.Listener
	conns    map[*conn]struct{}
	h2       *h2Server // nil until a connection speaks HTTP/2
	stopping bool
	drained  bool

	reader   *bufio.Reader // for heads, one after the other
	date     string        // of second
	second   int64
	rejected int64
}

// NewServer makes a server that hands each request to serve, which must answer
// it, now or later, exactly once.
func NewServer(loop Loop, limits Limits, serve func(*Request)) *Server {
	return &Server{
		loop: loop, limits: limits.withDefaults(), serve: serve, Context: context.Background(),
		conns: map[*conn]struct{}{}, reader: bufio.NewReader(nil),
	}
}

// Listening tells the server of the listener that it accepts for.
func (s *Server) Listening(l backends.Listener) { s.listener = l }

// Connections counts the open connections.
func (s *Server) Connections() int { return len(s.conns) + s.h2.connections() }

// Rejected counts the requests that the server itself answered with an error.
func (s *Server) Rejected() int64 { return s.rejected }

// Accepted begins to serve a connection.
func (s *Server) Accepted(nc backends.Conn) {
	if s.stopping {
		nc.Close(0)
		return
	}
	if t := nc.TLS(); t != nil && t.NegotiatedProtocol == "h2" {
		s.acceptH2(nc)
		return
	}
	c := &conn{srv: s, nc: nc, peer: nc.RemoteAddr().String()}
	s.conns[c] = struct{}{}
	c.arm(s.limits.IdleTime)
	nc.Start(c)
}

// Trouble tells of an error of the listener.
func (s *Server) Trouble(err error) {
	if s.OnTrouble != nil {
		s.OnTrouble(err)
	}
}

// ListenerClosed is the listener's last event.
func (s *Server) ListenerClosed(err error) {
	if err != nil {
		s.Trouble(err)
	}
	s.listener = nil
	s.checkDrained()
}

// Stop accepts no more connections, ends the idle ones and lets requests under
// way be answered. Endless answers go on until EndStreams.
func (s *Server) Stop() {
	if s.stopping {
		return
	}
	s.stopping = true
	if s.listener != nil {
		s.listener.Close()
	}
	for c := range s.conns {
		if c.phase == reading && len(c.in) == 0 {
			c.shut()
		}
	}
	s.h2.stop()
	s.checkDrained()
}

// EndStreams ends the endless answers.
func (s *Server) EndStreams() {
	for c := range s.conns {
		if c.req != nil && c.req.Endless && c.req.pieces != nil {
			c.req.pieces.Close()
		}
	}
	s.h2.endStreams()
}

func (s *Server) checkDrained() {
	if s.stopping && !s.drained && s.listener == nil && s.Connections() == 0 {
		s.drained = true
		if s.OnDrained != nil {
			s.OnDrained()
		}
	}
}

// now is the text of the Date header, made once per second.
func (s *Server) now() string {
	t := s.loop.Wall()
	if u := t.Unix(); u != s.second || s.date == "" {
		s.second, s.date = u, t.UTC().Format(http.TimeFormat)
	}
	return s.date
}
