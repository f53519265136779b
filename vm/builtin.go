package vm

import (
	"gene/compiler"
	"gene/value"
)

// Builtin is a namespace of the library that is made when a program first uses
// it, so that programs that don't use it pay nothing for it at start-up.
type Builtin struct {
	// Load defines the natives; nil when there are none.
	Load func(ns *value.Namespace) error
	// Source is the part written in Gene, with its name in messages. It sees
	// what Load has defined by bare names, and its own definitions become
	// members of the namespace, except for those that begin with %.
	Source []byte
	Name   string
}

// RegisterBuiltin makes a namespace, such as genex/test, known. It is a member
// of the one above from its first use on.
func (vm *VM) RegisterBuiltin(path string, b Builtin) {
	vm.builtins = append(vm.builtins, path)
	above, last := vm.Globals, path
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			above, last = vm.Namespace(path[:i]), path[i+1:]
			break
		}
	}
	name := value.Intern(last)
	above.Hooks = append(above.Hooks, NewNative("load", func(vm *VM, args []value.Value) (value.Value, error) {
		if args[0].AsString() != last {
			return value.Nil, nil
		}
		return vm.loadBuiltin(last, b, func(ns *value.Namespace) (value.Value, error) {
			if v, ok := above.Get(name); ok {
				return v, nil // another task has made it meanwhile
			}
			return ns.Value(), nil
		})
	}).Value())
}

// Builtins gives the paths of the namespaces that are made at their first use.
func (vm *VM) Builtins() []string { return vm.builtins }

// loadBuiltin makes the namespace, runs its Gene part and calls done.
func (vm *VM) loadBuiltin(name string, b Builtin, done func(*value.Namespace) (value.Value, error)) (value.Value, error) {
	ns := value.NewNamespace(name, nil)
	if b.Load != nil {
		if err := b.Load(ns); err != nil {
			return value.Value{}, err
		}
		vm.epoch++
	}
	if b.Source == nil {
		return done(ns)
	}
	m := vm.NewModule(b.Name, false)
	for _, n := range ns.Names() {
		m.Cells[n] = ns.Cell(n)
	}
	p, err := vm.compileText(m, string(b.Source), compiler.Options{Prelude: true})
	delete(vm.sources, b.Name)
	if err != nil {
		return value.Value{}, err
	}
	return vm.Invoke(newFunction(p).Value(), nil, func(value.Value) (value.Value, error) {
		for _, n := range m.NS.Names() {
			if n.Name[0] != '%' && (len(n.Name) < 2 || n.Name[:2] != "__") {
				ns.Bind(n, m.NS.Cell(n))
			}
		}
		vm.epoch++
		return done(ns)
	})
}

// ResolvePath looks up a path from the globals on, genex/html/tags for instance,
// making the namespaces that are made at first use, and calls then with what
// is there; ok is false when nothing is.
func (vm *VM) ResolvePath(path []string, then func(v value.Value, ok bool) (value.Value, error)) (value.Value, error) {
	return vm.resolveFrom(vm.Globals.Value(), path, then)
}

func (vm *VM) resolveFrom(at value.Value, path []string, then func(v value.Value, ok bool) (value.Value, error)) (value.Value, error) {
	for len(path) > 0 {
		seg := value.Intern(path[0])
		r, hook := vm.Member(at, seg.Value())
		if hook {
			rest := path[1:]
			ask := NewNative("member", func(vm *VM, args []value.Value) (value.Value, error) {
				return vm.askHooks(args[0], args[1].AsSymbol(), 0)
			})
			return vm.Invoke(ask.Value(), []value.Value{at, seg.Value()}, func(r value.Value) (value.Value, error) {
				if r.IsVoid() {
					return then(r, false)
				}
				return vm.resolveFrom(r, rest, then)
			})
		}
		if r.IsVoid() {
			return then(r, false)
		}
		at, path = r, path[1:]
	}
	return then(at, true)
}

// loadBuiltins makes the namespaces that the items of an import name.
func (vm *VM) loadBuiltins(items []value.Value, then func() (value.Value, error)) (value.Value, error) {
	if len(items) == 0 {
		return then()
	}
	var path []string
	for _, n := range items[0].AsArray().Items[0].AsArray().Items {
		path = append(path, n.AsString())
	}
	return vm.ResolvePath(path, func(value.Value, bool) (value.Value, error) {
		return vm.loadBuiltins(items[1:], then)
	})
}
