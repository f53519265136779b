// Package goroutine is the default event loop and the reference for the others: what may
// wait does so on a goroutine, and hands its completion to the VM's. All of it is the shared
// core with the machine's clock and the connections of Go's net package.
package goroutine

import (
	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/stdnet"
)

// Name is what the backend is registered under.
const Name = "goroutine"

func init() {
	backends.Register(Name, "one goroutine per waiting operation, Go's runtime poller (default)", New)
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
