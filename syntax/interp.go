package syntax

import (
	"strings"

	"gene/value"
)

// interpolated reads #"…" as a Gene with the head value.SymInterp whose
// children are the literal pieces, as Strings, and the forms between them. A
// String among the forms joins its neighbours, so that equal texts read equal.
func (r *Reader) interpolated() (value.Value, bool) {
	pos := r.here()
	if !r.enter('"', "string", pos) {
		return value.Value{}, false
	}
	r.off++
	t := r.beginText(strings.HasPrefix(r.text[r.off:], longQuote), true)
	base, posBase, height := len(r.vals), len(r.poss), 0
	piecePos := r.here()
	end := t.piece()
	for ; end == pieceForm && !r.ended; end = t.piece() {
		t.blankFrom = -1
		v, at, ok := r.interpolation()
		if !ok {
			continue
		}
		if v.Kind() == value.KindString {
			r.buf = append(r.buf, v.AsString()...)
			continue
		}
		height = max(height, r.height)
		r.pushPiece(t, piecePos)
		r.vals, r.poss = append(r.vals, v), append(r.poss, at)
		piecePos = r.here()
	}
	if end == pieceCut && !r.ended {
		r.endOfText("string", pos)
	}
	r.pushPiece(t, piecePos)
	r.leave()
	g := value.NewGene(value.SymInterp.Value(), nil, takeValues(&r.vals, base))
	g.Loc = r.locate(pos, pos, r.poss[posBase:], nil)
	r.poss = r.poss[:posBase]
	r.height = height + 1
	return g.Value(), !r.ended
}

func (r *Reader) pushPiece(t *textScan, pos value.Pos) {
	if s := t.take(); s != "" {
		r.vals, r.poss = append(r.vals, value.Str(s)), append(r.poss, pos)
	}
}

// interpolation reads one interpolation from its `#`. It gives false for a
// comment and after an error.
func (r *Reader) interpolation() (value.Value, value.Pos, bool) {
	r.height = 0
	if r.text[r.off+1] == '<' {
		r.blockComment()
		return value.Value{}, value.Pos{}, false
	}
	hash := r.off
	r.off++
	pos := r.here()
	var v value.Value
	var ok bool
	switch r.text[r.off] {
	case '(':
		v, ok = r.gene(0)
	case '[':
		v, ok = r.array(0)
	default:
		v, pos, ok = r.braced(hash, pos)
	}
	return v, pos, ok
}

// braced reads {form} in an interpolation; when the first thing is a key, the
// braces belong to a map.
func (r *Reader) braced(hash int, pos value.Pos) (value.Value, value.Pos, bool) {
	brace := r.off
	r.off++
	r.skip()
	if r.at(r.off) == '^' {
		r.off = brace
		v, ok := r.mapping(0)
		return v, pos, ok
	}
	// The braces make no level of nesting of their own.
	r.open = append(r.open, opening{'}', "interpolation", pos})
	defer func() { r.open = r.open[:len(r.open)-1] }()
	var first value.Value
	height, forms := 0, 0
	closed := r.items("interpolation", pos, func(v value.Value, at value.Pos) {
		if forms == 0 {
			first, pos, height = v, at, r.height
		}
		forms++
	})
	if !closed || r.ended {
		return value.Value{}, pos, false
	}
	if forms != 1 {
		msg := "Interpolation #{} without a form"
		if forms > 1 {
			msg = "More than one form in an interpolation"
		}
		r.fail(hash, r.off, msg).Hint = "write exactly one form between #{ and }"
		return value.Value{}, pos, false
	}
	r.height = height
	return first, pos, true
}
