package stdlib

import (
	"strings"
	"unicode"

	"gene/value"
	"gene/vm"
)

// defineStrings defines the methods of String (12.1).
func (l *library) defineStrings() {
	c := l.m.Class(value.KindString)
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		return concatenate(m, args[1:])
	})
	l.methods(c, []entry{
		{"length size", "The number of code points.", sizeOf},
		{"bytesize", "The number of bytes.", func(m *VM, args []Value) (Value, error) {
			return value.Int(int64(len(args[0].AsString()))), nil
		}},
		{"empty? empty", "Whether there is no character.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(args[0].AsString() == ""), nil
		}},
		{"not_empty?", "Whether there is a character.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(args[0].AsString() != ""), nil
		}},
		{"to_i", "The Int that the text denotes.", stringToInt},
		{"to_f", "The Float that the text denotes.", stringToFloat},
		{"to", "The text as a value of another class.", stringTo},
		{"to_upper upper upcase to_uppercase", "The text in upper case.", mapText(strings.ToUpper)},
		{"to_lower lower downcase to_lowercase", "The text in lower case.", mapText(strings.ToLower)},
		{"capitalize", "The first character in upper case, the rest in lower case.", mapText(capitalize)},
		{"reverse", "The code points in the opposite order.", mapText(reversed)},
		{"trim strip", "The text without blanks at its ends.", mapText(strings.TrimSpace)},
		{"lstrip", "The text without blanks at its start.", mapText(func(s string) string {
			return strings.TrimLeftFunc(s, unicode.IsSpace)
		})},
		{"rstrip", "The text without blanks at its end.", mapText(func(s string) string {
			return strings.TrimRightFunc(s, unicode.IsSpace)
		})},
		{"append", "The text followed by the texts of other values.", stringAppend},
		{"substr", "The characters from a position to another, inclusive.", stringSubstr},
		{"starts_with start_with?", "Whether the text begins with another.", affix("starts_with", strings.HasPrefix)},
		{"ends_with end_with?", "Whether the text ends with another.", affix("ends_with", strings.HasSuffix)},
		{"contains", "Whether another text occurs in it.", stringContains},
		{"char_at", "The character at a position.", stringCharAt},
		{"chars each_char", "The characters.", stringChars},
	})
	l.methods(c, []entry{
		{"byte_at", "The byte at an offset.", stringByteAt},
		{"bytes to_bytes", "The bytes in UTF-8.", func(m *VM, args []Value) (Value, error) {
			return value.NewBytes([]byte(args[0].AsString())), nil
		}},
		{"each_byte", "The bytes in UTF-8 as Ints.", func(m *VM, args []Value) (Value, error) {
			return byteInts([]byte(args[0].AsString())), nil
		}},
		{"byteslice byte_slice", "The bytes from an offset to another, inclusive.", stringByteSlice},
		{"split", "The pieces between separators.", stringSplit},
		{"contain include?", "Whether a pattern occurs.", stringContain},
		{"index", "The position of a pattern, or -1.", stringIndex},
		{"rindex", "The last position of a text, or -1.", stringRindex},
		{"find", "The first match of a pattern, or nil.", stringFind},
		{"find_all scan", "All matches of a pattern.", stringFindAll},
		{"match", "The first match of a Regexp, or nil.", stringMatch},
		{"match?", "Whether a Regexp matches.", stringMatches},
		{"match_all", "A RegexpMatch for each match of a Regexp.", func(m *VM, args []Value) (Value, error) {
			if arg(args, 1).Kind() != value.KindRegexp {
				return argError(m, "String.match_all requires a Regexp")
			}
			return regexpMatchAll(m, []Value{args[1], args[0]})
		}},
		{"replace sub", "The text with the first occurrence replaced.", stringReplace("replace", 1)},
		{"replace_all gsub", "The text with all occurrences replaced.", stringReplace("replace_all", -1)},
	})
}

// mapText makes a method of a function from text to text.
func mapText(f func(string) string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) { return value.Str(f(args[0].AsString())), nil }
}

func stringToInt(m *VM, args []Value) (Value, error) {
	if i, ok := value.ParseInt(args[0].AsString()); ok {
		return value.Int(i), nil
	}
	return argError(m, "to_i requires a numeric string")
}

func stringToFloat(m *VM, args []Value) (Value, error) {
	if f, ok := value.ParseFloat(args[0].AsString()); ok {
		return value.Float(f), nil
	}
	return argError(m, "to_f requires a numeric string")
}

func stringTo(m *VM, args []Value) (Value, error) {
	if c := arg(args, 1); c.Kind() == value.KindClass {
		return convertTo(m, args[0], c.AsClass())
	}
	return argError(m, "to requires a class")
}

func stringAppend(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "String.append requires a value to append")
	}
	return concatenate(m, args)
}

// inclusive gives the half-open range of a pair of positions whose second is
// inclusive; negative ones count from the end, and all is clipped.
func inclusive(from, to Value, size int) (lo, hi int) {
	lo = bound(from.AsInt(), size)
	hi = size
	if to.IsInt() {
		last := to.AsInt()
		if last < 0 {
			last += int64(size)
		}
		hi = int(min(max(last+1, 0), int64(size)))
	}
	return lo, max(lo, hi)
}

func intBounds(m *VM, args []Value, method string) error {
	if !arg(args, 1).IsInt() || len(args) > 2 && !args[2].IsInt() && !args[2].IsNil() {
		return m.ArgError("String.%s requires integer positions", method)
	}
	return nil
}

func stringSubstr(m *VM, args []Value) (Value, error) {
	if err := intBounds(m, args, "substr"); err != nil {
		return Value{}, err
	}
	lo, hi := inclusive(args[1], arg(args, 2), runeCount(args[0]))
	return value.Str(args[0].AsString()[byteOffset(args[0], lo):byteOffset(args[0], hi)]), nil
}

func affix(name string, has func(s, affix string) bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		s, ok := text(arg(args, 1))
		if !ok {
			return argError(m, "%s expects string arguments", name)
		}
		return value.Bool(has(args[0].AsString(), s)), nil
	}
}

func stringContains(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "String.contains requires a string argument")
	}
	return value.Bool(strings.Contains(args[0].AsString(), s)), nil
}

func stringCharAt(m *VM, args []Value) (Value, error) {
	i := arg(args, 1)
	if !i.IsInt() {
		return argError(m, "char_at requires an integer index")
	}
	if i.AsInt() >= 0 && i.AsInt() < int64(runeCount(args[0])) {
		for _, r := range args[0].AsString()[byteOffset(args[0], int(i.AsInt())):] {
			return value.Char(r), nil
		}
	}
	return argError(m, "char_at index out of bounds")
}

func stringChars(m *VM, args []Value) (Value, error) {
	chars := make([]Value, 0, len(args[0].AsString()))
	for _, r := range args[0].AsString() {
		chars = append(chars, value.Char(r))
	}
	return value.NewArray(chars).Value(), nil
}

func stringByteAt(m *VM, args []Value) (Value, error) {
	s := args[0].AsString()
	if !arg(args, 1).IsInt() {
		return argError(m, "byte_at requires an integer index")
	}
	i, ok := index(args[1], len(s))
	if !ok {
		return argError(m, "byte_at index out of bounds")
	}
	return value.Int(int64(s[i])), nil
}

func stringByteSlice(m *VM, args []Value) (Value, error) {
	if err := intBounds(m, args, "byteslice"); err != nil {
		return Value{}, err
	}
	s := args[0].AsString()
	lo, hi := inclusive(args[1], arg(args, 2), len(s))
	return value.NewBytes([]byte(s[lo:hi])), nil
}
