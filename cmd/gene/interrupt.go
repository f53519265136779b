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
	return onInterruptUnless(m, func() bool { return false })
}

// onInterruptUnless is onInterrupt for a command that also waits outside of the
// program: while it does (idle), the first Ctrl-C ends the process.
func onInterruptUnless(m *vm.VM, idle func() bool) (stop func() bool) {
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
				if interrupted.Swap(true) || idle() {
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
