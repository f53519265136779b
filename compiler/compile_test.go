package compiler

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gene/syntax"
	"gene/value"
)

func newTestModule() *Module {
	g := value.NewNamespace("gene", nil)
	for _, n := range strings.Fields("println print len Ok Err Some None Object Exception Int String Array Map Float assert sqrt $") {
		g.Set(value.Intern(n), value.Nil)
	}
	d := value.NewNamespace("$", nil)
	d.Set(value.Intern("args"), value.Arr())
	return &Module{Name: "main.gene", File: "main.gene", NS: value.NewNamespace("main.gene", nil), Globals: g, Dollar: d, Main: true}
}

var testOptions = Options{Contracts: true, TypeCheck: true}

func compileText(t testing.TB, text string) (*Proto, []Warning, error) {
	f, errs := syntax.Read("main.gene", text)
	if len(errs) > 0 {
		return nil, nil, errs
	}
	return CompileModule(f, newTestModule(), testOptions)
}

// docBlocks gives the gene blocks of the language reference.
func docBlocks(t testing.TB) map[string]string {
	files, _ := filepath.Glob("../docs/language/*.md")
	out := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(text), "```gene\n")
		for i, p := range parts[1:] {
			block, _, _ := strings.Cut(p, "```")
			out[filepath.Base(name)+"#"+string(rune('a'+i/26))+string(rune('a'+i%26))] = block
		}
	}
	return out
}

// TestReferenceCompiles: every program of the reference compiles, or fails as
// its header says, and its code passes Verify.
func TestReferenceCompiles(t *testing.T) {
	for name, text := range docBlocks(t) {
		p, _, err := compileText(t, text)
		if err != nil {
			if !strings.Contains(text, "# error:") {
				t.Errorf("%s: %v\n%s", name, err, text)
			}
			continue
		}
		if err := Verify(p); err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

func TestBenchProgramsCompile(t *testing.T) {
	files, _ := filepath.Glob("../bench/programs/*.gene")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := compileText(t, string(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := Verify(p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
