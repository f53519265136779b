package testsuite

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"gene/backends"
	"gene/compiler"
	"gene/stdlib"
	"gene/syntax"
	"gene/vm"
)

var fenceRE = regexp.MustCompile("(?ms)^```gene\n(.*?)^```$")

// TestCompiledCodeVerifies compiles every program that we have, here, among
// the examples and benchmarks and in the manual, holds the code against the
// verifier and lists it.
func TestCompiledCodeVerifies(t *testing.T) {
	loop, err := backends.New("sim", backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := stdlib.New(vm.Options{Loop: loop, Stdout: io.Discard, Stderr: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	compiled := 0
	for name, text := range sources(t) {
		compiled += verifyText(t, m, name, text)
	}
	if compiled < 300 {
		t.Errorf("only %d programs compiled", compiled)
	}
}

// verifyText gives 1 if the text compiles, which programs about errors don't.
func verifyText(t *testing.T, m *vm.VM, name, text string) int {
	t.Helper()
	file, errs := syntax.Read(name, text)
	if len(errs) > 0 {
		return 0
	}
	p, _, err := compiler.CompileModule(file, m.NewModule(name, true), compiler.Options{Contracts: true, TypeCheck: true})
	if err != nil {
		return 0
	}
	if err := compiler.Verify(p); err != nil {
		t.Errorf("%v\n--- program ---\n%s", err, text)
		return 1
	}
	if err := compiler.Disassemble(io.Discard, p); err != nil {
		t.Error(err)
	}
	return 1
}

// sources gives the texts of all programs by their places.
func sources(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*/*.gene", "../examples/*.gene", "../examples/server/*.gene", "../bench/*/*.gene", "../docs/*.md", "../docs/language/*.md", "../README.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: nothing found (%v)", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(file) == ".gene" {
				texts[file] = string(text)
				continue
			}
			for _, m := range fenceRE.FindAllSubmatchIndex(text, -1) {
				texts[fmt.Sprintf("%s byte %d", file, m[2])] = string(text[m[2]:m[3]])
			}
		}
	}
	return texts
}
