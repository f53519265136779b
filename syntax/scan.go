package syntax

import (
	"strconv"
	"strings"
	"unsafe"

	"gene/value"
)

// tokenEnd tells which bytes end a token.
var tokenEnd = [256]bool{
	' ': true, '\t': true, '\r': true, '\n': true, ',': true, ';': true,
	'"': true, '(': true, ')': true, '[': true, ']': true, '{': true, '}': true,
	'%': true, '`': true,
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == ',' || c == '\t' || c == '\r'
}

func isCloser(c byte) bool { return c == ')' || c == ']' || c == '}' }

func isDigit(c byte) bool { return c-'0' < 10 }

// ends tells whether a token ends at a place.
func (r *Reader) ends(i int) bool { return i >= len(r.text) || tokenEnd[r.text[i]] }

// lone tells whether no form can begin at a place.
func (r *Reader) lone(i int) bool {
	return i >= len(r.text) || isBlank(r.text[i]) || isCloser(r.text[i]) || r.text[i] == ';'
}

// tokenTo gives the end of the token that goes on at a place.
func (r *Reader) tokenTo(i int) int {
	for !r.ends(i) {
		i++
	}
	return i
}

// skip goes to the next byte that is neither blank nor part of a comment.
func (r *Reader) skip() {
	for r.off < len(r.text) {
		switch r.text[r.off] {
		case ' ', '\n', '\t', '\r', ',':
			r.off++
		case '#':
			if !r.comment() {
				return
			}
		default:
			return
		}
	}
}

// comment steps over a comment if there is one.
func (r *Reader) comment() bool {
	if r.off+1 < len(r.text) {
		switch r.text[r.off+1] {
		case ' ', '\t', '!', '#', '\r', '\n':
		case '<':
			r.blockComment()
			return true
		default:
			return false
		}
	}
	if n := strings.IndexByte(r.text[r.off:], '\n'); n >= 0 {
		r.off += n + 1
	} else {
		r.off = len(r.text)
	}
	return true
}

func (r *Reader) blockComment() {
	if n := strings.Index(r.text[r.off+2:], ">#"); n >= 0 {
		r.off += n + 4
	} else {
		r.off = len(r.text)
	}
}

// cursor is a byte offset with its line and column. Places are asked for in
// rising order, so that counting goes over the text once.
type cursor struct {
	off int
	pos value.Pos
}

func (c *cursor) advance(text string, to int) {
	line, col := c.pos.Line, c.pos.Col
	for _, b := range []byte(text[c.off:to]) {
		switch {
		case b == '\n':
			line++
			col = 1
		case b&0xC0 != 0x80: // continuation bytes are no code points
			col++
		}
	}
	c.off, c.pos = to, value.Pos{Line: line, Col: col}
}

// here is the place of the next byte.
func (r *Reader) here() value.Pos {
	r.cur.advance(r.text, r.off)
	return r.cur.pos
}

// posAt is the place of any byte; going back counts from the beginning, which
// only errors do.
func (r *Reader) posAt(off int) value.Pos {
	c := r.cur
	if off < c.off {
		c = cursor{pos: value.Pos{Line: 1, Col: 1}}
		if strings.HasPrefix(r.text, "\ufeff") {
			c.off = 3
		}
	}
	c.advance(r.text, max(off, c.off))
	return c.pos
}

func posText(p value.Pos) string {
	return strconv.Itoa(int(p.Line)) + ":" + strconv.Itoa(int(p.Col))
}

// slabs hands out locations from chunks: forms of one text live and die
// together, and a chunk is one allocation for many.
type slabs struct {
	locs  []value.Loc
	poss  []value.Pos
	chunk int
}

func (m *slabs) loc() *value.Loc {
	if len(m.locs) == 0 {
		m.chunk = min(max(4, m.chunk*2), 128)
		m.locs = make([]value.Loc, m.chunk)
	}
	l := &m.locs[0]
	m.locs = m.locs[1:]
	return l
}

func (m *slabs) positions(src []value.Pos) []value.Pos {
	n := len(src)
	if n == 0 {
		return nil
	}
	if len(m.poss) < n {
		m.poss = make([]value.Pos, max(n, 4*m.chunk))
	}
	dst := m.poss[:n:n]
	m.poss = m.poss[n:]
	copy(dst, src)
	return dst
}

// locate makes the location of a form that begins at pos and ends here.
func (r *Reader) locate(pos, typ value.Pos, children, props []value.Pos) *value.Loc {
	l := r.mem.loc()
	*l = value.Loc{File: r.name, Pos: pos, End: r.here(), Type: typ,
		Children: r.mem.positions(children), Props: r.mem.positions(props)}
	return l
}

// record notes the location of an object that can't carry it.
func (r *Reader) record(p unsafe.Pointer, pos value.Pos, children, props []value.Pos) {
	if r.locs != nil {
		r.locs[p] = r.locate(pos, value.Pos{}, children, props)
	}
}
