package compiler

import (
	"strings"

	"gene/value"
)

// selectorOf makes the selector of a shorthand's parts: Ints for digits,
// symbols for everything else, * ** @ @@ and ! included.
func selectorOf(parts []string) value.Value {
	var segs []value.Value
	for _, p := range parts {
		if p == "" {
			continue
		}
		if n, ok := pathInt(p); ok {
			segs = append(segs, value.Int(n))
		} else {
			segs = append(segs, value.Sym(p))
		}
	}
	return value.NewSelector(segs).Value()
}

// genSelector compiles (@ seg …): symbols and literals stand for themselves.
func (f *fn) genSelector(g *value.Gene, d dest) {
	mark := f.top
	w := f.window(d)
	f.selectorArray(args{g, 0}, nil, w)
	f.intrinsic(InSelector, w, 1)
	f.resultOf(w, d)
	f.release(mark)
}

// selectorArray evaluates segments into an array in register r.
func (f *fn) selectorArray(a args, first []value.Value, r int) {
	list := append([]value.Value{}, first...)
	for _, v := range a.list() {
		if v.Kind() == value.KindSymbol && v.AsSymbol().Name != "..." {
			q := value.NewGene(value.SymQuote.Value(), nil, []value.Value{v})
			v = q.Value()
		}
		list = append(list, v)
	}
	f.asOperand(func() {
		f.arrayOf(list, func(i int) value.Pos { return a.pos(i - len(first)) }, r)
	})
}

// genSelectorCall compiles (target .@a/b) and (target .@ seg …).
func (f *fn) genSelectorCall(g *value.Gene, d dest) {
	f.selectorOn(g, g.Children[0], args{g, 1}, d, func(r int) { f.genHead(g, r) })
}

func (f *fn) selectorOn(g *value.Gene, mark value.Value, a args, d dest, target func(r int)) {
	var parts []string
	if mark.Kind() == value.KindPath {
		parts = append(parts, mark.AsPath().Parts...)
	} else {
		parts = []string{mark.AsSymbol().Name}
	}
	parts[0] = strings.TrimPrefix(parts[0], ".@")
	sel := selectorOf(parts)
	m := f.top
	w := f.window(d)
	target(w)
	t := f.alloc()
	h := f.alloc()
	if len(a.list()) == 0 {
		f.load(sel, h)
	} else {
		var first []value.Value
		for _, s := range sel.AsSelector().Segs {
			first = append(first, value.NewGene(value.SymQuote.Value(), nil, []value.Value{s}).Value())
		}
		f.selectorArray(a, first, h)
		f.intrinsic(InSelector, h, 1)
	}
	f.emit(OpMove, t, w, 0, 0)
	f.emit(OpMove, w, h, 0, 0)
	f.emit(OpCallKw, w, 1, 0, f.siteKw(value.Intern(""), nil))
	f.resultOf(w, d)
	f.release(m)
}

// genSet compiles ($set target @seg v).
func (f *fn) genSet(g *value.Gene, d dest) {
	if len(g.Children) != 3 {
		f.fail("$set expects a target, a selector and a value")
	}
	sel := g.Children[1]
	n := 1
	switch {
	case symHasPrefix(sel, "@"):
	case sel.Kind() == value.KindPath && strings.HasPrefix(sel.AsPath().Parts[0], "@"):
		n = len(sel.AsPath().Parts)
	case sel.Kind() == value.KindGene && headName(sel.AsGene()) == "@":
		n = len(sel.AsGene().Children)
	default:
		f.fail("$set expects a selector (@property) as second argument")
	}
	if n != 1 {
		f.fail("$set selector must have exactly one property")
	}
	mark := f.top
	w := f.window(d)
	f.top = w
	f.genArgs(args{g, 0})
	f.intrinsic(InSet, w, 3)
	f.resultOf(w, d)
	f.release(mark)
}

func symHasPrefix(v value.Value, p string) bool {
	s := symName(v)
	return len(s) > len(p) && strings.HasPrefix(s, p)
}
