package bench

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"gene/backends"
	_ "gene/backends/goroutine"
	"gene/stdlib"
	"gene/vm"
)

// runGene runs the program at path with its arguments and gives what it wrote
// to standard output.
func runGene(tb testing.TB, path string, args ...string) (stdout string) {
	tb.Helper()
	var out, errs bytes.Buffer
	if code := runProgram(path, args, &out, &errs); code != 0 {
		tb.Fatalf("%s: exit code %d\n%s", path, code, errs.String())
	}
	return out.String()
}

// geneMain is gene run PATH ARGS for the process as a whole.
func geneMain(path string, args []string) (code int) {
	return runProgram(path, args, os.Stdout, os.Stderr)
}

// runProgram gives the exit code; what fails before the program can run or
// after it has is on errs too.
func runProgram(path string, args []string, out, errs io.Writer) (code int) {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	m, err := newVM(path, args, out, errs)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	code = m.RunMain(path, text)
	if err := m.Close(); err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	return code
}

// newVM makes a VM on the default loop.
func newVM(path string, args []string, out, errs io.Writer) (*vm.VM, error) {
	loop, err := backends.New("goroutine", backends.Options{})
	if err != nil {
		return nil, err
	}
	return stdlib.New(vm.Options{
		Loop: loop, Args: args, Program: path, Env: []string{},
		Stdin: strings.NewReader(""), Stdout: out, Stderr: errs,
	})
}
