package value

import (
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// maxPrintDepth is how deep printing goes before it writes `...`: deeper
// values can be built but not read by anyone, and recursion stays far from the
// end of Go's stack.
const maxPrintDepth = 10_000

// Printer renders values as text. It appends to a byte slice and keeps no
// result; the zero Printer is ready to use, by one goroutine at a time. What
// is printed must not change meanwhile, but may be shared: printing writes
// nothing into the values.
//
// There are three renderings. In print text strings and chars are bare, also
// in collections; inside a Gene, an enum payload or an instance everything is
// literal text, where they have quotes but no escapes. The third, .to_s, is
// literal text but for the outermost level.
type Printer struct {
	// ToS has the texts of instances whose class defines to_s. Printing can't
	// run Gene code: NeedsToS finds them, and the VM calls them first.
	ToS  map[unsafe.Pointer]string
	path Trail // the containers around what is being printed
}

// AppendPrint appends print text, what print and println write.
func (p *Printer) AppendPrint(dst []byte, v Value) []byte { return p.append(dst, v, false) }

// AppendLiteral appends literal text.
func (p *Printer) AppendLiteral(dst []byte, v Value) []byte { return p.append(dst, v, true) }

// AppendToS appends what .to_s, $ and join make of a value.
func (p *Printer) AppendToS(dst []byte, v Value) []byte {
	switch v.Kind() {
	case KindNil:
		return dst
	case KindString, KindChar:
		return p.append(dst, v, false)
	case KindArray, KindMap, KindHashMap, KindGene:
		start := len(dst)
		dst = p.append(dst, v, true)
		if v.Header().Flags&FlagSealed != 0 && dst[start] == '#' {
			dst = append(dst[:start], dst[start+1:]...)
		}
		return dst
	}
	return p.append(dst, v, true)
}

// AppendInterp appends what interpolation makes of a value.
func (p *Printer) AppendInterp(dst []byte, v Value) []byte {
	k := v.Kind()
	return p.append(dst, v, k != KindString && k != KindChar)
}

// Print gives print text.
func Print(v Value) string { return string((&Printer{}).AppendPrint(nil, v)) }

// Literal gives literal text.
func Literal(v Value) string { return string((&Printer{}).AppendLiteral(nil, v)) }

// append appends v, as literal text or not.
func (p *Printer) append(dst []byte, v Value, literal bool) []byte {
	switch v.Kind() {
	case KindNil:
		return append(dst, "nil"...)
	case KindVoid:
		return append(dst, "void"...)
	case KindNotFound:
		return append(dst, "not_found"...)
	case KindBool:
		return strconv.AppendBool(dst, v.AsBool())
	case KindInt:
		return strconv.AppendInt(dst, v.AsInt(), 10)
	case KindFloat:
		return AppendFloat(dst, v.AsFloat())
	case KindChar:
		if !literal {
			return utf8.AppendRune(dst, v.AsChar())
		}
		dst = utf8.AppendRune(append(dst, '\''), v.AsChar())
		return append(dst, '\'')
	case KindString:
		if !literal {
			return append(dst, v.AsString()...)
		}
		dst = append(dst, '"')
		dst = append(dst, v.AsString()...)
		return append(dst, '"')
	case KindSymbol:
		return append(dst, v.AsSymbol().Name...)
	case KindPath:
		return appendJoined(dst, v.AsPath().Parts)
	case KindArray, KindMap, KindHashMap, KindHashSet, KindGene, KindEnumValue,
		KindInstance, KindAdapter, KindUnquote, KindRange, KindSelector:
		return p.container(dst, v, literal)
	case KindDate, KindTime, KindDateTime:
		return v.AsTemporal().Append(dst)
	case KindBytes:
		return appendBytes(dst, v.AsBytes())
	case KindRegexp:
		return v.AsRegexp().Append(dst)
	}
	return appendNamed(dst, v)
}

func appendJoined(dst []byte, parts []string) []byte {
	for i, s := range parts {
		if i > 0 {
			dst = append(dst, '/')
		}
		dst = append(dst, s...)
	}
	return dst
}

func appendBytes(dst, b []byte) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, "0#"...)
	for _, c := range b {
		dst = append(dst, digits[c>>4], digits[c&15])
	}
	return dst
}

// Append appends the literal of an expression, with backslashes doubled.
func (x *Regexp) Append(dst []byte) []byte {
	dst = append(dst, "#/"...)
	dst = appendRegexText(dst, x.Pattern)
	if x.HasReplacement {
		dst = appendRegexText(append(dst, '/'), x.Replacement)
	}
	return append(append(dst, '/'), x.Flags...)
}

func appendRegexText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '/' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return dst
}

// appendNamed appends what has no literal form and is known by a name.
func appendNamed(dst []byte, v Value) []byte {
	switch v.Kind() {
	case KindFunction, KindBlock, KindNative:
		return appendAngle(dst, "fn", v.AsFunc().Name())
	case KindClass:
		return appendAngle(dst, "class", v.AsClass().Name)
	case KindInterface:
		return appendAngle(dst, "interface", v.AsInterface().Name)
	case KindNamespace:
		return appendAngle(dst, "namespace", v.AsNamespace().Name)
	case KindEnum:
		return append(dst, v.AsEnum().Name...)
	case KindVariant:
		return appendVariant(dst, v.AsVariant())
	case KindGenerator:
		return appendAngle(dst, "generator", (*Handle)(v.P).Text)
	case KindFuture:
		return append(append(append(dst, "<future "...), FutureStates[v.Header().Aux&3]...), '>')
	case KindIterator:
		return appendHandle(dst, v, "<iterator>")
	case KindMatch:
		m := v.AsMatch()
		return append(append(append(dst, `<match "`...), m.Text[m.ByteStart:m.ByteEnd]...), `">`...)
	case KindType:
		return v.AsType().Append(dst)
	case KindUnset:
		return append(dst, "<unset>"...)
	}
	return append(dst, "<internal>"...)
}

func appendHandle(dst []byte, v Value, unnamed string) []byte {
	if text := (*Handle)(v.P).Text; text != "" {
		return append(dst, text...)
	}
	return append(dst, unnamed...)
}

// appendAngle appends <what name>, or <what> without a name.
func appendAngle(dst []byte, what, name string) []byte {
	dst = append(dst, '<')
	dst = append(dst, what...)
	if name != "" {
		dst = append(dst, ' ')
		dst = append(dst, name...)
	}
	return append(dst, '>')
}

func appendVariant(dst []byte, v *Variant) []byte {
	dst = append(dst, v.Enum.Name...)
	dst = append(dst, '/')
	return append(dst, v.Name.Name...)
}
