//go:build !unix

package stdlib

import (
	"os"
	"os/exec"
	"syscall"
)

// osSignalNames are the signals that a program may ask for.
var osSignalNames = map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}

// ownGroup does nothing where there are no process groups.
func ownGroup(cmd *exec.Cmd) {}

// signalGroup reaches the child alone.
func signalGroup(cmd *exec.Cmd, sig syscall.Signal) error { return cmd.Process.Kill() }
