package compiler

import (
	"strings"

	"gene/value"
)

// genVar compiles var and let.
func (f *fn) genVar(g *value.Gene, d dest) {
	word := headName(g)
	if len(g.Children) == 0 {
		f.fail("%s requires a name", word)
	}
	let := word == "let"
	switch t := g.Children[0]; t.Kind() {
	case value.KindSymbol:
		f.varName(g, t.AsSymbol().Name, let, d)
	case value.KindPath:
		f.varPath(g, t.AsPath(), d)
	case value.KindArray, value.KindMap:
		f.varPattern(g, t, let, d)
	default:
		f.fail("Variable name must be a symbol, got %s", kindName(t))
	}
}

func (f *fn) varPattern(g *value.Gene, t value.Value, let bool, d dest) {
	if len(g.Children) < 2 {
		f.fail("%s: a pattern requires a value", headName(g))
	}
	mark, local := f.top, f.localTop
	r := f.alloc()
	f.kid(g, 1, dest(r))
	f.keep(r)
	f.adopted = false
	f.bindPattern(t, r, let)
	if !f.adopted {
		// All names had registers or cells already: the parts were temporary.
		f.localTop = local
	}
	f.release(mark)
	f.constant(value.Nil, d)
}

// varName compiles (var x v), (var x: T v) and (var $x v).
func (f *fn) varName(g *value.Gene, s string, let bool, d dest) {
	if strings.HasPrefix(s, "$") && len(s) > 1 {
		f.varDollar(g, s[1:], d)
		return
	}
	at := 1
	var typ value.Value
	if strings.HasSuffix(s, ":") && len(s) > 1 {
		s = s[:len(s)-1]
		if len(g.Children) < 2 {
			f.fail("%s: missing type of %s", headName(g), s)
		}
		typ = g.Children[1]
		at = 2
	}
	name := value.Intern(s)
	f.reserved(name, "variable")
	var spec *TypeSpec
	if typ.IsSet() && f.c.o.TypeCheck {
		spec = f.typeSpec(typ, "variable", false, nil)
	}
	gen := func(r int) {
		if at < len(g.Children) {
			f.kid(g, at, dest(r))
			if spec != nil {
				f.typeCheck(r, spec)
			}
		} else {
			f.emit(OpLoadNil, r, 0, 0, 0)
		}
		f.moveTo(r, d)
	}
	f.declare(name, gen)
	v := f.scope.vars[name]
	v.typ, v.let = spec, let
	if v.kind == varCell {
		if let {
			f.c.mod.Lets[name] = true
		} else {
			delete(f.c.mod.Lets, name)
		}
	}
	if typ.IsSet() {
		f.annotate(v, typ)
	} else if at < len(g.Children) {
		f.infer(v, g.Children[at])
	}
	f.tailOf(v, d)
}

func (f *fn) varDollar(g *value.Gene, name string, d dest) {
	mark := f.top
	r := f.alloc()
	if len(g.Children) > 1 {
		f.kid(g, 1, dest(r))
	} else {
		f.emit(OpLoadNil, r, 0, 0, 0)
	}
	ns := f.alloc()
	f.load(f.c.mod.Dollar.Value(), ns)
	f.emit(OpSetMember, ns, r, 0, f.site(name))
	f.resultOf(r, d)
	f.release(mark)
}

// varPath compiles (var /x v), (var $ns/x v) and (var a/b v).
func (f *fn) varPath(g *value.Gene, p *value.Path, d dest) {
	f.definePath(p, "var", d, func(r int) {
		if len(g.Children) > 1 {
			f.kid(g, 1, dest(r))
		} else {
			f.emit(OpLoadNil, r, 0, 0, 0)
		}
	})
}

// definePath binds the value that gen makes to a path: a member of the module,
// of the namespace or class whose body this is, or of what the path names.
func (f *fn) definePath(p *value.Path, word string, d dest, gen func(r int)) {
	parts := p.Parts
	if len(parts) == 2 && (parts[0] == "$ns" || parts[0] == "") {
		name := value.Intern(parts[1])
		b := f.scope.bodyVar()
		if parts[0] == "$ns" || b == nil && f.scope.module {
			f.topMember(name, word, d, gen)
			return
		}
		if b != nil {
			f.memberOf(b, name, word, d, gen)
			return
		}
	}
	mark := f.top
	r := f.alloc()
	segs := f.segments(p)
	base := f.container(segs)
	gen(r)
	f.setSegment(base, segs[len(segs)-1], len(segs), r)
	f.resultOf(r, d)
	f.release(mark)
}

// bodyVar gives the variable that holds the namespace or class whose body the
// code stands directly in, or nil.
func (s *scope) bodyVar() *variable {
	for f := s.fn; s != nil && s.fn == f; s = s.parent {
		if s.body != nil {
			return s.body
		}
	}
	return nil
}

// topMember defines a member of the module's namespace, which is a variable of
// the module as well.
func (f *fn) topMember(name *value.Symbol, word string, d dest, gen func(r int)) {
	v := f.c.root.vars[name]
	if v == nil || v.kind != varCell {
		v = f.c.topCell(name, word, true)
	}
	mark := f.top
	r := f.scratch(d)
	gen(r)
	f.emit(OpDefCell, r, 0, 0, f.k(v.cell.Value()))
	v.declared = true
	f.resultOf(r, d)
	f.release(mark)
}

// memberOf defines a member of a namespace or class in its body. Functions of
// the body reach it by its plain name.
func (f *fn) memberOf(b *variable, name *value.Symbol, word string, d dest, gen func(r int)) {
	f.scope.set(name, &variable{name: name, kind: varMember, fn: b.fn, base: b, isVar: word == "var", declared: true})
	mark := f.top
	r := f.scratch(d)
	gen(r)
	base := f.varOperand(b)
	f.emit(OpSetMember, base, r, 0, f.site(name.Name))
	f.resultOf(r, d)
	f.release(mark)
}

// genAssign compiles (target = v) and (target op= v).
func (f *fn) genAssign(g *value.Gene, op string, d dest) {
	if len(g.Children) < 2 {
		f.fail("%s requires a value", op)
	}
	switch t := g.Type; t.Kind() {
	case value.KindSymbol:
		f.assignName(g, t.AsSymbol(), op, d)
	case value.KindPath:
		f.assignPath(g, t.AsPath(), op, d)
	case value.KindArray, value.KindMap:
		f.fail("destructuring assignment has been removed; use (var pattern value) or assign the names one by one")
	default:
		f.fail("cannot assign to %s", formText(t))
	}
}

func (f *fn) assignName(g *value.Gene, name *value.Symbol, op string, d dest) {
	s := name.Name
	if len(s) > 1 && (s[0] == '$' || s[0] == '@') {
		f.fail("cannot assign to %s; define it once with (var %s value)", s, s)
	}
	f.reserved(name, "variable")
	v := f.lookup(name)
	switch {
	case v != nil && v.let, v == nil && f.c.mod.Lets[name]:
		f.fail("Cannot reassign 'let' binding '%s'", s)
	case v == nil:
		v = f.freeName(name, op)
	}
	if r := f.local(v); r >= 0 && v.typ == nil {
		f.assignLocal(g, v, r, op)
		f.resultOf(r, d)
		return
	}
	mark := f.top
	r := f.scratch(d)
	f.newValue(g, op, r, func(t int) { f.readVar(v, t) })
	if v.typ != nil {
		f.typeCheck(r, v.typ)
	}
	f.writeVar(v, r)
	f.resultOf(r, d)
	f.release(mark)
}

// freeName gives the variable of the module that an assignment to a name that
// is not visible creates.
func (f *fn) freeName(name *value.Symbol, op string) *variable {
	if v := f.lateTop(name); v != nil {
		return v
	}
	if op != "=" || f.c.mod.Cells[name] != nil {
		cell := f.c.mod.Cells[name]
		if cell == nil {
			cell = f.c.global(name)
		}
		return &variable{name: name, kind: varCell, cell: cell}
	}
	return f.c.topCell(name, "=", true)
}

// assignLocal assigns a variable that lives in a register.
func (f *fn) assignLocal(g *value.Gene, v *variable, r int, op string) {
	if op == "=" {
		f.asOperand(func() { f.kid(g, 1, dest(r)) })
		return
	}
	f.asOperand(func() { f.gen(f.augmented(g, op, v.name.Value(), headPos(g)), dest(r)) })
}

// augmented makes (target op value) of (target op= value).
func (f *fn) augmented(g *value.Gene, op string, target value.Value, pos value.Pos) value.Value {
	return prefixGene(g, op[:len(op)-1], target, pos, g.Children[1], kidPos(g, 1))
}

// newValue puts the value that an assignment stores into r; read gives the old
// one.
func (f *fn) newValue(g *value.Gene, op string, r int, read func(t int)) {
	if op == "=" {
		f.asOperand(func() { f.kid(g, 1, dest(r)) })
		return
	}
	mark := f.top
	old := f.alloc()
	read(old)
	f.combine(g, op, r, old)
	f.release(mark)
}

// combine puts old op value into r.
func (f *fn) combine(g *value.Gene, op string, r, old int) {
	b := g.Children[1]
	name := op[:len(op)-1]
	if smallInt(b) {
		imm := map[string]Op{"+": OpAddI, "-": OpSubI, "*": OpMulI}[name]
		if name == "%" && b.AsInt() != 0 {
			imm = OpModI
		}
		if imm != OpInvalid {
			f.emit(imm, r, old, 0, int(b.AsInt()))
			return
		}
	}
	if k := constOps[name]; k != OpInvalid && isNumber(b) {
		f.emit(k, r, old, 0, f.k(b))
		return
	}
	v := f.kidOperand(g, 1)
	f.emit(binaryOps[name], r, old, v, 0)
}
