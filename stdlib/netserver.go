package stdlib

import (
	"gene/backends"
	"gene/value"
	"gene/vm"
)

// netServer is a listener of the program. While it is open it keeps the program alive.
type netServer struct {
	n       *network
	ln      backends.Listener
	handler Value
	options netOptions
	closed  bool
}

// GeneText is the printed form.
func (s *netServer) GeneText() string { return "<server " + s.ln.Addr().String() + ">" }

func (n *network) defineServers() {
	n.l.methods(n.servers, []entry{
		{"address", "Where it listens.", func(m *VM, args []Value) (Value, error) {
			return value.Str(args[0].AsInstance().Data.(*netServer).ln.Addr().String()), nil
		}},
		{"close", "Accepts no more connections; those that are open go on.", func(m *VM, args []Value) (Value, error) {
			args[0].AsInstance().Data.(*netServer).close()
			return value.Nil, nil
		}},
	})
}

// listen is (net/listen network address handler …).
func (n *network) listen(m *VM, args []Value, kw *value.Map) (Value, error) {
	o, err := n.options("net/listen", kw, "max_conns", "read_timeout", "write_timeout", "window", "bytes", "tls")
	if err != nil {
		return Value{}, err
	}
	kind, address, err := n.endpoint("net/listen", args)
	if err != nil {
		return Value{}, err
	}
	handler := arg(args, 2)
	if !m.Callable(handler) {
		return argError(m, "net/listen requires a function that takes the connection")
	}
	if kind, err = n.encrypted(kind, o); err != nil {
		return Value{}, err
	}
	s := &netServer{n: n, handler: handler, options: o}
	if err := s.open(kind, address); err != nil {
		return Value{}, err
	}
	m.KeepAlive(1)
	i := value.NewInstance(n.servers)
	i.Data = s
	return i.Value(), nil
}

// encrypted gives the network that a server with these options listens on. Never does
// one that was given a certificate speak plain text.
func (n *network) encrypted(kind string, o netOptions) (string, error) {
	switch {
	case o.tls == nil && kind == "tls":
		return "", n.l.m.ArgError("net/listen on network tls requires ^tls {^cert PATH ^key PATH}")
	case o.tls != nil && kind != "tls" && kind != "tcp":
		return "", n.l.m.ArgError("net/listen has ^tls for networks tls and tcp only, got '%s'", kind)
	case o.tls != nil:
		return "tls", nil
	}
	return kind, nil
}

// open listens.
func (s *netServer) open(kind, address string) error {
	at := address
	var err error
	if kind != "unix" {
		if at, err = s.n.l.numeric(kind, address); err != nil {
			return err
		}
	}
	o := s.options
	if s.ln, err = s.n.l.m.Loop().Listen(kind, at, backends.ListenOptions{Flow: o.flow, MaxConns: o.maxConns, TLS: o.tls}, s); err != nil {
		return s.n.l.socketError(err, "listen on", address)
	}
	return nil
}

// Accepted runs the handler as a task of its own.
func (s *netServer) Accepted(c backends.Conn) {
	m := s.n.l.m
	k := s.n.newConn(c, s.options)
	m.Go(vm.NewNative("connection", func(m *VM, args []Value) (Value, error) {
		return m.InvokeTry(s.handler, []Value{k.object.Value()}, func(Value) (Value, error) {
			k.shut()
			return value.Nil, nil
		}, func(e *vm.Exception) (Value, error) {
			if !vm.IsInterruption(e) {
				m.ReportError(e)
			}
			k.shut()
			return value.Nil, nil
		})
	}).Value())
}

// Trouble is reported; the server goes on.
func (s *netServer) Trouble(err error) {
	s.n.l.m.ReportError(s.n.l.socketError(err, "accept on", s.ln.Addr().String()))
}

// ListenerClosed lets the program end.
func (s *netServer) ListenerClosed(err error) {
	if err != nil {
		s.n.l.m.ReportError(s.n.l.socketError(err, "accept on", s.ln.Addr().String()))
	}
	s.release()
}

func (s *netServer) close() {
	s.release()
	s.ln.Close()
}

func (s *netServer) release() {
	if !s.closed {
		s.closed = true
		s.n.l.m.KeepAlive(-1)
	}
}
