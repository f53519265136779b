package stdlib

import (
	_ "embed"
	"strings"

	"gene/value"
	"gene/vm"
)

//go:embed genextest.gene
var testSource []byte

// defineGenex registers the namespaces of genex that are made when a program
// first uses them.
func (l *library) defineGenex() {
	l.m.RegisterBuiltin("genex/test", vm.Builtin{Load: l.defineTest, Source: testSource, Name: "genex/test.gene"})
	l.m.RegisterBuiltin("genex/html", vm.Builtin{Load: l.defineHTML})
	l.m.RegisterBuiltin("genex/logging", vm.Builtin{Load: l.defineLogging})
	l.m.RegisterBuiltin("genex/http", vm.Builtin{Load: l.defineHTTP, Source: httpSource, Name: "genex/http.gene"})
	for _, e := range extensions() {
		l.m.RegisterBuiltin("genex/"+e.Name, vm.Builtin{
			Load:   func(ns *value.Namespace) error { return e.Load(&Host{l}, ns) },
			Source: e.Source,
			Name:   "genex/" + e.Name + ".gene",
		})
	}
}

// defineTest defines what genex/test (13.13), which is written in Gene, calls.
func (l *library) defineTest(ns *value.Namespace) error {
	l.functions(ns, []entry{
		{"%say", "Private: prints the lines of a text, indented by levels.", func(m *VM, args []Value) (Value, error) {
			pad := strings.Repeat("  ", int(args[0].AsInt()))
			return m.Text(args[1], vm.TextPrint, func(s string) (Value, error) {
				lines := strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+pad)
				return value.Nil, l.write(m.Out(), []string{pad + lines}, "\n")
			})
		}},
	})
	return nil
}

// nativeValue makes a native to be invoked.
func nativeValue(name string, fn vm.NativeFn) Value { return vm.NewNative(name, fn).Value() }
