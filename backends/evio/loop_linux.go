//go:build amd64 || arm64

package evio

import (
	"sync"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/stdnet"
)

func init() { backends.Register(Name, description, New, notes...) }

// notes are the declared differences.
var notes = []backends.Note{
	{Feature: "dialled connections, TLS, UDP", How: "served by Go's net package: the library only accepts"},
	{Feature: "what is written after a peer's half-close, or while the program holds up reading", How: "is written past the library"},
	{Feature: "descriptors", How: "two for each accepted connection and listener, and fourteen for the library"},
	{Feature: "a program with a listener", How: "wakes ten times a second though nothing happens"},
}

type loop struct {
	*core.Loop
	network
}

// network is the library for listeners, and the standard library for the rest.
type network struct {
	stdnet.Network
	shared *shared
}

// shared holds the library's server once there is one.
type shared struct {
	mu     sync.Mutex
	server *server
}

// New returns a running loop. The library starts with the first listener.
func New(o backends.Options) (backends.EventLoop, error) {
	l, err := core.NewReal(Name, o)
	if err != nil {
		return nil, err
	}
	return loop{l, network{stdnet.Network{Loop: l}, &shared{}}}, nil
}

// Listen serves plain connections by the library.
func (n network) Listen(kind, address string, o backends.ListenOptions, a backends.Acceptor) (backends.Listener, error) {
	if kind == "tls" {
		return n.Network.Listen(kind, address, o, a)
	}
	inner, err := stdnet.Open(kind, address)
	if err != nil {
		return nil, err
	}
	s, err := n.shared.get(n.Loop)
	if err != nil {
		inner.Close()
		return nil, err
	}
	return listen(s, inner, o, a)
}

// get starts the library if it isn't running.
func (k *shared) get(l *core.Loop) (*server, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.server != nil && k.server.running() {
		return k.server, nil
	}
	s, err := start(l)
	if err == nil {
		k.server = s
	}
	return s, err
}
