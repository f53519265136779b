package main

import (
	"errors"
	"fmt"
)

// The exit codes.
const (
	exitOK          = 0   // done; of verify: every claim passes
	exitFailed      = 1   // a claim fails, or an experiment did
	exitUsage       = 2   // the command line or an input file makes no sense
	exitUndecided   = 3   // of verify: no claim fails, but not all pass
	exitInterrupted = 130 // Ctrl-C; what was measured is kept
)

// exitCode is the error of a command that has said itself what is the matter.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// exitWith gives a code as an error.
func exitWith(code int) error {
	if code == exitOK {
		return nil
	}
	return exitCode(code)
}

// usageError is a command line or an input that makes no sense.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// codeOf is the exit code of an error, and whether it still has to be told.
func codeOf(err error) (code int, tell bool) {
	var exit exitCode
	var usage *usageError
	switch {
	case err == nil:
		return exitOK, false
	case errors.As(err, &exit):
		return int(exit), false
	case errors.As(err, &usage):
		return exitUsage, true
	}
	return exitFailed, true
}
