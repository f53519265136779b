//go:build !linux

package load

import (
	"errors"
	"time"
)

var errSystem = errors.New("servers are measured on Linux only")

// Process is a running server.
type Process struct{ Name, Address string }

// Start fails here.
func Start(Server) (*Process, error) { return nil, errSystem }

// Stop kills the server.
func (*Process) Stop() {}

// CPU is the time that the process has used.
func (*Process) CPU() (time.Duration, error) { return 0, errSystem }

// RSS is the resident memory in bytes.
func (*Process) RSS() (int64, error) { return 0, errSystem }

// Pin fails here.
func Pin() error { return errSystem }

// Client drives a server.
type Client struct{}

// Dial fails here.
func Dial(*Process, Protocol, int) (*Client, error) { return nil, errSystem }

// Close closes the connections.
func (*Client) Close() {}

// Run fails here.
func (*Client) Run(Run) (Figures, error) { return Figures{}, errSystem }
