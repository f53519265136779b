package value

import "unsafe"

// String is an immutable UTF-8 string.
type String struct {
	Header
	S string
}

// Str makes a String.
func Str(s string) Value { return Value{P: unsafe.Pointer(&String{Header{Kind: KindString}, s})} }

// AsString is the text of a value of KindString.
func (v Value) AsString() string { return (*String)(v.P).S }

// StringObj is the object behind a value of KindString.
func (v Value) StringObj() *String { return (*String)(v.P) }

// Array is a growable sequence.
type Array struct {
	Header
	Items []Value
}

// NewArray makes an array that owns items.
func NewArray(items []Value) *Array { return &Array{Header{Kind: KindArray}, items} }

// Arr makes an array value that owns items.
func Arr(items ...Value) Value { return NewArray(items).Value() }

// Push appends an element. A full array doubles (from 64 MiB on: grows by
// half): Go's own growth of a quarter copies, and makes the collector look at,
// much more when an array is filled element by element.
func (a *Array) Push(v Value) {
	if n := len(a.Items); n == cap(a.Items) {
		grown := max(4, 2*n)
		if n > 4<<20 {
			grown = n + n/2
		}
		items := make([]Value, n, grown)
		copyChunks(items, a.Items)
		a.Items = items
	}
	a.Items = append(a.Items, v)
}

// copyChunks copies a piece at a time. One copy of a large array can't be
// interrupted, and a collector that wants to look at the goroutine's stack
// signals it every few microseconds until it is over: growing an array to six
// million elements took twice the time for it. Each piece is a call that is not
// inlined, because the entry of a function is where the runtime can stop it.
func copyChunks(dst, src []Value) {
	const chunk = 4096
	for len(src) > chunk {
		copyChunk(dst, src[:chunk])
		dst, src = dst[chunk:], src[chunk:]
	}
	copy(dst, src)
}

//go:noinline
func copyChunk(dst, src []Value) { copy(dst, src) }

// Value gives a as a value.
func (a *Array) Value() Value { return Value{P: unsafe.Pointer(a)} }

// AsArray is the array behind a value of KindArray.
func (v Value) AsArray() *Array { return (*Array)(v.P) }

// Pos is a place in a source text: line and column from 1, columns counted in
// code points. The zero Pos is unknown.
type Pos struct{ Line, Col uint32 }

// Loc says where the parts of a form stand in its source.
type Loc struct {
	File     string
	Pos      Pos   // the form's first character
	End      Pos   // just behind its last character
	Type     Pos   // a Gene's head
	Children []Pos // a Gene's children, an array's elements
	Props    []Pos // values of properties or map entries, in entry order
}

// Gene is the expression: a type (head), properties and children. It is code
// and data alike.
type Gene struct {
	Header
	Type     Value
	Props    *Map // nil when there are none
	Children []Value
	Loc      *Loc // nil when it was not read from a source text
}

// NewGene makes a Gene that owns its parts; props may be nil.
func NewGene(typ Value, props *Map, children []Value) *Gene {
	return &Gene{Header: Header{Kind: KindGene}, Type: typ, Props: props, Children: children}
}

// Value gives g as a value.
func (g *Gene) Value() Value { return Value{P: unsafe.Pointer(g)} }

// AsGene is the Gene behind a value of KindGene.
func (v Value) AsGene() *Gene { return (*Gene)(v.P) }

// Range is from, from+step … up to and including to. The bounds are any values;
// only Int bounds can be iterated.
type Range struct {
	Header
	From, To Value
	Step     Value // Int; 1 when none was given
}

// NewRange makes a range.
func NewRange(from, to, step Value) *Range {
	return &Range{Header{Kind: KindRange}, from, to, step}
}

// Value gives r as a value.
func (r *Range) Value() Value { return Value{P: unsafe.Pointer(r)} }

// AsRange is the range behind a value of KindRange.
func (v Value) AsRange() *Range { return (*Range)(v.P) }

// Bytes is an immutable byte string.
type Bytes struct {
	Header
	B []byte
}

// NewBytes makes Bytes that own b.
func NewBytes(b []byte) Value { return Value{P: unsafe.Pointer(&Bytes{Header{Kind: KindBytes}, b})} }

// AsBytes is the content of a value of KindBytes.
func (v Value) AsBytes() []byte { return (*Bytes)(v.P).B }

// Selector is a path as a value, @a/b/0. Its segments are strings and symbols
// (keys), Ints (indexes), the symbols * ** @ @@ ! and callables.
type Selector struct {
	Header
	Segs []Value
}

// NewSelector makes a selector of its segments.
func NewSelector(segs []Value) *Selector { return &Selector{Header{Kind: KindSelector}, segs} }

// Value gives s as a value.
func (s *Selector) Value() Value { return Value{P: unsafe.Pointer(s)} }

// AsSelector is the selector behind a value of KindSelector.
func (v Value) AsSelector() *Selector { return (*Selector)(v.P) }

// Unquote is %form (or %_form, which is dropped after evaluation) as data.
type Unquote struct {
	Header
	Form    Value
	Discard bool
}

// NewUnquote makes an unquote.
func NewUnquote(form Value, discard bool) *Unquote {
	return &Unquote{Header{Kind: KindUnquote}, form, discard}
}

// Value gives u as a value.
func (u *Unquote) Value() Value { return Value{P: unsafe.Pointer(u)} }

// AsUnquote is the unquote behind a value of KindUnquote.
func (v Value) AsUnquote() *Unquote { return (*Unquote)(v.P) }

// Regexp is a regular expression literal. The engine's compiled form is made
// at first use and kept in Compiled by the library.
type Regexp struct {
	Header
	Pattern        string
	Flags          string // of i and m, in this order
	Replacement    string
	HasReplacement bool
	Compiled       any
}

// Value gives r as a value.
func (r *Regexp) Value() Value { return Value{P: unsafe.Pointer(r)} }

// AsRegexp is the expression behind a value of KindRegexp.
func (v Value) AsRegexp() *Regexp { return (*Regexp)(v.P) }

// Match is the result of matching a regular expression. Start and End count
// code points, End is exclusive; a group that took no part is nil.
type Match struct {
	Header
	Text       string // the whole subject
	Captures   []Value
	Named      *Map
	Start, End int
	ByteStart  int
	ByteEnd    int
}

// Value gives m as a value.
func (m *Match) Value() Value { return Value{P: unsafe.Pointer(m)} }

// AsMatch is the match behind a value of KindMatch.
func (v Value) AsMatch() *Match { return (*Match)(v.P) }

// Temporal is a Date, Time or DateTime; the header's kind says which, and the
// fields that kind lacks are zero.
type Temporal struct {
	Header
	Year                 int32
	Month, Day           int8
	Hour, Minute, Second int8
	HasOffset            bool
	Micro                int32
	OffsetMin            int16  // minutes east of UTC
	Zone                 string // IANA name from brackets, or ""
}

// Value gives t as a value.
func (t *Temporal) Value() Value { return Value{P: unsafe.Pointer(t)} }

// AsTemporal is the object behind a Date, Time or DateTime.
func (v Value) AsTemporal() *Temporal { return (*Temporal)(v.P) }

// Cell is a variable that outlives its frame: one captured by a closure, or
// one of a module. An unset V means that its var has not run yet.
type Cell struct {
	Header
	V    Value
	Name *Symbol // nil for captured locals
}

// NewCell makes a cell.
func NewCell(name *Symbol, v Value) *Cell { return &Cell{Header{Kind: KindCell}, v, name} }

// Value gives c as an (internal) value.
func (c *Cell) Value() Value { return Value{P: unsafe.Pointer(c)} }

// AsCell is the cell behind a value of KindCell.
func (v Value) AsCell() *Cell { return (*Cell)(v.P) }
