package feed

import (
	"io"
	"net"
	"testing"
	"time"
)

func TestSocketsWaitThenSendTheText(t *testing.T) {
	const delay = 20 * time.Millisecond
	s, err := NewSockets(delay)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	conn, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	text, err := io.ReadAll(conn)
	if err != nil || string(text) != Text {
		t.Errorf("read %q, error %v, want the text", text, err)
	}
	if took := time.Since(start); took < delay {
		t.Errorf("the text came after %v, want %v at least", took, delay)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
