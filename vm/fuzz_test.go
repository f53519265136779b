package vm

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gene/backends"
	_ "gene/backends/sim"
	"gene/value"
)

// newBare makes a VM with just enough to print: programs of a fuzzer must not
// reach files or processes.
func newBare(tb testing.TB) *VM {
	tb.Helper()
	loop, err := backends.New("sim", backends.Options{Seed: 1})
	if err != nil {
		tb.Fatal(err)
	}
	m := New(Options{Loop: loop, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Env: []string{}, MaxFrames: 2000})
	m.Define(m.Globals, "println", func(vm *VM, args []value.Value) (value.Value, error) {
		return vm.Texts(args, TextPrint, func([]string) (value.Value, error) { return value.Nil, nil })
	})
	m.Define(m.Globals, "sleep_async", func(vm *VM, args []value.Value) (value.Value, error) {
		return vm.SleepFuture(time.Millisecond), nil
	})
	return m
}

var geneBlock = regexp.MustCompile("(?s)```gene\n(.*?)```")

// FuzzRun compiles and runs anything that reads: no panic of Go's, no hang, no
// internal error.
func FuzzRun(f *testing.F) {
	chapters, err := filepath.Glob("../docs/language/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range chapters {
		text, err := os.ReadFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, m := range geneBlock.FindAllSubmatch(text, -1) {
			f.Add(string(m[1]))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		m := newBare(t)
		stop := time.AfterFunc(500*time.Millisecond, m.Kill)
		defer stop.Stop()
		var errs strings.Builder
		m.opts.Stderr = &errs
		m.RunMain("fuzz.gene", []byte(src))
		if strings.Contains(errs.String(), "internal error") {
			t.Errorf("internal error:\n%s\nof\n%s", errs.String(), src)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
}
