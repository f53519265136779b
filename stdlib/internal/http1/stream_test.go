package http1

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestUnreadBody(t *testing.T) {
	const post = "POST /b HTTP/1.1\r\nHost: x\r\n"
	const next = "GET /n HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, c := range []struct {
		name, in string
		want     []string
		closes   bool
	}{
		{"short", post + "Content-Length: 5\r\n\r\nhello" + next, []string{`200 POST /b ""`, `200 GET /n ""`}, false},
		{"chunks", post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + next, []string{`200 POST /b ""`, `200 GET /n ""`}, false},
		{"long", post + "Content-Length: 300000\r\n\r\nhello", []string{`200 POST /b ""`}, true},
		{"malformed", post + "Transfer-Encoding: chunked\r\n\r\nx\r\n" + next, []string{`200 POST /b ""`}, true},
		{"not sent yet", post + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", []string{`200 POST /b ""`}, true},
		{"none", next + next, []string{`200 GET /n ""`, `200 GET /n ""`}, false},
	} {
		for _, n := range []int{1, 2, 7, 1 << 20} {
			t.Run(fmt.Sprintf("%s/%d", c.name, n), func(t *testing.T) {
				r := newRig(Limits{}, echoes)
				r.srv.StreamBodies = true
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

func TestBodyIsReadAsItComes(t *testing.T) {
	const head = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"
	var req *Request
	r := newRig(Limits{}, func(q *Request) { req = q })
	r.srv.StreamBodies = true
	r.conn.feed(head, 1<<20)
	if req == nil {
		t.Fatal("the program didn't get the request with its head")
	}
	r.conn.feed(strings.Repeat("a", 150_000), 10_000)
	if r.conn.inFlight < 150_000-streamMax {
		t.Errorf("only %d bytes are held back of a body that nobody reads", r.conn.inFlight)
	}
	got := make([]byte, 150_000)
	if _, err := io.ReadFull(req.Body, got); err != nil {
		t.Fatal(err)
	}
	if r.conn.inFlight != 0 {
		t.Errorf("%d bytes are held back of what was read", r.conn.inFlight)
	}
	r.conn.feed(strings.Repeat("b", 50_000), 1<<20)
	rest, err := io.ReadAll(req.Body)
	if err != nil || string(rest) != strings.Repeat("b", 50_000) {
		t.Errorf("the rest is %d bytes and %v", len(rest), err)
	}
	req.Respond(&Answer{Status: 200, Body: []byte("thanks")})
	if got := answers(t, r.conn.out.Bytes()); !slices.Equal(got, []string{"200 thanks"}) {
		t.Errorf("got %q", got)
	}
}

// TestBodyThatBreaksOff has a program wait for bytes that don't come, or are wrong.
func TestBodyThatBreaksOff(t *testing.T) {
	const post = "POST /b HTTP/1.1\r\nHost: x\r\n"
	const chunk = post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
	for _, c := range []struct {
		name, in string
		then     func(*rig)
		want     string
		status   int // of the error, 0 for another one
	}{
		{"end", post + "Content-Length: 9\r\n\r\nabc", func(r *rig) { r.conn.h.End() }, io.ErrUnexpectedEOF.Error(), 0},
		{"reset", post + "Content-Length: 9\r\n\r\nabc", func(r *rig) { r.conn.Abort(nil) }, io.ErrUnexpectedEOF.Error(), 0},
		{"stall", post + "Content-Length: 9\r\n\r\nabc", func(r *rig) { r.clock.pass(11 * time.Second) }, "the body came too slowly", 408},
		{"malformed", chunk, func(r *rig) { r.conn.feed("x\r\n", 9) }, "malformed chunk", 400},
		{"too large", chunk, func(r *rig) { r.conn.feed("ffff\r\n", 9) }, "the body is too large", 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			var req *Request
			r := newRig(Limits{Body: 100, RequestTime: 10 * time.Second}, func(q *Request) { req = q })
			r.srv.StreamBodies = true
			r.conn.feed(c.in, 1<<20)
			body := req.Body.(*Body)
			first := make([]byte, 3)
			if _, err := io.ReadFull(body, first); err != nil || string(first) != "abc" {
				t.Fatalf("read %q, %v", first, err)
			}
			ended := make(chan error, 1)
			go func() {
				_, err := io.ReadAll(body)
				ended <- err
			}()
			for !body.starving() {
				runtime.Gosched()
			}
			c.then(r)
			err := <-ended
			if err == nil || err.Error() != c.want {
				t.Errorf("reading ended with %v, want %q", err, c.want)
			}
			var bad *BodyError
			if errors.As(err, &bad); c.status != 0 && (bad == nil || bad.Status != c.status) {
				t.Errorf("the error is %#v, want status %d", err, c.status)
			}
		})
	}
}

func TestAnswerOfKnownLength(t *testing.T) {
	for _, c := range []struct {
		name, pieces string
		closes       bool
	}{{"whole", "abcdef", false}, {"short", "abc", true}} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(Limits{}, func(q *Request) {
				s, _ := q.Stream(200, nil, 6)
				for _, b := range []byte(c.pieces) {
					s.Write([]byte{b}, nil)
				}
				if len(c.pieces) == 6 {
					if _, err := s.Write([]byte("g"), nil); err != ErrTooLong {
						t.Errorf("a seventh byte gives %v", err)
					}
				}
				s.Close()
			})
			r.conn.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 99)
			if !strings.Contains(r.conn.out.String(), "Content-Length: 6\r\n") || r.conn.closed != c.closes {
				t.Errorf("closed %v after %q", r.conn.closed, r.conn.out.String())
			}
		})
	}
}
