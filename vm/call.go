package vm

import (
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// call calls any callable with n positional arguments that stand in the window
// at; the result goes to at[0]. For code a frame is pushed; everything else is
// done when call returns (or has left an invocation that was started).
func (vm *VM) call(fn value.Value, at *window, n int) error {
	switch fn.Kind() {
	case value.KindFunction, value.KindBlock:
		return vm.callCode(asFunction(fn), at, n, nil)
	case value.KindNative:
		return vm.callNative((*Native)(fn.P), at, n, nil)
	}
	return vm.callOther(fn, at, append([]value.Value(nil), unsafe.Slice(&at[0], n)...), nil)
}

// callCell is call for a global name; an unset cell may be a built-in.
func (vm *VM) callCell(c *value.Cell, at *window, n int) error {
	fn, err := vm.cellValue(c)
	if err != nil {
		return err
	}
	return vm.call(fn, at, n)
}

// callArgs is call for arguments in a slice that is not the window.
func (vm *VM) callArgs(fn value.Value, at *window, args []value.Value, kw *value.Map) error {
	k := fn.Kind()
	if k != value.KindFunction && k != value.KindBlock && k != value.KindNative {
		return vm.callOther(fn, at, args, kw)
	}
	at, err := vm.place(at, args)
	if err != nil {
		return err
	}
	if k == value.KindNative {
		return vm.callNative((*Native)(fn.P), at, len(args), kw)
	}
	return vm.callCode(asFunction(fn), at, len(args), kw)
}

// place copies arguments into a window above the running frame.
func (vm *VM) place(at *window, args []value.Value) (*window, error) {
	at, err := vm.room(at, uintptr(len(args)+1)*valueSize)
	if err != nil {
		return at, err
	}
	copy(unsafe.Slice(&at[0], len(args)), args)
	return at, nil
}

// callOther calls what is neither code nor native: instances with a method
// call, enum variants, selectors, interfaces.
func (vm *VM) callOther(fn value.Value, at *window, args []value.Value, kw *value.Map) error {
	switch fn.Kind() {
	case value.KindInstance:
		if m, _ := fn.AsInstance().Class().Lookup(symCall); m.IsSet() {
			return vm.callArgs(m, at, append([]value.Value{fn}, args...), kw)
		}
	case value.KindVariant:
		return set(&at[0])(vm.makeEnumValue(fn.AsVariant(), args, kw))
	case value.KindSelector:
		return vm.callSelector(fn.AsSelector(), at, args)
	case value.KindInternal:
		return vm.resumeGenerator((*resumption)(fn.P).g, at)
	case value.KindInterface:
		return vm.adapt(fn.AsInterface(), at, args, kw)
	case value.KindClass:
		if fn.AsClass() == vm.classes[value.KindClass] {
			return set(&at[0])(vm.classAtRunTime(args, kw))
		}
	}
	return vm.notCallable(fn)
}

func (vm *VM) notCallable(v value.Value) error {
	return vm.Raise(vm.Errors.Argument, CodeNotCallable, "call requires a callable, got %s", value.TypeName(v))
}

// callCode pushes a frame of f for n arguments in at (self included for
// methods) and the keywords kw.
func (vm *VM) callCode(f *Function, at *window, n int, kw *value.Map) error {
	at, err := vm.room(at, f.need())
	if err != nil {
		return err
	}
	p := f.Proto
	base := 0
	if p.Flags&compiler.FlagMethod != 0 {
		base = 1
	}
	if p.Fixed != n-base || kw.Len() > 0 {
		if err := vm.bind(p, at, base, n-base, kw); err != nil {
			return err
		}
	}
	if p.Flags&(compiler.FlagGenerator|compiler.FlagMacro) != 0 {
		if p.Flags&compiler.FlagMacro != 0 {
			at[p.EnvReg] = value.Nil
		}
		if p.Flags&compiler.FlagGenerator != 0 {
			at[0] = vm.newGenerator(f, at)
			return nil
		}
	}
	nf := vm.fp.at(-1)
	nf.ip, nf.ra, nf.fn = f.entry, at, f
	vm.fp = nf
	if vm.ready.Load() != 0 || stressSwitch {
		return vm.safepoint()
	}
	return nil
}

// callNative runs a native on its window. What it gives goes to at[0].
func (vm *VM) callNative(nt *Native, at *window, n int, kw *value.Map) error {
	args := unsafe.Slice(&at[0], n)
	if n == 0 {
		var err error
		if at, err = vm.room(at, valueSize); err != nil {
			return err
		}
		args = nil
	}
	var v value.Value
	var err error
	switch {
	case nt.KwFn != nil:
		v, err = nt.KwFn(vm, args, kw)
	case kw.Len() > 0:
		return vm.Raise(vm.Errors.Exception, CodeArguments, "Unexpected keyword argument: %s", firstKey(kw))
	default:
		v, err = nt.Fn(vm, args)
	}
	if err != nil {
		if err == errInvoke {
			return vm.startInvocation(at)
		}
		return err
	}
	at[0] = v
	return nil
}

func firstKey(m *value.Map) string {
	for _, e := range m.Entries() {
		if e.Key != nil {
			return e.Key.Name
		}
	}
	return ""
}

// keywords makes a map of the keywords of a call.
func (vm *VM) keywords(names []*value.Symbol, vals []value.Value) *value.Map {
	m := value.NewMap(len(names))
	for i, k := range names {
		m.Set(k, vals[i])
	}
	return m
}

// callKw: callee R[a], positionals behind it, then the keywords of the site.
func (vm *VM) callKw(s *compiler.Site, f *frame, a, n int) error {
	kw := vm.keywords(s.Kw, f.args(a+1+n, len(s.Kw)))
	args := append([]value.Value(nil), f.args(a+1, n)...)
	return vm.callArgs(f.ra[a], f.sub(a), args, kw)
}

func (vm *VM) callMethodKw(s *compiler.Site, f *frame, a, n int) error {
	kw := vm.keywords(s.Kw, f.args(a+1+n, len(s.Kw)))
	args := append([]value.Value(nil), f.args(a, n+1)...)
	return vm.callMethodArgs(s.Name, f.sub(a), args, kw)
}

// spreadArgs reads the operands of the spread calls: an array and a map or
// nil behind R[a].
func spreadArgs(f *frame, a int) ([]value.Value, *value.Map) {
	var kw *value.Map
	if m := f.ra[a+2]; m.Kind() == value.KindMap {
		kw = m.AsMap()
	}
	return f.ra[a+1].AsArray().Items, kw
}

func (vm *VM) callSpread(f *frame, a int) error {
	args, kw := spreadArgs(f, a)
	return vm.callArgs(f.ra[a], f.sub(a), args, kw)
}

func (vm *VM) callMethodSpread(name *value.Symbol, f *frame, a int) error {
	args, kw := spreadArgs(f, a)
	return vm.callMethodArgs(name, f.sub(a), append([]value.Value{f.ra[a]}, args...), kw)
}

func (vm *VM) callDynamic(f *frame, a int) error {
	switch name := f.ra[a+3]; name.Kind() {
	case value.KindString:
		return vm.callMethodSpread(value.Intern(name.AsString()), f, a)
	case value.KindSymbol:
		return vm.callMethodSpread(name.AsSymbol(), f, a)
	default:
		return vm.ArgError("method name must be a string or symbol, got %s", value.TypeName(name))
	}
}

// tailCall replaces the running frame by a call. A callee that is no code is
// called as usual; its result is then returned.
func (vm *VM) tailCall(fn value.Value, f *frame, a, n int) error {
	if !isCode(fn) {
		return vm.callThenReturn(fn, f, a, n)
	}
	copy(f.args(0, n), f.args(a, n))
	at := f.ra
	vm.fp = f.at(1)
	if err := vm.callCode(asFunction(fn), at, n, nil); err != nil {
		// The error belongs to the caller's place, for its trace.
		vm.fp = f
		return err
	}
	return nil
}

func (vm *VM) tailCallCell(c *value.Cell, f *frame, a, n int) error {
	fn, err := vm.cellValue(c)
	if err != nil {
		return err
	}
	return vm.tailCall(fn, f, a, n)
}

// callThenReturn calls what is no code with the running frame's own window, so
// that the result stands where the frame's caller expects what it returns.
func (vm *VM) callThenReturn(fn value.Value, f *frame, a, n int) error {
	args := append([]value.Value(nil), f.args(a, n)...)
	at := f.ra
	vm.fp = f.at(1)
	err := vm.callArgs(fn, at, args, nil)
	if err != nil {
		vm.fp = f
	}
	return err
}

func (vm *VM) tailCallMethod(s *compiler.Site, f *frame, a, n int) error {
	args := append([]value.Value(nil), f.args(a, n+1)...)
	at := f.ra
	vm.fp = f.at(1)
	err := vm.callMethodArgs(s.Name, at, args, nil)
	if err != nil {
		vm.fp = f
	}
	return err
}
