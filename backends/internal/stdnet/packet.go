package stdnet

import (
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"gene/backends"
	"gene/backends/internal/core"
)

// packets is a UDP socket with a goroutine that reads it.
type packets struct {
	loop   *core.Loop
	pc     net.PacketConn
	h      backends.PacketHandler
	flight atomic.Int64
	closed atomic.Bool
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
	p := &packets{loop: n.Loop, pc: pc, h: h}
	n.Loop.Hold()
	if !n.Loop.AddSocket(p) || !n.Loop.Go(p.run) {
		p.Shut()
		return nil, backends.ErrClosed
	}
	return p, nil
}

func (p *packets) run() {
	buf := make([]byte, datagramMax)
	for {
		n, from, err := p.pc.ReadFrom(buf)
		if err != nil && p.closed.Load() {
			p.end(nil)
			return
		}
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				p.end(err)
				return
			}
			continue // the answer to an earlier datagram, such as "port unreachable"
		}
		p.take(append([]byte(nil), buf[:n]...), from)
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
	p.closed.Store(true)
	p.pc.Close() // again: harmless
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
		p.pc.Close()
	}
}
