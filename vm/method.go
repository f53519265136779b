package vm

import (
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// classOf gives the class that v's methods are looked up in.
func (vm *VM) classOf(v value.Value) *value.Class {
	if v.Kind() == value.KindInstance {
		return v.AsInstance().Class()
	}
	return vm.classes[v.Kind()]
}

// Class gives the class of a built-in kind.
func (vm *VM) Class(k value.Kind) *value.Class { return vm.classes[k] }

// callMethod calls the method of a site on at[0] with the n arguments behind
// it, filling the site's cache.
func (vm *VM) callMethod(s *compiler.Site, at *window, n int) error {
	recv := at[0]
	cls := vm.classOf(recv)
	if s.Class != cls || s.Epoch != vm.epoch {
		m, _ := cls.Lookup(s.Name)
		if !m.IsSet() {
			args := append([]value.Value(nil), unsafe.Slice(&at[0], n+1)...)
			return vm.missingMethod(s.Name, at, args, nil)
		}
		s.Class, s.Epoch, s.Target = cls, vm.epoch, m.P
		s.Slot = fastMethod(recv, m, s.Name.Name, n)
	}
	if (*value.Header)(s.Target).Kind == value.KindNative {
		return vm.callNative((*Native)(s.Target), at, n+1, nil)
	}
	return vm.callMethodCode((*Function)(s.Target), at, n+1, nil)
}

// The methods of arrays that the interpreter does itself; a site's Slot says
// which one it calls.
const (
	fastNone = iota
	fastSize
	fastGet
	fastSet
	fastAdd
	fastPush
)

// fastMethod gives the code of a native method of arrays called with n
// arguments.
func fastMethod(recv, m value.Value, name string, n int) int {
	if recv.Kind() != value.KindArray || m.Kind() != value.KindNative {
		return fastNone
	}
	switch {
	case n == 0 && (name == "size" || name == "length"):
		return fastSize
	case n == 1 && name == "get":
		return fastGet
	case n == 2 && name == "set":
		return fastSet
	case n == 1 && (name == "add" || name == "append"):
		return fastAdd
	case n == 1 && name == "push":
		return fastPush
	}
	return fastNone
}

// callMethodCode calls a method written in Gene. A function without self, as
// (Class ^methods …) takes, gets the instance as its first argument only if it
// has parameters.
func (vm *VM) callMethodCode(f *Function, at *window, n int, kw *value.Map) error {
	if f.Proto.Flags&compiler.FlagMethod == 0 && len(f.Proto.Params) == 0 {
		return vm.callCode(f, at, 0, kw)
	}
	return vm.callCode(f, at, n, kw)
}

// callMethodArgs calls a method by name; args[0] is the receiver.
func (vm *VM) callMethodArgs(name *value.Symbol, at *window, args []value.Value, kw *value.Map) error {
	m, _ := vm.classOf(args[0]).Lookup(name)
	if !m.IsSet() {
		return vm.missingMethod(name, at, args, kw)
	}
	at, err := vm.place(at, args)
	if err != nil {
		return err
	}
	if m.Kind() == value.KindNative {
		return vm.callNative((*Native)(m.P), at, len(args), kw)
	}
	return vm.callMethodCode(asFunction(m), at, len(args), kw)
}

// missingMethod is a call for which the class has no method: a field of that
// name, a member of an enum value, on_method_missing, or an error.
func (vm *VM) missingMethod(name *value.Symbol, at *window, args []value.Value, kw *value.Map) error {
	recv := args[0]
	switch recv.Kind() {
	case value.KindNil:
		at[0] = value.Nil
		return nil
	case value.KindAdapter:
		return vm.adapterMethod(recv.AsAdapter(), name, at, args, kw)
	case value.KindEnumValue:
		return set(&at[0])(vm.payloadField(recv.AsEnumValue(), name))
	case value.KindInstance:
		if len(args) == 1 && kw.Len() == 0 {
			if v, ok := vm.fieldOf(recv.AsInstance(), name); ok {
				at[0] = v
				return nil
			}
		}
		if hook := missingHook(recv.AsInstance().Class()); hook.IsSet() {
			return vm.callMissing(hook, name, at, args, kw)
		}
	}
	return vm.noMethod(recv, name)
}

// missingHook finds on_method_missing along the chain of parents.
func missingHook(c *value.Class) value.Value {
	for ; c != nil; c = c.Parent {
		if c.Missing.IsSet() {
			return c.Missing
		}
	}
	return value.Value{}
}

// missingDepthMax bounds hooks that keep missing their own methods (7.8).
const missingDepthMax = 32

func (vm *VM) callMissing(hook value.Value, name *value.Symbol, at *window, args []value.Value, kw *value.Map) error {
	depth := 0
	for f := vm.fp; f.fn != vm.haltFn && f.fn != vm.baseFn; f = f.at(1) {
		if f.fn == asFunction(hook) {
			depth++
		}
	}
	if depth >= missingDepthMax {
		return vm.Raise(vm.Errors.Runtime, CodeMethod, "on_method_missing recursion limit exceeded while resolving '%s'", name.Name)
	}
	return vm.callArgs(hook, at, append([]value.Value{args[0], name.Value()}, args[1:]...), kw)
}

// plainKinds are the kinds whose unknown methods are a TypeException with its
// own wording (list of chapter 5).
var plainKinds = [value.NumKinds]bool{
	value.KindInt: true, value.KindFloat: true, value.KindBool: true, value.KindChar: true,
	value.KindSymbol: true, value.KindPath: true, value.KindVoid: true, value.KindNotFound: true,
	value.KindDate: true, value.KindTime: true, value.KindDateTime: true, value.KindBytes: true,
	value.KindRegexp: true, value.KindMatch: true, value.KindSelector: true, value.KindHashMap: true,
	value.KindHashSet: true, value.KindClass: true, value.KindEnum: true, value.KindVariant: true,
}

func (vm *VM) noMethod(v value.Value, name *value.Symbol) error {
	k := v.Kind()
	if plainKinds[k] {
		return vm.Raise(vm.Errors.Type, CodeMethod, "Unified method call not supported for %s", value.TypeName(v))
	}
	on := value.TypeName(v)
	if k == value.KindInstance {
		on = "instance"
	}
	hint := ""
	if s := suggestAmong(name.Name, methodNames(vm.classOf(v))); s != "" {
		hint = "did you mean ." + s + "?"
	}
	return vm.RaiseHint(vm.Errors.Exception, CodeMethod, hint, "Method %s not found on %s", name.Name, on)
}

func methodNames(c *value.Class) []string {
	var names []string
	for ; c != nil; c = c.Parent {
		for s := range c.Methods {
			names = append(names, s.Name)
		}
	}
	return names
}

// payloadField reads a field of an enum value by method syntax (2.10).
func (vm *VM) payloadField(e *value.EnumValue, name *value.Symbol) (value.Value, error) {
	for i, f := range e.Variant.Fields {
		if f == name {
			return e.Payload[i], nil
		}
	}
	return value.Value{}, vm.Raise(vm.Errors.Exception, CodeMethod, "Variant %s has no field %s", e.Variant.Name.Name, name.Name)
}

// construct is the new instructions: R[a] is the class and takes the instance.
func (vm *VM) construct(f *frame, a int, args []value.Value, kw *value.Map) error {
	v := f.ra[a]
	if v.P == unsafe.Pointer(vm.futureClass) && kw.Len() == 0 {
		f.ra[a] = vm.constructFuture(args)
		return nil
	}
	if v.Kind() != value.KindClass {
		return vm.ArgError("new requires a class, got %s", value.TypeName(v))
	}
	return vm.newInstance(v.AsClass(), f.sub(a), args, kw)
}

// newInstance makes an instance of c in at[0] and runs its constructor.
func (vm *VM) newInstance(c *value.Class, at *window, args []value.Value, kw *value.Map) error {
	ctor, _ := c.FindCtor()
	if c.ForKind != 0 {
		return vm.constructBuiltin(c, ctor, at, args, kw)
	}
	inst := value.NewInstance(c).Value()
	if !ctor.IsSet() {
		at[0] = inst
		return nil
	}
	all := append(append(make([]value.Value, 0, len(args)+1), inst), args...)
	if isCode(ctor) && asFunction(ctor).Proto.Flags&compiler.FlagCtor == 0 {
		// A plain function, of a class made at run time: what it gives is
		// not the instance.
		keep := func(value.Value) (value.Value, error) { return inst, nil }
		if err := vm.pushCont(at, &contState{then: keep}); err != nil {
			return err
		}
		return vm.callArgs(ctor, vm.fp.sub(1), all, kw)
	}
	return vm.callArgs(ctor, at, all, kw)
}

// constructBuiltin makes a value of a built-in class; its constructor is a
// native that gets the class first.
func (vm *VM) constructBuiltin(c *value.Class, ctor value.Value, at *window, args []value.Value, kw *value.Map) error {
	if c == vm.futureClass {
		at[0] = vm.constructFuture(args)
		return nil
	}
	if !ctor.IsSet() {
		return vm.ArgError("%s cannot be made with new", c.Name)
	}
	return vm.callArgs(ctor, at, append([]value.Value{c.Value()}, args...), kw)
}

// callSuper calls a method of the parent of the class that defines the running
// one; R[a] is self, the arguments are those of the spread calls.
func (vm *VM) callSuper(name *value.Symbol, f *frame, a int) error {
	home := f.fn.home
	if home == nil {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "super can only be used in methods")
	}
	args, kw := spreadArgs(f, a)
	all := append([]value.Value{f.ra[a]}, args...)
	if name == symCtor {
		var ctor value.Value
		if home.Parent != nil {
			ctor, _ = home.Parent.FindCtor()
		}
		if !ctor.IsSet() {
			return vm.Raise(vm.Errors.Exception, CodeMethod, "Superclass constructor must be a function or native function")
		}
		return vm.callArgs(ctor, f.sub(a), all, kw)
	}
	m, _ := home.Parent.Lookup(name)
	if !m.IsSet() {
		return vm.Raise(vm.Errors.Exception, CodeMethod, "Method '%s' not found in super class hierarchy", name.Name)
	}
	return vm.callArgs(m, f.sub(a), all, kw)
}
