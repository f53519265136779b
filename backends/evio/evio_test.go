//go:build linux && (amd64 || arm64) && evio

package evio_test

import (
	"testing"

	"gene/backends/evio"
	"gene/backends/looptest"
)

func TestLoop(t *testing.T) {
	looptest.Run(t, evio.New, looptest.HalfCloseEnds, looptest.CannotPause)
}
