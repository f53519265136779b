package compiler

import (
	"gene/value"
)

// ctxKind tells what a ctx is.
type ctxKind uint8

const (
	ctxLoop ctxKind = iota
	ctxHandler
	ctxFinally
)

// ctx is a construct around the code being compiled that return, break and
// continue have to do with.
type ctx struct {
	kind   ctxKind
	parent *ctx

	// A loop.
	name   string
	breaks label
	nexts  label
	dst    dest // of the value of a break; dstDrop when the loop's is nil

	// A handler: the exception, and the one that was handled before.
	exReg, savedReg int

	// A try with finally: the completion record, and the ways out that go
	// through the finally body. Kind 0 is its normal end, 1 a throw, 2 … the
	// exits in order.
	kindReg, valReg int
	start           label
	exits           []exit
}

// exit is a way out of constructs: to target, a loop, or out of the function.
type exit struct {
	target   *ctx // nil: return
	next     bool // continue
	hasValue bool
}

// leave emits the code for an exit from inside the ctx from. A value to take
// along is in register r.
func (f *fn) leave(from *ctx, e exit, r int) {
	for c := from; c != nil && c != e.target; c = c.parent {
		switch c.kind {
		case ctxHandler:
			f.emit(OpSetEx, c.savedReg, 0, 0, 0)
		case ctxFinally:
			if e.hasValue {
				if c.valReg != r {
					f.emit(OpMove, c.valReg, r, 0, 0)
				}
			}
			f.emit(OpLoadInt, c.kindReg, 0, 0, c.exit(e))
			f.jump(OpJmp, 0, 0, 0, &c.start)
			return
		}
	}
	switch {
	case e.target == nil && !e.hasValue:
		f.retNil()
	case e.target == nil:
		f.ret(r)
	case e.next:
		f.jump(OpJmp, 0, 0, 0, &e.target.nexts)
	default:
		if e.hasValue && e.target.dst >= 0 && int(e.target.dst) != r {
			f.emit(OpMove, int(e.target.dst), r, 0, 0)
		}
		f.jump(OpJmp, 0, 0, 0, &e.target.breaks)
	}
}

// exit gives the number of an exit in the completion record.
func (c *ctx) exit(e exit) int {
	for i, x := range c.exits {
		if x == e {
			return i + 2
		}
	}
	c.exits = append(c.exits, e)
	return len(c.exits) + 1
}

func (f *fn) retNil() {
	switch {
	case f.p.Flags&FlagCtor != 0:
		f.emit(OpRet, 0, 0, 0, 0)
	case f.plainReturn():
		f.emit(OpRetNil, 0, 0, 0, 0)
	default:
		mark := f.top
		r := f.alloc()
		f.emit(OpLoadNil, r, 0, 0, 0)
		f.ret(r)
		f.release(mark)
	}
}

// unreachable gives a value to code behind an exit, so that every path writes
// its destination.
func (f *fn) unreachable(d dest) {
	if d >= 0 {
		f.emit(OpLoadNil, int(d), 0, 0, 0)
	}
}

func (f *fn) genReturn(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.leave(f.ctx, exit{}, 0)
		f.unreachable(d)
		return
	}
	if f.ctx == nil && f.tries == 0 {
		f.kid(g, 0, dstTail)
		f.unreachable(d)
		return
	}
	mark := f.top
	if f.tries == 0 && f.onlyLoops() {
		f.kid(g, 0, dstTail)
	} else {
		r := f.kidOperand(g, 0)
		f.leave(f.ctx, exit{hasValue: true}, r)
	}
	f.release(mark)
	f.unreachable(d)
}

func (f *fn) onlyLoops() bool {
	for c := f.ctx; c != nil; c = c.parent {
		if c.kind != ctxLoop {
			return false
		}
	}
	return true
}

// loopNamed finds the loop that a break or continue addresses; nil when there
// is none in this function.
func (f *fn) loopNamed(g *value.Gene) *ctx {
	name, has := labelOf(g, "from")
	for c := f.ctx; c != nil; c = c.parent {
		if c.kind == ctxLoop && (!has || c.name == name) {
			return c
		}
	}
	if has {
		f.fail("No loop named '%s' found", name)
	}
	return nil
}

// labelOf gives a label property, a symbol or string.
func labelOf(g *value.Gene, key string) (string, bool) {
	v, ok := g.Props.GetText(key)
	switch {
	case !ok:
		return "", false
	case v.Kind() == value.KindSymbol:
		return v.AsSymbol().Name, true
	case v.Kind() == value.KindString:
		return v.AsString(), true
	}
	return formText(v), true
}

func (f *fn) genBreak(g *value.Gene, d dest) {
	loop := f.loopNamed(g)
	if loop == nil {
		f.throwLater("Exception", "GENE.RUNTIME.ERROR", "break used outside of a loop", d)
		return
	}
	mark := f.top
	e := exit{target: loop}
	r := 0
	if len(g.Children) > 0 && loop.dst >= 0 {
		r = f.kidOperand(g, 0)
		e.hasValue = true
	} else {
		if len(g.Children) > 0 {
			f.kid(g, 0, dstDrop)
		}
		if loop.dst >= 0 {
			r = f.alloc()
			f.emit(OpLoadNil, r, 0, 0, 0)
			e.hasValue = true
		}
	}
	f.leave(f.ctx, e, r)
	f.release(mark)
	f.unreachable(d)
}

func (f *fn) genContinue(g *value.Gene, d dest) {
	loop := f.loopNamed(g)
	if loop == nil {
		f.throwLater("Exception", "GENE.RUNTIME.ERROR", "continue used outside of a loop", d)
		return
	}
	f.leave(f.ctx, exit{target: loop, next: true}, 0)
	f.unreachable(d)
}

// throwLater compiles an error that the program only meets when it gets here.
func (f *fn) throwLater(class, code, msg string, d dest) {
	mark := f.top
	a := f.allocN(3)
	f.load(value.Str(class), a)
	f.load(value.Str(code), a+1)
	f.load(value.Str(msg), a+2)
	f.intrinsic(InFail, a, 3)
	f.release(mark)
	if d != dstDrop {
		f.constant(value.Nil, d)
	}
}

// cond compiles a condition that leads to l when its truth is not want.
func (f *fn) condKid(g *value.Gene, i int, want bool, l *label) {
	f.jumpIf(kidPos(g, i), g.Children[i], want, l)
}

// branch is a part of an if: its condition (-1 for else) and its body.
type branch struct {
	cond     int
	not      bool
	from, to int
}

func (f *fn) ifBranches(g *value.Gene) []branch {
	var out []branch
	cs := g.Children
	i, word := 0, "if"
	for {
		b := branch{}
		if childName(g, i) == "not" && i+1 < len(cs) {
			b.not = true
			i++
		}
		if i >= len(cs) || isBranchWord(childName(g, i)) {
			f.fail("%s: missing condition", word)
		}
		b.cond = i
		i++
		explicit := childName(g, i) == "then"
		if explicit {
			i++
		}
		b.from = i
		for i < len(cs) && !isBranchWord(childName(g, i)) {
			i++
		}
		b.to = i
		if b.from == b.to && !explicit && i >= len(cs) {
			f.fail("%s: missing body after condition", word)
		}
		out = append(out, b)
		if i >= len(cs) {
			return out
		}
		if childName(g, i) == "then" {
			f.fail("%s: unexpected 'then'", word)
		}
		if childName(g, i) == "else" {
			return append(out, branch{cond: -1, from: i + 1, to: len(cs)})
		}
		i++
		word = "elif"
	}
}

func isBranchWord(s string) bool { return s == "then" || s == "elif" || s == "else" }

func (f *fn) genIf(g *value.Gene, d dest) {
	f.genBranches(g, f.ifBranches(g), d)
}

func (f *fn) genBranches(g *value.Gene, bs []branch, d dest) {
	var end label
	for i, b := range bs {
		var next label
		if b.cond >= 0 {
			if i > 0 { // an elif's condition has a scope of its own
				f.push()
				f.reserveIn(g.Children[b.cond])
			}
			f.asOperand(func() { f.condKid(g, b.cond, b.not, &next) })
			if i > 0 {
				f.pop()
			}
		}
		f.block(g.Children[b.from:b.to], func(i int) value.Pos { return kidPos(g, b.from+i) }, d)
		last := i == len(bs)-1
		if b.cond < 0 {
			break
		}
		if d != dstTail && !(last && d == dstDrop) {
			f.jump(OpJmp, 0, 0, 0, &end)
		}
		f.place(&next)
		if last {
			f.constant(value.Nil, d)
		}
	}
	f.place(&end)
}

func (f *fn) genIfel(g *value.Gene, d dest) {
	switch n := len(g.Children); {
	case n == 0:
		f.fail("ifel: missing condition")
	case n == 1:
		f.fail("ifel: missing body after condition")
	case n > 3:
		f.fail("ifel: expected condition, then expression, and optional else expression")
	}
	bs := []branch{{cond: 0, from: 1, to: 2}}
	if len(g.Children) == 3 {
		bs = append(bs, branch{cond: -1, from: 2, to: 3})
	}
	f.genBranches(g, bs, d)
}

func (f *fn) genIfNot(g *value.Gene, d dest) {
	for i := range g.Children {
		switch childName(g, i) {
		case "else":
			f.fail("if_not: else branches are not supported; use (if not cond ... else ...)")
		case "elif":
			f.fail("if_not: elif branches are not supported; use (if not cond ... elif ...)")
		}
	}
	bs := f.ifBranches(g)
	bs[0].not = !bs[0].not
	f.genBranches(g, bs, d)
}

func (f *fn) genWhile(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("while: missing condition")
	}
	not, at := false, 0
	if childName(g, 0) == "not" && len(g.Children) > 1 {
		not, at = true, 1
	}
	l := f.enterLoop(g, dstDrop)
	f.jump(OpJmp, 0, 0, 0, &l.nexts)
	top := f.here()
	vs, pos := rest(g, at+1)
	f.sequence(vs, pos, dstDrop, false)
	f.place(&l.nexts)
	if not {
		var exit label
		f.condKid(g, at, true, &exit)
		f.back(OpLoop, 0, 0, 0, top)
		f.place(&exit)
	} else {
		f.loopWhile(kidPos(g, at), g.Children[at], top)
	}
	f.exitLoop(l)
	f.constant(value.Nil, d)
}

func (f *fn) enterLoop(g *value.Gene, d dest) *ctx {
	name, _ := labelOf(g, "name")
	l := &ctx{kind: ctxLoop, parent: f.ctx, name: name, dst: d}
	f.ctx = l
	return l
}

func (f *fn) exitLoop(l *ctx) {
	f.ctx = l.parent
	f.place(&l.breaks)
}

func (f *fn) genLoop(g *value.Gene, d dest) {
	mark := f.top
	r := d
	if d != dstDrop && (d < 0 || int(d) < f.localTop) {
		r = dest(f.alloc())
	}
	l := f.enterLoop(g, r)
	top := f.here()
	vs, pos := rest(g, 0)
	f.sequence(vs, pos, dstDrop, false)
	f.place(&l.nexts)
	f.back(OpLoop, 0, 0, 0, top)
	f.exitLoop(l)
	if d != dstDrop {
		f.result(int(r), d)
	}
	f.release(mark)
}

func (f *fn) genRepeat(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("repeat: missing count")
	}
	mark := f.top
	n := f.alloc()
	f.kid(g, 0, dest(n))
	f.push()
	f.keep(n)
	l := f.enterLoop(g, dstDrop)
	f.jump(OpRepPrep, n, 0, 0, &l.breaks)
	top := f.here()
	vs, pos := rest(g, 1)
	f.block(vs, pos, dstDrop)
	f.place(&l.nexts)
	f.back(OpRepNext, n, 0, 0, top)
	f.exitLoop(l)
	f.pop()
	f.release(mark)
	f.constant(value.Nil, d)
}

func (f *fn) genFor(g *value.Gene, d dest) {
	in := -1
	for i := range g.Children {
		if childName(g, i) == "in" {
			in = i
			break
		}
	}
	if in < 0 || in+1 >= len(g.Children) {
		f.fail("for loop requires 'in' keyword followed by a collection")
	}
	if in != 1 && in != 2 {
		f.fail("for loop requires one or two targets before 'in'")
	}
	mark := f.top
	a := f.alloc()
	from, to := -1, -1
	if r := g.Children[in+1]; in == 1 && isRangeForm(r) {
		// No Range is made when nothing but the loop would see it.
		from = f.operandAt(headPos(r.AsGene()), r.AsGene().Type, r.AsGene().Children[1])
		to = f.kidOperand(r.AsGene(), 1)
	} else {
		coll := f.operandAt(kidPos(g, in+1), g.Children[in+1])
		f.emit(OpForIter, a, coll, 0, 0)
	}
	f.release(a + 1)
	f.push()
	f.allocN(2)
	f.keep(a + 2)
	if to >= 0 {
		f.emit(OpForRange, a, from, to, 0)
	} else {
		f.emit(OpForPrep, a, in, 0, 0)
	}
	l := f.enterLoop(g, dstDrop)
	f.jump(OpJmp, 0, 0, 0, &l.nexts)
	top := f.here()
	f.push()
	f.allocN(in)
	f.forTargets(g, in, a+3)
	vs, pos := rest(g, in+2)
	f.body(vs, pos, dstDrop)
	f.pop()
	f.place(&l.nexts)
	f.p.NumRegs = max(f.p.NumRegs, a+5)
	f.back(OpForNext, a, in, 0, top)
	f.back(OpForCheck, a, in, 0, top)
	f.exitLoop(l)
	f.pop()
	f.release(mark)
	f.constant(value.Nil, d)
}

// isRangeForm tells whether v is (a .. b).
func isRangeForm(v value.Value) bool {
	if v.Kind() != value.KindGene {
		return false
	}
	g := v.AsGene()
	return len(g.Children) == 2 && childName(g, 0) == ".." && g.Props.Len() == 0 && g.Flags&value.FlagSealed == 0
}

// forTargets binds the targets of a for, whose values are in registers from r.
func (f *fn) forTargets(g *value.Gene, n, r int) {
	f.keep(r + n - 1)
	for i := 0; i < n; i++ {
		t := g.Children[i]
		if t.Kind() == value.KindArray || t.Kind() == value.KindMap {
			if i < n-1 {
				f.fail("for loop: the first of two targets must be a name")
			}
			f.bindPattern(t, r+i, false)
			continue
		}
		name := f.targetName(t, "for loop")
		if name != symAny {
			f.declareReg(name, r+i)
		}
	}
}

func (f *fn) targetName(t value.Value, what string) *value.Symbol {
	if t.Kind() != value.KindSymbol {
		f.fail("%s: target must be a symbol or pattern, got %s", what, kindName(t))
	}
	f.reserved(t.AsSymbol(), "variable")
	return t.AsSymbol()
}

// reserved refuses self, and what reads as something else, as a name.
func (f *fn) reserved(name *value.Symbol, what string) {
	if name == symSelf || name.Name == "Self" {
		f.fail("Reserved identifier '%s' cannot be used for %s", name.Name, what)
	}
	if s := name.Name; s == "" || s == "..." || len(s) > 1 && (s[0] == '$' || s[0] == '@') {
		f.fail("'%s' cannot be used as the name of a %s", s, what)
	}
}
