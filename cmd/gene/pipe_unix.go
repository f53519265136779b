//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// keepBrokenPipes makes a write to a pipe that nobody reads an error of the
// program, with its place, instead of the silent death that Go's runtime sees
// to. Ignoring the signal would do as well here, but children would inherit it.
func keepBrokenPipes() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
