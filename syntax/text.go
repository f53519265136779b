package syntax

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"gene/value"
)

const longQuote = `"""`

// str reads a plain string.
func (r *Reader) str() (value.Value, bool) {
	start := r.off
	long := strings.HasPrefix(r.text[start:], longQuote)
	if !long {
		for i := start + 1; i < len(r.text); i++ {
			switch r.text[i] {
			case '"':
				r.off = i + 1
				return value.Str(r.text[start+1 : i]), true
			case '\\':
				return r.slowString(long)
			}
		}
	}
	return r.slowString(long)
}

// slowString reads a string that is long, has escapes or does not end.
func (r *Reader) slowString(long bool) (value.Value, bool) {
	pos := r.here()
	t := r.beginText(long, false)
	if t.piece() == pieceCut {
		r.buf = r.buf[:t.base]
		r.endOfText("string", pos)
		return value.Value{}, false
	}
	return value.Str(t.take()), true
}

// textScan is the state of reading a string with escapes or interpolation.
type textScan struct {
	r      *Reader
	base   int // where the current literal piece begins on r.buf
	long   bool
	interp bool
	// blankFrom is where, on r.buf, a tail of blanks after the last newline
	// begins; -1 when something else came after it.
	blankFrom int
}

// beginText steps over the opening quotes and, in a long string, the blanks of
// the first line when there is nothing else on it.
func (r *Reader) beginText(long, interp bool) *textScan {
	t := &textScan{r: r, base: len(r.buf), long: long, interp: interp, blankFrom: -1}
	r.off++
	if !long {
		return t
	}
	r.off += 2
	i := r.off
	for c := r.at(i); c == ' ' || c == '\t' || c == '\r'; c = r.at(i) {
		i++
	}
	if r.at(i) == '\n' {
		r.off = i
	}
	return t
}

// How a literal piece of a string ended.
type pieceEnd uint8

const (
	pieceLast pieceEnd = iota // the string's closing quotes, stepped over
	pieceForm                 // the `#` of an interpolation, not stepped over
	pieceCut                  // the text ended
)

// piece appends literal text to r.buf.
func (t *textScan) piece() pieceEnd {
	r := t.r
	for r.off < len(r.text) {
		c := r.text[r.off]
		switch {
		case c == '"' && !t.long:
			r.off++
			return pieceLast
		case c == '"' && strings.HasPrefix(r.text[r.off:], longQuote):
			r.off += len(longQuote)
			if t.blankFrom >= 0 {
				r.buf = r.buf[:t.blankFrom]
			}
			return pieceLast
		case c == '\\':
			r.escape()
			t.blankFrom = -1
			if r.ended {
				return pieceLast
			}
			continue
		case c == '#' && t.interp && t.opens():
			return pieceForm
		}
		r.buf = append(r.buf, c)
		r.off++
		if c == '\n' && t.long {
			t.blankFrom = len(r.buf)
		} else if c != ' ' && c != '\t' && c != '\r' {
			t.blankFrom = -1
		}
	}
	return pieceCut
}

// opens tells whether the `#` at hand begins an interpolation.
func (t *textScan) opens() bool {
	switch t.r.at(t.r.off + 1) {
	case '{', '(', '[', '<':
		return true
	}
	return false
}

// take gives the literal piece and empties it.
func (t *textScan) take() string {
	r := t.r
	s := string(r.buf[t.base:])
	r.buf = r.buf[:t.base]
	return s
}

// escape appends what the backslash at hand and what follows it stand for.
func (r *Reader) escape() {
	at := r.off
	r.off++
	if r.off >= len(r.text) {
		return // the caller notices the end
	}
	c := r.text[r.off]
	r.off++
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'u':
		r.unicodeEscape(at)
		return
	}
	r.buf = append(r.buf, c) // the rest of a longer code point follows by itself
}

// unicodeEscape appends the code point of \uXXXX, whose digits are next; a
// surrogate must come with its other half.
func (r *Reader) unicodeEscape(at int) {
	c, ok := r.hex4(r.off)
	if ok {
		r.off += 4
		if utf16.IsSurrogate(c) {
			low := rune(0)
			if strings.HasPrefix(r.text[r.off:], `\u`) {
				low, _ = r.hex4(r.off + 2)
			}
			c = utf16.DecodeRune(c, low)
			ok = c != utf8.RuneError
			if ok {
				r.off += 6
			}
		}
	}
	if !ok {
		r.fail(at, r.off, "Invalid escape").Hint = `\u wants exactly four hex digits, and both halves of a surrogate pair`
		return
	}
	r.buf = utf8.AppendRune(r.buf, c)
}

func (r *Reader) hex4(i int) (rune, bool) {
	n := rune(0)
	for j := i; j < i+4; j++ {
		d, ok := hexDigit(r.at(j))
		if !ok {
			return 0, false
		}
		n = n<<4 | rune(d)
	}
	return n, true
}

// char reads a character literal.
func (r *Reader) char() (value.Value, bool) {
	start := r.off
	if start+1 >= len(r.text) {
		r.off++
		r.fail(start, r.off, "EOF while reading character")
		return value.Value{}, false
	}
	r.off++
	c, n := utf8.DecodeRuneInString(r.text[r.off:])
	switch {
	case c == '\'':
		r.off++
		r.fail(start, r.off, "Empty character literal: expected one character between apostrophes")
		return value.Value{}, false
	case c == '\\' && (r.at(r.off+1) != 'u' || r.at(r.off+2) != '\''):
		errs, base := len(r.errs), len(r.buf)
		r.escape()
		for r.off < len(r.text) && !utf8.RuneStart(r.text[r.off]) {
			r.buf = append(r.buf, r.text[r.off])
			r.off++
		}
		c, _ = utf8.DecodeRune(r.buf[base:])
		r.buf = r.buf[:base]
		if len(r.errs) > errs {
			r.off = r.afterQuote(r.off)
			return value.Value{}, false
		}
	case c == '\\':
		r.off += 2
		c = 'u'
	default:
		r.off += n
	}
	if r.at(r.off) != '\'' {
		end := r.afterQuote(r.off)
		r.fail(start, end, "Expected closing '").Hint = "a character literal holds one character; strings are written with \""
		r.off = end
		return value.Value{}, false
	}
	r.off++
	return value.Char(c), true
}

// afterQuote is where to go on after a broken character literal: behind its
// closing apostrophe if the token has one.
func (r *Reader) afterQuote(i int) int {
	for ; !r.ends(i); i++ {
		if r.text[i] == '\'' {
			return i + 1
		}
	}
	return i
}
