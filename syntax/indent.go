package syntax

import (
	"strings"
	"unicode/utf8"

	"gene/value"
)

const (
	// indentStep is how many columns a line lies deeper than the line that
	// opened the bracket around it.
	indentStep = 2
	// indentMax bounds the columns of indentation: without it, the output would
	// grow with the square of the input.
	indentMax = 256
)

// Indent gives a text in the canonical style of gene fmt: every line is indented
// by the brackets that are open at its beginning, and blanks at the ends of
// lines go. Lines are neither joined nor split, and what stands in literals and
// comments stays, so that the text reads to the same forms. A text with errors
// is indented by the brackets that it has.
func Indent(text string) string {
	rest, bom := strings.CutPrefix(text, "\ufeff")
	f := &indenter{Reader: &Reader{text: rest, cur: cursor{pos: value.Pos{Line: 1, Col: 1}}}}
	f.out = make([]byte, 0, len(text)+len(text)/4)
	if bom {
		f.out = append(f.out, "\ufeff"...)
	}
	for f.off < len(rest) {
		f.line()
	}
	return string(f.out)
}

// indenter goes over a text line by line. What begins inside a literal or a
// block comment is part of the line on which that began. It embeds a reader,
// whose methods tell where literals end.
type indenter struct {
	*Reader
	out      []byte
	brackets []bracket // those that are open

	// The line at hand.
	body    []byte // what is written of it behind the indentation
	indent  int    // in columns, once placed
	placed  bool   // the indentation is known
	tokens  int
	comment bool // the first token is a comment that spans lines or is alone
	fresh   bool // a [ was opened last, with nothing behind it yet
	width   int  // code points of body behind its last newline
	broken  bool // there is a newline in body
}

// bracket is one that is open.
type bracket struct {
	indent int // of the line that opened it
	hang   int // column of the first element on that line if it is a [, else -1
}

// line writes the line at hand.
func (f *indenter) line() {
	start := f.off
	f.body, f.indent, f.placed, f.tokens = f.body[:0], 0, false, 0
	f.comment, f.fresh, f.width, f.broken = false, false, 0, false
	f.blanks()
	first := f.off
	for gap := f.off; f.off < len(f.text) && !f.atNewline(); gap = f.off {
		f.blanks()
		if f.off == len(f.text) || f.atNewline() {
			break
		}
		f.add(f.text[gap:f.off])
		f.token()
		f.tokens++
	}
	if f.tokens > 0 {
		f.place("")
		if f.comment {
			f.out = append(f.out, f.text[start:first]...)
		} else {
			f.out = append(f.out, strings.Repeat(" ", f.indent)...)
		}
		f.out = append(f.out, f.body...)
	}
	if f.off < len(f.text) {
		if strings.HasPrefix(f.text[f.off:], "\r\n") {
			f.off++
		}
		f.off++
		f.out = append(f.out, '\n')
	}
}

// blanks steps over what may be taken away at the ends of a line.
func (f *indenter) blanks() {
	for f.off < len(f.text) && (f.text[f.off] == ' ' || f.text[f.off] == '\t') {
		f.off++
	}
}

func (f *indenter) atNewline() bool { return f.text[f.off] == '\n' || f.text[f.off] == '\r' }

// add puts text behind what there is of the line.
func (f *indenter) add(s string) {
	f.body = append(f.body, s...)
	if n := strings.LastIndexByte(s, '\n'); n >= 0 {
		f.broken, f.width, s = true, 0, s[n+1:]
	}
	f.width += utf8.RuneCountInString(s)
}

// token steps over one token and adds it.
func (f *indenter) token() {
	from := f.off
	switch c := f.text[from]; c {
	case '(', '[', '{':
		f.opens(c)
	case ')', ']', '}':
		f.off++
		f.brackets = f.brackets[:max(0, len(f.brackets)-1)]
		f.fresh = false
	case ',', ';':
		f.off++
	case '"':
		f.element("")
		f.literal(f.str)
	case '\'':
		f.element("")
		f.literal(f.char)
	case '`', '%':
		f.element("")
		f.off++
	case '#':
		if f.hashToken() {
			return
		}
	default:
		f.word()
	}
	f.add(f.text[from:f.off])
}

// opens steps over an opening bracket.
func (f *indenter) opens(c byte) {
	f.element("")
	f.off++
	f.brackets = append(f.brackets, bracket{f.indent, -1})
	f.fresh = c == '['
}

// hashToken steps over what begins with #; true when that was a comment, which
// has been added.
func (f *indenter) hashToken() bool {
	switch f.at(f.off + 1) {
	case '(', '[', '{':
		f.element("")
		f.off++
		f.opens(f.text[f.off])
	case '"':
		f.element("")
		f.literal(f.interpolated)
	case '/':
		f.element("")
		f.literal(f.regex)
	case '@':
		f.element("")
		f.off += 2
	default:
		from := f.off
		if f.Reader.comment() {
			f.remark(from)
			return true
		}
		f.word()
	}
	return false
}

// word steps over a symbol, a number or what looks like one.
func (f *indenter) word() {
	from := f.off
	for f.off < len(f.text) && !tokenEnd[f.text[f.off]] {
		if f.text[f.off] == '\\' && f.off+1 < len(f.text) {
			f.off++
		}
		f.off++
	}
	f.element(f.text[from:f.off])
}

// literal steps over a literal that the reader knows to read.
func (f *indenter) literal(read func() (value.Value, bool)) {
	read()
	if f.ended {
		f.off = len(f.text) // what follows can't be told from the literal
	}
	f.ended, f.depth, f.errs, f.open = false, 0, f.errs[:0], f.open[:0]
	f.vals, f.poss, f.propPos, f.buf = f.vals[:0], f.poss[:0], f.propPos[:0], f.buf[:0]
}

// element notes that something begins that is no closing bracket.
func (f *indenter) element(word string) {
	f.place(word)
	if !f.fresh {
		return
	}
	f.fresh = false
	col := f.width
	if !f.broken {
		col += f.indent
	}
	f.brackets[len(f.brackets)-1].hang = col
}

// place settles the indentation of the line, closing brackets at its beginning
// having been dealt with. word is its first token if that is a symbol.
func (f *indenter) place(word string) {
	if f.placed {
		return
	}
	f.placed = true
	if len(f.brackets) == 0 {
		return
	}
	in := f.brackets[len(f.brackets)-1]
	switch {
	case in.hang >= 0:
		f.indent = in.hang
	case f.tokens == 0 && startsClause(word):
		f.indent = in.indent + indentStep - 1
	default:
		f.indent = in.indent + indentStep
	}
	f.indent = min(f.indent, indentMax)
}

// startsClause tells whether a word divides the form around it into clauses; it
// lies one column further left than what belongs to them.
func startsClause(word string) bool {
	switch word {
	case "elif", "else", "when", "catch", "finally":
		return true
	}
	return false
}

// remark adds the comment that began at a place and has been stepped over.
func (f *indenter) remark(from int) {
	text := f.text[from:f.off]
	if strings.HasPrefix(text, "#<") {
		f.blockRemark(text)
		return
	}
	if strings.HasSuffix(text, "\n") {
		f.off-- // the newline is the line's
	}
	text = strings.TrimRight(text, " \t\r\n")
	if text == "#" && f.off == len(f.text) {
		text = "# " // without the blank it would be a symbol
	}
	f.comment = f.comment || f.tokens == 0
	f.add(text)
}

func (f *indenter) blockRemark(text string) {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	spans := len(lines) > 1
	if spans {
		f.fresh = false
	}
	if f.tokens == 0 {
		rest := strings.TrimLeft(f.text[f.off:], " \t")
		f.comment = spans || rest == "" || rest[0] == '\n' || rest[0] == '\r'
	}
	f.add(strings.Join(lines, "\n"))
}
