// Command starlark runs a Starlark file with starlark-go.
//
//	starlark SCRIPT [ARG...]
//
// While loops and recursion, which the language leaves to the host, are
// allowed. The script has its arguments in the list args and the module math.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"go.starlark.net/lib/math"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: starlark SCRIPT [ARG...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "starlark:", explain(err))
		os.Exit(1)
	}
}

func run(script string, args []string) error {
	out := bufio.NewWriter(os.Stdout)
	thread := &starlark.Thread{
		Name: script,
		Print: func(_ *starlark.Thread, msg string) {
			fmt.Fprintln(out, msg) // a failure stays in out and is returned by Flush
		},
	}
	values := make([]starlark.Value, len(args))
	for i, a := range args {
		values[i] = starlark.String(a)
	}
	dialect := &syntax.FileOptions{While: true, Recursion: true, TopLevelControl: true}
	_, err := starlark.ExecFileOptions(dialect, thread, script, nil, starlark.StringDict{
		"args": starlark.NewList(values),
		"math": math.Module,
	})
	return errors.Join(err, out.Flush())
}

// explain adds the stack of Starlark calls, which the message alone lacks.
func explain(err error) string {
	var failed *starlark.EvalError
	if errors.As(err, &failed) {
		return failed.Backtrace()
	}
	return err.Error()
}
