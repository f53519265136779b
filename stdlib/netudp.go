package stdlib

import (
	"net"
	"slices"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// udpSocket is a socket for datagrams. It belongs to the VM's goroutine.
type udpSocket struct {
	n       *network
	pc      backends.PacketConn
	queue   []datagram
	waiters []*vm.Future
	closed  bool
	err     error // that closed it, not the program
}

type datagram struct {
	data []byte
	from string
}

// GeneText is the printed form.
func (u *udpSocket) GeneText() string { return "<udp " + u.pc.Addr().String() + ">" }

func udpOf(v Value) *udpSocket { return v.AsInstance().Data.(*udpSocket) }

func (n *network) defineUDP() {
	n.l.methods(n.udp, []entry{
		{"address", "The socket's own address.", func(m *VM, args []Value) (Value, error) {
			return value.Str(udpOf(args[0]).pc.Addr().String()), nil
		}},
		{"send", "Sends a String or Bytes to an address; a future of nil.", n.sendDatagram},
		{"receive", "A future of the next datagram, a map of data (Bytes) and from; nil once it is closed.", func(m *VM, args []Value) (Value, error) {
			return udpOf(args[0]).receive(), nil
		}},
		{"iter", "Itself: a for loop takes datagrams.", func(m *VM, args []Value) (Value, error) { return args[0], nil }},
		{"next", "The next datagram, for loops.", func(m *VM, args []Value) (Value, error) {
			return n.l.m.Invoke(n.l.prelude("await"), []Value{udpOf(args[0]).receive()}, func(v Value) (Value, error) {
				if v.IsNil() {
					return value.NotFound, nil
				}
				return v, nil
			})
		}},
		{"close", "Closes it.", func(m *VM, args []Value) (Value, error) {
			udpOf(args[0]).pc.Close()
			return value.Nil, nil
		}},
	})
}

// listenUDP is (net/udp address).
func (n *network) listenUDP(m *VM, args []Value, kw *value.Map) (Value, error) {
	if _, err := n.options("net/udp", kw); err != nil {
		return Value{}, err
	}
	address, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "net/udp requires an address, a string")
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return argError(m, "net/udp requires an address of the form host:port, got '%s'", address)
	}
	address, err := n.l.numeric("udp", address)
	if err != nil {
		return Value{}, err
	}
	u := &udpSocket{n: n}
	pc, err := m.Loop().ListenPacket("udp", address, u)
	if err != nil {
		return Value{}, n.l.socketError(err, "listen on", address)
	}
	u.pc = pc
	i := value.NewInstance(n.udp)
	i.Data = u
	return i.Value(), nil
}

// Packet keeps a datagram or gives it to who waits.
func (u *udpSocket) Packet(b []byte, from net.Addr) {
	u.queue = append(u.queue, datagram{b, from.String()})
	for len(u.waiters) > 0 && len(u.queue) > 0 {
		f := u.waiters[0]
		u.waiters = u.waiters[1:]
		u.n.l.m.Resolve(f, u.take())
	}
}

func (u *udpSocket) take() Value {
	d := u.queue[0]
	u.queue = u.queue[1:]
	u.pc.Consumed(len(d.data))
	out := value.NewMap(2)
	out.SetText("data", value.NewBytes(d.data))
	out.SetText("from", value.Str(d.from))
	return out.Value()
}

// PacketsClosed ends the waits.
func (u *udpSocket) PacketsClosed(err error) {
	u.closed, u.err = true, err
	for _, f := range u.waiters {
		u.end(f)
	}
	u.waiters = nil
}

// end finishes a receive for which nothing comes any more.
func (u *udpSocket) end(f *vm.Future) {
	if u.err != nil {
		u.n.l.m.Fail(f, u.n.l.socketError(u.err, "receive on", u.pc.Addr().String()))
		return
	}
	u.n.l.m.Resolve(f, value.Nil)
}

func (u *udpSocket) receive() Value {
	m := u.n.l.m
	f := m.NewFuture()
	switch {
	case len(u.queue) > 0:
		m.Resolve(f, u.take())
	case u.closed:
		u.end(f)
	default:
		u.waiters = append(u.waiters, f)
		f.OnCancel(func() {
			u.waiters = slices.DeleteFunc(u.waiters, func(g *vm.Future) bool { return g == f })
		})
	}
	return f.Value()
}

func (n *network) sendDatagram(m *VM, args []Value) (Value, error) {
	u := udpOf(args[0])
	content, ok := contentOf(arg(args, 1))
	to, okTo := text(arg(args, 2))
	if !ok || !okTo {
		return m.Failed(m.ArgError("send requires a String or Bytes and an address")), nil
	}
	f := m.NewEffect()
	err := u.pc.Send([]byte(content), to, func(err error) {
		if err != nil {
			m.Fail(f, n.l.socketError(err, "send to", to))
			return
		}
		m.Resolve(f, value.Nil)
	})
	if err != nil {
		m.Fail(f, n.l.socketError(err, "send to", to))
	}
	return f.Value(), nil
}
