package syntax

import (
	"math"
	"strings"
	"unicode/utf8"

	"gene/value"
)

// Source gives literal text that reads back as an equal value. What has no
// literal (functions, instances …) is written as it prints.
func Source(v value.Value) string {
	w := writer{}
	w.value(v)
	return string(w.buf)
}

// writer writes values as source text.
type writer struct {
	buf   []byte
	trail value.Trail // the containers around
}

func (w *writer) text(s string) { w.buf = append(w.buf, s...) }

func (w *writer) value(v value.Value) {
	switch v.Kind() {
	case value.KindFloat:
		w.float(v.AsFloat())
	case value.KindChar:
		w.char(v.AsChar())
	case value.KindString:
		w.text(`"`)
		w.escaped(v.AsString(), false)
		w.text(`"`)
	case value.KindSymbol:
		w.symbol(v.AsSymbol().Name)
	case value.KindPath:
		w.path(v.AsPath().Parts)
	case value.KindBytes:
		if len(v.AsBytes()) == 0 {
			w.text("0*=") // 0# wants digits
			return
		}
		w.buf = (&value.Printer{}).AppendLiteral(w.buf, v)
	case value.KindArray, value.KindMap, value.KindHashMap, value.KindGene,
		value.KindUnquote, value.KindRange:
		w.container(v)
	default:
		w.buf = (&value.Printer{}).AppendLiteral(w.buf, v)
	}
}

func (w *writer) float(f float64) {
	switch {
	case math.IsInf(f, 1):
		w.text("1e999") // reads as infinity, which has no literal of its own
	case math.IsInf(f, -1):
		w.text("-1e999")
	default:
		w.buf = value.AppendFloat(w.buf, f)
	}
}

func (w *writer) char(c rune) {
	w.text("'")
	if c == '\'' || c == '\\' {
		w.buf = append(w.buf, '\\', byte(c))
	} else if e := escapeLetter(c); e != 0 {
		w.buf = append(w.buf, '\\', e)
	} else {
		w.buf = utf8.AppendRune(w.buf, c)
	}
	w.text("'")
}

// escapeLetter is the letter that stands behind a backslash for a control
// character, or 0.
func escapeLetter(c rune) byte {
	switch c {
	case '\n':
		return 'n'
	case '\t':
		return 't'
	case '\r':
		return 'r'
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	}
	return 0
}

// escaped writes the inside of a string, which may be a piece of an
// interpolated one.
func (w *writer) escaped(s string, interp bool) {
	s = strings.ToValidUTF8(s, "\ufffd")
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			w.buf = append(w.buf, '\\', c)
		case c < ' ' && escapeLetter(rune(c)) != 0:
			w.buf = append(w.buf, '\\', escapeLetter(rune(c)))
		case c == '#' && interp && i+1 < len(s) && strings.IndexByte("{([<", s[i+1]) >= 0:
			w.buf = append(w.buf, '\\', c)
		default:
			w.buf = append(w.buf, c)
		}
	}
}

// symbol writes a symbol that is not part of a path.
func (w *writer) symbol(name string) {
	switch name {
	case "%", "%=", "/", "/=":
		w.text(name)
		return
	case "nil", "void", "true", "false", "not_found":
		w.text(`\`)
	default:
		w.firstEscape(name)
	}
	w.tokenText(name, '/')
}

// firstEscape writes a backslash where the first character of a token would
// make it something else than a symbol.
func (w *writer) firstEscape(name string) {
	if name == "" {
		return
	}
	second := byte(0)
	if len(name) > 1 {
		second = name[1]
	}
	switch c := name[0]; {
	case isDigit(c), c == '\'', c == '^', c == 0xEF && strings.HasPrefix(name, "\ufeff"):
	case (c == '+' || c == '-') && isDigit(second):
	case c == '#' && !isLetter(second):
	default:
		return
	}
	w.text(`\`)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf }

// tokenText writes the characters of a token, with a backslash before those
// that would end it and before stop.
func (w *writer) tokenText(s string, stop byte) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; tokenEnd[c] || c == '\\' || c == stop {
			w.text(`\`)
		}
		w.buf = append(w.buf, s[i])
	}
}

func (w *writer) path(parts []string) {
	if len(parts) == 2 && parts[0] == "" && parts[1] == "=" {
		w.text(`/\=`) // the bare token is a symbol
		return
	}
	for i, s := range parts {
		if i > 0 {
			w.text("/")
		} else {
			w.firstEscape(s)
		}
		w.tokenText(s, '/')
	}
}

func (w *writer) key(k *value.Symbol) {
	w.text("^")
	if strings.HasPrefix(k.Name, "!") {
		w.text(`\`)
	}
	w.tokenText(k.Name, '^')
}

// container writes a value with parts; `...` where it stands inside itself or
// is nested deeper than can be read.
func (w *writer) container(v value.Value) {
	if w.trail.Len() >= MaxDepth || w.trail.Has(v.P) {
		w.text("...")
		return
	}
	w.trail.Push(v.P)
	switch v.Kind() {
	case value.KindArray:
		a := v.AsArray()
		w.seal(&a.Header)
		w.text("[")
		w.list(a.Items, false)
		w.text("]")
	case value.KindMap:
		m := v.AsMap()
		w.seal(&m.Header)
		w.text("{")
		w.entries(m, false)
		w.text("}")
	case value.KindHashMap:
		w.hashMap(v.AsHashMap())
	case value.KindGene:
		w.gene(v.AsGene())
	case value.KindUnquote:
		w.unquote(v.AsUnquote())
	case value.KindRange:
		w.rng(v.AsRange())
	}
	w.trail.Pop()
}

func (w *writer) seal(h *value.Header) {
	if h.Flags&value.FlagSealed != 0 {
		w.text("#")
	}
}

func (w *writer) list(vs []value.Value, lead bool) {
	for i, v := range vs {
		if i > 0 || lead {
			w.text(" ")
		}
		w.value(v)
	}
}

func (w *writer) entries(m *value.Map, lead bool) {
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		if lead {
			w.text(" ")
		}
		lead = true
		w.key(e.Key)
		w.text(" ")
		w.value(e.Val)
	}
}

func (w *writer) hashMap(m *value.HashMap) {
	w.seal(&m.Header)
	w.text("{{")
	lead := false
	for _, e := range m.Entries() {
		if e.Key.IsSet() {
			w.list([]value.Value{e.Key, e.Val}, lead)
			lead = true
		}
	}
	w.text("}}")
}

// gene writes an expression, in its own syntax if it has one.
func (w *writer) gene(g *value.Gene) {
	switch specialOf(g) {
	case value.SymQuote:
		w.text("`")
		w.value(g.Children[0])
		return
	case value.SymInterp:
		w.interpolated(g.Children)
		return
	case value.SymHashMap:
		w.seal(&g.Header)
		w.text("{{")
		w.list(g.Children, false)
		w.text("}}")
		return
	}
	w.seal(&g.Header)
	w.text("(")
	w.value(g.Type)
	w.entries(g.Props, true)
	w.list(g.Children, true)
	w.text(")")
}

// specialOf gives the head of an expression that can be written in special
// syntax so that it reads back the same, or nil.
func specialOf(g *value.Gene) *value.Symbol {
	if g.Props.Len() > 0 || g.Type.Kind() != value.KindSymbol {
		return nil
	}
	sealed := g.Flags&value.FlagSealed != 0
	head := g.Type.AsSymbol()
	switch {
	case head == value.SymQuote && len(g.Children) == 1 && !sealed,
		head == value.SymInterp && !sealed && piecesJoined(g.Children),
		head == value.SymHashMap:
		return head
	}
	return nil
}

// piecesJoined tells whether the pieces of an interpolated string are as the
// reader makes them: none empty and no two side by side.
func piecesJoined(parts []value.Value) bool {
	for i, v := range parts {
		if v.Kind() == value.KindString &&
			(v.AsString() == "" || i > 0 && parts[i-1].Kind() == value.KindString) {
			return false
		}
	}
	return true
}

func (w *writer) interpolated(parts []value.Value) {
	w.text(`#"`)
	for _, v := range parts {
		if v.Kind() == value.KindString {
			w.escaped(v.AsString(), true)
			continue
		}
		w.text("#{")
		w.value(v)
		w.text("}")
	}
	w.text(`"`)
}

func (w *writer) unquote(u *value.Unquote) {
	w.text("%")
	if u.Discard {
		w.text("_")
		w.value(u.Form)
		return
	}
	start := len(w.buf)
	w.value(u.Form)
	// A form that begins like %_form or the symbol %= needs a backslash.
	if c := w.buf[start]; c == '_' || c == '=' {
		form := string(w.buf[start:])
		w.buf = append(append(w.buf[:start], '\\'), form...)
	}
}

func (w *writer) rng(r *value.Range) {
	if r.Step == value.Int(1) || !r.Step.IsSet() {
		w.text("(")
		w.value(r.From)
		w.text(" .. ")
		w.value(r.To)
	} else {
		w.text("(range ")
		w.list([]value.Value{r.From, r.To, r.Step}, false)
	}
	w.text(")")
}
