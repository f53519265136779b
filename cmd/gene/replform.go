package main

import (
	"fmt"
	"io"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// replSource is ($repl): a macro, so that what is typed is evaluated in the
// scope of its caller. Like every loop of the library that runs code of the
// program it is written in Gene, and so the code may await.
const replSource = `
(fn repl! []
  (var last nil)
  (try
    (\%begin)
    (loop
      (var forms (\%read))
      (if (forms == nil) (break))
      (try
        (for form in forms (last = ($caller_eval form)))
        (\%show last)
       catch *
        (\%fail $ex)))
   finally
    (\%end))
  last)
`

// replPath is where the macro is kept; no program can write it.
const replPath = "%repl"

// defineRepl makes $repl known, which is compiled at its first use.
func defineRepl(m *vm.VM, s streams) {
	f := &replForm{s: s}
	m.RegisterBuiltin(replPath, vm.Builtin{Load: f.define, Source: []byte(replSource), Name: "repl.gene"})
	name := value.Intern("repl")
	m.Dollar.Hooks = append(m.Dollar.Hooks, vm.NewNative("$repl", func(m *vm.VM, args []value.Value) (value.Value, error) {
		if args[0].AsString() != name.Name {
			return value.Nil, nil
		}
		return m.ResolvePath([]string{replPath, "repl!"}, func(v value.Value, _ bool) (value.Value, error) {
			m.Dollar.Set(name, v)
			return v, nil
		})
	}).Value())
}

// replForm is the session that ($repl) opens in a running program. One inside
// another shares its lines.
type replForm struct {
	s     streams
	repl  *repl
	depth int
	text  string // the input at hand
}

// define binds what the macro calls.
func (f *replForm) define(ns *value.Namespace) error {
	for name, fn := range map[string]vm.NativeFn{
		"%begin": f.begin, "%read": f.read, "%show": f.show, "%fail": f.fail, "%end": f.end,
	} {
		n := vm.NewNative(name, fn)
		n.Doc = "Private: a part of $repl."
		ns.Set(value.Intern(name), n.Value())
	}
	return nil
}

// ioError makes an exception of what went wrong with the terminal.
func ioError(m *vm.VM, err error) (value.Value, error) {
	return value.Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "$repl: %v", reason(err))
}

func (f *replForm) begin(m *vm.VM, _ []value.Value) (value.Value, error) {
	f.depth++
	if f.depth > 1 {
		return value.Nil, nil
	}
	f.repl = &repl{m: m, s: f.s, lines: noLines{}}
	if f.s.in != nil {
		f.repl.lines = newLineReader(f.s)
	}
	if err := m.Out().Flush(); err != nil {
		return ioError(m, err)
	}
	if _, err := io.WriteString(f.s.out, replBanner); err != nil {
		return ioError(m, err)
	}
	return value.Nil, nil
}

// read gives the forms of the next input, nil at the end.
func (f *replForm) read(m *vm.VM, _ []value.Value) (value.Value, error) {
	for {
		if err := m.Out().Flush(); err != nil {
			return ioError(m, err)
		}
		f.repl.lines.resume()
		text, err := f.repl.next()
		f.repl.lines.pause()
		if err != nil {
			return ioError(m, err)
		}
		if text == "" {
			return value.Nil, nil
		}
		f.text = text
		file, errs := syntax.Read(replName, text)
		if len(errs) == 0 {
			return value.Arr(file.Forms...), nil
		}
		m.ReportError(errs)
	}
}

func (f *replForm) show(m *vm.VM, args []value.Value) (value.Value, error) {
	if shown(args[0], f.text) {
		if _, err := fmt.Fprintln(m.Out(), m.Literal(args[0])); err != nil {
			return ioError(m, err)
		}
	}
	return value.Nil, nil
}

func (f *replForm) fail(m *vm.VM, args []value.Value) (value.Value, error) {
	m.ReportError(&vm.Exception{Instance: args[0].AsInstance()})
	return value.Nil, nil
}

func (f *replForm) end(m *vm.VM, _ []value.Value) (value.Value, error) {
	f.depth--
	if f.depth > 0 {
		return value.Nil, nil
	}
	if err := f.repl.lines.close(); err != nil {
		return ioError(m, err)
	}
	return value.Nil, nil
}

// noLines is an input that is empty.
type noLines struct{}

func (noLines) read(string) (string, error) { return "", io.EOF }
func (noLines) remember(string)             {}
func (noLines) pause()                      {}
func (noLines) resume()                     {}
func (noLines) close() error                { return nil }
