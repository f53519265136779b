package compiler

import (
	"strconv"
	"strings"

	"gene/value"
)

// segKind tells what a segment of a path is.
type segKind uint8

const (
	segName      segKind = iota
	segInt               // 0, -1
	segDyn               // <v>
	segMethod            // .m
	segDynMethod         // .<v>
	segAssert            // !
)

// segment is one step of a path. The first is the base: its name, "" for self.
type segment struct {
	kind    segKind
	name    string
	index   int64
	dyn     value.Value // symbol or path of <v>
	literal bool        // behind _genevalue or _geneinternal: never a variable
}

// segments splits a path; a dynamic segment may itself be a path.
func (f *fn) segments(p *value.Path) []segment {
	var out []segment
	parts := p.Parts
	for i := 0; i < len(parts); i++ {
		s := parts[i]
		if i == 0 {
			out = append(out, segment{name: s})
			continue
		}
		for (strings.HasPrefix(s, "<") || strings.HasPrefix(s, ".<")) && !strings.HasSuffix(s, ">") && i+1 < len(parts) {
			i++
			s += "/" + parts[i]
		}
		out = append(out, f.segment(s, out))
	}
	return out
}

func (f *fn) segment(s string, before []segment) segment {
	switch {
	case s == "":
		f.fail("empty segment in a path")
	case s == "!":
		return segment{kind: segAssert}
	case len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>':
		return segment{kind: segDyn, dyn: nameOrPath(s[1 : len(s)-1])}
	case len(s) > 3 && strings.HasPrefix(s, ".<") && s[len(s)-1] == '>':
		return segment{kind: segDynMethod, dyn: nameOrPath(s[2 : len(s)-1])}
	case len(s) > 1 && s[0] == '.':
		return segment{kind: segMethod, name: s[1:]}
	}
	if n, ok := pathInt(s); ok {
		return segment{kind: segInt, index: n, name: s}
	}
	prev := before[len(before)-1].name
	return segment{name: s, literal: prev == "_genevalue" || prev == "_geneinternal"}
}

func nameOrPath(s string) value.Value {
	if strings.Contains(s, "/") {
		return value.NewPath(strings.Split(s, "/")).Value()
	}
	return value.Sym(s)
}

// pathInt reads a segment of digits; one too large for an operand is a name.
func pathInt(s string) (int64, bool) {
	d := strings.TrimPrefix(s, "-")
	if d == "" || strings.Trim(d, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return n, err == nil
}

// genPath compiles a path as an expression.
func (f *fn) genPath(p *value.Path, d dest) {
	first := p.Parts[0]
	switch {
	case len(first) > 0 && first[0] == '@':
		f.constant(selectorOf(append([]string{first[1:]}, p.Parts[1:]...)), d)
		return
	case first == "super":
		f.fail("super can only be used in call form: (super .member ...)")
	case first == ".":
		f.fail("./ requires a receiver: (object ./key)")
	}
	if _, ok := spreadName(p.Value()); ok {
		f.fail("spread is only possible in arguments, arrays and Gene constructors")
	}
	segs := f.segments(p)
	mark := f.top
	r := f.pathValue(segs, d)
	f.resultOf(r, d)
	f.release(mark)
}

// pathValue follows all segments; the result is in the register it gives,
// which may be d's.
func (f *fn) pathValue(segs []segment, d dest) int {
	cur := f.pathBase(segs[0])
	if len(segs) == 1 {
		return cur
	}
	out := -1
	for i := 1; i < len(segs); i++ {
		last := i == len(segs)-1
		if segs[i].kind == segAssert {
			f.emit(OpAssertMember, cur, 0, 0, 0)
			continue
		}
		var r int
		switch {
		case last && d >= 0:
			r = int(d)
		case out >= 0:
			r = out
		case d >= 0 && int(d) >= f.localTop:
			r = int(d)
		default:
			r = f.alloc()
		}
		f.step(segs, i, cur, r)
		cur, out = r, r
		if last && d >= 0 {
			break
		}
	}
	return cur
}

// pathBase gives a register with the value of a path's first part.
func (f *fn) pathBase(s segment) int {
	name := s.name
	if name == "" {
		name = "self"
	}
	return f.operandAt(value.Pos{}, value.Sym(name))
}

// step puts cur/segs[i] into r.
func (f *fn) step(segs []segment, i, cur, r int) {
	mark := f.top
	s := segs[i]
	switch s.kind {
	case segInt:
		f.emit(OpGetMemberI, r, cur, 0, int(s.index))
	case segDyn:
		f.emit(OpGetMemberV, r, cur, f.dynSegment(s), 0)
	case segMethod:
		w := f.alloc()
		f.emit(OpMove, w, cur, 0, 0)
		f.emit(OpCallM, w, 0, 0, f.site(s.name))
		f.emit(OpMove, r, w, 0, 0)
	case segDynMethod:
		w := f.allocN(4)
		f.emit(OpMove, w, cur, 0, 0)
		f.emit(OpNewArray, w+1, w+1, 0, 0)
		f.emit(OpLoadNil, w+2, 0, 0, 0)
		f.gen(s.dyn, dest(w+3))
		f.emit(OpCallDyn, w, 0, 0, 0)
		f.emit(OpMove, r, w, 0, 0)
	default:
		f.nameStep(segs, i, cur, r)
	}
	f.release(mark)
}

func (f *fn) dynSegment(s segment) int {
	return f.operandAt(value.Pos{}, s.dyn)
}

// nameStep is a step by a plain name, which may stand for a variable (5.8).
func (f *fn) nameStep(segs []segment, i, cur, r int) {
	s := segs[i]
	var v *variable
	if !s.literal {
		v = f.visibleVar(s.name)
	}
	switch {
	case v == nil:
		f.emit(OpGetMember, r, cur, 0, f.site(s.name))
	case i == len(segs)-1 && len(segs) >= 3:
		f.whenSet(v, func(seg int) { f.emit(OpGetMemberV, r, cur, seg, 0) },
			func() { f.emit(OpGetMember, r, cur, 0, f.site(s.name)) })
	default:
		f.emit(OpGetMemberImplicit, r, cur, f.peek(v), f.site(s.name))
	}
}

// peek gives a register with a variable's value, unset when its var has not
// run yet.
func (f *fn) peek(v *variable) int {
	if v.kind == varCell && !v.declared {
		r := f.alloc()
		f.emit(OpPeekCell, r, 0, 0, f.k(v.cell.Value()))
		return r
	}
	return f.varOperand(v)
}

// whenSet compiles set with the value of v, or unset where its var has not run.
func (f *fn) whenSet(v *variable, set func(r int), unset func()) {
	r := f.peek(v)
	if v.kind != varCell || v.declared {
		set(r)
		return
	}
	var has, end label
	f.jump(OpJmpSet, r, 0, 0, &has)
	unset()
	f.jump(OpJmp, 0, 0, 0, &end)
	f.place(&has)
	set(r)
	f.place(&end)
}

// container gives a register with the value of all segments but the last.
func (f *fn) container(segs []segment) int {
	if len(segs) == 2 {
		return f.pathBase(segs[0])
	}
	// The steps before the last are literal or implicit as in a read that
	// goes on behind them.
	cur := f.pathBase(segs[0])
	r := f.alloc()
	for i := 1; i < len(segs)-1; i++ {
		if segs[i].kind == segAssert {
			f.emit(OpAssertMember, cur, 0, 0, 0)
			continue
		}
		f.step(segs, i, cur, r)
		cur = r
	}
	return cur
}

// setSegment stores register r under the last segment of a path of n parts.
func (f *fn) setSegment(base int, s segment, n, r int) {
	mark := f.top
	switch s.kind {
	case segInt:
		f.emit(OpSetMemberI, base, r, 0, int(s.index))
	case segDyn:
		f.emit(OpSetMemberV, base, f.dynSegment(s), r, 0)
	case segName:
		set := func() { f.emit(OpSetMember, base, r, 0, f.site(s.name)) }
		var v *variable
		if n >= 3 && !s.literal {
			v = f.visibleVar(s.name)
		}
		if v == nil {
			set()
		} else {
			f.whenSet(v, func(seg int) { f.emit(OpSetMemberV, base, seg, r, 0) }, set)
		}
	default:
		f.fail("cannot assign to a path that ends in a method or '!'")
	}
	f.release(mark)
}

// assignPath compiles (a/b/c = v) and (a/b/c op= v): the container first, once.
func (f *fn) assignPath(g *value.Gene, p *value.Path, op string, d dest) {
	if len(p.Parts[0]) > 0 && p.Parts[0][0] == '@' {
		f.fail("cannot assign to a selector")
	}
	if len(p.Parts) == 2 && p.Parts[0] == "$ns" {
		f.assignOwn(g, p.Parts[1], op)
	}
	segs := f.segments(p)
	if len(segs) < 2 {
		f.fail("cannot assign to %s", formText(p.Value()))
	}
	f.checkField(g, segs)
	mark := f.top
	base := f.stableBase(segs, g.Children[1])
	last := segs[len(segs)-1]
	r := -1
	if op == "=" {
		f.asOperand(func() { r = f.kidOperand(g, 1) })
	} else {
		r = f.alloc()
		old := f.alloc()
		f.readOld(base, segs, old)
		f.combine(g, op, r, old)
	}
	f.setSegment(base, last, len(segs), r)
	f.resultOf(r, d)
	f.release(mark)
}

// assignOwn makes the module's variable for an assignment to $ns/x.
func (f *fn) assignOwn(g *value.Gene, name, op string) {
	if sym := value.Intern(name); f.c.root.vars[sym] == nil && op == "=" {
		f.c.topCell(sym, "=", true)
	}
}

// stableBase is container, in a register that evaluating v leaves alone.
func (f *fn) stableBase(segs []segment, v value.Value) int {
	base := f.container(segs)
	if len(segs) == 2 && segs[0].name != "" && base < f.localTop && f.info.assigned[value.Intern(segs[0].name)] &&
		assigns(v, value.Intern(segs[0].name), 0) {
		r := f.alloc()
		f.emit(OpMove, r, base, 0, 0)
		return r
	}
	return base
}

// readOld reads the member that an augmented assignment changes; an absent one
// is nil on an instance and an error elsewhere.
func (f *fn) readOld(base int, segs []segment, r int) {
	last := segs[len(segs)-1]
	mark := f.top
	switch {
	case last.kind == segName && (len(segs) < 3 || last.literal || f.visibleVar(last.name) == nil):
		f.emit(OpGetMember, r, base, 0, f.site(last.name))
	case last.kind == segMethod || last.kind == segDynMethod || last.kind == segAssert:
		f.fail("cannot assign to a path that ends in a method or '!'")
	default:
		f.step(segs, len(segs)-1, base, r)
	}
	var ok label
	f.jump(OpJmpNotVoid, r, 0, 0, &ok)
	a := f.allocN(2)
	f.emit(OpMove, a, base, 0, 0)
	f.segmentValue(segs, a+1)
	f.intrinsic(InAbsent, a, 2)
	f.emit(OpMove, r, a, 0, 0)
	f.place(&ok)
	f.release(mark)
}

func (f *fn) segmentValue(segs []segment, r int) {
	switch s := segs[len(segs)-1]; s.kind {
	case segDyn:
		f.gen(s.dyn, dest(r))
	case segInt:
		f.load(value.Int(s.index), r)
	default:
		f.load(value.Str(s.name), r)
	}
}

// genLookup compiles (obj ./ key default?): the key is evaluated, the default
// only where there is nothing.
func (f *fn) genLookup(g *value.Gene, obj value.Value, opos value.Pos, key value.Value, kpos value.Pos, def []value.Value, d dest) {
	mark := f.top
	r := f.scratch(d)
	o := f.operandAt(opos, obj, key)
	if smallInt(key) {
		f.emit(OpGetMemberI, r, o, 0, int(key.AsInt()))
	} else if key.Kind() == value.KindString {
		f.emit(OpGetMember, r, o, 0, f.site(key.AsString()))
	} else {
		f.emit(OpGetMemberV, r, o, f.operandAt(kpos, key), 0)
	}
	f.lookupDefault(def, r)
	f.resultOf(r, d)
	f.release(mark)
}

func (f *fn) lookupDefault(def []value.Value, r int) {
	if len(def) == 0 {
		return
	}
	var found label
	f.jump(OpJmpNotVoid, r, 0, 0, &found)
	f.asOperand(func() { f.gen(def[0], dest(r)) })
	f.place(&found)
}

// genPrefixLookup compiles (./ obj key default?).
func (f *fn) genPrefixLookup(g *value.Gene, d dest) {
	if n := len(g.Children); n != 2 && n != 3 {
		f.fail("./ requires an object, a key and an optional default")
	}
	f.genLookup(g, g.Children[0], kidPos(g, 0), g.Children[1], kidPos(g, 1), g.Children[2:], d)
}

// genPathLookup compiles (obj ./key default?), the key being literal.
func (f *fn) genPathLookup(g *value.Gene, d dest) {
	if len(g.Children) > 2 {
		f.fail("./key takes one default at most")
	}
	mark := f.top
	r := f.scratch(d)
	p := g.Children[0].AsPath()
	cur := f.operandAt(headPos(g), g.Type)
	segs := f.segments(p)
	for i := 1; i < len(segs); i++ {
		s := segs[i]
		s.literal = true
		if s.kind == segAssert {
			f.emit(OpAssertMember, cur, 0, 0, 0)
			continue
		}
		f.step([]segment{{}, s}, 1, cur, r)
		cur = r
	}
	if cur != r {
		f.emit(OpMove, r, cur, 0, 0)
	}
	f.lookupDefault(g.Children[1:], r)
	f.resultOf(r, d)
	f.release(mark)
}
