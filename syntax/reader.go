package syntax

import (
	"io"
	"unicode/utf8"
	"unsafe"

	"gene/value"
)

// MaxDepth is how deep forms may be nested. It keeps every recursive walk of
// what was read (compiler, printer) far from the end of Go's stack.
const MaxDepth = 10_000

// File is a source text with its forms.
type File struct {
	Name  string
	Text  string
	Forms []value.Value
	Pos   []value.Pos // where each top form begins
	// Locs gives the places of objects that have no Loc field: arrays, maps
	// and unquotes. A Gene carries its own.
	Locs map[unsafe.Pointer]*value.Loc
}

// Read reads a whole text. The forms it could read are in the file even when
// there are errors.
func Read(name, text string) (*File, Errors) {
	r := NewReader(name, text)
	r.locs = map[unsafe.Pointer]*value.Loc{}
	f := &File{Name: name, Text: text, Locs: r.locs}
	for {
		v, pos, ok := r.next()
		if !ok {
			return f, r.errs
		}
		f.Forms = append(f.Forms, v)
		f.Pos = append(f.Pos, pos)
	}
}

// ReadOne reads the first form of a text. A text without a form is an error.
func ReadOne(text string) (value.Value, error) {
	r := NewReader("", text)
	v, _, err := r.Next()
	if err == io.EOF {
		r.fail(len(text), len(text), "EOF while reading form")
		r.errs[0].Incomplete = true
		return value.Value{}, r.errs
	}
	return v, err
}

// Reader gives the forms of a text one after the other.
type Reader struct {
	name string
	text string
	off  int // the next byte

	depth  int // containers open around off
	height int // nesting of the form read last; 0 for an atom
	open   []opening
	ended  bool // gave up: end of text inside a form, too deep, too many errors

	errs Errors
	locs map[unsafe.Pointer]*value.Loc // nil: don't record
	cur  cursor
	mem  slabs
	syms [symCacheSize]cachedSymbol

	// Stacks that containers build their parts on.
	vals    []value.Value
	poss    []value.Pos
	propPos []value.Pos
	buf     []byte
}

// opening is a container that is being read.
type opening struct {
	closer byte
	what   string
	pos    value.Pos
}

// NewReader makes a reader at the beginning of a text.
func NewReader(name, text string) *Reader {
	r := &Reader{name: name, text: text}
	if len(text) >= 3 && text[:3] == "\ufeff" {
		r.off = 3
	}
	r.cur = cursor{off: r.off, pos: value.Pos{Line: 1, Col: 1}}
	if !utf8.ValidString(text) {
		at := invalidUTF8(text)
		r.fail(at, at+1, "Invalid UTF-8 in source text")
		r.ended = true
	}
	return r
}

func invalidUTF8(s string) int {
	for i, c := range s {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

// Next gives the next form and where it begins, io.EOF when there are no more,
// or the errors of that form; after errors the reader may go on with what
// follows.
func (r *Reader) Next() (value.Value, value.Pos, error) {
	v, pos, ok := r.next()
	if len(r.errs) > 0 {
		errs := r.errs
		r.errs = nil
		return value.Value{}, pos, errs
	}
	if !ok {
		return value.Value{}, r.here(), io.EOF
	}
	return v, pos, nil
}

// Offset is the number of bytes read so far.
func (r *Reader) Offset() int { return r.off }

// next reads a top form, stepping over what can't be one.
func (r *Reader) next() (value.Value, value.Pos, bool) {
	for !r.ended {
		r.skip()
		if r.off >= len(r.text) {
			return value.Value{}, value.Pos{}, false
		}
		pos := r.here()
		switch c := r.text[r.off]; c {
		case ')', ']', '}':
			r.fail(r.off, r.off+1, "Unmatched delimiter: "+string(c))
			r.off++
		case ';':
			r.fail(r.off, r.off+1, "`;` outside a Gene expression").Hint = "`;` chains expressions inside ( ); comments begin with `# `"
			r.off++
		default:
			if v, ok := r.form(); ok && !r.ended {
				return v, pos, true
			}
		}
	}
	return value.Value{}, value.Pos{}, false
}

// form reads one form. The next byte must be the first of one: not a blank, a
// closing bracket or a semicolon. It gives false after an error that left
// nothing to stand for the form.
func (r *Reader) form() (value.Value, bool) {
	r.height = 0
	switch c := r.text[r.off]; c {
	case '(':
		return r.gene(0)
	case '[':
		return r.array(0)
	case '{':
		return r.braces(0)
	case '"':
		return r.str()
	case '\'':
		return r.char()
	case '`':
		return r.quote()
	case '%':
		return r.percent()
	case '#':
		return r.hash()
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return r.number()
	case '+', '-':
		if isDigit(r.at(r.off + 1)) {
			return r.number()
		}
	}
	return r.symbol()
}

// hash reads what begins with `#` and is no comment.
func (r *Reader) hash() (value.Value, bool) {
	switch r.at(r.off + 1) {
	case '(':
		r.off++
		return r.gene(value.FlagSealed)
	case '[':
		r.off++
		return r.array(value.FlagSealed)
	case '{':
		r.off++
		return r.braces(value.FlagSealed)
	case '"':
		return r.interpolated()
	case '/':
		return r.regex()
	case '@':
		return r.decorator()
	}
	return r.symbol()
}

// at gives the byte at a place, 0 behind the end.
func (r *Reader) at(i int) byte {
	if i < len(r.text) {
		return r.text[i]
	}
	return 0
}

// fail records an error that spans two byte offsets.
func (r *Reader) fail(from, to int, msg string) *Error {
	e := &Error{File: r.name, Pos: r.posAt(from), End: r.posAt(min(to, len(r.text))), Msg: msg}
	return r.failure(e)
}

func (r *Reader) failure(e *Error) *Error {
	r.errs = append(r.errs, e)
	if len(r.errs) >= maxErrors {
		r.ended = true
	}
	return e
}

// endOfText records that the text ended inside something that began at pos.
func (r *Reader) endOfText(what string, pos value.Pos) *Error {
	r.off = len(r.text)
	r.ended = true
	return r.failure(&Error{File: r.name, Pos: pos, End: r.posAt(len(r.text)),
		Msg: "EOF while reading " + what, Incomplete: true})
}

// enter opens a container; false when that is too deep.
func (r *Reader) enter(closer byte, what string, pos value.Pos) bool {
	if r.depth >= MaxDepth {
		r.tooDeep()
		return false
	}
	r.depth++
	r.open = append(r.open, opening{closer, what, pos})
	return true
}

func (r *Reader) leave() {
	r.depth--
	r.open = r.open[:len(r.open)-1]
}

func (r *Reader) tooDeep() {
	r.fail(r.off, r.off+1, "Forms nested too deeply (limit 10000)")
	r.ended = true
}

// wrongCloser handles a closing bracket that does not close the innermost
// container. When an outer one wants it, the inner one counts as closed there
// (true); else the bracket is dropped.
func (r *Reader) wrongCloser() bool {
	c := r.text[r.off]
	inner := r.open[len(r.open)-1]
	e := r.fail(r.off, r.off+1, "Unmatched delimiter: "+string(c))
	e.Hint = "the " + inner.what + " that began at " + posText(inner.pos) + " wants " + closerText(inner.closer)
	for _, o := range r.open[:len(r.open)-1] {
		if o.closer == c || o.closer == hashMapCloser && c == '}' {
			return true
		}
	}
	r.off++
	return false
}
