package syntax

import (
	"unsafe"

	"gene/value"
)

// hashMapCloser stands for }} among the openings.
const hashMapCloser = 'h'

func closerText(c byte) string {
	if c == hashMapCloser {
		return "}}"
	}
	return string(c)
}

// takeValues copies the top of a stack and pops it.
func takeValues(stack *[]value.Value, base int) []value.Value {
	top := (*stack)[base:]
	var vs []value.Value
	if len(top) > 0 {
		vs = make([]value.Value, len(top))
		copy(vs, top)
		clear(top)
	}
	*stack = (*stack)[:base]
	return vs
}

// closes tells whether the innermost container ends here, and steps over its
// closing bracket.
func (r *Reader) closes() bool {
	o := &r.open[len(r.open)-1]
	if o.closer == hashMapCloser {
		if r.text[r.off] != '}' || r.at(r.off+1) != '}' {
			return false
		}
		r.off += 2
		return true
	}
	if r.text[r.off] != o.closer {
		return false
	}
	r.off++
	return true
}

// items reads forms up to the end of the innermost container and hands each
// over. It gives false when the text ended first.
func (r *Reader) items(what string, pos value.Pos, item func(value.Value, value.Pos)) bool {
	for !r.ended {
		r.skip()
		if r.off >= len(r.text) {
			r.endOfText(what, pos)
			return false
		}
		switch c := r.text[r.off]; {
		case isCloser(c):
			if r.closes() || r.wrongCloser() {
				return true
			}
		case c == ';':
			r.fail(r.off, r.off+1, "`;` outside a Gene expression").Hint = "`;` chains expressions inside ( )"
			r.off++
		default:
			at := r.here()
			if v, ok := r.form(); ok {
				item(v, at)
			}
		}
	}
	return false
}

// sequence reads the forms of an array or hash map literal onto the stacks.
func (r *Reader) sequence(what string, pos value.Pos) bool {
	height := 0
	ok := r.items(what, pos, func(v value.Value, at value.Pos) {
		height = max(height, r.height)
		r.vals, r.poss = append(r.vals, v), append(r.poss, at)
	})
	r.height = height + 1
	return ok && !r.ended
}

// array reads […]; off is at its bracket.
func (r *Reader) array(flags uint8) (value.Value, bool) {
	pos := r.here()
	if !r.enter(']', "array", pos) {
		return value.Value{}, false
	}
	r.off++
	base, posBase := len(r.vals), len(r.poss)
	ok := r.sequence("array", pos)
	r.leave()
	a := value.NewArray(takeValues(&r.vals, base))
	a.Flags |= flags
	r.record(unsafe.Pointer(a), pos, r.poss[posBase:], nil)
	r.poss = r.poss[:posBase]
	return a.Value(), ok
}

// braces reads a map or hash map; off is at its first brace.
func (r *Reader) braces(flags uint8) (value.Value, bool) {
	if r.at(r.off+1) == '{' {
		return r.hashMap(flags)
	}
	return r.mapping(flags)
}

// hashMap reads {{…}} as a Gene with the head value.SymHashMap: keys and
// values have to be evaluated before there is a hash map.
func (r *Reader) hashMap(flags uint8) (value.Value, bool) {
	pos := r.here()
	if !r.enter(hashMapCloser, "hash map", pos) {
		return value.Value{}, false
	}
	r.off += 2
	base, posBase := len(r.vals), len(r.poss)
	ok := r.sequence("hash map", pos)
	r.leave()
	g := value.NewGene(value.SymHashMap.Value(), nil, takeValues(&r.vals, base))
	g.Flags |= flags
	g.Loc = r.locate(pos, pos, r.poss[posBase:], nil)
	r.poss = r.poss[:posBase]
	return g.Value(), ok
}

// mapping reads {^k v …}; off is at its brace.
func (r *Reader) mapping(flags uint8) (value.Value, bool) {
	pos := r.here()
	if !r.enter('}', "map", pos) {
		return value.Value{}, false
	}
	r.off++
	p := r.beginProps()
	ok := r.entries(p, pos)
	r.leave()
	m := p.m
	if m == nil {
		m = value.NewMap(0)
	}
	m.Flags |= flags
	r.record(unsafe.Pointer(m), pos, nil, r.propPos[p.base:])
	r.propPos = r.propPos[:p.base]
	r.height = p.height + 1
	return m.Value(), ok && !r.ended
}

// entries reads the entries of a map up to its end.
func (r *Reader) entries(p *props, pos value.Pos) bool {
	complained := false
	for !r.ended {
		r.skip()
		if r.off >= len(r.text) {
			r.endOfText("map", pos)
			return false
		}
		c := r.text[r.off]
		switch {
		case isCloser(c):
			if r.closes() || r.wrongCloser() {
				return true
			}
		case c == '^':
			r.prop(p)
		default:
			start := r.off
			if c == ';' {
				r.off++
			} else {
				r.form()
			}
			if !complained && !r.ended {
				r.fail(start, r.off, "Expect key").Hint = "a map is written {^key value}; a hash map {{key value}}"
			}
			complained = true
		}
	}
	return false
}

// geneScan is a Gene expression being read: the segment since the last `;`.
type geneScan struct {
	pos, headPos value.Pos
	head         value.Value // unset until it was read
	base         int         // its children on r.vals
	posBase      int         // their places on r.poss
	props        *props      // nil when there are none yet
	closedRun    bool        // the run of properties is over
	height       int
}

// gene reads (…); off is at its bracket.
func (r *Reader) gene(flags uint8) (value.Value, bool) {
	pos := r.here()
	if !r.enter(')', "list", pos) {
		return value.Value{}, false
	}
	r.off++
	g := geneScan{pos: pos, headPos: pos, base: len(r.vals), posBase: len(r.poss)}
	for done := false; !done && !r.ended; {
		r.skip()
		if r.off >= len(r.text) {
			r.openList(&g)
			break
		}
		switch c := r.text[r.off]; {
		case isCloser(c):
			done = r.closes() || r.wrongCloser()
		case c == ';':
			r.off++
			r.chain(&g)
		case c == '^' && g.head.IsSet():
			r.geneProp(&g)
		default:
			at := r.here()
			if v, ok := r.form(); ok {
				r.geneItem(&g, v, at)
			} else if !g.head.IsSet() {
				g.head = value.Nil // stands for the head that could not be read
			}
		}
	}
	r.leave()
	v := r.finishGene(&g)
	v.Flags |= flags
	return v.Value(), !r.ended
}

// geneItem adds a head or child.
func (r *Reader) geneItem(g *geneScan, v value.Value, at value.Pos) {
	g.height = max(g.height, r.height)
	if !g.head.IsSet() {
		g.head, g.headPos = v, at
		return
	}
	if g.props != nil {
		g.closedRun = true
	}
	r.vals, r.poss = append(r.vals, v), append(r.poss, at)
}

func (r *Reader) geneProp(g *geneScan) {
	if g.closedRun {
		start := r.off
		r.fail(start, r.tokenTo(start), "properties found in wrong place").Hint = "all properties of an expression stand together, before, between or after its children"
		g.closedRun = false // once is enough
	}
	if g.props == nil {
		g.props = r.beginProps()
	}
	r.prop(g.props)
}

// finishGene makes the Gene of a segment and takes it off the stacks.
func (r *Reader) finishGene(g *geneScan) *value.Gene {
	if !g.head.IsSet() {
		g.head = value.Nil
	}
	var m *value.Map
	var propPos []value.Pos
	if g.props != nil {
		if m = g.props.m; m.Len() == 0 {
			m = nil
		}
		propPos = r.propPos[g.props.base:]
		g.height = max(g.height, g.props.height)
		r.propPos = r.propPos[:g.props.base]
	}
	v := value.NewGene(g.head, m, takeValues(&r.vals, g.base))
	v.Loc = r.locate(g.pos, g.headPos, r.poss[g.posBase:], propPos)
	r.poss = r.poss[:g.posBase]
	r.height = g.height + 1
	return v
}

// chain makes everything before a `;` the head of the next segment.
func (r *Reader) chain(g *geneScan) {
	head := r.finishGene(g)
	if r.depth+r.height > MaxDepth {
		r.tooDeep()
		return
	}
	*g = geneScan{pos: g.pos, headPos: g.pos, head: head.Value(), base: g.base,
		posBase: g.posBase, height: r.height}
}

// openList reports that the text ended inside an expression. A child that
// stands no further right than its parent shows where a bracket may be missing.
func (r *Reader) openList(g *geneScan) {
	e := r.endOfText("list", g.pos)
	e.Hint = "the ( has no )"
	for _, p := range r.poss[g.posBase:] {
		if p.Line > g.pos.Line && p.Col <= g.pos.Col {
			e.Hint += "; perhaps it is missing before " + posText(p)
			return
		}
	}
}
