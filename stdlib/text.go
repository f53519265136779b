package stdlib

import (
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"gene/value"
)

// Positions in strings count code points. Most strings are ASCII, where they
// are byte offsets; whether one is, is noted in its header.

// isASCII tells whether all characters of a string are one byte long. It
// leaves the header of a frozen string alone: other VMs may be reading it.
func isASCII(v Value) bool {
	o := v.StringObj()
	switch {
	case o.Flags&value.FlagASCII != 0:
		return true
	case o.Flags&value.FlagNotASCII != 0:
		return false
	}
	ascii := true
	for i := 0; i < len(o.S); i++ {
		if o.S[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if o.Flags&value.FlagFrozen == 0 {
		if ascii {
			o.Flags |= value.FlagASCII
		} else {
			o.Flags |= value.FlagNotASCII
		}
	}
	return ascii
}

// runeCount is the length of a string in code points.
func runeCount(v Value) int {
	if isASCII(v) {
		return len(v.AsString())
	}
	return utf8.RuneCountInString(v.AsString())
}

// byteOffset gives the byte at which code point n of a string begins; n may be
// the length.
func byteOffset(v Value, n int) int {
	if isASCII(v) {
		return n
	}
	s := v.AsString()
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// position turns a byte offset into a position in code points.
func position(v Value, at int) int {
	if isASCII(v) {
		return at
	}
	return utf8.RuneCountInString(v.AsString()[:at])
}

// capitalize puts the first character in upper case and the rest in lower case.
func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + strings.ToLower(s[n:])
}

// reversed gives the code points in the opposite order.
func reversed(s string) string {
	out := make([]byte, len(s))
	to := len(s)
	for _, r := range s {
		to -= utf8.RuneLen(r)
		utf8.EncodeRune(out[to:], r)
	}
	return string(out)
}

// splitText cuts a text at a separator into at most limit pieces; 0 is no limit.
func splitText(s, sep string, limit int) []string {
	switch {
	case sep == "" || limit == 1:
		return []string{s}
	case limit > 1:
		return strings.SplitN(s, sep, limit)
	}
	return strings.Split(s, sep)
}

// slabSize is how many strings share an allocation. One that outlives
// the others keeps their headers alive, which is no more than a few KiB.
const slabSize = 64 // strings

// stringList makes an array of strings, which share allocations: splitting a
// large text makes very many of them.
type stringList struct {
	vs   []Value
	slab []value.String
}

func (l *stringList) add(s string) {
	if len(l.slab) == 0 {
		l.slab = make([]value.String, max(1, min(slabSize, cap(l.vs)-len(l.vs))))
	}
	l.slab[0].Kind, l.slab[0].S = value.KindString, s
	l.vs = append(l.vs, value.Obj(unsafe.Pointer(&l.slab[0])))
	l.slab = l.slab[1:]
}

// stringArray makes an array of strings.
func stringArray(texts []string) Value {
	l := stringList{vs: make([]Value, 0, len(texts))}
	for _, s := range texts {
		l.add(s)
	}
	return value.NewArray(l.vs).Value()
}

// splitArray is splitText as an array.
func splitArray(s, sep string, limit int) Value {
	if sep == "" || limit != 0 {
		return stringArray(splitText(s, sep, limit))
	}
	l := stringList{vs: make([]Value, 0, strings.Count(s, sep)+1)}
	for {
		i := strings.Index(s, sep)
		if i < 0 {
			break
		}
		l.add(s[:i])
		s = s[i+len(sep):]
	}
	l.add(s)
	return value.NewArray(l.vs).Value()
}
