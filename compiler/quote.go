package compiler

import (
	"strings"

	"gene/value"
)

// genQuote compiles `form: the form as data, a fresh copy when it can change.
func (f *fn) genQuote(v value.Value, d dest) {
	switch v.Kind() {
	case value.KindArray, value.KindMap, value.KindGene, value.KindUnquote:
		f.into(d, func(r int) { f.emit(OpCopyK, r, 0, 0, f.add(v)) })
	default:
		f.constant(v, d)
	}
}

// genEval compiles (eval form…).
func (f *fn) genEval(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.constant(value.Nil, d)
		return
	}
	for i := range g.Children {
		to := dstDrop
		if i == len(g.Children)-1 {
			to = d
		}
		f.evalIn(OpEval, to, func(r int) { f.asOperand(func() { f.kid(g, i, dest(r)) }) }, f.env)
	}
}

// evalIn emits an opcode that takes a window, an environment and a form; the
// form is evaluated first.
func (f *fn) evalIn(op Op, d dest, form, env func(r int)) {
	mark := f.top
	w := f.window(d)
	e, r := f.alloc(), f.alloc()
	form(r)
	env(e)
	f.emit(op, w, e, r, 0)
	f.resultOf(w, d)
	f.release(mark)
}

// genCallerEval compiles ($caller_eval form).
func (f *fn) genCallerEval(g *value.Gene, d dest) {
	if len(g.Children) != 1 {
		f.fail("$caller_eval expects exactly 1 argument")
	}
	f.evalIn(OpEval, d, func(r int) { f.asOperand(func() { f.kid(g, 0, dest(r)) }) }, func(r int) {
		if v := f.lookup(symCaller); v != nil {
			f.readVar(v, r)
		} else {
			f.emit(OpLoadNil, r, 0, 0, 0)
		}
	})
}

// genRender compiles ($render template). A literal template becomes the code
// that constructs it.
func (f *fn) genRender(g *value.Gene, d dest) {
	if len(g.Children) != 1 {
		f.fail("$render expects exactly 1 argument")
	}
	if q := quoted(g.Children[0]); q != nil {
		f.template(q.Children[0], d)
		return
	}
	f.evalIn(OpRender, d, func(r int) { f.asOperand(func() { f.kid(g, 0, dest(r)) }) }, f.env)
}

// hasUnquote tells whether a template needs any work.
func hasUnquote(v value.Value) bool {
	switch v.Kind() {
	case value.KindUnquote:
		return true
	case value.KindArray:
		return anyUnquote(v.AsArray().Items)
	case value.KindMap:
		return mapUnquote(v.AsMap())
	case value.KindGene:
		g := v.AsGene()
		return hasUnquote(g.Type) || mapUnquote(g.Props) || anyUnquote(g.Children)
	}
	return false
}

func anyUnquote(vs []value.Value) bool {
	for _, v := range vs {
		if hasUnquote(v) {
			return true
		}
	}
	return false
}

func mapUnquote(m *value.Map) bool {
	for _, e := range m.Entries() {
		if e.Key != nil && hasUnquote(e.Val) {
			return true
		}
	}
	return false
}

// template compiles the construction of a template's value.
func (f *fn) template(v value.Value, d dest) {
	if !hasUnquote(v) {
		f.genQuote(v, d)
		return
	}
	if f.c.depth++; f.c.depth > nestingMax {
		f.fail("forms are nested too deeply (limit %d)", nestingMax)
	}
	mark := f.top
	switch v.Kind() {
	case value.KindUnquote:
		f.gen(v.AsUnquote().Form, d)
	case value.KindArray:
		r := f.scratch(d)
		f.templateArray(v.AsArray().Items, r)
		f.sealAs(v.Header().Flags, r)
		f.resultOf(r, d)
	case value.KindMap:
		r := f.scratch(d)
		f.templateMap(v.AsMap(), r)
		f.sealAs(v.Header().Flags, r)
		f.resultOf(r, d)
	case value.KindGene:
		f.templateGene(v.AsGene(), d)
	}
	f.release(mark)
	f.c.depth--
}

func (f *fn) sealAs(flags uint8, r int) {
	if flags&value.FlagSealed != 0 {
		f.emit(OpSeal, r, 0, 0, 0)
	}
}

func (f *fn) templateGene(g *value.Gene, d dest) {
	r := f.scratch(d)
	b := f.allocN(3)
	f.template(g.Type, dest(b))
	if g.Props.Len() == 0 {
		f.emit(OpLoadNil, b+1, 0, 0, 0)
	} else {
		f.templateMap(g.Props, b+1)
	}
	f.templateArray(g.Children, b+2)
	f.emit(OpNewGene, r, b, 0, 0)
	f.sealAs(g.Flags, r)
	f.resultOf(r, d)
}

func (f *fn) templateMap(m *value.Map, r int) {
	f.emit(OpNewMap, r, r, 0, f.add((&KeyList{Header: value.Header{Kind: value.KindInternal}}).Value()))
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		mark := f.top
		t := f.alloc()
		f.template(e.Val, dest(t))
		f.emit(OpMapSet, r, t, 0, f.k(e.Key.Value()))
		f.release(mark)
	}
}

// templateArray renders elements: %_form is dropped, %xs... spliced.
func (f *fn) templateArray(vs []value.Value, r int) {
	f.emit(OpNewArray, r, r, 0, 0)
	for _, v := range vs {
		mark := f.top
		t := f.alloc()
		if v.Kind() == value.KindUnquote {
			u := v.AsUnquote()
			if s, ok := spreadName(u.Form); ok {
				f.gen(s, dest(t))
				f.emit(OpArraySpread, r, t, 0, 0)
				f.release(mark)
				continue
			}
			f.gen(u.Form, dest(t))
			if u.Discard {
				f.release(mark)
				continue
			}
		} else {
			f.template(v, dest(t))
		}
		f.emit(OpArrayPush, r, t, 1, 0)
		f.release(mark)
	}
}

// genWith compiles ($with obj form…).
func (f *fn) genWith(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("$with requires an object")
	}
	mark := f.top
	out := d
	if d == dstTail || d >= 0 && int(d) < f.localTop {
		out = dest(f.alloc())
	}
	f.withSelf(g, nil, 1, out)
	if out != dstDrop {
		f.resultOf(int(out), d)
	}
	f.release(mark)
}

// withSelf compiles the forms of g from index from with self being child 0.
func (f *fn) withSelf(g *value.Gene, name *value.Symbol, from int, d dest) (self int) {
	r := f.alloc()
	f.kid(g, 0, dest(r))
	f.push()
	f.keep(r)
	f.scope.set(symSelf, &variable{name: symSelf, kind: varReg, fn: f, reg: r, declared: true, start: f.here()})
	if name != nil {
		f.declare(name, func(t int) { f.emit(OpMove, t, r, 0, 0) })
	}
	vs, pos := rest(g, from)
	f.body(vs, pos, d)
	f.pop()
	f.release(r)
	return r
}

// genTap compiles ($tap obj form…) and ($tap obj :name form…).
func (f *fn) genTap(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("$tap requires an object")
	}
	var name *value.Symbol
	from := 1
	if s := childName(g, 1); len(s) > 1 && strings.HasPrefix(s, ":") {
		name, from = value.Intern(s[1:]), 2
	}
	mark := f.top
	r := f.withSelf(g, name, from, dstDrop)
	f.top = max(f.top, r+1)
	f.resultOf(r, d)
	f.release(mark)
}

// genIfMain compiles ($if_main form…): whether this is the main module is
// known now.
func (f *fn) genIfMain(g *value.Gene, d dest) {
	if !f.c.mod.Main {
		f.constant(value.Nil, d)
		return
	}
	vs, pos := rest(g, 0)
	f.sequence(vs, pos, d, false)
}
