package vm

import (
	"gene/value"
)

// Symbols that the VM itself looks for.
var (
	symCall     = value.Intern("call")
	symCtor     = value.Intern("ctor")
	symEq       = value.Intern("==")
	symIter     = value.Intern("iter")
	symNext     = value.Intern("next")
	symNextPair = value.Intern("next_pair")
	symToS      = value.Intern("to_s")
	symMessage  = value.Intern("message")
	symCause    = value.Intern("cause")
	symCode     = value.Intern("code")
	symLocation = value.Intern("location")
	symHashForm = value.Intern("{{")
)

// builtinKinds are the kinds that have a class of their own, with its name.
var builtinKinds = []value.Kind{
	value.KindNil, value.KindVoid, value.KindNotFound, value.KindBool, value.KindInt,
	value.KindFloat, value.KindChar, value.KindString, value.KindSymbol, value.KindPath,
	value.KindArray, value.KindMap, value.KindHashMap, value.KindHashSet, value.KindGene,
	value.KindRange, value.KindRegexp, value.KindMatch, value.KindDate, value.KindDateTime,
	value.KindTime, value.KindBytes, value.KindSelector, value.KindFunction,
	value.KindClass, value.KindInterface, value.KindAdapter, value.KindNamespace,
	value.KindEnum, value.KindFuture, value.KindGenerator, value.KindIterator,
	value.KindType, value.KindUnquote,
}

// makeCore makes the namespaces, the class of every kind and the exception
// classes.
func (vm *VM) makeCore() {
	vm.Globals = value.NewNamespace("gene", nil)
	vm.Dollar = value.NewNamespace("$", nil)
	vm.object = value.NewClass("Object", nil)
	vm.Globals.Set(value.Intern("Object"), vm.object.Value())
	vm.Globals.Set(value.Intern("gene"), vm.Globals.Value())
	vm.Globals.Set(value.Intern("genex"), value.NewNamespace("genex", nil).Value())
	vm.Globals.Set(value.Intern("global"), vm.Dollar.Value())
	for _, k := range builtinKinds {
		c := vm.NewClass(value.KindName(k), vm.object)
		c.ForKind = k
		vm.classes[k] = c
	}
	for kind, like := range map[value.Kind]value.Kind{
		value.KindBlock: value.KindFunction, value.KindNative: value.KindFunction,
		value.KindVariant: value.KindEnum, value.KindEnumValue: value.KindEnum,
		value.KindCell: value.KindUnquote, value.KindInternal: value.KindUnquote,
		value.KindUnset: value.KindVoid, value.KindInstance: value.KindUnquote,
	} {
		vm.classes[kind] = vm.classes[like]
	}
	vm.classes[value.KindInstance] = vm.object
	vm.arrayClass, vm.futureClass = vm.classes[value.KindArray], vm.classes[value.KindFuture]
	for name, t := range map[string]*value.Type{"Any": anyType, "Numeric": namedType("Numeric"), "Collection": namedType("Collection")} {
		vm.Globals.Set(value.Intern(name), t.Value())
	}
	vm.makeErrors()
	vm.makeResultAndOption()
	vm.generatorMethods()
	vm.iteratorMethods()
	vm.makeDollar()
}

// NewClass makes a class that is a global of its name.
func (vm *VM) NewClass(name string, parent *value.Class) *value.Class {
	if parent == nil {
		parent = vm.object
	}
	c := value.NewClass(name, parent)
	vm.Globals.Set(value.Intern(name), c.Value())
	vm.epoch++
	return c
}

// Object is the root of all classes.
func (vm *VM) Object() *value.Class { return vm.object }

func (vm *VM) makeErrors() {
	e := &vm.Errors
	e.Exception = vm.NewClass("Exception", vm.object)
	e.Exception.IsException = true
	e.Exception.Ctor = NewNative("ctor", func(vm *VM, args []value.Value) (value.Value, error) {
		if len(args) > 1 {
			args[0].AsInstance().Set(symMessage, args[1])
		}
		return args[0], nil
	}).Value()
	for _, c := range []struct {
		to     **value.Class
		name   string
		parent **value.Class
	}{
		{&e.Runtime, "RuntimeException", &e.Exception},
		{&e.Type, "TypeException", &e.Exception},
		{&e.Argument, "ArgumentException", &e.Exception},
		{&e.IO, "IOError", &e.Exception},
		{&e.Parse, "ParseException", &e.Exception},
		{&e.Compile, "CompileException", &e.Exception},
		{&e.Assertion, "AssertionException", &e.Exception},
		{&e.Network, "NetworkException", &e.Exception},
		{&e.Provider, "ProviderException", &e.Exception},
		{&e.Concurrency, "ConcurrencyException", &e.Exception},
		{&e.Timeout, "TimeoutException", &e.Concurrency},
		{&e.Cancellation, "CancellationException", &e.Concurrency},
		{&e.Thread, "ThreadException", &e.Concurrency},
	} {
		*c.to = vm.NewClass(c.name, *c.parent)
		(*c.to).IsException = true
	}
}

// makeDollar makes the $ names that every program has.
func (vm *VM) makeDollar() {
	args := make([]value.Value, len(vm.opts.Args))
	for i, a := range vm.opts.Args {
		args[i] = value.Str(a)
	}
	vm.Dollar.Set(value.Intern("args"), value.NewArray(args).Value())
	vm.Dollar.Set(value.Intern("program"), value.Str(vm.opts.Program))
	env := value.NewMap(len(vm.opts.Env))
	for _, kv := range vm.opts.Env {
		for i := 1; i < len(kv); i++ {
			if kv[i] == '=' {
				env.SetText(kv[:i], value.Str(kv[i+1:]))
				break
			}
		}
	}
	vm.Dollar.Set(value.Intern("env"), env.Value())
}

// Namespace gives the namespace of a path such as "gene/io", making what is
// missing. A first part other than gene and genex is a global of that name.
func (vm *VM) Namespace(path string) *value.Namespace {
	at := vm.Globals
	start := 0
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		part := path[start:i]
		start = i + 1
		if part == "gene" && at == vm.Globals {
			continue
		}
		name := value.Intern(part)
		if v, ok := at.Get(name); ok && v.Kind() == value.KindNamespace {
			at = v.AsNamespace()
			continue
		}
		n := value.NewNamespace(part, nil)
		at.Set(name, n.Value())
		at = n
	}
	return at
}
