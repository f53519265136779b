// Package feed plays the slow devices that asynchronous benchmarks read: FIFOs
// and connections that say nothing for a while, then a text, then end.
//
// The wait begins when the reader opens or connects, so neither the start of
// the reader's process nor that of the feeder is in the reader's figure.
package feed

import (
	"net"
	"strings"
	"sync"
	"time"
)

// Text is what every feeder writes.
var Text = strings.Repeat("a line from a slow device\n", 40)

// Sockets is a listener of slow connections.
type Sockets struct {
	listener net.Listener
	served   sync.WaitGroup
}

// NewSockets listens on a free port of the loopback interface; each connection
// gets Text after the delay and is closed.
func NewSockets(delay time.Duration) (*Sockets, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sockets{listener: listener}
	s.served.Go(func() { s.accept(delay) })
	return s, nil
}

// Address is what a reader dials.
func (s *Sockets) Address() string { return s.listener.Addr().String() }

// accept ends when the listener is closed.
func (s *Sockets) accept(delay time.Duration) {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.served.Go(func() {
			defer conn.Close()
			time.Sleep(delay)
			conn.Write([]byte(Text)) // a reader that has gone counts what it lacks
		})
	}
}

// Close ends the listener, and waits until the connections it took are served.
func (s *Sockets) Close() error {
	err := s.listener.Close()
	s.served.Wait()
	return err
}
