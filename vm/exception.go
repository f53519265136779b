package vm

import (
	"errors"
	"fmt"

	"gene/compiler"
	"gene/syntax"
	"gene/value"
)

// The codes of 9.5. Each built-in error gets its code where it is raised.
const (
	CodeUndefined   = "GENE.SCOPE.UNDEFINED_VAR"
	CodeDivZero     = "GENE.ARITH.DIV_ZERO"
	CodeOverflow    = "GENE.ARITH.OVERFLOW"
	CodeStack       = "GENE.VM.STACK_OVERFLOW"
	CodeOperand     = "GENE.TYPE.OPERAND"
	CodeMismatch    = "GENE.TYPE.MISMATCH"
	CodeNotCallable = "GENE.CALL.NOT_CALLABLE"
	CodeArguments   = "GENE.CALL.ARGUMENTS"
	CodeMethod      = "GENE.OOP.METHOD_NOT_FOUND"
	CodeFrozen      = "GENE.VALUE.FROZEN"
	CodeIO          = "GENE.IO.ERROR"
	CodeNet         = "GENE.NET.ERROR"
	CodeAssert      = "GENE.ASSERT.FAILED"
	CodeContract    = "GENE.CONTRACT.VIOLATION"
	CodeParse       = "GENE.PARSE.ERROR"
	CodeCompile     = "GENE.COMPILE.ERROR"
	CodeJSON        = "GENE.JSON.ERROR"
	CodeImport      = "GENE.IMPORT.ERROR"
	CodeTimeout     = "GENE.ASYNC.TIMEOUT"
	CodeCancelled   = "GENE.ASYNC.CANCELLED"
	CodeTerminal    = "GENE.ASYNC.ALREADY_TERMINAL"
	CodeDeadlock    = "GENE.ASYNC.DEADLOCK"
	CodeReply       = "GENE.THREAD.REPLY.FAILURE"
	CodeRuntime     = "GENE.RUNTIME.ERROR"
)

// errorClasses are the classes of 9.4.
type errorClasses struct {
	Exception, Runtime, Type, Argument, IO, Parse, Compile, Assertion,
	Network, Provider, Concurrency, Timeout, Cancellation, Thread *value.Class
}

// Exception is a thrown Gene exception as a Go error.
type Exception struct {
	Instance *value.Instance
}

// Error gives `Class: message`.
func (e *Exception) Error() string {
	return e.Instance.Class().Name + ": " + e.Message()
}

// Message is the exception's message field as text.
func (e *Exception) Message() string {
	v, ok := e.Instance.Get(symMessage)
	if !ok {
		return ""
	}
	if v.Kind() == value.KindString {
		return v.AsString()
	}
	return literalText(v)
}

// Value gives the exception as a value.
func (e *Exception) Value() value.Value { return e.Instance.Value() }

// excData is the Go side of an exception instance.
type excData struct {
	file string // of the throw; "" while unknown
	pos  value.Pos
	// thrown is set for exceptions that a throw raised; only they have a
	// location.
	thrown bool
	hint   string
	// trace grows as frames are unwound, innermost first.
	trace []traceEntry
	// lost counts frames left out of the middle of a deep trace.
	lost int
	// source is the text of a syntax or compile error's own position.
	span *syntaxSpan
	// imported is set for errors of files that were imported: their reports
	// have the trace of the imports.
	imported bool
	more     []error // further syntax or compile errors of the same run
	// interrupt marks the exception of an interrupt.
	interrupt bool
}

type syntaxSpan struct {
	file string
	pos  value.Pos
}

// traceEntry is one line of a trace: a frame, or a mark that what follows is
// the task that awaited.
type traceEntry struct {
	proto   *compiler.Proto
	pos     value.Pos
	awaited bool
}

// traceMax bounds a trace; of a deeper one the innermost and outermost halves
// are kept.
const traceMax = 100

// makeException makes an exception of a class.
func (vm *VM) makeException(cls *value.Class, code, msg string) *Exception {
	i := value.NewInstance(cls)
	i.Set(symMessage, value.Str(msg))
	if code != "" {
		i.Set(symCode, value.Str(code))
	}
	return &Exception{i}
}

// Raise makes the error of a built-in operation; the native returns it.
func (vm *VM) Raise(cls *value.Class, code, format string, args ...any) error {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	return vm.makeException(cls, code, msg)
}

// RaiseHint is Raise with a line of advice for the report.
func (vm *VM) RaiseHint(cls *value.Class, code, hint, format string, args ...any) error {
	err := vm.Raise(cls, code, format, args...)
	data(err.(*Exception).Instance).hint = hint
	return err
}

// ArgError is the error of wrong operands.
func (vm *VM) ArgError(format string, args ...any) error {
	return vm.Raise(vm.Errors.Argument, CodeArguments, format, args...)
}

func (vm *VM) internalError(format string, args ...any) error {
	return vm.Raise(vm.Errors.Runtime, CodeRuntime, "internal error: "+format, args...)
}

func (vm *VM) stackOverflow() error {
	return vm.RaiseHint(vm.Errors.Runtime, CodeStack, "is there a recursion without an end?",
		"Stack overflow: too many nested calls (limit %d)", vm.opts.MaxFrames)
}

func (vm *VM) undefined(name string) error {
	hint := ""
	if s := vm.suggest(name); s != "" {
		hint = "did you mean " + s + "?"
	}
	return vm.RaiseHint(vm.Errors.Exception, CodeUndefined, hint, "%s is not defined", name)
}

// data gives the Go side of an exception instance, making it when absent.
func data(i *value.Instance) *excData {
	d, ok := i.Data.(*excData)
	if !ok {
		d = &excData{}
		i.Data = d
	}
	return d
}

// Exception turns any error into an exception: syntax and compile errors get
// their classes, an error of Go's own is an internal one.
func (vm *VM) Exception(err error) *Exception {
	var e *Exception
	if errors.As(err, &e) {
		return e
	}
	var se syntax.Errors
	if errors.As(err, &se) && len(se) > 0 {
		e = vm.makeException(vm.Errors.Parse, CodeParse, se[0].Msg)
		d := data(e.Instance)
		d.span, d.hint = &syntaxSpan{se[0].File, se[0].Pos}, se[0].Hint
		for _, m := range se[1:] {
			d.more = append(d.more, m)
		}
		return e
	}
	var ce compiler.Errors
	if errors.As(err, &ce) && len(ce) > 0 {
		e = vm.makeException(vm.Errors.Compile, CodeCompile, ce[0].Msg)
		d := data(e.Instance)
		d.span, d.hint = &syntaxSpan{ce[0].File, ce[0].Pos}, ce[0].Hint
		for _, m := range ce[1:] {
			d.more = append(d.more, m)
		}
		return e
	}
	return vm.internalError("%v", err).(*Exception)
}

// normalise gives the exception for a thrown value by 9.2.
func (vm *VM) normalise(v value.Value) *Exception {
	switch v.Kind() {
	case value.KindInstance:
		if i := v.AsInstance(); i.Class().IsA(vm.Errors.Exception) {
			return &Exception{i}
		}
	case value.KindString:
		return vm.makeException(vm.Errors.Exception, "", v.AsString())
	case value.KindNil:
		return vm.makeException(vm.Errors.Exception, "", "nil")
	}
	e := vm.makeException(vm.Errors.Exception, "", literalText(v))
	e.Instance.Set(symCause, v)
	return e
}

// thrown is the throw instruction. The text of a value that is no exception
// may need its own to_s.
func (vm *VM) thrown(v value.Value, f *frame) error {
	e := vm.normalise(v)
	d := data(e.Instance)
	if d.file == "" {
		d.thrown, d.file, d.pos = true, f.fn.Proto.File, f.pos()
	}
	return e
}

func (vm *VM) asException(v value.Value) error {
	if v.Kind() == value.KindInstance {
		return &Exception{v.AsInstance()}
	}
	return vm.normalise(v)
}

// throwError raises err in the running task: the innermost handler of its
// frames gets it, else the task fails.
func (vm *VM) throwError(err error) {
	if x, ok := err.(*exitRequest); ok {
		vm.exit, vm.fp = x, nil
		return
	}
	vm.unwind(vm.Exception(err))
}

func (vm *VM) unwind(e *Exception) {
	d := data(e.Instance)
	for f := vm.fp; ; f = f.at(1) {
		vm.fp = f
		switch f.fn {
		case vm.haltFn:
			vm.taskFailed(f, e)
			return
		case vm.baseFn:
			vm.sched.fatal = e
			vm.fp = nil
			return
		case vm.contFn:
			if vm.contCaught(f, &e) {
				return
			}
			d = data(e.Instance)
			continue
		}
		d.note(f)
		if h := f.handler(); h != nil {
			f.setPC(int(h.Target))
			f.ra[h.Reg] = e.Value()
			return
		}
	}
}

// contCaught lets the continuation frame f have the exception; it tells
// whether f went on. Otherwise *e is what unwinds further.
func (vm *VM) contCaught(f *frame, e **Exception) bool {
	s := contOf(f)
	if s.gen != nil {
		s.gen.finish()
	}
	if s.caught == nil {
		return false
	}
	caught := s.caught
	s.caught = nil
	v, err := caught(*e)
	if err = vm.nativeDone(f, v, err); err != nil {
		*e = vm.Exception(err)
		return false
	}
	return true
}

// note adds a frame to the trace. Code that traces leave out is no place of an
// error either, its caller is.
func (d *excData) note(f *frame) {
	if d.file == "" && f.fn.Proto.Flags&compiler.FlagHidden == 0 {
		d.file, d.pos = f.fn.Proto.File, f.pos()
	}
	d.add(traceEntry{proto: f.fn.Proto, pos: f.pos()})
}

func (d *excData) add(t traceEntry) {
	if len(d.trace) >= traceMax {
		copy(d.trace[traceMax/2:], d.trace[traceMax/2+1:])
		d.trace = d.trace[:traceMax-1]
		d.lost++
	}
	d.trace = append(d.trace, t)
}

// handler finds the innermost handler for the instruction being executed.
func (f *frame) handler() *compiler.Handler {
	hs := f.fn.Proto.Handlers
	if len(hs) == 0 {
		return nil
	}
	pc := int32(f.pc())
	for i := range hs {
		if hs[i].Start <= pc && pc < hs[i].End {
			return &hs[i]
		}
	}
	return nil
}

// catches tells whether a catch clause of class c (or one of an array of
// classes) takes the exception.
func (vm *VM) catches(exc, c value.Value) (value.Value, error) {
	switch c.Kind() {
	case value.KindClass:
		return value.Bool(exc.AsInstance().Class().IsA(c.AsClass())), nil
	case value.KindArray:
		for _, k := range c.AsArray().Items {
			r, err := vm.catches(exc, k)
			if err != nil || r.Truthy() {
				return r, err
			}
		}
		return value.False, nil
	}
	return value.Value{}, vm.ArgError("catch requires a class, got %s", value.TypeName(c))
}

// location is the field of that name: where an exception was thrown.
func (d *excData) location() value.Value {
	if !d.thrown {
		return value.Nil
	}
	return value.Str(fmt.Sprintf("%s:%d:%d", d.file, d.pos.Line, d.pos.Col))
}
