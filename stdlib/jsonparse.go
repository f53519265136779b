package stdlib

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"gene/value"
)

// jsonParser reads JSON straight into values. The elements of the containers
// around are kept on two stacks, so that each array and map is made once, in
// its final size.
type jsonParser struct {
	src   string
	at    int
	depth int
	// final is set when nothing follows src. Else a value that reaches its end
	// is cut, which is no error yet.
	final bool
	cut   bool

	failAt int
	msg    string // what is wrong at failAt

	vals []Value
	keys []*value.Symbol
	// cache has the symbol of a recent key at a place given by the key's
	// length and ends: the same keys come again and again.
	cache [64]*value.Symbol
	mem   stringSlabs
}

// fail notes the first error; it gives false for the caller to pass on.
func (p *jsonParser) fail(at int, format string, args ...any) bool {
	if p.msg == "" {
		p.failAt, p.msg = at, fmt.Sprintf(format, args...)
	}
	return false
}

// failEnd notes that the text ends too early.
func (p *jsonParser) failEnd(wanted string) bool {
	if !p.final {
		p.cut = true
	}
	return p.fail(len(p.src), "%s expected, got the end of the text", wanted)
}

// raise makes the error; line and col are where src begins in the file.
func (p *jsonParser) raise(m *VM, file string, line, col int) error {
	line, col = advance(p.src[:p.failAt], line, col)
	return jsonError(m, "Invalid JSON: %s(%d, %d) Error: %s", file, line, col, p.msg)
}

// advance gives the place behind a text that begins at line and col.
func advance(s string, line, col int) (int, int) {
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		line += strings.Count(s, "\n")
		col = 1
		s = s[i+1:]
	}
	return line, col + utf8.RuneCountInString(s)
}

// only reads the one value of a text.
func (p *jsonParser) only() (Value, bool) {
	p.skip()
	v, ok := p.value()
	if ok && p.more() {
		return v, p.fail(p.at, "end of the text expected, got %s", p.seen())
	}
	return v, ok
}

// more steps over blanks and tells whether something follows.
func (p *jsonParser) more() bool {
	p.skip()
	return p.at < len(p.src)
}

func (p *jsonParser) skip() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// seen describes what stands at the current place.
func (p *jsonParser) seen() string {
	if p.at >= len(p.src) {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.at:])
	return strconv.QuoteRune(r)
}

// value reads a value; blanks before it are done.
func (p *jsonParser) value() (Value, bool) {
	if p.at >= len(p.src) {
		return Value{}, p.failEnd("a value")
	}
	switch c := p.src[p.at]; c {
	case '"':
		return p.str()
	case '{':
		return p.object()
	case '[':
		return p.array()
	case 't':
		return p.word("true", value.True)
	case 'f':
		return p.word("false", value.False)
	case 'n':
		return p.word("null", value.Nil)
	default:
		if c == '-' || isDigit(c) {
			return p.number()
		}
	}
	return Value{}, p.fail(p.at, "a value expected, got %s", p.seen())
}

func isDigit(c byte) bool { return c-'0' < 10 }

func (p *jsonParser) word(w string, v Value) (Value, bool) {
	rest := p.src[p.at:]
	if strings.HasPrefix(rest, w) {
		p.at += len(w)
		return v, true
	}
	if strings.HasPrefix(w, rest) {
		return v, p.failEnd(w)
	}
	return v, p.fail(p.at, "%s expected", w)
}

// enter counts a container.
func (p *jsonParser) enter() bool {
	if p.depth++; p.depth > maxJSONDepth {
		return p.fail(p.at, "nested too deeply (limit %d)", maxJSONDepth)
	}
	p.at++
	p.skip()
	return true
}

func (p *jsonParser) array() (Value, bool) {
	if !p.enter() {
		return Value{}, false
	}
	base := len(p.vals)
	if p.at < len(p.src) && p.src[p.at] == ']' {
		p.at++
	} else if !p.elements() {
		return Value{}, false
	}
	p.depth--
	items := make([]Value, len(p.vals)-base)
	copy(items, p.vals[base:])
	p.vals = p.vals[:base]
	return value.NewArray(items).Value(), true
}

func (p *jsonParser) elements() bool {
	for {
		v, ok := p.value()
		if !ok {
			return false
		}
		p.vals = append(p.vals, v)
		if done, ok := p.next(']'); done || !ok {
			return ok
		}
	}
}

// next steps over the comma or closing bracket behind an element.
func (p *jsonParser) next(closer byte) (done, ok bool) {
	p.skip()
	if p.at >= len(p.src) {
		return false, p.failEnd(string(closer))
	}
	switch p.src[p.at] {
	case ',':
		p.at++
		p.skip()
		return false, true
	case closer:
		p.at++
		return true, true
	}
	return false, p.fail(p.at, "%c expected, got %s", closer, p.seen())
}

func (p *jsonParser) object() (Value, bool) {
	if !p.enter() {
		return Value{}, false
	}
	base, vbase := len(p.keys), len(p.vals)
	if p.at < len(p.src) && p.src[p.at] == '}' {
		p.at++
	} else if !p.members() {
		return Value{}, false
	}
	p.depth--
	m := value.NewMap(len(p.keys) - base)
	for i, k := range p.keys[base:] {
		m.Set(k, p.vals[vbase+i]) // of equal keys the last counts
	}
	p.keys, p.vals = p.keys[:base], p.vals[:vbase]
	return m.Value(), true
}

func (p *jsonParser) members() bool {
	for {
		if p.at >= len(p.src) {
			return p.failEnd("a key in quotes")
		}
		if p.src[p.at] != '"' {
			return p.fail(p.at, "a key in quotes expected, got %s", p.seen())
		}
		s, ok := p.rawString()
		if !ok {
			return false
		}
		p.keys = append(p.keys, p.symbol(s))
		p.skip()
		if p.at >= len(p.src) {
			return p.failEnd(":")
		}
		if p.src[p.at] != ':' {
			return p.fail(p.at, ": expected, got %s", p.seen())
		}
		p.at++
		p.skip()
		v, ok := p.value()
		if !ok {
			return false
		}
		p.vals = append(p.vals, v)
		if done, ok := p.next('}'); done || !ok {
			return ok
		}
	}
}

// symbol interns a key.
func (p *jsonParser) symbol(s string) *value.Symbol {
	n := len(s)
	if n == 0 {
		return value.Intern("")
	}
	slot := &p.cache[(n*7+int(s[0])*3+int(s[n-1]))%len(p.cache)]
	if *slot == nil || (*slot).Name != s {
		// The symbol outlives the text, so it must not keep it.
		*slot = value.Intern(strings.Clone(s))
	}
	return *slot
}

// str reads a string as a value.
func (p *jsonParser) str() (Value, bool) {
	s, ok := p.rawString()
	if !ok {
		return Value{}, false
	}
	return p.mem.str(s), true
}

// rawString reads a string; the result may be a part of the text.
func (p *jsonParser) rawString() (string, bool) {
	start := p.at + 1
	for i := start; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '"':
			p.at = i + 1
			return p.src[start:i], true
		case c == '\\':
			return p.escapedString(start, i)
		case c < ' ':
			return "", p.fail(i, "control character in a string: write it as \\u%04x", c)
		}
	}
	return "", p.failEnd(`"`)
}

// escapedString reads a string whose first escape is at i.
func (p *jsonParser) escapedString(start, i int) (string, bool) {
	buf := append(make([]byte, 0, 2*(i-start)+16), p.src[start:i]...)
	for i < len(p.src) {
		c := p.src[i]
		switch {
		case c == '"':
			p.at = i + 1
			return string(buf), true
		case c == '\\':
			var ok bool
			if buf, i, ok = p.escape(buf, i); !ok {
				return "", false
			}
			continue
		case c < ' ':
			return "", p.fail(i, "control character in a string: write it as \\u%04x", c)
		}
		buf = append(buf, c)
		i++
	}
	return "", p.failEnd(`"`)
}

// escape reads the escape at i and gives the place behind it.
func (p *jsonParser) escape(buf []byte, i int) ([]byte, int, bool) {
	if i+1 >= len(p.src) {
		return buf, i, p.failEnd("an escape")
	}
	switch c := p.src[i+1]; c {
	case '"', '\\', '/':
		return append(buf, c), i + 2, true
	case 'n':
		return append(buf, '\n'), i + 2, true
	case 't':
		return append(buf, '\t'), i + 2, true
	case 'r':
		return append(buf, '\r'), i + 2, true
	case 'b':
		return append(buf, '\b'), i + 2, true
	case 'f':
		return append(buf, '\f'), i + 2, true
	case 'u':
		return p.unicode(buf, i)
	}
	return buf, i, p.fail(i, "invalid escape in a string")
}

// unicode reads \uXXXX, or two of them that make one character. Half of such a
// pair alone is the replacement character.
func (p *jsonParser) unicode(buf []byte, i int) ([]byte, int, bool) {
	r, ok := p.hex(i + 2)
	if !ok {
		return buf, i, false
	}
	i += 6
	if utf16.IsSurrogate(r) {
		if len(p.src)-i < 6 && !p.final {
			return buf, i, p.failEnd(`"`)
		}
		if strings.HasPrefix(p.src[i:], `\u`) {
			low, ok := p.hex(i + 2)
			if !ok {
				return buf, i, false
			}
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return utf8.AppendRune(buf, pair), i + 6, true
			}
		}
		r = utf8.RuneError
	}
	return utf8.AppendRune(buf, r), i, true
}

func (p *jsonParser) hex(i int) (rune, bool) {
	if i+4 > len(p.src) {
		return 0, p.failEnd("four hexadecimal digits")
	}
	n, err := strconv.ParseUint(p.src[i:i+4], 16, 16)
	if err != nil {
		return 0, p.fail(i, "four hexadecimal digits expected")
	}
	return rune(n), true
}

// number reads a number: an Int, or a Float when it has a fraction or an
// exponent or needs more than 64 bits.
func (p *jsonParser) number() (Value, bool) {
	s, i := p.src, p.at
	start := i
	if s[i] == '-' {
		i++
	}
	intStart := i
	var n uint64
	for i < len(s) && isDigit(s[i]) {
		n = n*10 + uint64(s[i]-'0')
		i++
	}
	digits := i - intStart
	switch {
	case digits == 0:
		p.at = i
		if i == len(s) {
			return Value{}, p.failEnd("a digit")
		}
		return Value{}, p.fail(i, "a digit expected, got %s", p.seen())
	case digits > 1 && s[intStart] == '0':
		return Value{}, p.fail(intStart, "a number must not begin with 0")
	}
	if i == len(s) && !p.final {
		return Value{}, p.failEnd("the rest of a number")
	}
	if i == len(s) || s[i] != '.' && s[i]|0x20 != 'e' {
		if digits <= 18 {
			p.at = i
			if intStart > start {
				return value.Int(-int64(n)), true
			}
			return value.Int(int64(n)), true
		}
		if v, err := strconv.ParseInt(s[start:i], 10, 64); err == nil {
			p.at = i
			return value.Int(v), true
		}
		return p.float(start, i)
	}
	i, ok := p.fraction(i)
	if !ok {
		return Value{}, false
	}
	return p.float(start, i)
}

// fraction steps over the fraction and exponent of a number.
func (p *jsonParser) fraction(i int) (int, bool) {
	if p.src[i] == '.' {
		var ok bool
		if i, ok = p.digits(i + 1); !ok {
			return i, false
		}
	}
	if i < len(p.src) && p.src[i]|0x20 == 'e' {
		i++
		if i < len(p.src) && (p.src[i] == '+' || p.src[i] == '-') {
			i++
		}
		var ok bool
		if i, ok = p.digits(i); !ok {
			return i, false
		}
	}
	if i == len(p.src) && !p.final {
		return i, p.failEnd("the rest of a number")
	}
	return i, true
}

func (p *jsonParser) digits(i int) (int, bool) {
	start := i
	for i < len(p.src) && isDigit(p.src[i]) {
		i++
	}
	if i == start {
		p.at = i
		if i == len(p.src) {
			return i, p.failEnd("a digit")
		}
		return i, p.fail(i, "a digit expected, got %s", p.seen())
	}
	return i, true
}

func (p *jsonParser) float(start, end int) (Value, bool) {
	f, err := strconv.ParseFloat(p.src[start:end], 64)
	if err != nil {
		return Value{}, p.fail(start, "number out of range: a Float reaches up to 1.8e308")
	}
	p.at = end
	return value.Float(f), true
}
