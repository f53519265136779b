package stdlib

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// defineNet defines gene/net, which is net for short: sockets on whatever event loop the
// program runs on (13.20).
func (l *library) defineNet() {
	ns := l.m.Namespace("gene/net")
	n := &network{l: l, conns: l.m.NewClass("Connection", nil), lines: value.NewClass("ConnectionLines", l.m.Class(value.KindInstance)),
		servers: l.m.NewClass("NetServer", nil), udp: l.m.NewClass("UdpSocket", nil)}
	l.kwFunctions(ns, []kwEntry{
		{"listen", "Listens and runs a function as a task for each connection: (net/listen \"tcp\" \"127.0.0.1:0\" (fn [conn] ...)).", n.listen},
		{"dial", "A future of a connection: (net/dial \"tcp\" \"127.0.0.1:80\").", n.dial},
		{"udp", "A socket for datagrams: (net/udp \"127.0.0.1:0\").", n.listenUDP},
	})
	l.functions(ns, []entry{{"lookup", "A future of the addresses of a host name.", asyncNative(n.lookup)}})
	n.defineConnections()
	n.defineServers()
	n.defineUDP()
}

// network is the classes of one VM's sockets.
type network struct {
	l                          *library
	conns, lines, servers, udp *value.Class
}

// socketError makes the exception for what went wrong with a peer or an address.
func (l *library) socketError(err error, what, address string) error {
	if isException(err) {
		return err
	}
	class, code, why := l.m.Errors.Network, vm.CodeNet, netReason(err)
	var timeout interface{ Timeout() bool }
	if errors.Is(err, backends.ErrStalled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		class, code, why = l.m.Errors.Timeout, vm.CodeTimeout, "timed out"
	}
	return l.m.Raise(class, code, "Failed to %s '%s': %s", what, address, why)
}

// netReason is the cause without the operation and the addresses that our message names.
func netReason(err error) string {
	var lost *backends.LostError
	if errors.As(err, &lost) {
		return (&backends.LostError{Lost: lost.Lost, Of: lost.Of, Err: errors.New(netReason(lost.Err))}).Error()
	}
	if op, ok := err.(*net.OpError); ok { // not one inside an error that says more
		err = op.Err
	}
	var unknown *net.DNSError
	if errors.As(err, &unknown) {
		return unknown.Err
	}
	return reason(err)
}

// netOptions are the keywords of listen and dial.
type netOptions struct {
	flow        backends.Flow
	maxConns    int
	read, write time.Duration // of no progress
	timeout     time.Duration // of a dial
	bytes       bool
	tls         *tls.Config
}

func (n *network) options(name string, kw *value.Map, allowed ...string) (o netOptions, err error) {
	m := n.l.m
	for _, e := range kw.Entries() {
		if e.Key == nil {
			continue
		}
		key, v := e.Key.Name, e.Val
		if !slices.Contains(allowed, key) {
			return o, m.ArgError("Unexpected keyword argument: %s", key)
		}
		switch key {
		case "window", "max_conns":
			if !v.IsInt() || v.AsInt() < 1 || v.AsInt() > 1<<30 {
				return o, m.ArgError("%s requires ^%s to be an Int from 1 to %d", name, key, 1<<30)
			}
			if key == "window" {
				o.flow.Window = int(v.AsInt())
			} else {
				o.maxConns = int(v.AsInt())
			}
		case "timeout", "read_timeout", "write_timeout":
			d, ok := duration(v, time.Millisecond)
			if !ok || d <= 0 {
				return o, m.ArgError("%s requires ^%s to be positive int milliseconds or float seconds", name, key)
			}
			switch key {
			case "timeout":
				o.timeout = d
			case "read_timeout":
				o.read = d
			default:
				o.write = d
			}
		case "bytes":
			o.bytes = v.Truthy()
		case "insecure":
			if v.Truthy() {
				o.config().InsecureSkipVerify = true
			}
		case "ca":
			if err := n.trust(o.config(), name, v); err != nil {
				return o, err
			}
		case "tls":
			if err := n.identity(o.config(), name, v); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

func (o *netOptions) config() *tls.Config {
	if o.tls == nil {
		o.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return o.tls
}

// trust reads the certificates that a client accepts as roots.
func (n *network) trust(c *tls.Config, name string, v Value) error {
	path, ok := text(v)
	if !ok {
		return n.l.m.ArgError("%s requires ^ca to be the path of a PEM file", name)
	}
	var pem []byte
	var err error
	full := n.l.path(path)
	if err := n.l.block(func(context.Context) { pem, err = os.ReadFile(full) }); err != nil {
		return err
	}
	if err != nil {
		return n.l.ioError(err, "read file", path)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return n.l.m.ArgError("%s: ^ca '%s' holds no certificate in PEM form", name, path)
	}
	return nil
}

// identity reads a server's certificate and key.
func (n *network) identity(c *tls.Config, name string, v Value) error {
	m := n.l.m
	if v.Kind() != value.KindMap {
		return m.ArgError("%s requires ^tls to be a map {^cert PATH ^key PATH}", name)
	}
	cert, okCert := text(keyword(v.AsMap(), "cert"))
	key, okKey := text(keyword(v.AsMap(), "key"))
	if !okCert || !okKey {
		return m.ArgError("%s requires ^tls to be a map {^cert PATH ^key PATH}", name)
	}
	var pair tls.Certificate
	var err error
	certPath, keyPath := n.l.path(cert), n.l.path(key)
	if err := n.l.block(func(context.Context) { pair, err = tls.LoadX509KeyPair(certPath, keyPath) }); err != nil {
		return err
	}
	if err != nil {
		return m.Raise(m.Errors.IO, vm.CodeIO, "Failed to load certificate '%s': %s", cert, reason(err))
	}
	c.Certificates = []tls.Certificate{pair}
	return nil
}

// endpoint reads the network and the address.
func (n *network) endpoint(name string, args []Value) (network, address string, err error) {
	network, ok := text(arg(args, 0))
	address, okAddress := text(arg(args, 1))
	if !ok || !okAddress {
		return "", "", n.l.m.ArgError("%s requires a network and an address, both strings", name)
	}
	switch network {
	case "tcp", "tcp4", "tcp6", "tls":
		if _, _, err := net.SplitHostPort(address); err != nil {
			return "", "", n.l.m.ArgError("%s requires an address of the form host:port, got '%s'", name, address)
		}
	case "unix":
		address = n.l.path(address)
	default:
		return "", "", n.l.m.ArgError("%s requires network tcp, tcp4, tcp6, unix or tls, got '%s'", name, network)
	}
	return network, address, nil
}

// dial is (net/dial network address …).
func (n *network) dial(m *VM, args []Value, kw *value.Map) (Value, error) {
	v, err := n.startDial(args, kw)
	if err != nil {
		return m.Failed(err), nil
	}
	return v, nil
}

func (n *network) startDial(args []Value, kw *value.Map) (Value, error) {
	m := n.l.m
	o, err := n.options("net/dial", kw, "timeout", "read_timeout", "write_timeout", "window", "bytes", "ca", "insecure")
	if err != nil {
		return Value{}, err
	}
	kind, address, err := n.endpoint("net/dial", args)
	if err != nil {
		return Value{}, err
	}
	if o.tls != nil && kind != "tls" {
		return Value{}, m.ArgError("net/dial has ^ca and ^insecure for network tls only, got '%s'", kind)
	}
	f := m.NewFuture()
	ctx, cancel := context.WithCancel(n.l.ctx)
	f.OnCancel(cancel)
	d := backends.DialOptions{Flow: o.flow, Timeout: o.timeout, TLS: o.tls}
	err = m.Loop().Dial(ctx, kind, address, d, func(c backends.Conn, err error) {
		cancel()
		switch {
		case err != nil:
			m.Fail(f, n.l.socketError(err, "connect to", address))
		case f.State() != vm.FuturePending:
			c.Close(0) // nobody wants it any more
		default:
			m.Resolve(f, n.newConn(c, o).object.Value())
		}
	})
	if err != nil {
		cancel()
		return Value{}, n.l.socketError(err, "connect to", address)
	}
	return f.Value(), nil
}

// lookup is (net/lookup host).
func (n *network) lookup(m *VM, args []Value) (Value, error) {
	host, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "net/lookup requires a host name")
	}
	return start(n.l, onResolver, func(ctx context.Context) ([]string, error) {
		return net.DefaultResolver.LookupHost(ctx, host)
	}, func(found []string, err error) (Value, error) {
		if err != nil {
			return Value{}, n.l.socketError(err, "look up", host)
		}
		list := make([]Value, len(found))
		for i, s := range found {
			list[i] = value.Str(s)
		}
		return value.NewArray(list).Value(), nil
	}), nil
}

// numeric looks up the host of an address to listen on, which the loop must not wait
// for, and chooses as net.Listen does: an address of IPv4 if there is one.
func (l *library) numeric(kind, address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", l.socketError(err, "listen on", address)
	}
	if _, err := netip.ParseAddr(host); err == nil || host == "" {
		return address, nil
	}
	var found []net.IPAddr
	var failure error
	if err := l.block(func(ctx context.Context) {
		found, failure = net.DefaultResolver.LookupIPAddr(ctx, host)
	}); err != nil {
		return "", err
	}
	if failure != nil {
		return "", l.socketError(failure, "listen on", address)
	}
	is4 := func(a net.IPAddr) bool { return a.IP.To4() != nil }
	at := slices.IndexFunc(found, is4)
	if kind == "tcp6" || at < 0 && kind != "tcp4" {
		at = slices.IndexFunc(found, func(a net.IPAddr) bool { return !is4(a) })
	}
	if at < 0 {
		return "", l.socketError(errors.New("the host has no address of this kind"), "listen on", address)
	}
	return net.JoinHostPort(found[at].String(), port), nil
}
