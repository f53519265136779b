package vm

import (
	"gene/compiler"
	"gene/value"
)

// newInterface makes an interface of its signatures: an array of [name count]
// and an array of field names.
func newInterface(name string, methods, fields value.Value) *value.Interface {
	i := &value.Interface{Header: value.Header{Kind: value.KindInterface}, Name: name, Impls: map[*value.Class]*value.Class{}}
	for _, m := range methods.AsArray().Items {
		parts := m.AsArray().Items
		i.Methods = append(i.Methods, value.Method{Name: nameOf(parts[0]), Params: int(parts[1].AsInt())})
	}
	for _, f := range fields.AsArray().Items {
		i.Fields = append(i.Fields, nameOf(f))
	}
	return i
}

// checkImplements checks the promises of a class's header (7.11).
func (vm *VM) checkImplements(c *value.Class, ifaces []value.Value) error {
	bad := func(format string, args ...any) error {
		return vm.Raise(vm.Errors.Type, CodeMismatch, "Type error: "+format, args...)
	}
	for _, v := range ifaces {
		if v.Kind() != value.KindInterface {
			return vm.Raise(vm.Errors.Exception, CodeRuntime, "implements requires an interface, got %s", value.TypeName(v))
		}
		i := v.AsInterface()
		for _, m := range i.Methods {
			fn, _ := c.Lookup(m.Name)
			if !fn.IsSet() || fn.Kind() == value.KindNative && vm.object.Methods[m.Name].IsSet() {
				return bad("class %s does not implement method %s required by interface %s", c.Name, m.Name.Name, i.Name)
			}
			if isCode(fn) && !accepts(asFunction(fn).Proto, m.Params) {
				return bad("method %s on %s is incompatible with interface %s", m.Name.Name, c.Name, i.Name)
			}
		}
		for _, fld := range i.Fields {
			if c.FindField(fld) == nil {
				return bad("class %s does not implement field %s required by interface %s", c.Name, fld.Name, i.Name)
			}
		}
		c.Implements = append(c.Implements, i)
	}
	return nil
}

// accepts tells whether a method has n positional parameters.
func accepts(p *compiler.Proto, n int) bool {
	count := 0
	for i := range p.Params {
		switch p.Params[i].Kind {
		case compiler.ParamRequired, compiler.ParamOptional:
			count++
		case compiler.ParamRest:
			return true
		}
	}
	return count == n
}

// implement gives the class that takes the methods of an interface's adapters
// for a class.
func (vm *VM) implement(iface, class value.Value) (value.Value, error) {
	if iface.Kind() != value.KindInterface {
		return value.Value{}, vm.Raise(vm.Errors.Exception, CodeRuntime, "implement requires an interface, got %s", value.TypeName(iface))
	}
	if class.Kind() != value.KindClass {
		return value.Value{}, vm.Raise(vm.Errors.Exception, CodeRuntime, "implement requires a class, got %s", value.TypeName(class))
	}
	impl := value.NewClass(iface.AsInterface().Name, nil)
	iface.AsInterface().Impls[class.AsClass()] = impl
	vm.epoch++
	return impl.Value(), nil
}

// adapt is (Interface value args…).
func (vm *VM) adapt(i *value.Interface, at *window, args []value.Value, kw *value.Map) error {
	if len(args) == 0 {
		return vm.ArgError("interface %s requires a value", i.Name)
	}
	v := args[0]
	for c := vm.classOf(v); c != nil; c = c.Parent {
		if impl, ok := i.Impls[c]; ok {
			a := &value.Adapter{Header: value.Header{Kind: value.KindAdapter}, Iface: i, Impl: impl, Inner: v, Store: value.NewMap(0)}
			if !impl.Ctor.IsSet() {
				at[0] = a.Value()
				return nil
			}
			return vm.callArgs(impl.Ctor, at, append([]value.Value{a.Value()}, args[1:]...), kw)
		}
		for _, k := range c.Implements {
			if k == i {
				at[0] = v
				return nil
			}
		}
	}
	return vm.Raise(vm.Errors.Exception, CodeRuntime, "No implementation found for interface %s on type %s", i.Name, value.TypeName(v))
}

// adapterMethod calls a method of an adapter: its own, else the wrapped
// value's if the interface has it.
func (vm *VM) adapterMethod(a *value.Adapter, name *value.Symbol, at *window, args []value.Value, kw *value.Map) error {
	if m, ok := a.Impl.Methods[name]; ok {
		return vm.callArgs(m, at, args, kw)
	}
	for _, m := range a.Iface.Methods {
		if m.Name != name {
			continue
		}
		if fn, _ := vm.classOf(a.Inner).Lookup(name); !fn.IsSet() {
			return vm.Raise(vm.Errors.Exception, CodeMethod, "Method %s not found on inner object", name.Name)
		}
		return vm.callMethodArgs(name, at, append([]value.Value{a.Inner}, args[1:]...), kw)
	}
	return vm.Raise(vm.Errors.Exception, CodeMethod, "Method %s not found on Adapter", name.Name)
}

var (
	symInner    = value.Intern("_genevalue")
	symInternal = value.Intern("_geneinternal")
)

func (a declared) has(name *value.Symbol) bool {
	for _, f := range a.Fields {
		if f == name {
			return true
		}
	}
	return false
}

type declared struct{ *value.Interface }

// adapterField reads a field of an adapter.
func (vm *VM) adapterField(a *value.Adapter, name *value.Symbol) value.Value {
	switch {
	case name == symInner:
		return a.Inner
	case name == symInternal:
		return a.Store.Value()
	case declared{a.Iface}.has(name):
		v, _ := vm.Member(a.Inner, name.Value())
		return v
	}
	return value.Nil
}

func (vm *VM) setAdapterField(a *value.Adapter, name *value.Symbol, v value.Value) error {
	if declared := (declared{a.Iface}); declared.has(name) {
		return vm.setMember(a.Inner, name.Value(), v)
	}
	return vm.Raise(vm.Errors.Exception, CodeRuntime, "Property %s is not declared on interface %s", name.Name, a.Iface.Name)
}
