package compiler

import (
	"strings"

	"gene/value"
)

// argsMax is how many arguments a call takes in registers; longer lists go
// through an array.
const argsMax = 60

// hasSpread tells whether an argument list splices an array.
func hasSpread(vs []value.Value) bool {
	for _, v := range vs {
		if _, ok := spreadName(v); ok || symName(v) == "..." {
			return true
		}
	}
	return false
}

// spreadName gives the form that x... splices.
func spreadName(v value.Value) (value.Value, bool) {
	switch v.Kind() {
	case value.KindSymbol:
		if s := v.AsSymbol().Name; len(s) > 3 && strings.HasSuffix(s, "...") {
			return value.Sym(s[:len(s)-3]), true
		}
	case value.KindPath:
		p := v.AsPath().Parts
		if last := p[len(p)-1]; len(last) > 3 && strings.HasSuffix(last, "...") {
			parts := append(append([]string{}, p[:len(p)-1]...), last[:len(last)-3])
			return value.NewPath(parts).Value(), true
		}
	}
	return value.Value{}, false
}

func isSpreadKey(k *value.Symbol) bool { return strings.HasPrefix(k.Name, "...") }

// args are the arguments of a call as they stand in its form.
type args struct {
	g    *value.Gene
	from int // first child that is an argument
}

func (a args) list() []value.Value { return a.g.Children[min(a.from, len(a.g.Children)):] }

func (a args) pos(i int) value.Pos { return kidPos(a.g, a.from+i) }

// spread tells whether the number of arguments is known only at run time, or
// too large for registers.
func (a args) spread() bool {
	if hasSpread(a.list()) || len(a.list())+a.g.Props.Len() > argsMax {
		return true
	}
	for _, e := range a.g.Props.Entries() {
		if e.Key != nil && isSpreadKey(e.Key) {
			return true
		}
	}
	return false
}

func (a args) keywords() []*value.Symbol {
	var kw []*value.Symbol
	for _, e := range a.g.Props.Entries() {
		if e.Key != nil {
			kw = append(kw, e.Key)
		}
	}
	return kw
}

// genArgs evaluates positional arguments into fresh registers from f.top on.
func (f *fn) genArgs(a args) int {
	vs := a.list()
	f.asOperand(func() {
		for i, v := range vs {
			r := f.alloc()
			f.at(a.pos(i), v, dest(r))
		}
	})
	return len(vs)
}

// genKwArgs evaluates keyword and positional arguments into the registers from
// f.top on: positionals first in place, keywords first in time.
func (f *fn) genKwArgs(a args) (n int, kw []*value.Symbol) {
	vs := a.list()
	kw = a.keywords()
	base := f.allocN(len(vs) + len(kw))
	f.asOperand(func() {
		i := 0
		for n, e := range a.g.Props.Entries() {
			if e.Key == nil {
				continue
			}
			f.at(propPos(a.g, n), e.Val, dest(base+len(vs)+i))
			i++
		}
		for i, v := range vs {
			f.at(a.pos(i), v, dest(base+i))
		}
	})
	return len(vs), kw
}

func propPos(g *value.Gene, i int) value.Pos {
	if g.Loc != nil && i < len(g.Loc.Props) {
		return g.Loc.Props[i]
	}
	return value.Pos{}
}

// genSpreadArgs evaluates arguments into an array in register a and a map of
// keywords, or nil, in register a+1.
func (f *fn) genSpreadArgs(x args, a int) {
	f.asOperand(func() {
		if x.g.Props.Len() == 0 {
			f.emit(OpLoadNil, a+1, 0, 0, 0)
		} else {
			f.mapOf(x.g.Props, func(i int) value.Pos { return propPos(x.g, i) }, a+1)
		}
		f.arrayOf(x.list(), x.pos, a)
	})
}

// genCall compiles a call of a function, or of anything else that is callable.
func (f *fn) genCall(g *value.Gene, d dest) {
	f.checkCall(g)
	a := args{g: g}
	if f.genKnownCall(g, a, d) {
		return
	}
	tail := d == dstTail && f.canTail(g)
	mark := f.top
	switch {
	case a.spread():
		w := f.window(d)
		f.genHead(g, w)
		f.allocN(2)
		f.genSpreadArgs(a, w+1)
		f.emit(OpCallV, w, 0, 0, 0)
		f.release(w + 1)
		f.resultOf(w, d)
	case g.Props.Len() > 0:
		w := f.window(d)
		f.genHead(g, w)
		n, kw := f.genKwArgs(a)
		f.emit(OpCallKw, w, n, 0, f.siteKw(value.Intern(""), kw))
		f.release(w + 1)
		f.resultOf(w, d)
	default:
		f.callValue(g, a, tail, d)
	}
	f.release(mark)
}

func (f *fn) genHead(g *value.Gene, r int) {
	f.asOperand(func() { f.at(headPos(g), g.Type, dest(r)) })
}

// genKnownCall compiles the call of a name that is no local variable.
func (f *fn) genKnownCall(g *value.Gene, a args, d dest) bool {
	if g.Type.Kind() != value.KindSymbol || g.Props.Len() > 0 || a.spread() {
		return false
	}
	name := g.Type.AsSymbol()
	if name.Name[0] == '$' && len(name.Name) > 1 || name.Name[0] == '@' && len(name.Name) > 1 {
		return false
	}
	if f.lateTop(name) != nil {
		return false
	}
	cell := f.cellOf(name)
	if cell == nil {
		return false
	}
	mark := f.top
	w := f.window(d)
	f.top = w
	n := f.genArgs(a)
	f.top = max(f.top, w+1)
	f.p.NumRegs = max(f.p.NumRegs, f.top)
	if d == dstTail && f.canTail(g) {
		f.emit(OpTailCallCell, w, n, 0, f.k(cell.Value()))
	} else {
		f.emit(OpCallCell, w, n, 0, f.k(cell.Value()))
		f.resultOf(w, d)
	}
	f.release(mark)
	return true
}

// callValue compiles a call of the value of the head.
func (f *fn) callValue(g *value.Gene, a args, tail bool, d dest) {
	head := -1
	var late *variable
	if g.Type.Kind() == value.KindSymbol {
		v := f.lookup(g.Type.AsSymbol())
		if head = f.localOperand(g.Type.AsSymbol(), a.list()); head < 0 && v != nil && v.kind != varCell && !v.boxed {
			if v.kind == varFn || v.kind == varConst || v.fn != f {
				late = v // it can't change, so it is read when the arguments are there
			}
		}
	}
	var w, before int
	if head < 0 && late == nil {
		before = f.window(d)
		f.genHead(g, before)
		head = before
		w = f.top
	} else {
		w = f.window(d)
		f.top = w
	}
	n := f.genArgs(a)
	f.top = max(f.top, w+1)
	f.p.NumRegs = max(f.p.NumRegs, f.top)
	if late != nil {
		head = f.alloc()
		if head == w+n && n == 0 {
			// The window's first register is the result; any will do.
			head = w
		}
		f.readVar(late, head)
	}
	if tail {
		f.emit(OpTailCall, w, head, n, 0)
		return
	}
	f.emit(OpCall, w, head, n, 0)
	f.resultOf(w, d)
}

// canTail tells whether a call in tail position may reuse the frame: when
// nothing is left to do behind it. A function with a checked result may still
// call itself so, because the call checks it.
func (f *fn) canTail(g *value.Gene) bool {
	if f.noTail || f.generator || f.tries > 0 || f.epilogue != nil || f.p.Flags&FlagCtor != 0 || f.p.Flags&FlagModule != 0 {
		return false
	}
	if f.returns == nil {
		return true
	}
	return f.self != nil && g.Type.Kind() == value.KindSymbol && f.callsSelf(g.Type.AsSymbol())
}

func (f *fn) callsSelf(name *value.Symbol) bool {
	v := f.lookup(name)
	if v == nil || f.c.facts.assigned[name] || f.c.facts.defined[name] > 1 {
		return false
	}
	return v == f.self || v.kind == varFn && v.fn == f
}

// genMethodCall compiles (obj .m args…), whose receiver is the head of g.
func (f *fn) genMethodCall(g *value.Gene, name string, d dest) {
	f.checkMethod(g, name)
	f.callMethod(g, args{g, 1}, name, d, func(r int) { f.genHead(g, r) })
}

// callMethod compiles a method call on the value that receiver produces.
func (f *fn) callMethod(g *value.Gene, a args, name string, d dest, receiver func(r int)) {
	mark := f.top
	w := f.window(d)
	receiver(w)
	sym := value.Intern(name)
	switch {
	case a.spread():
		f.allocN(2)
		f.genSpreadArgs(a, w+1)
		f.emit(OpCallMV, w, 0, 0, f.siteKw(sym, nil))
	case g.Props.Len() > 0:
		n, kw := f.genKwArgs(a)
		f.emit(OpCallMKw, w, n, 0, f.siteKw(sym, kw))
	default:
		n := f.genArgs(a)
		if d == dstTail && f.canTail(g) && f.returns == nil {
			f.emit(OpTailCallM, w, n, 0, f.siteKw(sym, nil))
			f.release(mark)
			return
		}
		f.emit(OpCallM, w, n, 0, f.siteKw(sym, nil))
	}
	f.resultOf(w, d)
	f.release(mark)
}

// genSelfCall compiles (.m args…), (.@ …) and (. name args…) on self.
func (f *fn) genSelfCall(g *value.Gene, head string, d dest) {
	switch {
	case head == ".":
		f.dynCall(g, 0, d, f.genSelf)
	case strings.HasPrefix(head, ".@"):
		f.selectorOn(g, g.Type, args{g, 0}, d, f.genSelf)
	default:
		f.callMethod(g, args{g, 0}, head[1:], d, f.genSelf)
	}
}

func (f *fn) genSelf(r int) { f.gen(symSelf.Value(), dest(r)) }

// genDynCall compiles (obj . name-expr args…).
func (f *fn) genDynCall(g *value.Gene, d dest) {
	f.dynCall(g, 1, d, func(r int) { f.genHead(g, r) })
}

func (f *fn) dynCall(g *value.Gene, at int, d dest, receiver func(r int)) {
	if at >= len(g.Children) {
		f.fail("dynamic method call requires a method name: (obj . name args...)")
	}
	mark := f.top
	w := f.window(d)
	receiver(w)
	f.allocN(3)
	f.asOperand(func() { f.kid(g, at, dest(w+3)) })
	f.genSpreadArgs(args{g, at + 1}, w+1)
	f.emit(OpCallDyn, w, 0, 0, 0)
	f.release(w + 1)
	f.resultOf(w, d)
	f.release(mark)
}

// genSuper compiles (super .m args…).
func (f *fn) genSuper(g *value.Gene, d dest) {
	name := childName(g, 0)
	if len(name) < 2 || name[0] != '.' {
		f.fail("super can only be used in call form: (super .member ...)")
	}
	m := f.methodAround()
	if m == nil {
		f.fail("super can only be used in a method or constructor of a class")
	}
	if isMacroName(value.Sym(name[1:])) {
		f.fail("Macro-like class methods are not supported; use (super .name args...)")
	}
	for h := f; ; h = h.parent {
		h.p.UsesHome = true
		if h == m {
			break
		}
	}
	mark := f.top
	w := f.window(d)
	f.genSelf(w)
	f.allocN(2)
	f.genSpreadArgs(args{g, 1}, w+1)
	f.emit(OpCallSuper, w, 0, 0, f.site(name[1:]))
	f.release(w + 1)
	f.resultOf(w, d)
	f.release(mark)
}

// methodAround gives the method that the code being compiled belongs to.
func (f *fn) methodAround() *fn {
	for h := f; h != nil; h = h.parent {
		if h.p.Flags&(FlagMethod|FlagCtor) != 0 {
			return h
		}
	}
	return nil
}

// genNew compiles (new Class args…).
func (f *fn) genNew(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("new requires a class")
	}
	if isMacroName(g.Children[0]) {
		f.fail("Macro-like constructors are not supported; use (new Class args...)")
	}
	a := args{g, 1}
	mark := f.top
	w := f.window(d)
	f.asOperand(func() { f.kid(g, 0, dest(w)) })
	switch {
	case a.spread():
		f.allocN(2)
		f.genSpreadArgs(a, w+1)
		f.emit(OpNewV, w, 0, 0, 0)
	case g.Props.Len() > 0:
		n, kw := f.genKwArgs(a)
		f.emit(OpNewKw, w, n, 0, f.siteKw(value.Intern(""), kw))
	default:
		f.emit(OpNew, w, f.genArgs(a), 0, 0)
	}
	f.resultOf(w, d)
	f.release(mark)
}

// genMacroCall compiles (name! forms…): the arguments stay as they were read.
func (f *fn) genMacroCall(g *value.Gene, d dest) {
	mark := f.top
	w := f.window(d)
	f.genHead(g, w)
	f.env(f.alloc())
	site := &MacroSite{Header: value.Header{Kind: value.KindInternal}, Args: g.Children, Kw: g.Props}
	f.emit(OpCallMacro, w, 0, 0, f.add(site.Value()))
	f.resultOf(w, d)
	f.release(mark)
}

// genUnwrap compiles (expr ?): the payload of Ok and Some; Err and None leave
// the function.
func (f *fn) genUnwrap(g *value.Gene, d dest) {
	mark := f.top
	v := f.operandAt(headPos(g), g.Type)
	w := f.alloc()
	f.emit(OpMove, w, v, 0, 0)
	f.intrinsic(InTry, w, 1)
	var ok label
	f.jump(OpJmpSet, w, 0, 0, &ok)
	f.leave(f.ctx, exit{hasValue: true}, v)
	f.place(&ok)
	f.resultOf(w, d)
	f.release(mark)
}
