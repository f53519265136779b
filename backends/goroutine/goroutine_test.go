package goroutine_test

import (
	"testing"

	"gene/backends/goroutine"
	"gene/backends/looptest"
)

func TestLoop(t *testing.T) { looptest.Run(t, goroutine.New) }
