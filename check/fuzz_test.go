package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gene/check"
	"gene/syntax"
)

// FuzzModule: whatever can be read can be checked, warnings lie within the
// text and come in its order.
func FuzzModule(f *testing.F) {
	files, err := filepath.Glob("testdata/*.gene")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, s := range []string{"(fn)", "(case)", "(if)", "(type A A) (var x: A 1)", "(type A B) (type B A) (var x: A 1)",
		"(class A < B) (class B < A) (new A 1) ((new A) .m)", "(enum E (P a: E)) (E/P (E/P 1))", "(fn f [f: f] -> f f)",
		"(fn f [a = (f)] (f ^a 1))", "(var x: (Fn [Int ^k Int] -> Int) 1)", "(try catch)", "(for in)", "(x = 1)", "(new)",
		"(case x when (a b))", "(ns)", "(class)", "([] -> )", "(1 + )", "(+)", "(a ?)", "(var [a = 1 ^b...] x)", "(a . )"} {
		f.Add(s)
	}
	o := check.Options{Globals: globals(f)}
	f.Fuzz(func(t *testing.T, text string) {
		file, _ := syntax.Read("fuzz.gene", text)
		lines := strings.Count(text, "\n") + 1
		last := uint32(0)
		for _, strict := range []bool{false, true} {
			o.StrictNil = strict
			last = 0
			for _, w := range check.Module(file, o) {
				if w.Pos.Line < last || int(w.Pos.Line) > lines || int(w.End.Line) > lines {
					t.Fatalf("%v", w)
				}
				last = w.Pos.Line
			}
		}
	})
}
