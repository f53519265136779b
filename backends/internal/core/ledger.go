package core

import (
	"sync"
	"sync/atomic"

	"gene/backends"
)

// Ledger counts what the connections of a loop move. Drivers write to it from any goroutine.
type Ledger struct {
	Accepted, Dialled, Open, Refused atomic.Int64
	Read, Delivered, ReadLost        atomic.Int64
	Taken, Sent, WriteLost           atomic.Int64
	LibraryIn, LibraryOut            atomic.Int64
	DirectIn, DirectOut              atomic.Int64
	StandardIn, StandardOut          atomic.Int64
	PacketsIn, PacketsOut            atomic.Int64
	PacketsDropped                   atomic.Int64
}

func (n *Ledger) stats() backends.NetStats {
	return backends.NetStats{
		Accepted: n.Accepted.Load(), Dialled: n.Dialled.Load(), Open: n.Open.Load(), Refused: n.Refused.Load(),
		Read: n.Read.Load(), Delivered: n.Delivered.Load(), ReadLost: n.ReadLost.Load(),
		Taken: n.Taken.Load(), Sent: n.Sent.Load(), WriteLost: n.WriteLost.Load(),
		LibraryIn: n.LibraryIn.Load(), LibraryOut: n.LibraryOut.Load(),
		DirectIn: n.DirectIn.Load(), DirectOut: n.DirectOut.Load(),
		StandardIn: n.StandardIn.Load(), StandardOut: n.StandardOut.Load(),
		PacketsIn: n.PacketsIn.Load(), PacketsOut: n.PacketsOut.Load(), PacketsDropped: n.PacketsDropped.Load(),
	}
}

// sockets are what Close of the loop has to end.
type sockets struct {
	mu     sync.Mutex
	open   map[Socket]struct{}
	closed bool
}

// Socket is a connection, a listener or a packet socket.
type Socket interface {
	Shut() // called once by Close of the loop, by any goroutine
}

// AddSocket reports false when the loop is closed: then the caller has to shut the socket.
func (l *Loop) AddSocket(k Socket) bool {
	l.sockets.mu.Lock()
	defer l.sockets.mu.Unlock()
	if l.sockets.closed {
		return false
	}
	if l.sockets.open == nil {
		l.sockets.open = map[Socket]struct{}{}
	}
	l.sockets.open[k] = struct{}{}
	return true
}

// RemoveSocket forgets a socket that is closed.
func (l *Loop) RemoveSocket(k Socket) {
	l.sockets.mu.Lock()
	delete(l.sockets.open, k)
	l.sockets.mu.Unlock()
}

// shutAll ends all of them. Their goroutines are waited for with the loop's others.
func (s *sockets) shutAll() {
	s.mu.Lock()
	s.closed = true
	open := s.open
	s.open = nil
	s.mu.Unlock()
	for k := range open {
		k.Shut()
	}
}

// OpenSockets counts connections, listeners and packet sockets.
func (l *Loop) OpenSockets() int {
	l.sockets.mu.Lock()
	defer l.sockets.mu.Unlock()
	return len(l.sockets.open)
}

// Go runs f on a goroutine that Close waits for; it reports false when the loop is closed.
func (l *Loop) Go(f func()) bool { return l.running.start(f) }

// Ledger is where drivers count what they move.
func (l *Loop) Ledger() *Ledger { return &l.net }
