package vm

import (
	"strings"

	"gene/compiler"
	"gene/value"
)

// scope is what the first name of an import is looked up in.
type scope interface {
	// get gives a member; an error says that it may not be imported.
	get(vm *VM, name *value.Symbol) (v value.Value, ok bool, err error)
	// all gives the names of an import of everything.
	all() []*value.Symbol
}

// get gives what importers see of a module under a name.
func (m *module) get(vm *VM, name *value.Symbol) (value.Value, bool, error) {
	if m.exports != nil {
		if !m.exports[name] {
			return value.Value{}, false, vm.importFailure(importErrorf(CodeExportMissing,
				"Cannot import '%s' from module with explicit exports", name.Name))
		}
		c := m.cell(name)
		return c.V, c.V.IsSet(), nil
	}
	v, ok := m.mod.NS.Get(name)
	return v, ok, nil
}

// all gives the importable names; those of every module (__is_main__) are not
// among them.
func (m *module) all() []*value.Symbol {
	var out []*value.Symbol
	if m.exports == nil {
		for _, n := range m.mod.NS.Names() {
			if !strings.HasPrefix(n.Name, "__") {
				out = append(out, n)
			}
		}
		return out
	}
	for n := range m.exports {
		out = append(out, n)
	}
	return out
}

// builtins are the roots that need no from.
type builtins map[*value.Symbol]value.Value

func (vm *VM) builtinScope() builtins {
	b := builtins{}
	for _, root := range []string{"gene", "genex", "global"} {
		name := value.Intern(root)
		b[name], _ = vm.Globals.Get(name)
	}
	return b
}

func (b builtins) get(_ *VM, name *value.Symbol) (value.Value, bool, error) {
	v, ok := b[name]
	return v, ok, nil
}

// all is not reached: the compiler refuses a bare * without from.
func (b builtins) all() []*value.Symbol { return nil }

// bindImports sets the cells that the items of an import name. All of them are
// found before the first is set.
func (vm *VM) bindImports(in *module, from scope, items []value.Value) error {
	type binding struct {
		name *value.Symbol
		val  value.Value
	}
	var found []binding
	for _, it := range items {
		names, alias := it.AsArray().Items[0].AsArray().Items, it.AsArray().Items[1]
		s, last, err := vm.importScope(from, names)
		if err != nil {
			return err
		}
		wanted := []*value.Symbol{last}
		if alias.IsNil() {
			wanted = s.all()
		}
		for _, name := range wanted {
			v, ok, err := s.get(vm, name)
			if err != nil {
				return err
			}
			if !ok {
				return vm.notInNamespace(s, names, name.Name)
			}
			if !alias.IsNil() {
				name = alias.AsSymbol()
			}
			found = append(found, binding{name, v})
		}
	}
	for _, b := range found {
		bindTop(in.mod, b.name, b.val)
	}
	return nil
}

// bindTop gives a top-level name its value; an import of everything may make
// the name.
func bindTop(m *compiler.Module, name *value.Symbol, v value.Value) {
	c := m.Cells[name]
	if c == nil {
		c = value.NewCell(name, v)
		m.Cells[name] = c
	}
	c.V = v
}

// importScope follows all names of an import but the last.
func (vm *VM) importScope(from scope, names []value.Value) (scope, *value.Symbol, error) {
	s := from
	for _, n := range names[:len(names)-1] {
		name := value.Intern(n.AsString())
		v, ok, err := s.get(vm, name)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			return nil, nil, vm.notInNamespace(s, names, name.Name)
		}
		switch v.Kind() {
		case value.KindNamespace, value.KindClass:
			s = members{namespaceOf(v)}
		default:
			return nil, nil, vm.Raise(vm.Errors.Exception, CodeImport, "'%s' is not a namespace", name.Name)
		}
	}
	return s, value.Intern(names[len(names)-1].AsString()), nil
}

// members is the scope that a namespace or class is.
type members struct{ ns *value.Namespace }

func (m members) get(_ *VM, name *value.Symbol) (value.Value, bool, error) {
	v, ok := m.ns.Get(name)
	return v, ok, nil
}

func (m members) all() []*value.Symbol { return m.ns.Names() }

func pathText(names []value.Value) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = n.AsString()
	}
	return strings.Join(parts, "/")
}

// notInNamespace is the error of a name that an import doesn't find.
func (vm *VM) notInNamespace(s scope, names []value.Value, name string) error {
	var there []string
	for _, n := range s.all() {
		there = append(there, n.Name)
	}
	hint := ""
	if near := suggestAmong(name, there); near != "" {
		hint = "did you mean " + near + "?"
	} else if m, ok := s.(*module); ok && m.mod.Cells[value.Intern(name)] != nil {
		hint = "it is local to its module: define it as /" + name + ", or export it"
	} else if root := names[0].AsString(); root == "gene" || root == "genex" {
		hint = "the library has no " + pathText(names)
	}
	return vm.RaiseHint(vm.Errors.Exception, CodeImport, hint, "Symbol '%s' not found in namespace", name)
}
