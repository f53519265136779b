package stdlib

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gene/value"
	"gene/vm"
)

// maxJSONBytes bounds a text that is made: shared parts are written each time,
// so a small value may have a text without end.
const maxJSONBytes = 1 << 30

// maxJSONIndent bounds the blanks of one level.
const maxJSONIndent = 32

// stringifyJSON makes stringify or to_json. What JSON has no form for stands as
// a string of its printed form, for which the program may have to be asked; the
// text has gaps for those until they are known.
func stringifyJSON(who string) vm.NativeKwFn {
	return func(m *VM, args []Value, kw *value.Map) (Value, error) {
		if len(args) == 0 {
			return argError(m, "%s requires a value", who)
		}
		w := jsonWriter{m: m, who: who}
		if err := w.options(kw); err != nil {
			return Value{}, err
		}
		if err := w.value(args[0]); err != nil {
			return Value{}, err
		}
		if len(w.asked) == 0 {
			return value.Str(string(w.out)), nil
		}
		return m.Texts(w.asked, vm.TextPrint, func(texts []string) (Value, error) {
			return value.Str(w.filled(texts)), nil
		})
	}
}

// jsonWriter writes values as JSON.
type jsonWriter struct {
	m      *VM
	who    string // the function, for messages
	out    []byte
	indent string // of one level, with pretty
	pretty bool
	trail  value.Trail // the containers around

	asked []Value // what needs its printed form, in order
	gaps  []int   // where in out each of them belongs
}

// options reads ^pretty and ^indent.
func (w *jsonWriter) options(kw *value.Map) error {
	w.indent = "  "
	if v := keyword(kw, "pretty"); v.IsSet() {
		w.pretty = v.Truthy()
	}
	v := keyword(kw, "indent")
	switch {
	case !v.IsSet():
	case v.IsInt() && v.AsInt() >= 0 && v.AsInt() <= maxJSONIndent:
		w.indent, w.pretty = strings.Repeat(" ", int(v.AsInt())), v.AsInt() > 0
	case v.Kind() == value.KindString && strings.Trim(v.AsString(), " \t") == "" && len(v.AsString()) <= maxJSONIndent:
		w.indent, w.pretty = v.AsString(), v.AsString() != ""
	default:
		return w.m.ArgError("%s expects ^indent to be an Int from 0 to %d or a String of blanks", w.who, maxJSONIndent)
	}
	return nil
}

// value appends a value.
func (w *jsonWriter) value(v Value) error {
	switch v.Kind() {
	case value.KindNil:
		w.out = append(w.out, "null"...)
	case value.KindBool:
		w.out = strconv.AppendBool(w.out, v.AsBool())
	case value.KindInt:
		w.out = strconv.AppendInt(w.out, v.AsInt(), 10)
	case value.KindFloat:
		if !finite(v) {
			w.ask(v)
			return nil
		}
		w.out = value.AppendFloat(w.out, v.AsFloat())
	case value.KindString:
		w.out = appendJSONString(w.out, v.AsString())
	case value.KindArray, value.KindMap:
		return w.container(v)
	default:
		w.ask(v)
	}
	return nil
}

func finite(v Value) bool { return !math.IsInf(v.AsFloat(), 0) && !math.IsNaN(v.AsFloat()) }

// ask leaves a gap for the printed form of a value.
func (w *jsonWriter) ask(v Value) {
	w.asked = append(w.asked, v)
	w.gaps = append(w.gaps, len(w.out))
}

// filled gives the text with the gaps filled.
func (w *jsonWriter) filled(texts []string) string {
	n := len(w.out)
	for _, s := range texts {
		n += len(s) + 2
	}
	buf := make([]byte, 0, n)
	from := 0
	for i, at := range w.gaps {
		buf = append(buf, w.out[from:at]...)
		buf = appendJSONString(buf, texts[i])
		from = at
	}
	return string(append(buf, w.out[from:]...))
}

func (w *jsonWriter) container(v Value) error {
	switch {
	case w.trail.Has(v.P):
		return w.raise("a value that contains itself has no JSON text")
	case w.trail.Len() >= maxJSONDepth:
		return w.raise("nested too deeply (limit " + strconv.Itoa(maxJSONDepth) + ")")
	case len(w.out) > maxJSONBytes:
		return w.raise("the text is longer than " + strconv.Itoa(maxJSONBytes) + " bytes")
	}
	w.trail.Push(v.P)
	var err error
	if v.Kind() == value.KindArray {
		err = w.array(items(v))
	} else {
		err = w.object(v.AsMap())
	}
	w.trail.Pop()
	return err
}

func (w *jsonWriter) raise(msg string) error { return jsonError(w.m, "%s: %s", w.who, msg) }

// line begins the line of an element, or of the closing bracket.
func (w *jsonWriter) line(depth int) {
	if !w.pretty {
		return
	}
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, w.indent...)
	}
}

func (w *jsonWriter) array(vs []Value) error {
	if len(vs) == 0 {
		w.out = append(w.out, "[]"...)
		return nil
	}
	depth := w.trail.Len()
	sep := byte('[')
	for _, v := range vs {
		w.out = append(w.out, sep)
		sep = ','
		w.line(depth)
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.line(depth - 1)
	w.out = append(w.out, ']')
	return nil
}

func (w *jsonWriter) object(m *value.Map) error {
	if m.Len() == 0 {
		w.out = append(w.out, "{}"...)
		return nil
	}
	depth := w.trail.Len()
	sep := byte('{')
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		w.out = append(w.out, sep)
		sep = ','
		w.line(depth)
		w.key(e.Key.Name)
		if err := w.value(e.Val); err != nil {
			return err
		}
	}
	w.line(depth - 1)
	w.out = append(w.out, '}')
	return nil
}

func (w *jsonWriter) key(name string) {
	w.out = append(appendJSONString(w.out, name), ':')
	if w.pretty {
		w.out = append(w.out, ' ')
	}
}

// appendJSONString appends a string literal of JSON.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from, ascii := 0, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			ascii = false
		}
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		dst = appendJSONEscape(dst, c)
		from = i + 1
	}
	dst = append(append(dst, s[from:]...), '"')
	if !ascii && !utf8.ValidString(s) {
		return appendJSONString(dst[:len(dst)-jsonLen(s)], strings.ToValidUTF8(s, "\ufffd"))
	}
	return dst
}

// jsonLen is the length of the literal of s.
func jsonLen(s string) int {
	n := 2
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
			n += 2
		case c < ' ':
			n += 6
		default:
			n++
		}
	}
	return n
}

func appendJSONEscape(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
