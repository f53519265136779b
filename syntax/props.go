package syntax

import (
	"unsafe"

	"gene/value"
)

// props are the entries of a map or the properties of a Gene being read.
type props struct {
	m      *value.Map
	base   int // their places on r.propPos
	height int
	// nested are the maps that ^a^b shortcuts made, which may grow.
	nested map[*value.Map]*value.Loc
}

func (r *Reader) beginProps() *props {
	return &props{m: value.NewMap(2), base: len(r.propPos)}
}

// A key's mark says what it means without a value.
const (
	markNone  = 0
	markTrue  = '^' // ^^k
	markFalse = '!' // ^!k: nil, and false behind another key
)

// prop reads one entry; off is at its `^`.
func (r *Reader) prop(p *props) {
	start := r.off
	pos := r.here()
	names, mark, ok := r.keys(start)
	if !ok {
		return
	}
	keyEnd := r.off
	v, at, height := value.Nil, pos, 0
	switch {
	case mark == markTrue:
		v = value.True
	case mark == markFalse && len(names) > 1:
		v = value.False
	case mark == markNone:
		if v, at, ok = r.propValue(start, keyEnd, names); !ok {
			return
		}
		height = r.height
	}
	p.height = max(p.height, height+len(names)-1)
	if r.depth+p.height > MaxDepth {
		r.tooDeep()
		return
	}
	if !r.put(p, names, v, pos, at, mark) {
		r.fail(start, keyEnd, "Property "+r.text[start:keyEnd]+" conflict with property shortcut found earlier").Hint = "each key may be given once"
	}
}

// propValue reads the value behind a key.
func (r *Reader) propValue(start, keyEnd int, names []*value.Symbol) (value.Value, value.Pos, bool) {
	r.skip()
	if r.off >= len(r.text) {
		return value.Value{}, value.Pos{}, false // the container reports the end
	}
	if c := r.text[r.off]; isCloser(c) || c == ';' || c == '^' {
		key := names[len(names)-1].Name
		r.fail(start, keyEnd, "Expect value for "+key).Hint = "^^" + key + " sets it to true"
		return value.Value{}, value.Pos{}, false
	}
	at := r.here()
	v, ok := r.form()
	return v, at, ok
}

// keys reads the names of an entry, more than one for ^a^b, and its mark.
func (r *Reader) keys(start int) ([]*value.Symbol, byte, bool) {
	var room [2]*value.Symbol
	names := room[:0]
	for {
		r.off++ // the `^`
		mark := byte(markNone)
		if c := r.at(r.off); c == '^' || c == '!' {
			mark = c
			r.off++
		}
		first := r.off
		name, ok := r.word(start, '^')
		if !ok {
			return nil, 0, false
		}
		if r.off == first || mark != markNone && r.at(r.off) == '^' {
			r.off = r.tokenTo(r.off)
			r.fail(start, r.off, "Expect key after ^").Hint = "keys are written ^k v, ^^k, ^!k or ^a^b v"
			return nil, 0, false
		}
		names = append(names, r.intern(name))
		if r.at(r.off) != '^' {
			return names, mark, true
		}
	}
}

// put stores an entry; false when the key is taken.
func (r *Reader) put(p *props, names []*value.Symbol, v value.Value, pos, at value.Pos, mark byte) bool {
	m, in := p.m, (*value.Loc)(nil)
	for _, k := range names[:len(names)-1] {
		old, ok := m.Get(k)
		if !ok {
			inner := value.NewMap(1)
			r.set(m, in, k, inner.Value(), pos)
			m, in = inner, r.nest(p, inner, pos)
			continue
		}
		if old.Kind() != value.KindMap {
			return false
		}
		m = old.AsMap()
		if in = p.nested[m]; in == nil {
			return false
		}
	}
	k := names[len(names)-1]
	if old, ok := m.Get(k); ok {
		return mark == markTrue && old == value.True
	}
	r.set(m, in, k, v, at)
	return true
}

// nest notes a map that a shortcut made.
func (r *Reader) nest(p *props, m *value.Map, pos value.Pos) *value.Loc {
	l := r.locate(pos, value.Pos{}, nil, nil)
	if p.nested == nil {
		p.nested = map[*value.Map]*value.Loc{}
	}
	p.nested[m] = l
	if r.locs != nil {
		r.locs[unsafe.Pointer(m)] = l
	}
	return l
}

// set adds an entry and notes its place: with the map's location, or for the
// outermost map on r.propPos.
func (r *Reader) set(m *value.Map, in *value.Loc, k *value.Symbol, v value.Value, at value.Pos) {
	m.Set(k, v)
	if in == nil {
		r.propPos = append(r.propPos, at)
		return
	}
	in.Props = append(in.Props, at)
	in.End = r.here()
}
