package compiler

import (
	"unsafe"

	"gene/value"
)

func ptrOf[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }

// bindPattern destructures the value of register src.
func (f *fn) bindPattern(pat value.Value, src int, let bool) {
	if pat.Kind() == value.KindArray {
		f.bindArrayPattern(pat.AsArray(), src, let)
		return
	}
	f.bindMapPattern(pat.AsMap(), src, let)
}

// bindMapPattern compiles {^key name …}.
func (f *fn) bindMapPattern(m *value.Map, src int, let bool) {
	for i, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		if e.Val.Kind() != value.KindSymbol || isSpreadKey(e.Key) {
			f.fail("Unsupported map destructuring pattern: expected symbol bindings")
		}
		name := e.Val.AsSymbol()
		f.reserved(name, "variable")
		if name == symAny {
			continue
		}
		old := f.pos
		if p := f.c.posIn(ptrOf(m), i); p.Line != 0 {
			f.pos = p
		}
		f.declare(name, func(r int) { f.emit(OpGetMember, r, src, 0, f.site(e.Key.Name)) })
		f.setLet(name, let)
		f.pos = old
	}
}

// bindArrayPattern compiles [a b = default rest… ^key]: the rules of parameter
// lists, applied to the parts of a value.
func (f *fn) bindArrayPattern(a *value.Array, src int, let bool) {
	pos := func(i int) value.Pos { return f.c.posIn(ptrOf(a), i) }
	list := f.paramList(a.Items, pos, true)
	pat := &Pattern{Header: value.Header{Kind: value.KindInternal}}
	for _, p := range list {
		name := p.name
		if name == nil {
			name = symAny
		}
		f.reserved(name, "variable")
		pat.Params = append(pat.Params, Param{Name: name, Kind: p.kind})
	}
	first := f.allocN(len(list))
	if len(list) == 0 {
		first = f.alloc()
	}
	f.keep(f.top - 1)
	f.emit(OpUnpack, first, src, 0, f.add(pat.Value()))
	for i, p := range list {
		if p.def.IsSet() {
			f.setDefault(p, first+i)
		}
		switch {
		case p.pattern.IsSet():
			f.bindArrayPattern(p.pattern.AsArray(), first+i, let)
		case p.name != symAny:
			f.bindSlot(p.name, first+i)
			f.setLet(p.name, let)
		}
	}
}

// bindSlot makes a variable of a value in a register that is kept.
func (f *fn) bindSlot(name *value.Symbol, r int) {
	if f.scope.module || len(f.scope.reservedFor(name)) > 0 {
		f.declare(name, func(t int) { f.emit(OpMove, t, r, 0, 0) })
		return
	}
	top := f.top
	f.declareReg(name, r)
	f.top = max(f.top, top)
}

func (f *fn) setLet(name *value.Symbol, let bool) {
	v := f.scope.vars[name]
	if v == nil || !let {
		return
	}
	v.let = true
	if v.kind == varCell {
		f.c.mod.Lets[name] = true
	}
}
