package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

func newExamplesCommand(s streams) *cobra.Command {
	var o execOptions
	cmd := &cobra.Command{
		Use:   "run-examples FILE",
		Short: "run the examples that functions declare",
		Long: `Loads the file, then runs every example in the ^examples of its functions:
[args] -> value, [args] -> _ (any value) and [args] throws SomeClass.`,
		Example: `  gene run-examples shop.gene`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, files []string) error {
			if len(files) != 1 {
				return usagef("gene run-examples wants one file")
			}
			file, err := o.programFile(files[0])
			if err != nil {
				return err
			}
			text, err := readSource(file)
			if err != nil {
				return err
			}
			m, err := o.newVM(s, files[0], nil)
			if err != nil {
				return err
			}
			stop := onInterrupt(m)
			r := exampleRun{m: m, session: m.NewSession(file), file: files[0], out: m.Out()}
			code := r.run(string(text))
			if stop() {
				code = exitInterrupted
			}
			return exitWith(o.finish(m, s, code))
		},
	}
	addExecOptions(cmd, &o)
	return cmd
}

// exampleRun runs the examples of one file.
type exampleRun struct {
	m                        *vm.VM
	session                  *vm.Session
	file                     string
	out                      io.Writer
	total, failed, functions int
	equal, isA               value.Value
}

// run gives the exit code.
func (r *exampleRun) run(text string) int {
	if code, err := r.load(text); err != nil || code != exitOK {
		if err != nil {
			fmt.Fprintf(r.m.Err(), "Error: Failed to load/compile examples file: ")
			r.m.ReportError(err)
		}
		return code
	}
	for _, name := range r.named() {
		v, _ := r.session.Namespace().Get(name)
		r.functions++
		for n, e := range splitExamples((*vm.Function)(v.P).Proto.Examples) {
			if code, done := r.example(name.Name, v, n+1, e); done {
				return code
			}
		}
	}
	if r.functions == 0 {
		fmt.Fprintf(r.out, "No examples found in %s\n", r.file)
		return exitOK
	}
	fmt.Fprintf(r.out, "Examples run: %d, passed: %d, failed: %d, functions: %d\n", r.total, r.total-r.failed, r.failed, r.functions)
	if r.failed > 0 || r.session.Failed() {
		return exitFailed
	}
	return exitOK
}

// load runs the file, and makes the two functions that results are compared
// with, as programs compare: classes may say what equal means.
func (r *exampleRun) load(text string) (code int, err error) {
	var exit *vm.ExitError
	_, err = r.session.Eval(text)
	if errors.As(err, &exit) {
		return exit.Code, nil
	}
	for _, f := range []struct {
		to   *value.Value
		text string
	}{{&r.equal, "(fn [a b] (a == b))"}, {&r.isA, "(fn [e c] (e is c))"}} {
		if err == nil {
			*f.to, err = r.m.NewSession("<examples>").Eval(f.text)
		}
	}
	if err != nil {
		return exitFailed, err
	}
	return exitOK, nil
}

// named gives the names of the functions that have examples, sorted.
func (r *exampleRun) named() []*value.Symbol {
	ns := r.session.Namespace()
	var out []*value.Symbol
	for _, name := range ns.Names() {
		if v, ok := ns.Get(name); ok && v.Kind() == value.KindFunction {
			if ex := (*vm.Function)(v.P).Proto.Examples; ex.Kind() == value.KindArray && len(ex.AsArray().Items) > 0 {
				out = append(out, name)
			}
		}
	}
	slices.SortFunc(out, func(a, b *value.Symbol) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// example is one of a function.
type example struct {
	args   value.Value // an array
	throws bool
	want   value.Value // what is given, or the name of the class that is thrown
}

// splitExamples takes the flat array apart, whose shape the compiler has
// checked.
func splitExamples(flat value.Value) []example {
	var out []example
	for items := flat.AsArray().Items; len(items) >= 3; items = items[3:] {
		throws := items[1].Kind() == value.KindSymbol && items[1].AsSymbol().Name == "throws"
		out = append(out, example{items[0], throws, items[2]})
	}
	return out
}

func (e example) String() string {
	op := "->"
	if e.throws {
		op = "throws"
	}
	return syntax.Source(e.args) + " " + op + " " + syntax.Source(e.want)
}

// any tells whether every value is welcome.
func (e example) any() bool {
	return !e.throws && e.want.Kind() == value.KindSymbol && e.want.AsSymbol().Name == "_"
}

// example runs one example; done is true when it has ended the program.
func (r *exampleRun) example(name string, fn value.Value, n int, e example) (code int, done bool) {
	expected, actual, ok, err := r.compare(fn, e)
	var exit *vm.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.Code, true
	case vm.IsInterrupt(err):
		return exitInterrupted, true
	case err != nil:
		actual = "throw " + r.thrown(err)
	}
	r.total++
	if ok {
		fmt.Fprintf(r.out, "PASS %s example %d: %v\n", name, n, e)
		return 0, false
	}
	r.failed++
	at := (*vm.Function)(fn.P).Proto.Def
	fmt.Fprintf(r.out, "FAIL %s example %d: %v\n  expected: %s\n  actual: %s\n  location: %s:%d:%d\n",
		name, n, e, expected, actual, r.file, at.Line, at.Col)
	return 0, false
}

// compare calls the function and says how the outcome compares with what is
// expected. The error is one that the example doesn't expect.
func (r *exampleRun) compare(fn value.Value, e example) (expected, actual string, ok bool, err error) {
	expected = "return " + syntax.Source(e.want)
	if e.throws {
		expected = "throw " + syntax.Source(e.want)
	}
	args, err := r.session.Eval(syntax.Source(e.args))
	if err != nil {
		return expected, "", false, err
	}
	var want value.Value
	if !e.any() {
		if want, err = r.session.Eval(syntax.Source(e.want)); err != nil {
			return expected, "", false, err
		}
	}
	got, err := r.session.Call(fn, args.AsArray().Items...)
	var thrown *vm.Exception
	switch {
	case e.throws && errors.As(err, &thrown) && !vm.IsInterrupt(err):
		is, isErr := r.session.Call(r.isA, thrown.Instance.Value(), want)
		return expected, "throw " + r.thrown(err), isErr == nil && is.Truthy(), isErr
	case err != nil:
		return expected, "", false, err
	}
	actual = "return " + r.m.Literal(got)
	if e.throws || e.any() {
		return expected, actual, !e.throws, nil
	}
	same, err := r.session.Call(r.equal, got, want)
	return expected, actual, err == nil && same.Truthy(), err
}

// thrown shows an exception.
func (r *exampleRun) thrown(err error) string {
	var e *vm.Exception
	if errors.As(err, &e) {
		return fmt.Sprintf("%s: %s", e.Instance.Class().Name, e.Message())
	}
	return err.Error()
}
