package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// The exit codes. A program that calls (exit n) ends with n.
const (
	exitOK          = 0
	exitFailed      = 1   // the program or the command failed
	exitUsage       = 2   // the command line makes no sense
	exitInterrupted = 130 // Ctrl-C
)

// exitCode is the error of a command that has said itself what went wrong.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// exitWith gives a code as an error.
func exitWith(code int) error {
	if code == exitOK {
		return nil
	}
	return exitCode(code)
}

// usageError is a command line that makes no sense.
type usageError struct {
	msg     string
	summary bool // list the commands, too
}

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error {
	return &usageError{msg: fmt.Sprintf(format, args...)}
}

// optionError words what the flag parser complains of.
func optionError(err error) error {
	var missing *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &missing):
		return usagef("Unknown option: %s", optionName(missing.GetSpecifiedName(), missing.GetSpecifiedShortnames()))
	case errors.As(err, &empty):
		return usagef("Missing value of option: %s", optionName(empty.GetSpecifiedName(), empty.GetSpecifiedShortnames()))
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		return usagef("Invalid value of option --%s: %q (want %s)", f.Name, invalid.GetValue(), wanted(f))
	}
	return usagef("%s", strings.TrimPrefix(err.Error(), "pflag: "))
}

func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int", "uint64":
		return "an integer"
	case "bool":
		return "true or false"
	}
	return "a " + f.Value.Type()
}

func optionName(name, shorts string) string {
	if shorts != "" {
		return "-" + name
	}
	return "--" + name
}
