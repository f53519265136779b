//go:build linux && (amd64 || arm64)

package evio_test

import (
	"testing"

	"gene/backends/evio"
	"gene/backends/looptest"
)

func TestLoop(t *testing.T) { looptest.Run(t, evio.New) }
