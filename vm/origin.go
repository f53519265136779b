package vm

import (
	"path/filepath"
	"strings"

	"gene/value"
)

// Origin says where a value is defined: by a path from the globals on, or by
// one from the importable names of a module. That identifies it in another run
// of the program too.
func (vm *VM) Origin(v value.Value) (path, file string, ok bool) {
	s := originSearch{want: v, seen: map[*value.Namespace]bool{vm.Dollar: true}}
	if path, ok = s.in(vm.Globals, ""); ok {
		return path, "", true
	}
	for _, m := range vm.modules.byPath {
		for _, n := range m.all() {
			r, ok, err := m.get(vm, n)
			if err != nil || !ok {
				continue
			}
			if r == v {
				return n.Name, vm.modules.short(m), true
			}
			if r.Kind() == value.KindNamespace {
				if path, ok := s.in(r.AsNamespace(), n.Name+"/"); ok {
					return path, vm.modules.short(m), true
				}
			}
		}
	}
	return "", "", false
}

// originSearch looks for a value in namespaces.
type originSearch struct {
	want value.Value
	seen map[*value.Namespace]bool
}

// in finds a path below ns; prefix is where ns stands. Members come before
// what is deeper.
func (s *originSearch) in(ns *value.Namespace, prefix string) (string, bool) {
	if s.seen[ns] {
		return "", false
	}
	s.seen[ns] = true
	names := ns.Names()
	for _, n := range names {
		if v, _ := ns.Get(n); v == s.want && !strings.Contains(n.Name, "/") {
			return prefix + n.Name, true
		}
	}
	for _, n := range names {
		if v, _ := ns.Get(n); v.Kind() == value.KindNamespace {
			if path, ok := s.in(v.AsNamespace(), prefix+n.Name+"/"); ok {
				return path, true
			}
		}
	}
	return "", false
}

// FromOrigin finds what Origin has described and calls then with it; ok is
// false when there is nothing. A module that has not been loaded is loaded.
func (vm *VM) FromOrigin(path, file string, then func(v value.Value, ok bool) (value.Value, error)) (value.Value, error) {
	names := strings.Split(path, "/")
	if file == "" {
		return vm.ResolvePath(names, then)
	}
	return vm.moduleNamed(file, func(m *module) (value.Value, error) {
		if m == nil {
			return then(value.Value{}, false)
		}
		v, ok, err := m.get(vm, value.Intern(names[0]))
		if err != nil || !ok {
			return then(value.Value{}, false)
		}
		return vm.resolveFrom(v, names[1:], then)
	})
}

// moduleNamed finds a module by the name that Origin gives it.
func (vm *VM) moduleNamed(name string, then func(*module) (value.Value, error)) (value.Value, error) {
	find := func() *module {
		for _, m := range vm.modules.byPath {
			if vm.modules.short(m) == name {
				return m
			}
		}
		return nil
	}
	if m := find(); m != nil {
		return then(m)
	}
	from := name
	if !filepath.IsAbs(filepath.FromSlash(name)) {
		from = "./" + name
	}
	in := vm.moduleOf(vm.module)
	load := NewNative("import", func(vm *VM, args []value.Value) (value.Value, error) {
		return vm.importInto(in, []value.Value{value.Str(from), value.Nil, value.Nil, value.Arr()})
	})
	return vm.Invoke(load.Value(), nil, func(value.Value) (value.Value, error) { return then(find()) })
}
