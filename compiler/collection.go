package compiler

import (
	"unsafe"

	"gene/value"
)

// chunk is how many elements of a literal go through registers at a time.
const chunk = 40

// genArray compiles an array literal.
func (f *fn) genArray(v value.Value, d dest) {
	a := v.AsArray()
	f.into(d, func(r int) {
		mark := f.top
		t := r
		if !f.fitsWindow(a.Items) {
			t = f.scratch(dest(r))
		}
		f.asOperand(func() {
			f.arrayOf(a.Items, func(i int) value.Pos { return f.c.posIn(unsafe.Pointer(a), i) }, t)
		})
		if a.Flags&value.FlagSealed != 0 {
			f.emit(OpSeal, t, 0, 0, 0)
		}
		f.resultOf(t, dest(r))
		f.release(mark)
	})
}

func (f *fn) fitsWindow(vs []value.Value) bool { return len(vs) <= chunk && !hasSpread(vs) }

// arrayOf makes an array of the values of forms in register r, which must not
// hold a variable unless the elements fit into registers.
func (f *fn) arrayOf(vs []value.Value, pos func(i int) value.Pos, r int) {
	mark := f.top
	if f.fitsWindow(vs) {
		b := f.top
		for i, v := range vs {
			f.at(pos(i), v, dest(f.alloc()))
		}
		f.emit(OpNewArray, r, b, len(vs), 0)
		f.release(mark)
		return
	}
	f.emit(OpNewArray, r, r, 0, 0)
	b, n := f.top, 0
	flush := func() {
		if n > 0 {
			f.emit(OpArrayPush, r, b, n, 0)
			f.release(mark)
			n = 0
		}
	}
	for i := 0; i < len(vs); i++ {
		form, spread := spreadName(vs[i])
		marker := false
		if !spread && i+1 < len(vs) && symName(vs[i+1]) == "..." {
			form, spread, marker = vs[i], true, true
		}
		if spread {
			flush()
			f.emit(OpArraySpread, r, f.operandAt(pos(i), form), 0, 0)
			f.release(mark)
			if marker {
				i++
			}
			continue
		}
		f.at(pos(i), vs[i], dest(f.alloc()))
		if n++; n == chunk {
			flush()
		}
	}
	flush()
}

// genMap compiles a map literal.
func (f *fn) genMap(v value.Value, d dest) {
	m := v.AsMap()
	f.into(d, func(r int) {
		mark := f.top
		t := f.scratch(dest(r))
		f.asOperand(func() {
			f.mapOf(m, func(i int) value.Pos { return f.c.posIn(unsafe.Pointer(m), i) }, t)
		})
		if m.Flags&value.FlagSealed != 0 {
			f.emit(OpSeal, t, 0, 0, 0)
		}
		f.resultOf(t, dest(r))
		f.release(mark)
	})
}

// mapOf makes a map of entries in register r, which must not hold a variable.
func (f *fn) mapOf(m *value.Map, pos func(i int) value.Pos, r int) {
	mark := f.top
	var keys []*value.Symbol
	b := f.top
	made := false
	flush := func() {
		switch {
		case !made:
			list := &KeyList{value.Header{Kind: value.KindInternal}, keys}
			f.emit(OpNewMap, r, b, 0, f.add(list.Value()))
			made = true
		default:
			for i, k := range keys {
				f.emit(OpMapSet, r, b+i, 0, f.k(k.Value()))
			}
		}
		f.release(mark)
		keys = nil
	}
	for i, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		if isSpreadKey(e.Key) {
			flush()
			f.emit(OpMapSpread, r, f.operandAt(pos(i), e.Val), 0, 0)
			f.release(mark)
			continue
		}
		f.at(pos(i), e.Val, dest(f.alloc()))
		if keys = append(keys, e.Key); len(keys) == chunk {
			flush()
		}
	}
	if !made || len(keys) > 0 {
		flush()
	}
}

// genHashMap compiles {{k v …}}.
func (f *fn) genHashMap(g *value.Gene, d dest) {
	mark := f.top
	w := f.window(d)
	f.asOperand(func() { f.arrayOf(g.Children, func(i int) value.Pos { return kidPos(g, i) }, w) })
	f.emit(OpNewHashMap, w, w, 0, 0)
	if g.Flags&value.FlagSealed != 0 {
		f.emit(OpSeal, w, 0, 0, 0)
	}
	f.resultOf(w, d)
	f.release(mark)
}

// genInterp compiles an interpolated string.
func (f *fn) genInterp(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.constant(value.Str(""), d)
		return
	}
	mark := f.top
	w := f.window(d)
	if len(g.Children) <= chunk {
		f.top = w
		f.genArgs(args{g: g})
		f.emit(OpText, w, w, len(g.Children), 0)
	} else {
		f.longInterp(g, w)
	}
	f.resultOf(w, d)
	f.release(mark)
}

// longInterp makes the text piece by piece.
func (f *fn) longInterp(g *value.Gene, w int) {
	for i := 0; i < len(g.Children); i += chunk {
		inner := f.top
		b := f.allocN(1)
		if i > 0 {
			f.emit(OpMove, b, w, 0, 0)
		} else {
			f.load(value.Str(""), b)
		}
		n := 1
		for j := i; j < min(i+chunk, len(g.Children)); j++ {
			r := f.alloc()
			f.asOperand(func() { f.kid(g, j, dest(r)) })
			n++
		}
		f.emit(OpText, b, b, n, 0)
		f.emit(OpMove, w, b, 0, 0)
		f.release(inner)
	}
}

// genConstructor makes a Gene value of an evaluated head, properties and
// children (1.11).
func (f *fn) genConstructor(g *value.Gene, d dest) {
	f.into(d, func(r int) {
		mark := f.top
		b := f.allocN(3)
		if headName(g) == "_" {
			f.load(g.Type, b)
		} else {
			f.genHead(g, b)
		}
		f.asOperand(func() {
			if g.Props.Len() == 0 {
				f.emit(OpLoadNil, b+1, 0, 0, 0)
			} else {
				f.mapOf(g.Props, func(i int) value.Pos { return propPos(g, i) }, b+1)
			}
			f.arrayOf(g.Children, func(i int) value.Pos { return kidPos(g, i) }, b+2)
		})
		f.emit(OpNewGene, r, b, 0, 0)
		if g.Flags&value.FlagSealed != 0 {
			f.emit(OpSeal, r, 0, 0, 0)
		}
		f.release(mark)
	})
}
