// Package measure holds what the benchmark commands share: running a command
// and reading its times, and running two commands in alternation.
//
// Two commands are never compared by times taken in different minutes: a Pair
// runs them in the order A B B A, so a drift of the machine hits both alike.
package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Command is one program to run: its name for messages, and the command line.
type Command struct {
	Name string
	Argv []string
	// Timeout ends a run that hangs; 0 means two minutes.
	Timeout time.Duration
	// Env is added to the environment.
	Env []string
}

// Result is what one run of a command cost and printed.
type Result struct {
	Stdout   string
	Stderr   string
	CPU      time.Duration // user and system time together
	Wall     time.Duration
	MaxRSSKB int64         // peak resident set, in KiB; 0 where the system doesn't tell
	Switches int64         // involuntary context switches; 0 where the system doesn't tell
	Steal    time.Duration // what the hypervisor took from the machine meanwhile
}

const defaultTimeout = 2 * time.Minute

// Run executes c once; the end of ctx kills it, and is the error then.
// A non-zero exit code is an error that carries what the program wrote to
// standard error.
func Run(parent context.Context, c Command) (Result, error) {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(parent, timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(cmd.Environ(), c.Env...)
	separate(cmd)
	start, stolen := time.Now(), Stolen()
	err := cmd.Run()
	wall := time.Since(start)
	if err := context.Cause(parent); err != nil {
		return Result{}, err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return Result{}, fmt.Errorf("%s: still running after %v", c.Name, timeout)
	}
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w%s", c.Name, err, indented(stderr.String()))
	}
	r := Result{
		Stdout: stdout.String(),
		Stderr: stderr.String(),
		CPU:    cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		Wall:   wall,
		Steal:  Stolen() - stolen,
	}
	r.MaxRSSKB, r.Switches = usage(cmd.ProcessState)
	return r, nil
}

// indented puts text under a message, each line set off, or gives nothing.
func indented(text string) string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return ""
	}
	return "\n  " + strings.ReplaceAll(text, "\n", "\n  ")
}

// Pair runs one round of a and b, n times, in the order a b, b a, a b …
// The function gets the index of the round and whether it is a's turn.
func Pair(n int, run func(round int, first bool) error) error {
	for i := range n {
		aFirst := i%2 == 0
		if err := run(i, aFirst); err != nil {
			return err
		}
		if err := run(i, !aFirst); err != nil {
			return err
		}
	}
	return nil
}
