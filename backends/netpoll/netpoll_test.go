//go:build linux

package netpoll_test

import (
	"testing"

	"gene/backends"
	"gene/backends/looptest"
	"gene/backends/netpoll"
)

func TestLoop(t *testing.T) {
	l, err := netpoll.New(backends.Options{}) // the poller of the process stays from here on
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	looptest.Run(t, netpoll.New, looptest.CannotPause, looptest.NoGoroutine)
}
