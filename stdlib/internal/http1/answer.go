package http1

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gene/backends"
)

// gzipMin is how long a text is that is worth being compressed, in bytes.
const gzipMin = 1 << 10

// ErrAnswered is returned for a second answer to a request, or one that nobody
// can get any more.
var ErrAnswered = errors.New("the request is answered already, or its connection is gone")

// Request is one request. All of its body has come, in Content, unless the server streams bodies: then Body is read, on
// any goroutine but the VM's.
type Request struct {
	*http.Request
	Content []byte // the body

	// OnGone, when set, is called when the connection ends before the answer is
	// complete.
	OnGone func()

	Owner any // what the program knows of the request

	// Endless says of an answer in pieces that it goes on as long as the peer
	// listens; so the end of what the peer sends is taken for its leaving.
	Endless bool

	carrier carrier
	last    bool // the connection ends with the answer
	begun   bool // an answer has
	over    bool
	pieces  *Stream // the answer in pieces, once begun
}

// carrier is how an answer gets to the peer: the connection, or a stream of HTTP/2.
type carrier interface {
	whole(r *Request, a *Answer) error
	// begin sends the head of an answer in pieces; the length of the body is -1 if it isn't known.
	begin(s *Stream, status int, h http.Header, length int64) error
	piece(s *Stream, b []byte, w backends.Written) (finished bool, err error)
	// end is told when the last piece was sent, or that the answer breaks off.
	end(s *Stream, short bool)
	// upgrade is for connections that are not HTTP any more behind a head.
	upgrade(r *Request, header http.Header, h backends.Handler) (backends.Conn, error)
}

// Answer is a whole answer.
type Answer struct {
	Status int
	Header http.Header // may be nil
	Body   []byte

	close bool
	head  bool // to a HEAD: the body isn't sent
	old   bool // to HTTP/1.0
}

func errorAnswer(r *refusal) *Answer {
	return &Answer{Status: r.status, Body: []byte(http.StatusText(r.status) + ": " + r.why + "\n"), close: true,
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}}
}

func (r *Request) lose() {
	if !r.over {
		r.over = true
		if r.OnGone != nil {
			r.OnGone()
		}
	}
}

// Respond sends a whole answer, in one Write.
func (r *Request) Respond(a *Answer) error {
	if r.over || r.begun {
		return ErrAnswered
	}
	if err := checkHeader(a.Header); err != nil {
		return err
	}
	r.begun, r.over = true, true
	a.head, a.old = r.Method == http.MethodHead, !r.ProtoAtLeast(1, 1)
	a.compress(r.Header)
	return r.carrier.whole(r, a)
}

func (c *conn) whole(r *Request, a *Answer) error {
	a.close = r.last || c.srv.stopping || c.cannotSkip()
	_, err := c.write(c.srv.render(a), nil)
	c.answered(a.close)
	return err
}

func checkHeader(h http.Header) error {
	for name, texts := range h {
		for _, text := range texts {
			if !ValidHeader(name, text) {
				return fmt.Errorf("invalid header %q: %q", name, text)
			}
		}
	}
	return nil
}

// bodiless tells whether an answer with a status has no body, whatever the request.
func bodiless(status int) bool {
	return status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

// compress packs a text that is long enough for who accepts it.
func (a *Answer) compress(asked http.Header) {
	if len(a.Body) < gzipMin || bodiless(a.Status) || a.Status == http.StatusPartialContent ||
		a.Header.Get("Content-Encoding") != "" || !isText(a.Header.Get("Content-Type")) {
		return
	}
	a.Header = a.Header.Clone()
	a.Header.Add("Vary", "Accept-Encoding")
	if !acceptsGzip(asked) {
		return
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is valid
	w.Write(a.Body)
	w.Close() // a Buffer takes everything
	if b.Len() < len(a.Body) {
		a.Header.Set("Content-Encoding", "gzip")
		a.Body = b.Bytes()
	}
}

func isText(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasPrefix(t, "text/") || slices.Contains(
		[]string{"application/json", "application/javascript", "application/xml", "image/svg+xml"}, t))
}

func acceptsGzip(h http.Header) bool {
	for _, part := range strings.Split(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); strings.EqualFold(coding, "gzip") || coding == "*" {
			q, found := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			n, err := strconv.ParseFloat(q, 64)
			return !found || err == nil && n > 0
		}
	}
	return false
}

// render gives an answer as it is sent.
func (s *Server) render(a *Answer) []byte {
	b := make([]byte, 0, 256+len(a.Body))
	b = s.appendHead(b, a)
	if !bodiless(a.Status) {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, int64(len(a.Body)), 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	if !a.head && !bodiless(a.Status) {
		b = append(b, a.Body...)
	}
	return b
}

// appendHead writes the status line and the fields but for those of the framing
// and the empty line.
func (s *Server) appendHead(b []byte, a *Answer) []byte {
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(a.Status), 10)
	b = append(b, ' ')
	b = append(b, http.StatusText(a.Status)...)
	b = append(b, "\r\n"...)
	if a.Header.Get("Date") == "" {
		b = appendField(b, "Date", s.now())
	}
	for name, texts := range a.Header {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "Transfer-Encoding", "Connection":
			if a.Status != http.StatusSwitchingProtocols {
				continue // ours to say
			}
		}
		for _, text := range texts {
			b = appendField(b, name, text)
		}
	}
	switch {
	case a.close:
		b = appendField(b, "Connection", "close")
	case a.old:
		b = appendField(b, "Connection", "keep-alive")
	}
	return b
}

func appendField(b []byte, name, text string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, text...)
	return append(b, "\r\n"...)
}

// Stream is an answer that is sent piece by piece.
type Stream struct {
	r       *Request
	silent  bool  // an answer to HEAD, or of a status without a body
	left    int64 // of the length that was announced; -1 without
	chunked bool
	last    bool
}

// Stream begins an answer whose body comes in pieces, of which the length is announced unless it is -1.
// The time limit of the request ends with it.
func (r *Request) Stream(status int, h http.Header, length int64) (*Stream, error) {
	if r.over || r.begun {
		return nil, ErrAnswered
	}
	if err := checkHeader(h); err != nil {
		return nil, err
	}
	r.begun = true
	s := &Stream{r: r, left: length, silent: r.Method == http.MethodHead || bodiless(status)}
	r.pieces = s
	return s, r.carrier.begin(s, status, h, length)
}

func (c *conn) begin(s *Stream, status int, h http.Header, length int64) error {
	c.armBusy()
	s.chunked = length < 0 && s.r.ProtoAtLeast(1, 1)
	s.last = s.r.last || c.srv.stopping || length < 0 && !s.chunked || c.cannotSkip()
	b := c.srv.appendHead(nil, &Answer{Status: status, Header: h, close: s.last})
	switch {
	case bodiless(status):
	case s.chunked:
		b = appendField(b, "Transfer-Encoding", "chunked")
	case length >= 0:
		b = appendField(b, "Content-Length", strconv.FormatInt(length, 10))
	}
	_, err := c.write(append(b, "\r\n"...), nil)
	return err
}

// ErrTooLong is returned for a piece beyond the length that was announced.
var ErrTooLong = errors.New("the answer is longer than announced")

// Write sends a piece; w hears of it when it isn't finished at once.
func (s *Stream) Write(b []byte, w backends.Written) (finished bool, err error) {
	switch {
	case s.r.over:
		return false, ErrAnswered
	case s.silent || len(b) == 0:
		return true, nil
	case s.left >= 0:
		if int64(len(b)) > s.left {
			return false, ErrTooLong
		}
		s.left -= int64(len(b))
	}
	return s.r.carrier.piece(s, b, w)
}

func (c *conn) piece(s *Stream, b []byte, w backends.Written) (finished bool, err error) {
	if s.chunked {
		framed := strconv.AppendInt(make([]byte, 0, len(b)+20), int64(len(b)), 16)
		framed = append(append(framed, "\r\n"...), b...)
		b = append(framed, "\r\n"...)
	}
	return c.write(b, w)
}

// Closed tells whether the stream has ended, by either side.
func (s *Stream) Closed() bool { return s.r.over }

// Close ends the answer. One of which less was sent than announced breaks off.
func (s *Stream) Close() { s.finish(s.left > 0 && !s.silent) }

// Abort breaks the answer off, so that the peer sees that it isn't whole.
func (s *Stream) Abort() { s.finish(true) }

func (s *Stream) finish(short bool) {
	if !s.r.over {
		s.r.over = true
		s.r.carrier.end(s, short)
	}
}

func (c *conn) end(s *Stream, short bool) {
	switch {
	case short:
		c.req = nil
		c.phase = closing
		c.nc.Abort(ErrAnswered)
		return
	case s.chunked && !s.silent:
		c.write([]byte("0\r\n\r\n"), nil)
	}
	c.answered(s.last)
}

// Upgrade sends the head of an answer with status 101, after which the
// connection belongs to h: bytes that came already are given to it at once.
func (r *Request) Upgrade(header http.Header, h backends.Handler) (backends.Conn, error) {
	if r.over || r.begun {
		return nil, ErrAnswered
	}
	r.begun, r.over = true, true
	return r.carrier.upgrade(r, header, h)
}

func (c *conn) upgrade(r *Request, header http.Header, h backends.Handler) (backends.Conn, error) {
	b := c.srv.appendHead(nil, &Answer{Status: http.StatusSwitchingProtocols, Header: header})
	if _, err := c.write(append(b, "\r\n"...), nil); err != nil {
		return nil, err
	}
	c.arm(0)
	c.watch()
	c.req, c.phase, c.next = nil, upgraded, h
	delete(c.srv.conns, c) // no longer the server's to wait for
	if in := c.in; len(in) > 0 {
		c.in = nil
		h.Data(in)
	}
	if c.ended {
		h.End()
	}
	return c.nc, nil
}
