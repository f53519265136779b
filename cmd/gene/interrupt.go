package main

import (
	"os"
	"os/signal"
	"sync/atomic"

	"gene/vm"
)

// onInterrupt makes the first Ctrl-C stop the program in order, with its
// finally bodies, and the second one end the process. It lasts until stop is
// called, which tells whether there was one.
func onInterrupt(m *vm.VM) (stop func() bool) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt)
	done := make(chan struct{})
	var interrupted atomic.Bool
	go func() {
		for {
			select {
			case <-done:
				return
			case <-signals:
				if interrupted.Swap(true) {
					os.Exit(exitInterrupted)
				}
				m.Interrupt()
			}
		}
	}()
	return func() bool {
		signal.Stop(signals)
		close(done)
		return interrupted.Load()
	}
}
