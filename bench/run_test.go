package bench

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"gene/backends"
	_ "gene/backends/goroutine"
	"gene/stdlib"
	"gene/vm"
)

// inProcess says whether runGene runs programs inside the test process, which
// is what counting their allocations needs.
const inProcess = true

// runGene runs the program at path with its arguments and gives what it wrote
// to standard output.
func runGene(tb testing.TB, path string, args ...string) (stdout string) {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	loop, err := backends.New("goroutine", backends.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	var out, errs bytes.Buffer
	m, err := stdlib.New(vm.Options{
		Loop: loop, Args: args, Program: path, Env: []string{},
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
	})
	if err != nil {
		tb.Fatal(err)
	}
	if code := m.RunMain(path, text); code != 0 {
		tb.Fatalf("%s: exit code %d\n%s", path, code, errs.String())
	}
	if err := m.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}
