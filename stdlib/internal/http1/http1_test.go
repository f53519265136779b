package http1

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gene/backends"
)

// fakeClock is a clock that the test moves.
type fakeClock struct {
	now    time.Duration
	timers []*fakeTimer
}

type fakeTimer struct {
	at   time.Duration
	what backends.Completion
	over bool
}

func (t *fakeTimer) Stop() bool {
	was := !t.over
	t.over = true
	return was
}

func (c *fakeClock) Now() time.Duration { return c.now }
func (c *fakeClock) Wall() time.Time    { return time.Unix(1_700_000_000, 0).Add(c.now) }
func (c *fakeClock) AfterFunc(d time.Duration, f backends.Completion) backends.Timer {
	t := &fakeTimer{at: c.now + d, what: f}
	c.timers = append(c.timers, t)
	return t
}

func (c *fakeClock) Post(f backends.Completion) { f.Complete() }

func (c *fakeClock) Background(work func(), done backends.Completion) error {
	go func() {
		work()
		done.Complete()
	}()
	return nil
}

// pass lets time pass, second by second.
func (c *fakeClock) pass(d time.Duration) {
	for end := c.now + d; c.now < end; {
		c.now += time.Second
		for _, t := range slices.Clone(c.timers) {
			if !t.over && t.at <= c.now {
				t.over = true
				t.what.Complete()
			}
		}
	}
}

func (c *fakeClock) pending() (n int) {
	for _, t := range c.timers {
		if !t.over {
			n++
		}
	}
	return n
}

// fakeConn is a connection that keeps what is written.
type fakeConn struct {
	h         backends.Handler
	out       bytes.Buffer
	writes    int
	inFlight  int
	halfShut  bool
	closed    bool
	overdrawn bool

	deaf       bool          // takes nothing of what is written
	writeLimit time.Duration // of SetTimeouts
}

func (c *fakeConn) Start(h backends.Handler) { c.h = h }
func (c *fakeConn) Consumed(n int) {
	if c.inFlight -= n; c.inFlight < 0 {
		c.overdrawn = true
	}
}
func (c *fakeConn) Write(b []byte, w backends.Written) (bool, error) {
	if c.halfShut || c.closed {
		return false, backends.ErrConnClosed
	}
	c.writes++
	c.out.Write(b)
	return !c.deaf, nil
}
func (c *fakeConn) Buffered() int {
	if c.deaf {
		return 1
	}
	return 0
}
func (c *fakeConn) CloseWrite() error {
	c.halfShut = true
	return nil
}
func (c *fakeConn) Close(time.Duration) {
	if !c.closed {
		c.closed = true
		c.h.Closed(backends.Report{})
	}
}
func (c *fakeConn) Abort(error)                            { c.Close(0) }
func (c *fakeConn) SetTimeouts(read, write time.Duration)  { c.writeLimit = write }
func (c *fakeConn) SetKeepAlive(every time.Duration) error { return nil }
func (c *fakeConn) LocalAddr() net.Addr                    { return &net.TCPAddr{} }
func (c *fakeConn) RemoteAddr() net.Addr                   { return &net.TCPAddr{} }
func (c *fakeConn) TLS() *tls.ConnectionState              { return nil }

// feed gives bytes in pieces of n.
func (c *fakeConn) feed(s string, n int) {
	for b := []byte(s); len(b) > 0 && !c.closed; {
		k := min(n, len(b))
		c.inFlight += k
		c.h.Data(slices.Clone(b[:k]))
		b = b[k:]
	}
}

// rig is a server with one connection.
type rig struct {
	clock *fakeClock
	srv   *Server
	conn  *fakeConn
}

func newRig(l Limits, serve func(*Request)) *rig {
	r := &rig{clock: &fakeClock{}, conn: &fakeConn{}}
	r.srv = NewServer(r.clock, l, serve)
	r.srv.Accepted(r.conn)
	return r
}

// echoes answers with what it was asked.
func echoes(r *Request) {
	r.Respond(&Answer{Status: 200, Body: fmt.Appendf(nil, "%s %s %q", r.Method, r.URL.Path, r.Content)})
}

// answers parses what was written into "status body" texts.
func answers(t *testing.T, out []byte, methods ...string) []string {
	t.Helper()
	var all []string
	for r := bufio.NewReader(bytes.NewReader(out)); ; {
		if _, err := r.Peek(1); err == io.EOF {
			return all
		}
		method := "GET"
		if i := len(all); i < len(methods) {
			method = methods[i]
		}
		resp, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("the answer is malformed: %v\n%q", err, out)
		}
		if resp.StatusCode == http.StatusContinue {
			all = append(all, "100")
			continue
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatalf("the body is malformed: %v\n%q", err, out)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%d %s", resp.StatusCode, body)))
	}
}

func TestGoodRequests(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
		closes   bool
	}{
		{"get", "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", []string{`200 GET /a ""`}, false},
		{"blank lines before", "\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n", []string{`200 GET /a ""`}, false},
		{"length", "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", []string{`200 POST /b "hello"`}, false},
		{"equal lengths", "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", []string{`200 POST /b "hi"`}, false},
		{"chunked", "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n", []string{`200 POST /c "abc0123456789"`}, false},
		{"pipelined", "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nzGET /3 HTTP/1.1\r\nHost: x\r\n\r\n", []string{`200 GET /1 ""`, `200 POST /2 "z"`, `200 GET /3 ""`}, false},
		{"asks to close", "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n", []string{`200 GET /a ""`}, true},
		{"old", "GET /a HTTP/1.0\r\n\r\n", []string{`200 GET /a ""`}, true},
		{"old, kept", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", []string{`200 GET /a ""`}, false},
		{"expect", "POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", []string{"100"}, false},
	} {
		for _, n := range []int{1, 2, 7, 1 << 20} {
			t.Run(fmt.Sprintf("%s/%d", c.name, n), func(t *testing.T) {
				r := newRig(Limits{}, echoes)
				r.conn.feed(c.in, n)
				if got := answers(t, r.conn.out.Bytes()); !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
				if r.conn.halfShut != c.closes {
					t.Errorf("closes is %v, want %v", r.conn.halfShut, c.closes)
				}
				if r.conn.inFlight != 0 || r.conn.overdrawn {
					t.Errorf("%d bytes are not given back (overdrawn %v)", r.conn.inFlight, r.conn.overdrawn)
				}
			})
		}
	}
}

func TestAbuse(t *testing.T) {
	const post = "POST / HTTP/1.1\r\nHost: x\r\n"
	chunked := post + "Transfer-Encoding: chunked\r\n\r\n"
	for _, c := range []struct {
		name, in string
		status   int
	}{
		{"bare line feed", "GET / HTTP/1.1\nHost: x\n\n", 400},
		{"line feed in a header", "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400},
		{"bare carriage return", "GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", 400},
		{"NUL", "GET / HTTP/1.1\r\nHost: x\x00\r\n\r\n", 400},
		{"control byte", "GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n", 400},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01", 400},
		{"folded header", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
		{"folded first header", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
		{"blank before colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
		{"no name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400},
		{"no colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400},
		{"no host", "GET / HTTP/1.1\r\nA: b\r\n\r\n", 400},
		{"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
		{"bad host", "GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400},
		{"no target", "GET HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		{"two blanks", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		{"blank behind", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400},
		{"bad method", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		{"target that isn't ASCII", "GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		{"no version", "GET /\r\nHost: x\r\n\r\n", 400},
		{"small letters", "GET / http/1.1\r\nHost: x\r\n\r\n", 400},
		{"version 2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
		{"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
		{"length and coding", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		{"conflicting lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
		{"list of lengths", post + "Content-Length: 3, 3\r\n\r\nabc", 400},
		{"signed length", post + "Content-Length: +3\r\n\r\nabc", 400},
		{"negative length", post + "Content-Length: -3\r\n\r\nabc", 400},
		{"empty length", post + "Content-Length:\r\n\r\nabc", 400},
		{"hexadecimal length", post + "Content-Length: 0x3\r\n\r\nabc", 400},
		{"giant length", post + "Content-Length: 99999999999999999999\r\n\r\nabc", 400},
		{"long body", post + "Content-Length: 1001\r\n\r\n", 413},
		{"long chunk", chunked + "3e9\r\n", 413},
		{"long chunks", chunked + "3e8\r\n" + strings.Repeat("x", 1000) + "\r\n1\r\n", 413},
		{"giant chunk", chunked + "FFFFFFFFFFFFFFFFFFFF\r\n", 400},
		{"chunk size that overflows", chunked + "8000000000000000\r\n", 400},
		{"negative chunk", chunked + "-1\r\n", 400},
		{"signed chunk", chunked + "+1\r\nx\r\n", 400},
		{"no chunk size", chunked + "\r\n", 400},
		{"prefixed chunk size", chunked + "0x1\r\nx\r\n", 400},
		{"blank before chunk size", chunked + " 1\r\nx\r\n", 400},
		{"underscore in chunk size", chunked + "1_0\r\n", 400},
		{"chunk longer than said", chunked + "1\r\nxy\r\n", 400},
		{"chunk line with line feed", chunked + "1\nx\r\n", 400},
		{"endless extension", chunked + "1;" + strings.Repeat("a", 9000), 400},
		{"long extension", chunked + "1;" + strings.Repeat("a", 300) + "\r\nx\r\n", 400},
		{"bad trailer", chunked + "0\r\nnonsense\r\n\r\n", 400},
		{"endless trailer", chunked + "0\r\n" + strings.Repeat("A: b\r\n", 2000), 400},
		{"unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n", 501},
		{"two codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
		{"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
		{"disguised coding", post + "Transfer-Encoding: xchunked\r\n\r\n", 501},
		{"coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		{"unknown Expect", post + "Expect: cake\r\nContent-Length: 1\r\n\r\n", 417},
		{"long head", "GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("a", 17<<10) + "\r\n\r\n", 431},
		{"endless target", "GET /" + strings.Repeat("a", 17<<10), 431},
		{"many headers", "GET / HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("A: b\r\n", 4000), 431},
		{"many blank lines", strings.Repeat("\r\n", 20), 400},
	} {
		for _, n := range []int{1, 3, 1 << 20} {
			t.Run(fmt.Sprintf("%s/%d", c.name, n), func(t *testing.T) {
				served := 0
				r := newRig(Limits{Body: 1000}, func(q *Request) { served++; echoes(q) })
				r.conn.feed(c.in+"\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", n)
				got := answers(t, r.conn.out.Bytes())
				if len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprint(c.status)) {
					t.Errorf("got %q, want one answer with %d", got, c.status)
				}
				if served != 0 {
					t.Error("the program got a request")
				}
				if !r.conn.halfShut || !bytes.Contains(r.conn.out.Bytes(), []byte("Connection: close")) {
					t.Error("the connection doesn't end")
				}
				if r.conn.inFlight != 0 || r.conn.overdrawn {
					t.Errorf("%d bytes are not given back", r.conn.inFlight)
				}
				r.clock.pass(10 * time.Second)
				if !r.conn.closed || r.srv.Connections() != 0 || r.clock.pending() != 0 {
					t.Error("something is left")
				}
			})
		}
	}
}

func TestSlowPeers(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     string
		after    time.Duration
	}{
		{"idle", "", "", 60 * time.Second},
		{"idle after a request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200 GET", 60 * time.Second},
		{"head", "GET / HT", "408", 10 * time.Second},
		{"body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab", "408", 30 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(Limits{}, echoes)
			r.conn.feed(c.in, len(c.in)+1)
			before := r.conn.out.Len()
			r.clock.pass(c.after - time.Second)
			if r.conn.closed || r.conn.out.Len() != before {
				t.Error("it ends too early")
			}
			r.clock.pass(5 * time.Second)
			if got := strings.Join(answers(t, r.conn.out.Bytes()), ""); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if !r.conn.closed || r.clock.pending() != 0 {
				t.Error("it doesn't end")
			}
		})
	}
}

// TestTrickle: a head that comes byte by byte does not get more time for it.
func TestTrickle(t *testing.T) {
	r := newRig(Limits{}, echoes)
	for _, b := range "GET / HTTP/1.1" {
		r.conn.feed(string(b), 1)
		r.clock.pass(time.Second)
	}
	if got := answers(t, r.conn.out.Bytes()); len(got) != 1 || !strings.HasPrefix(got[0], "408") {
		t.Errorf("got %q", got)
	}
}

// TestPipeline: the next request waits for the answer to the one before, and its
// bytes are not given back meanwhile.
func TestPipeline(t *testing.T) {
	var waiting []*Request
	r := newRig(Limits{}, func(q *Request) { waiting = append(waiting, q) })
	one := "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
	r.conn.feed(one+strings.Repeat(one, 100), 50)
	if len(waiting) != 1 || r.conn.inFlight != 100*len(one) {
		t.Fatalf("%d requests wait, %d bytes are held", len(waiting), r.conn.inFlight)
	}
	for i := range 101 {
		echoes(waiting[i])
		if err := waiting[i].Respond(&Answer{Status: 200}); err != ErrAnswered {
			t.Errorf("a second answer gives %v", err)
		}
	}
	if len(answers(t, r.conn.out.Bytes())) != 101 || r.conn.inFlight != 0 || r.conn.writes != 101 {
		t.Errorf("%d writes, %d bytes held", r.conn.writes, r.conn.inFlight)
	}
}

func TestHeadAndGzip(t *testing.T) {
	text := strings.Repeat("gene ", 1000)
	r := newRig(Limits{}, func(q *Request) {
		q.Respond(&Answer{Status: 200, Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte(text)})
	})
	r.conn.feed("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip;q=0\r\n\r\n", 1000)
	if got := answers(t, r.conn.out.Bytes(), "HEAD", "GET"); len(got) != 2 || got[0] != "200" || got[1] != "200 "+strings.TrimSpace(text) {
		t.Errorf("got %.80q", got)
	}
	r.conn.out.Reset()
	r.conn.feed("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n", 1000)
	resp, err := http.ReadResponse(bufio.NewReader(&r.conn.out), nil)
	if err != nil || resp.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal(err, resp)
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || string(got) != text {
		t.Errorf("%v %d bytes", err, len(got))
	}
}

func TestStream(t *testing.T) {
	for version, want := range map[string]string{"1.1": "200 ab", "1.0": "200 ab"} {
		var s *Stream
		r := newRig(Limits{}, func(q *Request) { s, _ = q.Stream(200, nil, -1) })
		r.conn.feed("GET / HTTP/"+version+"\r\nHost: x\r\n\r\n", 1000)
		s.Write([]byte("a"), nil)
		s.Write(nil, nil) // an empty chunk would end the answer
		s.Write([]byte("b"), nil)
		s.Close()
		if got := answers(t, r.conn.out.Bytes()); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q", version, got)
		}
		if _, err := s.Write([]byte("c"), nil); err != ErrAnswered || !s.Closed() {
			t.Errorf("a write behind the end gives %v", err)
		}
		if r.conn.halfShut != (version == "1.0") {
			t.Errorf("%s: closes is %v", version, r.conn.halfShut)
		}
	}
}

func TestGone(t *testing.T) {
	var q *Request
	lost := 0
	r := newRig(Limits{}, func(x *Request) { q = x; q.OnGone = func() { lost++ } })
	r.conn.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1000)
	r.conn.Abort(nil)
	if err := q.Respond(&Answer{Status: 200}); err != ErrAnswered || lost != 1 || r.srv.Connections() != 0 {
		t.Errorf("%v, told %d times", err, lost)
	}
}

// TestHalfClosed: who has sent the request and ends its side still gets the
// answer.
func TestHalfClosed(t *testing.T) {
	var q *Request
	r := newRig(Limits{}, func(x *Request) { q = x })
	r.conn.feed("GET /h HTTP/1.1\r\nHost: x\r\n\r\n", 1000)
	r.conn.h.End()
	if r.conn.closed {
		t.Fatal("closed before the answer")
	}
	echoes(q)
	if got := answers(t, r.conn.out.Bytes()); !slices.Equal(got, []string{`200 GET /h ""`}) || !r.conn.closed {
		t.Errorf("got %q", got)
	}
}

func TestStop(t *testing.T) {
	var q *Request
	drained := 0
	r := newRig(Limits{}, func(x *Request) { q = x })
	r.srv.OnDrained = func() { drained++ }
	idle := &fakeConn{}
	r.srv.Accepted(idle)
	r.conn.feed("GET /s HTTP/1.1\r\nHost: x\r\n\r\n", 1000)
	r.srv.Stop()
	r.srv.EndStreams()
	late := &fakeConn{}
	if !idle.closed || r.conn.closed || drained != 0 {
		t.Errorf("idle closed: %v, busy closed: %v", idle.closed, r.conn.closed)
	}
	late.Start(&conn{srv: r.srv, nc: late, phase: gone})
	r.srv.Accepted(late)
	echoes(q)
	r.conn.h.End()
	if got := answers(t, r.conn.out.Bytes()); len(got) != 1 || !late.closed || drained != 1 {
		t.Errorf("got %q, late closed: %v, drained %d times", got, late.closed, drained)
	}
}

func TestBadAnswers(t *testing.T) {
	r := newRig(Limits{}, func(q *Request) {
		for _, h := range []http.Header{{"A b": {"c"}}, {"A": {"b\r\nC: d"}}, {"": {""}}} {
			if err := q.Respond(&Answer{Status: 200, Header: h}); err == nil || err == ErrAnswered {
				t.Errorf("%v is taken", h)
			}
		}
		echoes(q)
	})
	r.conn.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1000)
	if got := answers(t, r.conn.out.Bytes()); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}
