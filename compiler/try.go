package compiler

import (
	"unicode"
	"unicode/utf8"

	"gene/value"
)

// clause is one catch of a try.
type clause struct {
	pattern  int // index of what follows catch
	from, to int
}

// tryParts are the parts of a try form.
type tryParts struct {
	bodyTo  int
	clauses []clause
	finally int // index of the first form behind finally, or -1
}

func (f *fn) tryParts(g *value.Gene) tryParts {
	p := tryParts{finally: -1, bodyTo: len(g.Children)}
	for i := 0; i < len(g.Children); i++ {
		word := childName(g, i)
		if word != "catch" && word != "finally" {
			continue
		}
		if p.bodyTo == len(g.Children) {
			p.bodyTo = i
		}
		if n := len(p.clauses); n > 0 && p.clauses[n-1].to < 0 {
			p.clauses[n-1].to = i
		}
		if p.finally >= 0 {
			f.fail("try: nothing may follow 'finally' but its body, got '%s'", word)
		}
		if word == "finally" {
			p.finally = i + 1
			continue
		}
		if i+1 >= len(g.Children) {
			f.fail("try: missing pattern after 'catch'")
		}
		p.clauses = append(p.clauses, clause{pattern: i + 1, from: i + 2, to: -1})
		i++
	}
	if n := len(p.clauses); n > 0 && p.clauses[n-1].to < 0 {
		p.clauses[n-1].to = len(g.Children)
	}
	return p
}

// genTry compiles try. Entering costs nothing: the handler table says which
// code is covered.
func (f *fn) genTry(g *value.Gene, d dest) {
	p := f.tryParts(g)
	mark := f.top
	out := d
	if d == dstTail || d >= 0 && int(d) < f.localTop {
		out = dest(f.alloc())
	}
	if p.finally >= 0 {
		f.tryFinally(g, p, out)
	} else {
		f.tryCatch(g, p, out)
	}
	if out != dstDrop {
		f.resultOf(int(out), d)
	}
	f.release(mark)
}

// tryCatch compiles the body and its handlers.
func (f *fn) tryCatch(g *value.Gene, p tryParts, d dest) {
	start := f.here()
	f.tries++
	f.sequence(g.Children[:p.bodyTo], func(i int) value.Pos { return kidPos(g, i) }, d, false)
	f.tries--
	if len(p.clauses) == 0 || f.here() == start {
		return
	}
	end := f.here()
	var done label
	f.jump(OpJmp, 0, 0, 0, &done)
	mark := f.top
	saved, ex := f.alloc(), f.alloc()
	f.p.Handlers = append(f.p.Handlers, Handler{int32(start), int32(end), int32(f.here()), uint8(ex)})
	oldTop := f.localTop
	f.localTop = f.top
	f.handlers(g, p, saved, ex, d, &done)
	f.localTop = oldTop
	f.release(mark)
	f.place(&done)
}

// handlers compiles the clauses of a try, entered with the exception in ex.
func (f *fn) handlers(g *value.Gene, p tryParts, saved, ex int, d dest, done *label) {
	f.emit(OpGetEx, saved, 0, 0, 0)
	f.emit(OpSetEx, ex, 0, 0, 0)
	start := f.here()
	f.ctx = &ctx{kind: ctxHandler, parent: f.ctx, exReg: ex, savedReg: saved}
	f.tries++
	all := false
	for _, c := range p.clauses {
		var next label
		f.push()
		all = f.catchTest(g, c, ex, &next)
		vs := g.Children[c.from:c.to]
		f.body(vs, func(i int) value.Pos { return kidPos(g, c.from+i) }, d)
		f.pop()
		f.emit(OpSetEx, saved, 0, 0, 0)
		f.jump(OpJmp, 0, 0, 0, done)
		f.place(&next)
	}
	f.tries--
	f.ctx = f.ctx.parent
	if !all {
		f.emit(OpRethrow, ex, 0, 0, 0)
	}
	// What is thrown in a handler leaves it, so $ex becomes what it was.
	pad := f.alloc()
	f.p.Handlers = append(f.p.Handlers, Handler{int32(start), int32(f.here()), int32(f.here()), uint8(pad)})
	f.emit(OpSetEx, saved, 0, 0, 0)
	f.emit(OpRethrow, pad, 0, 0, 0)
}

// catchTest goes on when the clause matches and to next when not; it gives
// true when the clause matches everything.
func (f *fn) catchTest(g *value.Gene, c clause, ex int, next *label) bool {
	pat := g.Children[c.pattern]
	if name := symName(pat); name == "*" || name == "_" {
		return true
	} else if name != "" && !isCapital(name) {
		f.reserved(pat.AsSymbol(), "variable")
		f.declare(pat.AsSymbol(), func(r int) { f.emit(OpMove, r, ex, 0, 0) })
		return true
	}
	if pat.Kind() == value.KindMap {
		f.bindPattern(pat, ex, false)
		return true
	}
	switch pat.Kind() {
	case value.KindSymbol, value.KindPath, value.KindArray:
	default:
		f.fail("try: catch requires a class, a name, * or a map pattern, got %s", kindName(pat))
	}
	mark := f.top
	t := f.alloc()
	f.kid(g, c.pattern, dest(t))
	f.emit(OpCatchIs, t, ex, t, 0)
	f.jump(OpJmpF, t, 0, 0, next)
	f.release(mark)
	return false
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// tryFinally compiles a try with finally. The cleanup is compiled once; every
// way out notes in two registers how to go on behind it.
func (f *fn) tryFinally(g *value.Gene, p tryParts, d dest) {
	mark := f.top
	kind, val := f.alloc(), f.alloc()
	oldTop := f.localTop
	f.localTop = f.top
	c := &ctx{kind: ctxFinally, parent: f.ctx, kindReg: kind, valReg: val}
	f.emit(OpLoadNil, val, 0, 0, 0)
	if d >= 0 {
		f.emit(OpLoadNil, int(d), 0, 0, 0)
	}
	start := f.here()
	f.ctx = c
	f.tries++
	f.tryCatch(g, p, d)
	f.tries--
	f.ctx = c.parent
	f.emit(OpLoadInt, kind, 0, 0, 0)
	var normal label
	f.jump(OpJmp, 0, 0, 0, &normal)
	f.p.Handlers = append(f.p.Handlers, Handler{int32(start), int32(f.here()), int32(f.here()), uint8(val)})
	f.emit(OpLoadInt, kind, 0, 0, 1)
	f.place(&c.start)
	f.place(&normal)
	vs, pos := rest(g, p.finally)
	f.sequence(vs, pos, dstDrop, false)
	f.dispatchFinally(c)
	f.localTop = oldTop
	f.release(mark)
}

// dispatchFinally goes on as the completion record says.
func (f *fn) dispatchFinally(c *ctx) {
	for i, e := range append([]exit{{}}, c.exits...) {
		var next label
		f.jumpS(OpEqIJF, c.kindReg, int64(i+1), &next)
		if i == 0 {
			f.emit(OpRethrow, c.valReg, 0, 0, 0)
		} else {
			f.leave(c.parent, e, c.valReg)
		}
		f.place(&next)
	}
}

func (f *fn) genThrow(g *value.Gene, d dest) {
	mark := f.top
	var r int
	if len(g.Children) == 0 {
		r = f.alloc()
		f.emit(OpLoadNil, r, 0, 0, 0)
	} else {
		r = f.kidOperand(g, 0)
	}
	f.emit(OpThrow, r, 0, 0, 0)
	f.release(mark)
	f.unreachable(d)
}
