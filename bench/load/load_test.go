package load

import (
	"strings"
	"testing"
	"time"
)

func TestPercentileIsTheNearestRank(t *testing.T) {
	var times []time.Duration
	for i := range 200 {
		times = append(times, time.Duration(i+1))
	}
	for p, want := range map[int]time.Duration{1: 2, 50: 100, 99: 198, 100: 200} {
		if got := percentile(times, p); got != want {
			t.Errorf("percentile %d of 1..200 is %d, want %d", p, got, want)
		}
	}
	if got := percentile(nil, 50); got != 0 {
		t.Errorf("percentile of nothing is %d, want 0", got)
	}
	if got := percentile([]time.Duration{7}, 99); got != 7 {
		t.Errorf("percentile of one is %d, want 7", got)
	}
}

func TestFiguresPerMessage(t *testing.T) {
	f := Figures{Messages: 4, Wall: 2 * time.Second, CPU: 20 * time.Microsecond}
	if f.Rate() != 2 || f.CPUPerMessage() != 5*time.Microsecond {
		t.Errorf("rate %v, CPU per message %v, want 2 and 5µs", f.Rate(), f.CPUPerMessage())
	}
}

func TestEchoTellsMessagesApart(t *testing.T) {
	e := Echo{Size: 64}
	b := e.Request(nil, 3, 1000)
	if len(b) != 64 {
		t.Fatalf("a message has %d bytes, want 64", len(b))
	}
	for _, c := range []struct {
		name      string
		in        []byte
		conn, seq int
		n         int
		fails     bool
	}{
		{"its echo", b, 3, 1000, 64, false},
		{"a part", b[:63], 3, 1000, 0, false},
		{"of another connection", b, 2, 1000, 0, true},
		{"of the message before", b, 3, 1001, 0, true},
	} {
		n, err := e.Answer(c.in, c.conn, c.seq)
		if n != c.n || (err != nil) != c.fails {
			t.Errorf("%s: got %d, %v", c.name, n, err)
		}
	}
	for _, ch := range b {
		if ch > 0x7f {
			t.Fatalf("a message is no text: %q", b)
		}
	}
}

func TestHelloChecksTheAnswer(t *testing.T) {
	h := Hello{Body: "hi"}
	good := "HTTP/1.1 200 OK\r\nDate: now\r\ncontent-length: 2\r\n\r\nhi"
	if n, err := h.Answer([]byte(good), 0, 1); n != len(good) || err != nil {
		t.Errorf("a right answer: got %d, %v, want %d", n, err, len(good))
	}
	for cut := range len(good) {
		if n, err := h.Answer([]byte(good[:cut]), 0, 1); n != 0 || err != nil {
			t.Fatalf("the first %d bytes: got %d, %v, want to wait", cut, n, err)
		}
	}
	for _, bad := range []string{
		strings.Replace(good, "200", "500", 1),
		strings.Replace(good, "hi", "ho", 1),
		strings.Replace(good, "content-length: 2", "x: 2", 1),
		strings.Replace(good, "length: 2", "length: two", 1),
	} {
		if _, err := h.Answer([]byte(bad), 0, 1); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
