package vm

import (
	"fmt"

	"gene/compiler"
	"gene/value"
)

// Session evaluates texts one after the other in one scope, as the REPL does.
type Session struct {
	vm     *VM
	module *compiler.Module
	ex     *value.Instance // $ex outside of handlers
	failed bool
}

// NewSession makes a session whose texts are named so in messages.
func (vm *VM) NewSession(name string) *Session {
	m := vm.NewModule(name, true)
	vm.module = m
	return &Session{vm: vm, module: m}
}

// Uncaught makes a session on the top level of a program that RunMain has run
// and that an exception has ended, which is $ex in the session; nil when the
// program ended otherwise. Variables are there only with Options.Inspect.
func (vm *VM) Uncaught() *Session {
	if vm.uncaught == nil {
		return nil
	}
	return &Session{vm: vm, module: vm.module, ex: vm.uncaught.Instance}
}

// Program is a text that a session has compiled.
type Program struct{ fn value.Value }

// Compile compiles a text that is to be run many times. What it defines is
// seen by later texts only if they are not compiled yet.
func (s *Session) Compile(text string) (*Program, error) {
	return s.compile(text, s.vm.compileOptions())
}

func (s *Session) compile(text string, o compiler.Options) (*Program, error) {
	p, err := s.vm.compileText(s.module, text, o)
	if err != nil {
		return nil, err
	}
	return &Program{newFunction(p).Value()}, nil
}

// Eval compiles and runs a text and gives the value of its last form. It
// returns when the text's task has ended and what it started is drained. The
// error is an *Exception or a list of syntax or compile errors; (exit n) gives
// an *ExitError.
func (s *Session) Eval(text string) (value.Value, error) {
	o := s.vm.compileOptions()
	o.REPL = true
	p, err := s.compile(text, o)
	if err != nil {
		return value.Value{}, err
	}
	v, err := s.Run(p)
	s.vm.out.Flush()
	return v, err
}

// Run runs a program as Eval does, without flushing the output.
func (s *Session) Run(p *Program) (value.Value, error) { return s.Call(p.fn) }

// Call calls a function as Eval runs a text.
func (s *Session) Call(fn value.Value, args ...value.Value) (value.Value, error) {
	vm := s.vm
	fut, err := vm.runCall(fn, args, s.ex)
	switch {
	case err != nil:
		return value.Value{}, err
	case vm.exit != nil:
		return value.Value{}, &ExitError{vm.exit.code}
	case fut.State() == FutureFailure:
		return value.Value{}, &Exception{fut.val.AsInstance()}
	}
	if vm.reportUnobserved() {
		s.failed = true
	}
	return fut.val, nil
}

// Catch makes an uncaught exception $ex in the session; false when the error is
// none that code of the session has thrown.
func (s *Session) Catch(err error) bool {
	e, ok := err.(*Exception)
	if ok {
		s.ex = e.Instance
	}
	return ok
}

// IsInterrupt tells whether an error is that Interrupt was called.
func IsInterrupt(err error) bool {
	e, ok := err.(*Exception)
	return ok && data(e.Instance).interrupt
}

// Failed tells whether failures that nobody looked at have been reported, which
// are no errors of the texts that caused them.
func (s *Session) Failed() bool { return s.failed }

// Namespace holds what the session's texts have defined.
func (s *Session) Namespace() *value.Namespace { return s.module.NS }

// ExitError says that the program called (exit Code).
type ExitError struct{ Code int }

// Error says what it is.
func (e *ExitError) Error() string { return fmt.Sprintf("exit %d", e.Code) }
