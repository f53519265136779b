package http1

import (
	"testing"
	"time"
)

// TestSlowReader: who takes an answer slowly is not cut off by the times for
// other things; the limit for what is sent is the loop's to watch.
func TestSlowReader(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		after  time.Duration // until the end, once everything is taken
		endsIn bool          // the peer ends its side
	}{
		"kept":        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 60 * time.Second, false},
		"last":        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 2 * time.Second, false},
		"half-closed": {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 2 * time.Second, true},
		"refused":     {"nonsense\r\n\r\n", 2 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(Limits{WriteTime: 7 * time.Second}, echoes)
			r.conn.deaf = true
			r.conn.feed(c.in, 1000)
			if c.endsIn {
				r.conn.h.End()
			}
			if r.conn.writeLimit != 7*time.Second {
				t.Errorf("the write time-out is %v", r.conn.writeLimit)
			}
			r.clock.pass(10 * time.Minute)
			if r.conn.closed {
				t.Fatal("cut off")
			}
			r.conn.deaf = false
			r.clock.pass(c.after + time.Second)
			if !r.conn.closed || r.clock.pending() != 0 {
				t.Error("it doesn't end")
			}
		})
	}
}

// TestQuickReader: who takes everything at once needs no watching.
func TestQuickReader(t *testing.T) {
	r := newRig(Limits{}, echoes)
	r.conn.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1000)
	if r.conn.writeLimit != 0 {
		t.Errorf("the write time-out is %v", r.conn.writeLimit)
	}
}
