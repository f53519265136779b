package http1

import (
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"

	"gene/backends"
)

// h2Streams bounds the requests that one connection may have under way.
const h2Streams = 250

// h2Server serves the connections that speak HTTP/2. All fields belong to the VM's goroutine.
type h2Server struct {
	srv    *Server
	std    *http.Server
	conns  map[*h2Conn]struct{}
	active map[*Request]struct{}
}

// h2Conn is one connection, which net/http reads and writes on its goroutines.
type h2Conn struct {
	*NetConn
	of   *h2Server
	stop func() bool // of the watch on the server's context
}

// Closed is the connection's last event.
func (c *h2Conn) Closed(r backends.Report) {
	c.stop()
	c.NetConn.Closed(r)
	delete(c.of.conns, c)
	c.of.srv.checkDrained()
}

func (h *h2Server) connections() int {
	if h == nil {
		return 0
	}
	return len(h.conns)
}

// acceptH2 gives a connection to net/http.
func (s *Server) acceptH2(nc backends.Conn) {
	if s.h2 == nil {
		s.h2 = newH2Server(s)
	}
	c := &h2Conn{NetConn: NewNetConn(s.loop.Post), of: s.h2}
	c.Attach(nc)
	c.stop = context.AfterFunc(s.Context, func() { c.Close() })
	s.h2.conns[c] = struct{}{}
	nc.Start(c)
	std := s.h2.std
	err := s.loop.Background(func() {
		one := &oneListener{conn: c, closed: make(chan struct{})}
		std.Serve(one) // its error says that the listener is closed
	}, backends.Func(func() {}))
	if err != nil {
		nc.Close(0)
	}
}

func newH2Server(s *Server) *h2Server {
	h := &h2Server{srv: s, conns: map[*h2Conn]struct{}{}, active: map[*Request]struct{}{}}
	h.std = &http.Server{
		Handler:        http.HandlerFunc(h.handle),
		MaxHeaderBytes: s.limits.Header,
		IdleTimeout:    s.limits.IdleTime,
		ErrorLog:       log.New(io.Discard, "", 0), // of what peers do wrong
		HTTP2:          &http.HTTP2Config{MaxConcurrentStreams: h2Streams, WriteByteTimeout: s.limits.WriteTime},
		Protocols:      new(http.Protocols),
	}
	h.std.Protocols.SetUnencryptedHTTP2(true) // the loop has taken the encryption off
	return h
}

// endStreams ends the endless answers.
func (h *h2Server) endStreams() {
	if h == nil {
		return
	}
	for r := range h.active {
		if r.Endless && r.pieces != nil {
			r.pieces.Close()
		}
	}
}

// stop lets requests under way be answered and tells the peers to begin no more.
func (h *h2Server) stop() {
	if h == nil {
		return
	}
	std, ctx := h.std, h.srv.Context
	h.srv.loop.Background(func() { std.Shutdown(ctx) }, backends.Func(func() {})) // fails on a closed loop, which has ended them
}

// oneListener is a listener of one connection that is there already.
type oneListener struct {
	conn   *h2Conn
	given  bool
	once   sync.Once
	closed chan struct{}
}

// Accept gives the connection, then waits for its end.
func (l *oneListener) Accept() (net.Conn, error) {
	if !l.given {
		l.given = true
		return l.conn, nil
	}
	select {
	case <-l.conn.done:
	case <-l.conn.left:
	case <-l.closed:
	}
	return nil, net.ErrClosed
}

// Close ends Accept; the connection goes on.
func (l *oneListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is where the connection came in.
func (l *oneListener) Addr() net.Addr { return l.conn.LocalAddr() }

// exchange is a request and its answer: the goroutine of net/http does, in order, what the VM's leaves.
type exchange struct {
	h     *h2Server
	w     http.ResponseWriter
	r     *Request
	timer backends.Timer // VM's goroutine

	mu    sync.Mutex
	steps []step
	over  bool
	wake  chan struct{}
}

// step is a part of an answer to be sent; w hears of it.
type step struct {
	run  func() error
	w    backends.Written
	last bool
}

// handle is called by net/http, on a goroutine for each request.
func (h *h2Server) handle(w http.ResponseWriter, hr *http.Request) {
	x := &exchange{h: h, w: w, wake: make(chan struct{}, 1)}
	x.r = &Request{Request: hr, carrier: x}
	srv := h.srv
	if srv.StreamBodies {
		hr.Body = newH2Body(x)
	} else if err := x.readBody(); err != nil {
		x.refuse(err)
		return
	}
	srv.loop.Post(backends.Func(x.serve))
	x.work(hr.Context())
}

// readBody takes the whole body.
func (x *exchange) readBody() error {
	content, err := io.ReadAll(newH2Body(x))
	x.r.Content = content
	x.r.Body = http.NoBody
	return err
}

// refuse answers a request that the program doesn't get.
func (x *exchange) refuse(err error) {
	x.h.srv.loop.Post(backends.Func(func() { x.h.srv.rejected++ }))
	var bad *BodyError
	if !errors.As(err, &bad) {
		return // the peer is gone
	}
	http.Error(x.w, http.StatusText(bad.Status)+": "+bad.Why, bad.Status)
}

// h2Body bounds a body in length, and in time without a byte.
type h2Body struct {
	x     *exchange
	inner io.ReadCloser
	rc    *http.ResponseController
	left  int64
}

func newH2Body(x *exchange) *h2Body {
	return &h2Body{x: x, inner: x.r.Body, rc: http.NewResponseController(x.w), left: x.h.srv.limits.Body}
}

// Read reads.
func (b *h2Body) Read(p []byte) (int, error) {
	if err := b.rc.SetReadDeadline(time.Now().Add(b.x.h.srv.limits.BodyTime)); err != nil {
		return 0, err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.inner.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &BodyError{http.StatusRequestEntityTooLarge, "the body is too large"}
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = &BodyError{http.StatusRequestTimeout, "the body came too slowly"}
	}
	return n, err
}

// Close ends reading.
func (b *h2Body) Close() error { return b.inner.Close() }

// serve hands the request to the program.
func (x *exchange) serve() {
	srv := x.h.srv
	x.h.active[x.r] = struct{}{}
	if d := srv.limits.RequestTime; d > 0 {
		x.timer = srv.loop.AfterFunc(d, backends.Func(func() {
			if x.timer = nil; srv.Timeout != nil && !x.r.begun && !x.r.over {
				srv.Timeout(x.r)
			}
		}))
	}
	srv.serve(x.r)
}

// work does the steps until the last, or until the peer is gone.
func (x *exchange) work(ctx context.Context) {
	for {
		select {
		case <-x.wake:
		case <-ctx.Done():
			x.lost(x.take(true))
			return
		}
		for _, s := range x.take(false) {
			if s.last {
				defer func() { x.lost(x.take(true)) }() // also when it breaks off
			}
			err := s.run()
			if s.w != nil {
				x.h.srv.loop.Post(backends.Func(func() { s.w.Written(err) }))
			}
			if s.last {
				return
			}
		}
	}
}

func (x *exchange) take(over bool) []step {
	x.mu.Lock()
	defer x.mu.Unlock()
	steps := x.steps
	x.steps = nil
	x.over = x.over || over
	return steps
}

// lost ends the request for the program; steps are those that were not done.
func (x *exchange) lost(steps []step) {
	x.h.srv.loop.Post(backends.Func(func() {
		for _, s := range steps {
			if s.w != nil {
				s.w.Written(backends.ErrConnClosed)
			}
		}
		x.begun()
		delete(x.h.active, x.r)
		x.r.lose()
	}))
}

// put leaves a step; it reports false when nobody does it any more.
func (x *exchange) put(s step) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over {
		return false
	}
	x.steps = append(x.steps, s)
	select {
	case x.wake <- struct{}{}:
	default:
	}
	return true
}

// begun ends the time for the answer.
func (x *exchange) begun() {
	if x.timer != nil {
		x.timer.Stop()
		x.timer = nil
	}
}

func (x *exchange) head(status int, h http.Header) {
	for name, texts := range h {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade":
			continue // ours to say
		}
		x.w.Header()[http.CanonicalHeaderKey(name)] = texts
	}
	x.w.WriteHeader(status)
}

func (x *exchange) whole(r *Request, a *Answer) error {
	x.begun()
	status, h, body := a.Status, maps.Clone(a.Header), a.Body
	ok := x.put(step{last: true, run: func() error {
		x.head(status, h)
		if a.head || bodiless(status) {
			return nil
		}
		_, err := x.w.Write(body)
		return err
	}})
	if !ok {
		return ErrAnswered
	}
	return nil
}

func (x *exchange) begin(s *Stream, status int, h http.Header, length int64) error {
	x.begun()
	h = maps.Clone(h)
	x.put(step{run: func() error {
		x.head(status, h)
		return http.NewResponseController(x.w).Flush()
	}})
	return nil
}

func (x *exchange) piece(s *Stream, b []byte, w backends.Written) (finished bool, err error) {
	ok := x.put(step{w: w, run: func() error {
		if _, err := x.w.Write(b); err != nil {
			return err
		}
		return http.NewResponseController(x.w).Flush()
	}})
	if !ok {
		return false, backends.ErrConnClosed
	}
	return false, nil
}

func (x *exchange) end(s *Stream, short bool) {
	x.put(step{last: true, run: func() error {
		if short {
			panic(http.ErrAbortHandler) // resets the stream
		}
		return nil
	}})
}

// errNoUpgrade: over HTTP/2 a connection stays what it is.
var errNoUpgrade = errors.New("a connection of HTTP/2 can't be upgraded")

func (x *exchange) upgrade(*Request, http.Header, backends.Handler) (backends.Conn, error) {
	return nil, errNoUpgrade
}
