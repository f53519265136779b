package compiler

import (
	"strings"

	"gene/value"
)

// whenClause is one when of a case.
type whenClause struct {
	value    int // index of the value, -1 for else
	from, to int
}

func (f *fn) whenClauses(g *value.Gene) []whenClause {
	if len(g.Children) == 0 || childName(g, 0) == "when" || childName(g, 0) == "else" {
		f.fail("case: missing target expression")
	}
	var out []whenClause
	for i := 1; i < len(g.Children); {
		w := whenClause{value: -1, from: i + 1}
		switch childName(g, i) {
		case "when":
			if i+1 >= len(g.Children) || childName(g, i+1) == "when" || childName(g, i+1) == "else" {
				f.fail("case: missing value after 'when'")
			}
			w.value, w.from = i+1, i+2
		case "else":
			w.to = len(g.Children)
			return append(out, w)
		default:
			f.fail("case: expected 'when' or 'else', got: %s", formText(g.Children[i]))
		}
		for i = w.from; i < len(g.Children) && childName(g, i) != "when" && childName(g, i) != "else"; i++ {
		}
		w.to = i
		out = append(out, w)
	}
	return out
}

// genCase compiles case: a chain of comparisons and variant tests.
func (f *fn) genCase(g *value.Gene, d dest) {
	clauses := f.whenClauses(g)
	mark := f.top
	out := d
	if d >= 0 && int(d) < f.localTop {
		out = dest(f.alloc())
	}
	target := f.kidOperand(g, 0)
	enum := f.caseEnum(g.Children[0])
	var end label
	open := true
	for _, w := range clauses {
		var next label
		f.push()
		if w.value >= 0 {
			open = f.whenTest(g, w, target, enum, &next)
		} else {
			open = false
		}
		vs := g.Children[w.from:w.to]
		f.body(vs, func(i int) value.Pos { return kidPos(g, w.from+i) }, out)
		f.pop()
		if out != dstTail {
			f.jump(OpJmp, 0, 0, 0, &end)
		}
		f.place(&next)
		if !open {
			break
		}
	}
	if open {
		f.constant(value.Nil, out)
	}
	f.place(&end)
	if out != d {
		f.resultOf(int(out), d)
	}
	f.release(mark)
}

// caseEnum gives the enum that the target of a case is known to be of.
func (f *fn) caseEnum(v value.Value) *enumInfo {
	if v.Kind() == value.KindSymbol {
		if x := f.lookup(v.AsSymbol()); x != nil {
			return x.enum
		}
	}
	return nil
}

// whenTest goes on when the target fits and to next when not; it gives false
// when everything fits.
func (f *fn) whenTest(g *value.Gene, w whenClause, target int, enum *enumInfo, next *label) bool {
	v := g.Children[w.value]
	if symName(v) == "_" {
		return false
	}
	old := f.pos
	if p := kidPos(g, w.value); p.Line != 0 {
		f.pos = p
	}
	if p := f.variantPattern(v, enum); p != nil {
		f.variantTest(p, target, next)
	} else {
		f.equalTest(v, target, next)
	}
	f.pos = old
	return true
}

func (f *fn) equalTest(v value.Value, target int, next *label) {
	if v.Kind() == value.KindInt || isAtom(v) {
		c := prefixGene(value.NewGene(value.Nil, nil, nil), "==", value.Nil, value.Pos{}, v, value.Pos{}).AsGene()
		f.compareReg(target, c.Children[1], next)
		return
	}
	mark := f.top
	r := f.operandAt(value.Pos{}, v)
	f.jump(OpEqJF, target, r, 0, next)
	f.release(mark)
}

// compareReg jumps unless a register equals a literal.
func (f *fn) compareReg(r int, v value.Value, next *label) {
	if v.IsInt() && v.AsInt() >= -1<<15 && v.AsInt() < 1<<15 {
		f.jumpS(OpEqIJF, r, v.AsInt(), next)
		return
	}
	if k := f.k(v); k < 1<<16 {
		f.jump(OpEqKJF, r, k&255, k>>8, next)
		return
	}
	mark := f.top
	t := f.alloc()
	f.load(v, t)
	f.jump(OpEqJF, r, t, 0, next)
	f.release(mark)
}

// variantPat is an enum pattern: how to get the variant, and its binders.
type variantPat struct {
	form    value.Value // path or symbol of the variant
	label   string      // as in messages: E/V
	builtin string      // Ok, Err, Some, None
	enum    *enumInfo   // nil when not known
	variant *variantInfo
	binders []value.Value
	gene    bool
}

// variantPattern reads a when value as an enum pattern; nil when it is an
// expression (6.4).
func (f *fn) variantPattern(v value.Value, known *enumInfo) *variantPat {
	head := v
	p := &variantPat{}
	if v.Kind() == value.KindGene {
		g := v.AsGene()
		if g.Props.Len() > 0 || len(g.Children) > 0 && (isInfixOp(g.Children[0]) || strings.HasPrefix(childName(g, 0), ".")) {
			return nil
		}
		head, p.binders, p.gene = g.Type, g.Children, true
	}
	p.form, p.label = head, formText(head)
	switch head.Kind() {
	case value.KindPath:
		return f.pathVariant(p, head.AsPath().Parts)
	case value.KindSymbol:
		return f.nameVariant(p, head.AsSymbol(), known)
	}
	return nil
}

func (f *fn) pathVariant(p *variantPat, parts []string) *variantPat {
	if len(parts) != 2 || !plainName(parts[0]) || !plainName(parts[1]) {
		return nil
	}
	if p.enum = f.findEnum(parts[0]); p.enum != nil {
		p.variant = p.enum.variant(parts[1])
	}
	return p
}

func plainName(s string) bool {
	if s == "" || s == "!" || strings.ContainsAny(s[:1], ".<@$0123456789-") {
		return false
	}
	return true
}

func (f *fn) nameVariant(p *variantPat, name *value.Symbol, known *enumInfo) *variantPat {
	s := name.Name
	for _, e := range builtinEnums {
		if v := e.variant(s); v != nil {
			p.enum, p.variant, p.builtin = e, v, s
			p.label = e.name + "/" + s
			return p
		}
	}
	x := f.lookup(name)
	visible := x != nil && x.isVar && (x.declared || f.parent != nil)
	if !visible {
		if e := f.bareVariant(s, known); e != nil {
			p.enum, p.variant = e, e.variant(s)
			p.label = e.name + "/" + s
			p.form = value.NewPath([]string{e.name, s}).Value()
			return p
		}
	}
	if isCapital(s) && visible && (p.gene || f.mayBeVariant(x)) {
		return p
	}
	return nil
}

// mayBeVariant tells whether a capitalised variable holds a variant, as far as
// its declaration tells.
func (f *fn) mayBeVariant(v *variable) bool { return v.alias }

// bareVariant finds the only visible enum with a variant of that name.
func (f *fn) bareVariant(s string, known *enumInfo) *enumInfo {
	if known != nil && known.variant(s) != nil && !known.builtin {
		return known
	}
	var found []*enumInfo
	for _, e := range f.visibleEnums() {
		if e.variant(s) != nil {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return found[0]
	}
	var names []string
	for i := len(found) - 1; i >= 0; i-- {
		names = append(names, found[i].name+"/"+s)
	}
	f.fail("variant %s is ambiguous; use a qualified pattern such as %s", s, strings.Join(names[:2], " or "))
	return nil
}

// variantTest emits the test of an enum pattern and binds its names.
func (f *fn) variantTest(p *variantPat, target int, next *label) {
	f.checkBinders(p)
	w := f.allocN(1 + len(p.binders))
	f.keep(f.top - 1)
	v := f.alloc()
	if p.builtin != "" {
		f.emit(OpGetCell, v, 0, 0, f.k(f.builtinCell(p.builtin).Value()))
	} else if p.form.Kind() == value.KindPath {
		b := f.operandAt(value.Pos{}, value.Sym(p.form.AsPath().Parts[0]))
		f.emit(OpGetMember, v, b, 0, f.site(p.form.AsPath().Parts[1]))
	} else {
		f.gen(p.form, dest(v))
	}
	f.emit(OpMove, w, target, 0, 0)
	f.jump(OpVariant, w, v, len(p.binders), next)
	f.release(v)
	for i, b := range p.binders {
		if name := b.AsSymbol(); name != symAny {
			f.reserved(name, "variable")
			f.declareReg(name, w+1+i)
		}
	}
}

func (f *fn) checkBinders(p *variantPat) {
	if p.variant != nil && len(p.binders) != len(p.variant.fields) {
		fields := ""
		if len(p.variant.fields) > 0 {
			fields = " (" + strings.Join(p.variant.fields, ", ") + ")"
		}
		f.fail("variant %s pattern expects %d binding(s)%s, got %d", p.label, len(p.variant.fields), fields, len(p.binders))
	}
	for _, b := range p.binders {
		if b.Kind() != value.KindSymbol {
			f.fail("enum pattern %s binding must be a symbol", p.label)
		}
	}
	if len(p.binders) > argsMax {
		f.fail("enum pattern %s has too many bindings (limit %d)", p.label, argsMax)
	}
}

// builtinCell gives the cell of a built-in name, whatever the program calls so.
func (f *fn) builtinCell(name string) *value.Cell {
	sym := value.Intern(name)
	if f.c.mod.Globals != nil {
		if c := f.c.mod.Globals.Cell(sym); c != nil {
			return c
		}
	}
	return value.NewCell(sym, value.Value{})
}
