package looptest

import (
	"errors"
	"fmt"
	"net"
	"time"

	"gene/backends"
)

// mailbox is a UDP socket of the loop's.
type mailbox struct {
	backends.PacketConn
	x      *exam
	hold   bool
	echo   bool
	got    [][]byte
	from   []net.Addr
	flight int
	closed bool
	err    error
}

func (m *mailbox) Packet(b []byte, from net.Addr) {
	if m.closed {
		m.x.failf("Packet came after PacketsClosed")
	}
	m.got, m.from = append(m.got, b), append(m.from, from)
	if m.flight += len(b); m.flight > backends.DefaultWindow {
		m.x.failf("%d bytes are in flight, and the window is %d", m.flight, backends.DefaultWindow)
	}
	if m.echo {
		m.send(b, from.String())
	}
	if !m.hold {
		m.free()
	}
}

func (m *mailbox) free() {
	m.Consumed(m.flight)
	m.flight = 0
}

func (m *mailbox) PacketsClosed(err error) {
	if m.closed {
		m.x.failf("PacketsClosed came twice")
	}
	m.closed, m.err = true, err
}

// send returns how it went; told counts how often that was told.
func (m *mailbox) send(b []byte, to string) *dialling {
	d := new(dialling)
	if err := m.Send(b, to, func(err error) { d.done(nil, err) }); err != nil {
		m.x.failf("Send: %v", err)
	}
	return d
}

func (x *exam) mailbox() *mailbox {
	m := &mailbox{x: x}
	p, err := x.ListenPacket("udp", "127.0.0.1:0", m)
	if err != nil {
		x.failf("ListenPacket: %v", err)
	}
	m.PacketConn = p
	return m
}

// correspondent is a peer's UDP socket.
func (x *exam) correspondent() net.PacketConn {
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		x.failf("the peer: %v", err)
	}
	x.peers.keep(p)
	p.SetDeadline(time.Now().Add(patience))
	return p
}

// ask sends from a peer and expects the same back.
func ask(p net.PacketConn, to net.Addr, b []byte) error {
	if _, err := p.WriteTo(b, to); err != nil {
		return err
	}
	answer := make([]byte, 1<<16)
	n, from, err := p.ReadFrom(answer)
	if err != nil {
		return err
	}
	if from.String() != to.String() {
		return fmt.Errorf("the answer is from %v, want %v", from, to)
	}
	return same(answer[:n], b)
}

func datagramRules() []rule {
	return []rule{
		{name: "echo", says: "datagrams keep their bounds, empty and large ones too, and tell the sender's address", check: func(x *exam) {
			m, p := x.mailbox(), x.correspondent()
			m.echo = true
			sizes := []int{1, 0, 2, 1400, 9000, 60_000, 3}
			x.await(x.aside(func() error {
				for _, n := range sizes {
					if err := ask(p, m.Addr(), payload(n)); err != nil {
						return fmt.Errorf("datagram of %d bytes: %w", n, err)
					}
				}
				return nil
			}))
			for i, n := range sizes {
				x.want("the length", len(m.got[i]), n)
				x.want("the sender", m.from[i].String(), p.LocalAddr().String())
			}
			x.pollUntil(func() bool { return x.Waiting() == 1 }) // the last send is done
			s := x.Stats().Net
			x.want("PacketsIn", s.PacketsIn, int64(len(sizes)))
			x.want("PacketsOut", s.PacketsOut, int64(len(sizes)))
		}},
		{name: "between loops", says: "two sockets of a loop exchange datagrams", check: func(x *exam) {
			a, b := x.mailbox(), x.mailbox()
			a.send([]byte("to b"), b.Addr().String())
			x.pollUntil(func() bool { return len(b.got) == 1 })
			b.send([]byte("to a"), b.from[0].String())
			x.pollUntil(func() bool { return len(a.got) == 1 })
			x.want("what b got", string(b.got[0]), "to b")
			x.want("what a got", string(a.got[0]), "to a")
		}},
		{name: "told once", says: "each of many sends is told once", check: func(x *exam) {
			m, p := x.mailbox(), x.correspondent()
			var all []*dialling
			for range 300 {
				all = append(all, m.send(payload(10), p.LocalAddr().String()))
			}
			for _, d := range all {
				x.pollUntil(func() bool { return d.told > 0 })
				x.wantError("Send", d.err, nil)
			}
			m.Close()
			x.pollUntil(func() bool { return m.closed && x.Waiting() == 0 })
			for _, d := range all {
				x.want("how often it was told", d.told, 1)
			}
		}},
		{name: "too long", says: "a datagram that is too long is an error, and the next one goes", check: func(x *exam) {
			m, p := x.mailbox(), x.correspondent()
			d := m.send(payload(70_000), p.LocalAddr().String())
			x.pollUntil(func() bool { return d.told > 0 })
			x.want("whether it is an error", d.err != nil, true)
			d = m.send(payload(7), p.LocalAddr().String())
			x.pollUntil(func() bool { return d.told > 0 })
			x.wantError("Send", d.err, nil)
		}},
		{name: "wrong address", says: "a datagram to no address is refused, once", check: func(x *exam) {
			m := x.mailbox()
			d := new(dialling)
			err := m.Send([]byte("x"), "nowhere", func(err error) { d.done(nil, err) })
			if err == nil {
				x.pollUntil(func() bool { return d.told > 0 })
			}
			x.want("whether there is one error", (err == nil) != (d.err == nil), true)
			if _, err := x.ListenPacket("udp", "nowhere", &mailbox{x: x}); err == nil {
				x.failf("ListenPacket at nowhere was taken")
			}
		}},
		{name: "held", says: "while the program consumes nothing datagrams beyond the window are dropped, and counted; then others come", check: heldDatagrams},
		{name: "close", says: "Close of a UDP socket is told once, and later sends are refused", check: func(x *exam) {
			m := x.mailbox()
			x.want("Waiting", x.Waiting(), 1)
			m.Close()
			m.Close()
			x.pollUntil(func() bool { return m.closed })
			x.want("the error of PacketsClosed", m.err, error(nil))
			x.want("Waiting", x.Waiting(), 0)
			d := new(dialling)
			if err := m.Send([]byte("x"), "127.0.0.1:9", func(err error) { d.done(nil, err) }); err == nil {
				x.pollUntil(func() bool { return d.told > 0 })
				x.want("whether the send failed", d.err != nil, true)
			}
		}},
		{name: "stopped", says: "Close of the loop closes its UDP sockets", check: func(x *exam) {
			m := x.mailbox()
			address := m.Addr().String()
			x.close()
			p, err := net.ListenPacket("udp", address)
			if err != nil {
				x.failf("the address is not free: %v", err)
			}
			p.Close()
		}},
	}
}

// heldDatagrams sends one datagram after the other until one is dropped by the loop.
func heldDatagrams(x *exam) {
	m, p := x.mailbox(), x.correspondent()
	m.hold = true
	for x.Stats().Net.PacketsDropped == 0 {
		x.await(x.aside(func() error { _, err := p.WriteTo(payload(8000), m.Addr()); return err }))
	}
	x.Poll(0)
	m.free()
	m.hold, m.echo = false, true
	last := []byte("after")
	answered := x.aside(func() error {
		buf := make([]byte, 100)
		for { // those that came before the window opened may have been dropped
			if _, err := p.WriteTo(last, m.Addr()); err != nil {
				return err
			}
			p.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			n, _, err := p.ReadFrom(buf)
			if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
				continue
			}
			if err != nil || n > len(last) {
				return err
			}
			return same(buf[:n], last)
		}
	})
	x.await(answered)
}
