package stdnet

import (
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"gene/backends"
	"gene/backends/internal/core"
)

// packets is a UDP socket with a goroutine that reads it.
type packets struct {
	loop   *core.Loop
	pc     net.PacketConn
	h      backends.PacketHandler
	flight atomic.Int64
	sent   atomic.Int64 // datagrams given to the system
	closed atomic.Bool
	ending chan struct{} // closed with the socket
}

// datagramMax is the largest UDP payload.
const datagramMax = 64 << 10

// ListenPacket opens a UDP socket.
func (n Network) ListenPacket(network, address string, h backends.PacketHandler) (backends.PacketConn, error) {
	switch network {
	case "udp", "udp4", "udp6":
	default:
		return nil, fmt.Errorf("unknown network %q (want udp, udp4 or udp6)", network)
	}
	pc, err := net.ListenPacket(network, address)
	if err != nil {
		return nil, err
	}
	return n.receive(pc, h)
}

func (n Network) receive(pc net.PacketConn, h backends.PacketHandler) (backends.PacketConn, error) {
	p := &packets{loop: n.Loop, pc: pc, h: h, ending: make(chan struct{})}
	n.Loop.Hold()
	if !n.Loop.AddSocket(p) || !n.Loop.Go(p.run) {
		p.Shut()
		return nil, backends.ErrClosed
	}
	return p, nil
}

func (p *packets) run() {
	buf := make([]byte, datagramMax)
	var errs readErrors
	for {
		n, from, err := p.pc.ReadFrom(buf)
		switch {
		case err == nil:
			errs.passed()
			p.take(append([]byte(nil), buf[:n]...), from)
		case p.closed.Load():
			p.end(nil)
			return
		case errors.Is(err, net.ErrClosed):
			p.end(err)
			return
		case errs.answers(p.sent.Load()):
		case errs.lasts():
			p.end(fmt.Errorf("%d reads in a row failed: %w", readTries, err))
			return
		default:
			p.wait(errs.pause())
		}
	}
}

// readTries is how many reads in a row may fail for no datagram's sake before the socket is given up.
// With the pauses of accepting, that is some seconds.
const readTries = 10

// readErrors tells the errors of a socket's reads apart. A datagram that nobody takes can come back as an
// error of a later read ("port unreachable"), once; what exceeds the datagrams sent is the socket's own.
type readErrors struct {
	answered int64
	inRow    int
}

func (e *readErrors) passed() { e.inRow = 0 }

func (e *readErrors) answers(sent int64) bool {
	if e.answered >= sent {
		return false
	}
	e.answered++
	return true
}

func (e *readErrors) lasts() bool {
	e.inRow++
	return e.inRow >= readTries
}

// pause doubles with each error in a row.
func (e *readErrors) pause() time.Duration { return min(pauseMin<<(e.inRow-1), pauseMax) }

// wait ends early with the socket.
func (p *packets) wait(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.ending:
	}
}

func (p *packets) take(b []byte, from net.Addr) {
	p.loop.Ledger().PacketsIn.Add(1)
	if p.flight.Add(int64(len(b))) > backends.DefaultWindow {
		p.flight.Add(-int64(len(b)))
		p.loop.Ledger().PacketsDropped.Add(1)
		return
	}
	p.loop.Post(backends.Func(func() { p.h.Packet(b, from) }))
}

func (p *packets) end(err error) {
	p.Shut()
	p.loop.RemoveSocket(p)
	p.loop.Post(backends.Func(func() {
		p.loop.Release()
		p.h.PacketsClosed(err)
	}))
}

// Addr is the socket's own address.
func (p *packets) Addr() net.Addr { return p.pc.LocalAddr() }

// Consumed gives back n bytes of the window.
func (p *packets) Consumed(n int) { p.flight.Add(-int64(n)) }

// Send sends one datagram; done is told how it went.
func (p *packets) Send(b []byte, to string, done func(error)) error {
	var err error
	return p.loop.Background(func() {
		var addr *net.UDPAddr
		if addr, err = net.ResolveUDPAddr("udp", to); err == nil {
			p.sent.Add(1) // first: the answer may be quicker than we
			_, err = p.pc.WriteTo(b, addr)
		}
		if err == nil {
			p.loop.Ledger().PacketsOut.Add(1)
		}
	}, backends.Func(func() { done(err) }))
}

// Close closes the socket.
func (p *packets) Close() { p.Shut() }

// Shut is Close.
func (p *packets) Shut() {
	if !p.closed.Swap(true) {
		close(p.ending)
		p.pc.Close()
	}
}
