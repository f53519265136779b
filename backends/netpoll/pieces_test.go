//go:build linux

package netpoll_test

import (
	"bytes"
	"io"
	"net"
	"testing"

	"gene/backends"
	"gene/backends/netpoll"
)

// counter is a server that echoes, and counts in how many pieces its input came.
type counter struct {
	conn   backends.Conn
	pieces int
	closed bool
}

func (c *counter) Accepted(k backends.Conn) { c.conn = k; k.Start(c) }
func (c *counter) Trouble(error)            {}
func (c *counter) ListenerClosed(error)     {}
func (c *counter) End()                     { c.conn.Close(0) }
func (c *counter) Closed(r backends.Report) { c.closed = true }
func (c *counter) Data(b []byte) {
	c.pieces++
	c.conn.Consumed(len(b))
	c.conn.Write(b, nil)
}

// TestWholePieces: a message that doesn't fit into what is left of the library's buffer still comes as one.
func TestWholePieces(t *testing.T) {
	loop, err := netpoll.New(backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var c counter
	ln, err := loop.Listen("tcp", "127.0.0.1:0", backends.ListenOptions{}, &c)
	if err != nil {
		t.Fatal(err)
	}
	const messages, size = 200, 300
	result := make(chan error, 1)
	go func() { result <- talk(ln.Addr().String(), messages, size) }()
	for !c.closed {
		loop.Poll(-1)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
	n := loop.Stats().Net
	if c.pieces != messages || n.Delivered != messages*size || n.DirectIn == 0 {
		t.Errorf("%d messages of %d bytes came in %d pieces: %+v", messages, size, c.pieces, n)
	}
	if err := loop.Close(); err != nil {
		t.Error(err)
	}
}

// talk sends messages, each when the one before has come back.
func talk(address string, messages, size int) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	message, answer := bytes.Repeat([]byte("x"), size), make([]byte, size)
	for range messages {
		if _, err := c.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(c, answer); err != nil {
			return err
		}
	}
	return c.Close()
}
