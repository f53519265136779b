//go:build unix

package stdlib

import (
	"os"
	"os/exec"
	"syscall"
)

// osSignalNames are the signals that a program may ask for.
var osSignalNames = map[string]os.Signal{
	"HUP": syscall.SIGHUP, "INT": os.Interrupt, "QUIT": syscall.SIGQUIT, "TERM": syscall.SIGTERM,
	"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2, "WINCH": syscall.SIGWINCH, "CONT": syscall.SIGCONT,
	"ALRM": syscall.SIGALRM, "TSTP": syscall.SIGTSTP,
}

// ownGroup makes a child the head of a process group of its own.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

// signalGroup sends a signal to the group that a child is the head of.
func signalGroup(cmd *exec.Cmd, sig syscall.Signal) error {
	return syscall.Kill(-cmd.Process.Pid, sig)
}
