//go:build amd64 || arm64

package evio

import (
	"strings"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/stdnet"
)

func init() { backends.Register(Name, description, New, notes...) }

// notes are the declared differences.
var notes = []backends.Note{
	{Feature: "dialled connections, TLS, UDP, abstract unix sockets", How: "served by Go's net package: the library only accepts"},
	{Feature: "a peer's half-close", How: "ends the connection; a reply that comes later is told as lost"},
	{Feature: "a program that reads slowly", How: "can't make the peer wait; past window and hard cap the connection is closed with an error"},
	{Feature: "MaxConns", How: "a connection or two beyond it may be accepted early, and wait unseen"},
	{Feature: "a full table of descriptors", How: "connections are refused before it is full, and counted"},
	{Feature: "an error of accept", How: "ends all connections of the listener, which are told, and the listener goes on"},
	{Feature: "closing the last of a listener", How: "the library closes one descriptor twice, moments apart"},
	{Feature: "an idle listener", How: "holds four more descriptors and wakes ten times a second"},
}

type loop struct {
	*core.Loop
	stdnet.Network
}

// New returns a running loop.
func New(o backends.Options) (backends.EventLoop, error) {
	l, err := core.NewReal(Name, o)
	if err != nil {
		return nil, err
	}
	return loop{l, stdnet.Network{Loop: l}}, nil
}

// Listen gives tcp and unix to the library. Abstract unix names stay with Go: the library would remove
// a file of that name.
func (l loop) Listen(network, address string, o backends.ListenOptions, a backends.Acceptor) (backends.Listener, error) {
	switch {
	case network == "tcp" || network == "tcp4" || network == "tcp6":
		return listen(l.Loop, network, address, o, a)
	case network == "unix" && address != "" && !strings.HasPrefix(address, "@"):
		return listen(l.Loop, network, address, o, a)
	}
	return l.Network.Listen(network, address, o, a)
}
