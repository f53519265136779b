package main

import (
	"slices"
	"strings"

	"gene/value"
	"gene/vm"
)

// docKind is what an entry describes.
type docKind uint8

const (
	docForm docKind = iota
	docNamespace
	docClass
	docFunction
	docMethod
	docValue
)

func (k docKind) title(e *docEntry) string {
	switch k {
	case docForm:
		return "special form"
	case docNamespace:
		return "namespace"
	case docClass:
		if e.class.IsException {
			return "exception"
		}
		return "class"
	case docFunction:
		return "function"
	case docMethod:
		return "method"
	}
	return value.TypeName(e.value)
}

// docEntry is the help for one name.
type docEntry struct {
	name  string // math/sqrt, String.trim
	kind  docKind
	doc   string
	class *value.Class // of a class
	value value.Value
}

// docs is the help of a machine's library.
type docs struct {
	entries []*docEntry // sorted by name
	seen    map[*value.Namespace]bool
}

// collectDocs walks through everything that programs can name.
func collectDocs(m *vm.VM) (*docs, error) {
	session := m.NewSession("<doc>")
	for _, path := range m.Builtins() {
		if !strings.HasPrefix(path, "%") {
			if _, err := session.Eval(path); err != nil { // made at the first use
				return nil, err
			}
		}
	}
	d := &docs{seen: map[*value.Namespace]bool{}}
	for name, doc := range formDocs {
		d.add(&docEntry{name: name, kind: docForm, doc: doc})
	}
	d.seen[m.Dollar] = true
	d.namespace("", m.Globals)
	d.dollar(m.Dollar)
	slices.SortFunc(d.entries, func(a, b *docEntry) int { return strings.Compare(a.name, b.name) })
	return d, nil
}

func (d *docs) add(e *docEntry) { d.entries = append(d.entries, e) }

// private tells whether a name is none for programs.
func private(name string) bool {
	return name == "" || name[0] == '%' || strings.HasPrefix(name, "__")
}

// namespace adds the members of a namespace; path ends in a slash or is empty.
func (d *docs) namespace(path string, ns *value.Namespace) {
	if d.seen[ns] {
		return
	}
	d.seen[ns] = true
	for _, name := range ns.Names() {
		v, ok := ns.Get(name)
		if !ok || private(name.Name) {
			continue
		}
		d.member(path+name.Name, v)
	}
}

func (d *docs) member(name string, v value.Value) {
	switch v.Kind() {
	case value.KindNamespace:
		if !d.seen[v.AsNamespace()] {
			d.add(&docEntry{name: name, kind: docNamespace, doc: namespaceDocs[name], value: v})
			d.namespace(name+"/", v.AsNamespace())
		}
	case value.KindClass:
		d.class(name, v.AsClass())
	case value.KindNative, value.KindFunction:
		d.add(&docEntry{name: name, kind: docFunction, doc: docOf(v), value: v})
	default:
		d.add(&docEntry{name: name, kind: docValue, value: v})
	}
}

// dollar adds the names that begin with $.
func (d *docs) dollar(ns *value.Namespace) {
	for _, name := range ns.Names() {
		if v, ok := ns.Get(name); ok && v.IsSet() && !private(name.Name) && formDocs["$"+name.Name] == "" {
			e := &docEntry{name: "$" + name.Name, kind: docValue, doc: dollarDocs[name.Name], value: v}
			if v.Kind() == value.KindNative || v.Kind() == value.KindFunction {
				e.kind, e.doc = docFunction, docOf(v)
			}
			d.add(e)
		}
	}
}

// class adds a class with its methods and members.
func (d *docs) class(name string, c *value.Class) {
	d.add(&docEntry{name: name, kind: docClass, doc: classDocs[name], class: c, value: c.Value()})
	for sym, method := range c.Methods {
		if !private(sym.Name) {
			d.add(&docEntry{name: name + "." + sym.Name, kind: docMethod, doc: docOf(method), value: method})
		}
	}
	if c.Members != nil {
		d.namespace(name+"/", c.Members)
	}
}

// docOf gives the help that stands beside a function.
func docOf(v value.Value) string {
	switch v.Kind() {
	case value.KindNative:
		return (*vm.Native)(v.P).Doc
	case value.KindFunction:
		return (*vm.Function)(v.P).Proto.Intent
	}
	return ""
}

// find gives the entry of a name; a method may be one of a class above.
func (d *docs) find(name string) *docEntry {
	name = strings.TrimPrefix(name, "gene/")
	if e := d.named(name); e != nil {
		return e
	}
	kind, method, ok := strings.Cut(name, ".")
	if !ok {
		return nil
	}
	e := d.named(kind)
	if e == nil || e.kind != docClass {
		return nil
	}
	for c := e.class.Parent; c != nil; c = c.Parent {
		if e := d.named(c.Name + "." + method); e != nil {
			return e
		}
	}
	return nil
}

func (d *docs) named(name string) *docEntry {
	n, found := slices.BinarySearchFunc(d.entries, name, func(e *docEntry, name string) int { return strings.Compare(e.name, name) })
	if !found {
		return nil
	}
	return d.entries[n]
}
