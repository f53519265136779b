package http1

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"gene/backends"
)

// FuzzRequests feeds bytes to a connection. However they are cut into pieces, the
// same requests must come out, and net/http must read them from the same bytes:
// what two parsers see differently lets requests be smuggled.
func FuzzRequests(f *testing.F) {
	const post = "POST /p HTTP/1.1\r\nHost: x\r\n"
	for _, in := range []string{
		"GET /a?b=c HTTP/1.1\r\nHost: x:80\r\nA: b\r\n\r\n",
		"\r\n\r\nHEAD http://h/x HTTP/1.1\r\nHost: h\r\n\r\nOPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
		"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
		post + "Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: x\r\n\r\n",
		post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
		post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\n\r\n00000000000000000000001\r\nx\r\n0\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
		post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
		post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
		"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n",
		"GET / HTTP/1.1\nHost: x\n\n",
		"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\x00\r\n\r\n",
	} {
		f.Add([]byte(in), uint8(3))
	}
	f.Fuzz(func(t *testing.T, in []byte, n uint8) {
		served := serveAll(t, in, int(n)+1)
		if whole := serveAll(t, in, len(in)+1); !slices.Equal(served, whole) {
			t.Errorf("in pieces of %d: %q\nat once: %q", int(n)+1, served, whole)
		}
		r := bufio.NewReader(bytes.NewReader(in))
		for i, ours := range served {
			for b, _ := r.Peek(2); string(b) == "\r\n"; b, _ = r.Peek(2) {
				r.Discard(2)
			}
			q, err := http.ReadRequest(r)
			if err != nil {
				t.Fatalf("request %d is %q, but for net/http: %v", i, ours, err)
			}
			body, err := io.ReadAll(q.Body)
			if theirs := fmt.Sprintf("%s %s %s %q", q.Method, q.RequestURI, q.Host, body); err != nil || theirs != ours {
				t.Fatalf("request %d is %q, but for net/http %q (%v)", i, ours, theirs, err)
			}
		}
	})
}

// serveAll gives the requests that the program gets, once everything is over.
func serveAll(t *testing.T, in []byte, n int) (served []string) {
	r := newRig(Limits{Body: 1000}, func(q *Request) {
		served = append(served, fmt.Sprintf("%s %s %s %q", q.Method, q.RequestURI, q.Host, q.Content))
		if err := q.Respond(&Answer{Status: 200}); err != nil {
			t.Error(err)
		}
	})
	r.conn.feed(string(in), n)
	answers(t, r.conn.out.Bytes())
	r.clock.pass(2 * time.Minute)
	if !r.conn.closed || r.clock.pending() != 0 || r.srv.Connections() != 0 {
		t.Error("something is left")
	}
	if r.conn.overdrawn {
		t.Error("more bytes are given back than came")
	}
	return served
}

// vmQueue takes what is posted to a VM's goroutine.
type vmQueue struct {
	mu   sync.Mutex
	all  []backends.Completion
	wake chan struct{}
}

func (q *vmQueue) post(c backends.Completion) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = append(q.all, c)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *vmQueue) run() {
	q.mu.Lock()
	all := q.all
	q.all = nil
	q.mu.Unlock()
	for _, c := range all {
		c.Complete()
	}
}

// hijacker lets websocket.Accept take the connection of a request.
type hijacker struct {
	r      *Request
	q      *vmQueue
	header http.Header
}

func (h *hijacker) Header() http.Header         { return h.header }
func (h *hijacker) WriteHeader(int)             {}
func (h *hijacker) Write(b []byte) (int, error) { return len(b), nil }
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c := NewNetConn(h.q.post)
	conn, err := h.r.Upgrade(h.header, c)
	c.Attach(conn)
	return c, bufio.NewReadWriter(bufio.NewReader(c), bufio.NewWriter(c)), err
}

// FuzzFrames feeds bytes to a WebSocket. Its reader must come to an end with the
// connection, having got no more than was sent.
func FuzzFrames(f *testing.F) {
	for _, in := range []string{
		"\x81\x82\x01\x02\x03\x04ik",                              // text
		"\x82\x81\x00\x00\x00\x00\xff",                            // binary
		"\x01\x81\x00\x00\x00\x00a\x80\x81\x00\x00\x00\x00b",      // in two frames
		"\x89\x80\x00\x00\x00\x00\x8a\x80\x00\x00\x00\x00",        // ping, pong
		"\x88\x82\x00\x00\x00\x00\x03\xe8",                        // close
		"\x81\x02hi",                                              // without a mask
		"\xf1\x80\x00\x00\x00\x00",                                // reserved bits
		"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00",    // giant
		"\x82\xfe\xff\xff\x00\x00\x00\x00cut off",                 // cut off
		"\x80\x80\x00\x00\x00\x00",                                // a continuation of nothing
		"\x89\xfe\x00\x80\x00\x00\x00\x00" + "long control frame", // too long for a ping
	} {
		f.Add([]byte(in), uint8(3))
	}
	f.Fuzz(func(t *testing.T, in []byte, n uint8) {
		q := &vmQueue{wake: make(chan struct{}, 1)}
		done := make(chan int, 1) // bytes of messages
		r := newRig(Limits{}, func(r *Request) {
			conn, err := websocket.Accept(&hijacker{r, q, http.Header{}}, r.Request, nil)
			if err != nil {
				t.Error(err)
				done <- 0
				return
			}
			conn.SetReadLimit(1 << 16)
			go func() {
				got := 0
				for {
					_, b, err := conn.Read(context.Background())
					if err != nil {
						conn.CloseNow()
						done <- got
						return
					}
					got += len(b)
				}
			}()
		})
		r.conn.feed("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"+string(in), int(n)+1)
		r.conn.h.End()
		for late := time.After(20 * time.Second); ; {
			select {
			case <-q.wake:
				q.run()
				continue
			case got := <-done:
				if got > len(in) {
					t.Errorf("%d bytes of messages in %d bytes", got, len(in))
				}
			case <-late:
				t.Error("the reader hangs")
			}
			break
		}
		q.run()
		if !r.conn.closed || r.conn.overdrawn {
			t.Errorf("closed: %v, more bytes given back than came: %v", r.conn.closed, r.conn.overdrawn)
		}
	})
}
