//go:build !unix

package feed

import (
	"errors"
	"time"
)

// FIFOs are named pipes, which this platform doesn't have.
type FIFOs struct{}

// NewFIFOs says that there are none.
func NewFIFOs(int, time.Duration) (*FIFOs, error) {
	return nil, errors.New("there are no FIFOs on this platform")
}

// Paths are none.
func (*FIFOs) Paths() []string { return nil }

// Close has nothing to do.
func (*FIFOs) Close() error { return nil }
