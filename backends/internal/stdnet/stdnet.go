// Package stdnet is the connections of Go's net package for an event loop: all of the
// goroutine backend's, and for other backends what their library lacks.
//
// A connection has one goroutine that reads while the window has room, and a second one
// while there is more to write than the system takes at once. On Unix an idle connection holds
// no buffer, and small writes go straight to the system from the VM's goroutine.
package stdnet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"gene/backends"
	"gene/backends/internal/core"
)

// Network implements backends.Network for a loop.
type Network struct{ Loop *core.Loop }

// Dial connects on a goroutine of its own.
func (n Network) Dial(ctx context.Context, network, address string, o backends.DialOptions, done func(backends.Conn, error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	a := &attempt{cancel: cancel}
	if !n.Loop.AddSocket(a) {
		cancel(nil)
		return backends.ErrClosed
	}
	err := n.Loop.Background(func() { a.connect(ctx, network, address, o) }, backends.Func(func() {
		n.Loop.RemoveSocket(a)
		if a.err != nil {
			done(nil, a.err)
			return
		}
		n.Loop.Ledger().Dialled.Add(1)
		done(New(n.Loop, a.nc, o.Flow), nil)
	}))
	if err != nil {
		n.Loop.RemoveSocket(a)
		cancel(nil)
	}
	return err
}

// attempt is a dial until it is told.
type attempt struct {
	cancel context.CancelCauseFunc

	mu   sync.Mutex
	nc   net.Conn
	err  error
	shut bool
}

func (a *attempt) connect(ctx context.Context, network, address string, o backends.DialOptions) {
	defer a.cancel(nil)
	nc, err := dial(ctx, network, address, o)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.nc, a.err = nc, err; a.shut && err == nil {
		nc.Close()
	}
}

// Shut ends the attempt, which nobody will hear of.
func (a *attempt) Shut() {
	a.cancel(backends.ErrClosed)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.shut = true; a.nc != nil {
		a.nc.Close()
	}
}

func dial(ctx context.Context, network, address string, o backends.DialOptions) (net.Conn, error) {
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.Timeout)
		defer cancel()
	}
	d := &net.Dialer{KeepAlive: backends.DefaultAlive}
	var nc net.Conn
	var err error
	if network == "tls" {
		nc, err = (&tls.Dialer{NetDialer: d, Config: o.TLS}).DialContext(ctx, "tcp", address)
	} else if err = known(network); err == nil {
		nc, err = d.DialContext(ctx, network, address)
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return nc, err
}

func known(network string) error {
	switch network {
	case "tcp", "tcp4", "tcp6", "unix":
		return nil
	}
	return fmt.Errorf("unknown network %q (want tcp, tcp4, tcp6, unix or tls)", network)
}

// handshakeMax is how long a peer may take for the TLS handshake.
const handshakeMax = 10 * time.Second

// Listen opens a listener with an accepting goroutine.
func (n Network) Listen(network, address string, o backends.ListenOptions, a backends.Acceptor) (backends.Listener, error) {
	base := network
	if network == "tls" {
		if base = "tcp"; !hasCertificate(o.TLS) {
			return nil, errors.New("network tls needs a certificate and a key")
		}
	}
	inner, err := Open(base, address)
	if err != nil {
		return nil, err
	}
	ln := n.Loop.NewListener(inner.Addr(), o, a, func() { inner.Close() })
	s := &acceptor{Network: n, ln: ln, inner: inner, o: o, tls: network == "tls"}
	if !n.Loop.Go(s.run) {
		inner.Close()
		return nil, backends.ErrClosed
	}
	return ln, nil
}

func hasCertificate(c *tls.Config) bool {
	return c != nil && (len(c.Certificates) > 0 || c.GetCertificate != nil || c.GetConfigForClient != nil)
}

// Open listens; a socket file that nobody answers on is replaced, any other file is not.
func Open(network, address string) (net.Listener, error) {
	if err := known(network); err != nil {
		return nil, err
	}
	if network == "unix" {
		if err := ClearPath(address); err != nil {
			return nil, err
		}
	}
	return (&net.ListenConfig{KeepAlive: backends.DefaultAlive}).Listen(context.Background(), network, address)
}

// ClearPath removes the socket file that a dead server left, and refuses paths that are no sockets.
func ClearPath(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&os.ModeSocket == 0 {
		return fmt.Errorf("listen unix %s: the path exists and is no socket", path)
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		c.Close()
		return fmt.Errorf("listen unix %s: address already in use", path)
	}
	return os.Remove(path)
}

type acceptor struct {
	Network
	ln    *core.Listener
	inner net.Listener
	o     backends.ListenOptions
	tls   bool
}

// Pauses of an accept that fails for want of descriptors.
const (
	pauseMin = 5 * time.Millisecond
	pauseMax = time.Second
)

func (s *acceptor) run() {
	AcceptAll(s.ln, s.inner, func() error {
		nc, err := s.inner.Accept()
		if err == nil {
			s.take(nc)
		}
		return err
	})
}

// AcceptAll calls accept, which blocks, whenever another connection may be open, until the listener is closed or broken.
// Who accepted owns the slot; after an error that may pass, such as a want of descriptors, there is a pause.
func AcceptAll(ln *core.Listener, inner net.Listener, accept func() error) {
	defer inner.Close()
	var pause time.Duration
	for ln.NextSlot() {
		err := accept()
		if err == nil {
			pause = 0
			continue
		}
		ln.FreeSlot()
		if ln.Closed() || !survivable(err) {
			ln.Ended(err)
			return
		}
		if pause == 0 {
			ln.Trouble(err)
		}
		pause = min(max(2*pause, pauseMin), pauseMax)
		ln.Pause(pause)
	}
	ln.Ended(nil)
}

// survivable tells errors of one accept from those of the listener.
func survivable(err error) bool {
	var temporary interface{ Temporary() bool }
	return !errors.Is(err, net.ErrClosed) && errors.As(err, &temporary) && temporary.Temporary()
}

func (s *acceptor) take(nc net.Conn) {
	if !s.tls {
		s.ln.Accepted(New(s.Loop, nc, s.o.Flow))
		return
	}
	tc := tls.Server(nc, s.o.TLS)
	started := s.Loop.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), handshakeMax)
		defer cancel()
		stop := s.ln.OnClose(func() { nc.Close() })
		err := tc.HandshakeContext(ctx)
		stop()
		if err != nil {
			nc.Close()
			s.ln.FreeSlot()
			s.ln.Trouble(fmt.Errorf("TLS handshake with %s: %w", nc.RemoteAddr(), err))
			return
		}
		s.ln.Accepted(New(s.Loop, tc, s.o.Flow))
	})
	if !started {
		nc.Close()
		s.ln.FreeSlot()
	}
}
