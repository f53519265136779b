package syntax

import (
	"unsafe"

	"gene/value"
)

// operand reads the form that a prefix (quote, unquote, decorator) belongs to.
// The prefix began at byte start and has been stepped over.
func (r *Reader) operand(start int, pos value.Pos) (value.Value, value.Pos, bool) {
	prefix := r.text[start:r.off]
	if r.depth >= MaxDepth {
		r.tooDeep()
		return value.Value{}, pos, false
	}
	r.skip()
	if r.off >= len(r.text) {
		r.endOfText("form after "+prefix, pos)
		return value.Value{}, pos, false
	}
	if c := r.text[r.off]; isCloser(c) || c == ';' {
		r.fail(start, r.off, "Expect form after "+prefix)
		return value.Value{}, pos, false
	}
	at := r.here()
	r.depth++
	v, ok := r.form()
	r.depth--
	r.height++
	return v, at, ok
}

// quote reads `form.
func (r *Reader) quote() (value.Value, bool) {
	pos, start := r.here(), r.off
	r.off++
	v, at, ok := r.operand(start, pos)
	if !ok {
		return v, false
	}
	g := value.NewGene(value.SymQuote.Value(), nil, []value.Value{v})
	g.Loc = r.locate(pos, pos, []value.Pos{at}, nil)
	return g.Value(), true
}

// percent reads %form, %_form or the symbols % and %=.
func (r *Reader) percent() (value.Value, bool) {
	pos, start := r.here(), r.off
	if r.lone(start + 1) {
		r.off++
		return r.intern("%").Value(), true
	}
	if r.text[start+1] == '=' && r.ends(start+2) {
		r.off += 2
		return r.intern("%=").Value(), true
	}
	r.off++
	discard := r.text[r.off] == '_' && !r.lone(r.off+1)
	if discard {
		r.off++
	}
	v, at, ok := r.operand(start, pos)
	if !ok {
		return v, false
	}
	u := value.NewUnquote(v, discard)
	r.record(unsafe.Pointer(u), pos, []value.Pos{at}, nil)
	return u.Value(), true
}

// decorator reads #@name form as (name form).
func (r *Reader) decorator() (value.Value, bool) {
	pos, start := r.here(), r.off
	r.off += 2
	name, nameAt, ok := r.operand(start, pos)
	if !ok {
		return name, false
	}
	height := r.height
	v, at, ok := r.operand(start, pos)
	if !ok {
		return v, false
	}
	r.height = max(height, r.height)
	g := value.NewGene(name, nil, []value.Value{v})
	g.Loc = r.locate(pos, nameAt, []value.Pos{at}, nil)
	return g.Value(), true
}
