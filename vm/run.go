package vm

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gene/compiler"
	"gene/syntax"
	"gene/value"
)

// Exit codes of programs.
const (
	exitOK          = 0
	exitFailed      = 1
	exitInterrupted = 130
)

// exitRequest is the error by which (exit n) leaves everything.
type exitRequest struct{ code int }

// Error says what it is.
func (e *exitRequest) Error() string { return fmt.Sprintf("exit %d", e.code) }

// Exit gives the error that ends the program at once with a code.
func (vm *VM) Exit(code int) error { return &exitRequest{code} }

// NewModule makes an empty module that the VM can compile code for.
func (vm *VM) NewModule(name string, main bool) *compiler.Module {
	m := &compiler.Module{
		Header: value.Header{Kind: value.KindInternal}, Name: filepath.Base(name), File: name,
		NS:    value.NewNamespace(filepath.Base(name), nil),
		Cells: map[*value.Symbol]*value.Cell{}, Lets: map[*value.Symbol]bool{},
		Globals: vm.Globals, Dollar: vm.Dollar, Main: main, Pkg: vm.packageObject(vm.modules.pseudo),
	}
	for name, v := range map[string]value.Value{
		"__is_main__": value.Bool(main), "__module_name__": value.Str(m.Name),
	} {
		s := value.Intern(name)
		c := value.NewCell(s, v)
		m.Cells[s] = c
		m.NS.Bind(s, c)
	}
	return m
}

// compileText reads and compiles a source text for a module.
func (vm *VM) compileText(m *compiler.Module, text string, o compiler.Options) (*compiler.Proto, error) {
	vm.keepSource(m.File, text)
	if err := vm.enter(m); err != nil {
		return nil, err
	}
	file, errs := syntax.Read(m.File, text)
	if len(errs) > 0 {
		return nil, errs
	}
	p, warnings, err := vm.compileRead(m, file, o)
	for _, w := range warnings {
		vm.writeWarning(w.File, w.Pos, w.Msg)
	}
	return p, err
}

// keepSource remembers a text that error reports may quote. A file is read
// again when needed.
func (vm *VM) keepSource(name, text string) {
	if vm.sources == nil {
		vm.sources = map[string]string{}
	}
	vm.sources[name] = text
}

// RunMain compiles and runs a program to its end: the main task, then what is
// still pending (10.5). Errors are reported on standard error. It gives the
// exit code.
func (vm *VM) RunMain(name string, text []byte) int {
	code := vm.runMain(name, text)
	if vm.interrupted.Load() && vm.exit == nil {
		code = exitInterrupted
	}
	if err := vm.out.Flush(); err != nil && code == exitOK {
		code = exitFailed
	}
	return code
}

func (vm *VM) runMain(name string, text []byte) int {
	if !utf8.Valid(text) {
		vm.report(vm.invalidUTF8(name, text))
		return exitFailed
	}
	m := vm.NewModule(name, true)
	vm.module = m
	p, err := vm.compileText(m, string(text), vm.compileOptions())
	if err != nil {
		vm.ReportError(err)
		return exitFailed
	}
	if vm.opts.Debug {
		compiler.Disassemble(vm.Err(), p)
	}
	fut, err := vm.runTask(newFunction(p).Value())
	if err != nil {
		vm.ReportError(err)
		return exitFailed
	}
	return vm.conclude(fut)
}

func (vm *VM) invalidUTF8(name string, text []byte) *Exception {
	line, col := uint32(1), uint32(1)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		col++
		if r == '\n' {
			line, col = line+1, 1
		}
		i += n
	}
	return vm.Exception(syntax.Errors{{File: name, Pos: value.Pos{Line: line, Col: col}, Msg: "invalid UTF-8", Hint: "save the file as UTF-8"}})
}

// runTask runs fn as the program: until its task has ended and nothing is left
// to do.
func (vm *VM) runTask(fn value.Value) (*Future, error) { return vm.runCall(fn, nil, nil) }

// runCall is runTask for a function that takes arguments; ex is $ex in it.
func (vm *VM) runCall(fn value.Value, args []value.Value, ex *value.Instance) (*Future, error) {
	s := &vm.sched
	s.mainDone, s.fatal = false, nil
	t := vm.newTask()
	fut := t.future
	fut.Flags |= futureObserved
	s.main = t
	vm.resetBase()
	if err := vm.startTask(t, fn, args, vm.windowAt(0)); err != nil {
		return nil, err
	}
	vm.ex = ex
	vm.runLoop()
	if s.fatal != nil {
		return nil, s.fatal
	}
	return fut, nil
}

// conclude gives the exit code of a program that has ended, after reporting
// what nobody looked at.
func (vm *VM) conclude(fut *Future) int {
	if vm.exit != nil {
		return vm.exit.code
	}
	code := exitOK
	if fut.State() == FutureFailure {
		e := &Exception{fut.val.AsInstance()}
		if data(e.Instance).interrupt {
			return exitInterrupted
		}
		vm.report(e)
		vm.uncaught = e
		code = exitFailed
	}
	if vm.reportUnobserved() {
		code = exitFailed
	}
	return code
}

// reportUnobserved reports failures that nobody looked at, and tasks that wait
// for what can't come.
func (vm *VM) reportUnobserved() bool {
	any := false
	for _, f := range vm.sched.failed {
		if f.Flags&futureObserved == 0 && f.State() == FutureFailure {
			vm.report(&Exception{f.val.AsInstance()})
			any = true
		}
	}
	vm.sched.failed = nil
	if vm.sched.nparked > 0 {
		vm.report(vm.makeException(vm.Errors.Concurrency, CodeDeadlock, "deadlock: "+vm.whoWaits()))
		any = true
	}
	return any
}

// mainEnded is told that the program's own task is done; what is pending is
// drained from now on, but after a failure nothing more runs.
func (vm *VM) mainEnded(failed bool) {
	vm.sched.mainDone = true
	if failed {
		vm.fp = nil
		vm.sched.parked, vm.sched.nparked = nil, 0
	}
}

// LoadPrelude runs library code written in Gene. It may extend built-in
// classes; its functions are left out of traces.
func (vm *VM) LoadPrelude(name string, text []byte) error {
	m := vm.NewModule(name, false)
	p, err := vm.compileText(m, string(text), compiler.Options{Prelude: true})
	if err != nil {
		return err
	}
	fut, err := vm.runTask(newFunction(p).Value())
	if err != nil {
		return err
	}
	if fut.State() == FutureFailure {
		return &Exception{fut.val.AsInstance()}
	}
	delete(vm.sources, name)
	vm.exportPrelude(m)
	vm.epoch++
	return nil
}

// exportPrelude makes the functions of the prelude global; names that begin
// with % or __ stay its own.
func (vm *VM) exportPrelude(m *compiler.Module) {
	for _, n := range m.NS.Names() {
		if n.Name[0] != '%' && !strings.HasPrefix(n.Name, "__") {
			vm.Globals.Bind(n, m.NS.Cell(n))
		}
	}
}

// Literal gives the literal text of v. Instances that define to_s are shown
// by what they hold.
func (vm *VM) Literal(v value.Value) string { return value.Literal(v) }

// OnClose registers what Close runs first.
func (vm *VM) OnClose(f func()) { vm.onClose = append(vm.onClose, f) }

// ClassOf gives the class that a value's methods are looked up in.
func (vm *VM) ClassOf(v value.Value) *value.Class { return vm.classOf(v) }

// TypesEquivalent compares two types given as type values, classes or quoted
// type expressions.
func (vm *VM) TypesEquivalent(a, b value.Value) bool {
	r := typeResolver{vm: vm, scope: vm.module}
	return value.TypesEquivalent(r.resolve(a), r.resolve(b))
}
