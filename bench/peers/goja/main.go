// Command goja runs a JavaScript file with goja.
//
//	goja SCRIPT [ARG...]
//
// The script has process.argv and console.log as under Node, and nothing else
// of Node's.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"github.com/dop251/goja"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: goja SCRIPT [ARG...]")
		os.Exit(2)
	}
	if err := run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "goja:", err)
		os.Exit(1)
	}
}

func run(argv []string) error {
	text, err := os.ReadFile(argv[1])
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	vm := goja.New()
	err = errors.Join(
		vm.Set("process", map[string]any{"argv": argv}),
		vm.Set("console", map[string]any{"log": func(call goja.FunctionCall) goja.Value {
			for i, a := range call.Arguments {
				if i > 0 {
					out.WriteByte(' ')
				}
				out.WriteString(a.String())
			}
			out.WriteByte('\n') // a failure stays in out and is returned by Flush
			return goja.Undefined()
		}}),
	)
	if err != nil {
		return err
	}
	_, err = vm.RunScript(argv[1], string(text))
	return errors.Join(err, out.Flush())
}
