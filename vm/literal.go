package vm

import (
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// array4 keeps an array and up to four elements in one allocation.
type array4 struct {
	value.Array
	store [4]value.Value
}

// newArray makes an array with a copy of vs.
func newArray(vs []value.Value) value.Value {
	n := len(vs)
	if n == 0 || n > 4 {
		return value.NewArray(append([]value.Value(nil), vs...)).Value()
	}
	a := &array4{}
	a.Kind = value.KindArray
	a.Items = a.store[:n:4]
	copy(a.Items, vs)
	return a.Array.Value()
}

func newMap(keys []*value.Symbol, f *frame, b int) value.Value {
	m := value.NewMap(len(keys))
	for i, k := range keys {
		m.Set(k, f.ra[uint8(b+i)])
	}
	return m.Value()
}

func newGene(typ, props, children value.Value) value.Value {
	var m *value.Map
	if props.Kind() == value.KindMap && props.AsMap().Len() > 0 {
		m = props.AsMap()
	}
	return value.NewGene(typ, m, children.AsArray().Items).Value()
}

func (vm *VM) spreadArray(a *value.Array, v value.Value) error {
	switch v.Kind() {
	case value.KindArray:
		a.Items = append(a.Items, v.AsArray().Items...)
		return nil
	case value.KindNil:
		return nil
	}
	return vm.Raise(vm.Errors.Exception, CodeRuntime, "... can only spread arrays in array context, got %s", value.TypeName(v))
}

func (vm *VM) spreadMap(m *value.Map, v value.Value) error {
	switch v.Kind() {
	case value.KindMap:
		for _, e := range v.AsMap().Entries() {
			if e.Key != nil {
				m.Set(e.Key, e.Val)
			}
		}
		return nil
	case value.KindNil:
		return nil
	}
	return vm.Raise(vm.Errors.Exception, CodeRuntime, "... can only spread maps in map context, got %s", value.TypeName(v))
}

// newHashMap makes {{…}} through the class's constructor, which knows about
// keys with a hash of their own.
func (vm *VM) newHashMap(f *frame, a int, items []value.Value) error {
	if len(items)%2 != 0 {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "HashMap literals expect alternating key/value entries")
	}
	c := vm.classes[value.KindHashMap]
	if c.Ctor.IsSet() {
		return vm.callArgs(c.Ctor, f.sub(a), append([]value.Value{c.Value()}, items...), nil)
	}
	h := value.NewHashMap(len(items) / 2)
	for i := 0; i < len(items); i += 2 {
		if !h.Set(items[i], items[i+1]) {
			return vm.Raise(vm.Errors.Exception, CodeRuntime, "Key is not hashable for HashMap: %s", value.TypeName(items[i]))
		}
	}
	f.ra[a] = h.Value()
	return nil
}

// copyLiteral copies the mutable parts of a quoted literal, so that a program
// that changes one does not change its own code. A hash-map form becomes a hash
// map.
func copyLiteral(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindArray:
		a := value.NewArray(copyLiterals(v.AsArray().Items))
		a.Flags = v.AsArray().Flags
		return a.Value()
	case value.KindMap:
		m := copyMap(v.AsMap())
		m.Flags = v.AsMap().Flags
		return m.Value()
	case value.KindGene:
		g := v.AsGene()
		if g.Type.Kind() == value.KindSymbol && g.Type.AsSymbol() == symHashForm && len(g.Children)%2 == 0 {
			if h := copyHashForm(g); h != nil {
				return h.Value()
			}
		}
		c := value.NewGene(copyLiteral(g.Type), nil, copyLiterals(g.Children))
		if g.Props != nil {
			c.Props = copyMap(g.Props)
		}
		c.Flags, c.Loc = g.Flags, g.Loc
		return c.Value()
	case value.KindUnquote:
		u := v.AsUnquote()
		return value.NewUnquote(copyLiteral(u.Form), u.Discard).Value()
	}
	return v
}

func copyLiterals(vs []value.Value) []value.Value {
	out := make([]value.Value, len(vs))
	for i, v := range vs {
		out[i] = copyLiteral(v)
	}
	return out
}

func copyMap(m *value.Map) *value.Map {
	c := value.NewMap(m.Len())
	for _, e := range m.Entries() {
		if e.Key != nil {
			c.Set(e.Key, copyLiteral(e.Val))
		}
	}
	return c
}

func copyHashForm(g *value.Gene) *value.HashMap {
	h := value.NewHashMap(len(g.Children) / 2)
	for i := 0; i < len(g.Children); i += 2 {
		if !h.Set(copyLiteral(g.Children[i]), copyLiteral(g.Children[i+1])) {
			return nil
		}
	}
	h.Flags |= g.Flags & value.FlagSealed
	return h
}

// makeClosure makes a function of the running function's proto p, capturing
// variables as the proto says.
func (f *frame) makeClosure(p *compiler.Proto) *Function {
	if len(p.Upvals) == 0 && !p.UsesHome && p.Flags&compiler.FlagMethod == 0 {
		if !p.Closure.IsSet() {
			p.Closure = newFunction(p).Value()
		}
		return asFunction(p.Closure)
	}
	c := newFunction(p)
	for i, u := range p.Upvals {
		if u.FromReg {
			*c.up(i) = f.ra[u.Index]
		} else {
			*c.up(i) = *f.fn.up(int(u.Index))
		}
	}
	if p.UsesHome {
		c.home = f.fn.home
	}
	return c
}

// env is the variables visible at an eval, $render or macro call: the cells of
// scope.Vars, then self and the macro's own environment where it says so.
type env struct {
	value.Header
	scope *compiler.Scope
	cells []value.Value
	home  *value.Class
}

func (f *frame) makeEnv(s *compiler.Scope) value.Value {
	e := &env{Header: value.Header{Kind: value.KindInternal}, scope: s, home: f.fn.home}
	e.cells = make([]value.Value, 0, len(s.Vars)+2)
	get := func(v compiler.Var) value.Value {
		if v.FromReg {
			return f.ra[v.Index]
		}
		return *f.fn.up(int(v.Index))
	}
	for _, v := range s.Vars {
		e.cells = append(e.cells, get(v))
	}
	if s.HasSelf {
		e.cells = append(e.cells, get(s.Self))
	}
	if s.HasCaller {
		e.cells = append(e.cells, get(s.Caller))
	}
	return value.Obj(unsafe.Pointer(e))
}
