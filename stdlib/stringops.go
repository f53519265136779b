package stdlib

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gene/value"
	"gene/vm"
)

// textMax bounds the bytes of a text that is made by repeating or padding, so
// that a number too many gives an error and not an end for lack of memory.
const textMax = 1 << 30

// defineStringOps defines the methods of String, Char and Symbol that scripts
// expect beyond the tables of 12.1.
func (l *library) defineStringOps() {
	l.methods(l.m.Class(value.KindString), []entry{
		{"repeat", "The text so many times in a row.", stringRepeat},
		{"pad_left pad_start", "The text filled up on its left side to a width.", pad("pad_left", 1, 0)},
		{"pad_right pad_end", "The text filled up on its right side to a width.", pad("pad_right", 0, 1)},
		{"center", "The text filled up on both sides to a width.", pad("center", 1, 1)},
		{"lines", "The lines without their ends.", func(m *VM, args []Value) (Value, error) {
			return linesOf(args[0].AsString()), nil
		}},
		{"words", "The pieces between blanks.", func(m *VM, args []Value) (Value, error) {
			return stringArray(strings.Fields(args[0].AsString())), nil
		}},
		{"title_case titleize", "Each word with its first character in upper case.", mapText(titleCase)},
		{"swap_case", "Upper case for lower case and the other way round.", mapText(swapCase)},
		{"compare cmp", "-1, 0 or 1: where the text stands to another, by code points.", stringCompare},
		{"compare_ignore_case", "compare without regard to case.", stringCompareFold},
		{"equal_ignore_case?", "Whether the texts are the same but for case.", func(m *VM, args []Value) (Value, error) {
			s, ok := text(arg(args, 1))
			if !ok {
				return argError(m, "equal_ignore_case? requires a string")
			}
			return value.Bool(strings.EqualFold(args[0].AsString(), s)), nil
		}},
		{"count", "How often a pattern occurs, or how many characters there are.", stringCount},
		{"insert", "The text with another one inserted before a position.", stringInsert},
		{"remove_prefix", "The text without another one at its start.", cutAffix("remove_prefix", strings.TrimPrefix)},
		{"remove_suffix", "The text without another one at its end.", cutAffix("remove_suffix", strings.TrimSuffix)},
		{"delete remove", "The text without the occurrences of a pattern.", func(m *VM, args []Value) (Value, error) {
			if !arg(args, 1).IsSet() {
				return argError(m, "String.delete requires a pattern")
			}
			return stringReplace("delete", -1)(m, []Value{args[0], args[1], value.Str("")})
		}},
		{"before", "The text before the first occurrence of another, or all of it.", around(func(s, sep string) string {
			head, _, _ := strings.Cut(s, sep)
			return head
		})},
		{"after", "The text behind the first occurrence of another, or nothing.", around(func(s, sep string) string {
			_, tail, _ := strings.Cut(s, sep)
			return tail
		})},
		{"partition", "Three texts: before the first occurrence of another, that, and behind it.", stringPartition},
		{"squeeze", "The text with rows of the same character made one.", mapText(squeeze)},
		{"trim_chars", "The text without some characters at its ends.", func(m *VM, args []Value) (Value, error) {
			set, ok := text(arg(args, 1))
			if !ok {
				return argError(m, "trim_chars requires a string of characters")
			}
			return value.Str(strings.Trim(args[0].AsString(), set)), nil
		}},
		{"ord", "The code point of the first character.", func(m *VM, args []Value) (Value, error) {
			r, size := utf8.DecodeRuneInString(args[0].AsString())
			if size == 0 {
				return argError(m, "ord requires a string that is not empty")
			}
			return value.Int(int64(r)), nil
		}},
		{"to_sym to_symbol", "The symbol of this name.", func(m *VM, args []Value) (Value, error) {
			if args[0].AsString() == "" {
				return argError(m, "to_sym requires a string that is not empty")
			}
			return value.Sym(args[0].AsString()), nil
		}},
		{"format", "The text as a format for its arguments.", func(m *VM, args []Value) (Value, error) {
			return format(m, args[0].AsString(), clone(args[1:]))
		}},
		{"is_digit? digit?", "Whether there are digits and nothing else.", eachRune(unicode.IsDigit)},
		{"is_alpha? alpha?", "Whether there are letters and nothing else.", eachRune(unicode.IsLetter)},
		{"is_alnum? alnum?", "Whether there are letters and digits and nothing else.", eachRune(func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsDigit(r)
		})},
		{"is_space? blank?", "Whether there are blanks and nothing else.", eachRune(unicode.IsSpace)},
		{"is_upper?", "Whether there are upper-case letters and no lower-case ones.", cased(unicode.IsUpper, unicode.IsLower)},
		{"is_lower?", "Whether there are lower-case letters and no upper-case ones.", cased(unicode.IsLower, unicode.IsUpper)},
		{"is_ascii?", "Whether all characters are ASCII.", func(m *VM, args []Value) (Value, error) { return value.Bool(isASCII(args[0])), nil }},
		{"is_number? numeric?", "Whether to_i or to_f would take it.", func(m *VM, args []Value) (Value, error) {
			_, isInt := value.ParseInt(args[0].AsString())
			_, isFloat := value.ParseFloat(args[0].AsString())
			return value.Bool(isInt || isFloat), nil
		}},
	})
	l.defineChars()
	l.functions(l.m.Globals, []entry{
		{"format sprintf", "The text of a format with values in it.", func(m *VM, args []Value) (Value, error) {
			f, ok := text(arg(args, 0))
			if !ok {
				return argError(m, "format requires a format string")
			}
			return format(m, f, clone(args[1:]))
		}},
		{"printf", "Prints the text of a format with values in it.", func(m *VM, args []Value) (Value, error) {
			f, ok := text(arg(args, 0))
			if !ok {
				return argError(m, "printf requires a format string")
			}
			return formatThen(m, f, clone(args[1:]), func(s string) (Value, error) {
				return value.Nil, l.write(m.Out(), []string{s}, "")
			})
		}},
		{"chr", "The character with a code point.", func(m *VM, args []Value) (Value, error) {
			if !arg(args, 0).IsInt() {
				return argError(m, "chr requires an integer")
			}
			return intChr(m, args)
		}},
		{"ord", "The code point of a character, or of a string's first one.", func(m *VM, args []Value) (Value, error) {
			switch v := arg(args, 0); v.Kind() {
			case value.KindChar:
				return value.Int(int64(v.AsChar())), nil
			case value.KindString:
				return m.InvokeMethod(v, "ord", nil, nil)
			}
			return argError(m, "ord requires a character or a string")
		}},
	})
}

// defineChars defines the methods of Char and Symbol.
func (l *library) defineChars() {
	onRune := func(f func(rune) Value) vm.NativeFn {
		return func(m *VM, args []Value) (Value, error) { return f(args[0].AsChar()), nil }
	}
	is := func(f func(rune) bool) vm.NativeFn { return onRune(func(r rune) Value { return value.Bool(f(r)) }) }
	l.methods(l.m.Class(value.KindChar), []entry{
		{"ord to_i", "The code point.", onRune(func(r rune) Value { return value.Int(int64(r)) })},
		{"to_upper upper upcase", "The character in upper case.", onRune(func(r rune) Value { return value.Char(unicode.ToUpper(r)) })},
		{"to_lower lower downcase", "The character in lower case.", onRune(func(r rune) Value { return value.Char(unicode.ToLower(r)) })},
		{"is_digit? digit?", "Whether it is a digit.", is(unicode.IsDigit)},
		{"is_alpha? alpha?", "Whether it is a letter.", is(unicode.IsLetter)},
		{"is_alnum? alnum?", "Whether it is a letter or a digit.", is(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })},
		{"is_space? blank?", "Whether it is a blank.", is(unicode.IsSpace)},
		{"is_upper?", "Whether it is an upper-case letter.", is(unicode.IsUpper)},
		{"is_lower?", "Whether it is a lower-case letter.", is(unicode.IsLower)},
	})
	l.methods(l.m.Class(value.KindSymbol), []entry{
		{"name", "The name as a string.", func(m *VM, args []Value) (Value, error) { return value.Str(args[0].AsSymbol().Name), nil }},
		{"to_sym to_symbol", "The symbol itself.", func(m *VM, args []Value) (Value, error) { return args[0], nil }},
		{"length size", "The number of code points of the name.", sizeOf},
	})
}

// repeated checks how large a text would become.
func repeated(m *VM, method string, bytes int, times int64) error {
	if bytes > 0 && times > int64(textMax/bytes) {
		return m.ArgError("String.%s: %d times %d bytes is more than the limit of %d bytes", method, times, bytes, textMax)
	}
	return nil
}

func stringRepeat(m *VM, args []Value) (Value, error) {
	n := arg(args, 1)
	if !n.IsInt() || n.AsInt() < 0 {
		return argError(m, "String.repeat requires a count of at least 0")
	}
	s := args[0].AsString()
	if s == "" {
		return args[0], nil
	}
	if err := repeated(m, "repeat", len(s), n.AsInt()); err != nil {
		return Value{}, err
	}
	return value.Str(strings.Repeat(s, int(n.AsInt()))), nil
}

// pad makes a method that fills a text up to a width; left and right say which
// sides take part. Of an odd number the right side gets one more.
func pad(name string, left, right int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		width, fill := arg(args, 1), " "
		if !width.IsInt() {
			return argError(m, "String.%s requires an integer width", name)
		}
		switch v := arg(args, 2); v.Kind() {
		case value.KindUnset, value.KindNil:
		case value.KindChar:
			fill = string(v.AsChar())
		default:
			s, ok := text(v)
			if !ok || s == "" {
				return argError(m, "String.%s requires a filling text", name)
			}
			fill = s
		}
		missing := width.AsInt() - int64(runeCount(args[0]))
		if missing <= 0 {
			return args[0], nil
		}
		if err := repeated(m, name, len(fill), missing); err != nil {
			return Value{}, err
		}
		l := int(missing) * left / (left + right)
		return value.Str(filling(fill, l) + args[0].AsString() + filling(fill, int(missing)-l)), nil
	}
}

// filling gives n code points of a repeated text.
func filling(fill string, n int) string {
	size := utf8.RuneCountInString(fill)
	full := strings.Repeat(fill, n/size)
	for i := range fill {
		if n%size == 0 {
			return full
		}
		if utf8.RuneCountInString(fill[:i]) == n%size {
			return full + fill[:i]
		}
	}
	return full
}

func titleCase(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		isWord := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || unicode.IsMark(r)
		first := start
		start = !isWord
		switch {
		case !isWord:
			return r
		case first:
			return unicode.ToTitle(r)
		}
		return unicode.ToLower(r)
	}, s)
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

func squeeze(s string) string {
	last := rune(-1)
	return strings.Map(func(r rune) rune {
		if r == last {
			return -1
		}
		last = r
		return r
	}, s)
}

func stringCompare(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "compare requires a string")
	}
	return value.Int(int64(strings.Compare(args[0].AsString(), s))), nil
}

func stringCompareFold(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "compare_ignore_case requires a string")
	}
	return value.Int(int64(strings.Compare(strings.ToLower(args[0].AsString()), strings.ToLower(s)))), nil
}

func stringCount(m *VM, args []Value) (Value, error) {
	switch p := arg(args, 1); p.Kind() {
	case value.KindUnset:
		return value.Int(int64(runeCount(args[0]))), nil
	case value.KindChar:
		return value.Int(int64(strings.Count(args[0].AsString(), string(p.AsChar())))), nil
	case value.KindString:
		if p.AsString() == "" {
			return argError(m, "String.count pattern cannot be empty")
		}
		return value.Int(int64(strings.Count(args[0].AsString(), p.AsString()))), nil
	case value.KindRegexp:
		rx, err := compiled(m, p)
		if err != nil {
			return Value{}, err
		}
		n := 0
		err = rx.each(m, args[0].AsString(), -1, func([]int) { n++ })
		return value.Int(int64(n)), err
	}
	return argError(m, "String.count expects a Regexp or string pattern")
}

func stringInsert(m *VM, args []Value) (Value, error) {
	at, s := arg(args, 1), ""
	ok := at.IsInt()
	if v := arg(args, 2); v.Kind() == value.KindChar {
		s = string(v.AsChar())
	} else if ok {
		s, ok = text(v)
	}
	if !ok {
		return argError(m, "String.insert requires a position and a string")
	}
	size := int64(runeCount(args[0]))
	i := at.AsInt()
	if i < 0 {
		i += size + 1
	}
	if i < 0 || i > size {
		return argError(m, "String.insert position out of bounds")
	}
	cut := byteOffset(args[0], int(i))
	return value.Str(args[0].AsString()[:cut] + s + args[0].AsString()[cut:]), nil
}

func cutAffix(name string, cut func(s, affix string) string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		s, ok := text(arg(args, 1))
		if !ok {
			return argError(m, "String.%s requires a string", name)
		}
		return value.Str(cut(args[0].AsString(), s)), nil
	}
}

func around(cut func(s, sep string) string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		sep, ok := text(arg(args, 1))
		if !ok {
			return argError(m, "a string is required")
		}
		return value.Str(cut(args[0].AsString(), sep)), nil
	}
}

// stringPartition is for a text or a Regexp.
func stringPartition(m *VM, args []Value) (Value, error) {
	s := args[0].AsString()
	from, to := -1, -1
	switch p := arg(args, 1); p.Kind() {
	case value.KindString:
		if from = strings.Index(s, p.AsString()); from >= 0 {
			to = from + len(p.AsString())
		}
	case value.KindRegexp:
		rx, err := compiled(m, p)
		if err != nil {
			return Value{}, err
		}
		loc, err := rx.first(m, s)
		if err != nil {
			return Value{}, err
		}
		if loc != nil {
			from, to = loc[0], loc[1]
		}
	default:
		return argError(m, "String.partition expects a Regexp or string pattern")
	}
	if from < 0 {
		from, to = len(s), len(s)
	}
	return stringArray([]string{s[:from], s[from:to], s[to:]}), nil
}

func eachRune(is func(rune) bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		s := args[0].AsString()
		return value.Bool(s != "" && strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0), nil
	}
}

func cased(is, not func(rune) bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		s := args[0].AsString()
		return value.Bool(strings.IndexFunc(s, is) >= 0 && strings.IndexFunc(s, not) < 0), nil
	}
}

// defineByteOps defines what Bytes can do beyond the table of 12.4.
func (l *library) defineByteOps() {
	c := l.m.Class(value.KindBytes)
	l.methods(c, []entry{
		{"to_string", "The text that the bytes are in UTF-8.", func(m *VM, args []Value) (Value, error) {
			s, err := checked(args[0].AsBytes(), nil)
			if err != nil {
				return argError(m, "Bytes.to_string: %s", err)
			}
			return value.Str(s), nil
		}},
		{"to_string_lossy", "The text of the bytes, with U+FFFD for what is not UTF-8.", func(m *VM, args []Value) (Value, error) {
			return value.Str(strings.ToValidUTF8(string(args[0].AsBytes()), "\uFFFD")), nil
		}},
		{"to_hex", "The bytes as hexadecimal digits.", func(m *VM, args []Value) (Value, error) {
			return value.Str(strings.TrimPrefix(value.Print(args[0]), "0#")), nil
		}},
		{"slice", "The bytes from an index up to another.", func(m *VM, args []Value) (Value, error) {
			b := args[0].AsBytes()
			from, to := orInt(arg(args, 1), 0), orInt(arg(args, 2), int64(len(b)))
			if !from.IsInt() || !to.IsInt() {
				return argError(m, "Bytes.slice requires integer bounds")
			}
			lo, hi := bound(from.AsInt(), len(b)), bound(to.AsInt(), len(b))
			return value.NewBytes(b[lo:max(lo, hi):max(lo, hi)]), nil
		}},
		{"append concat", "The bytes followed by others.", func(m *VM, args []Value) (Value, error) {
			out := append([]byte(nil), args[0].AsBytes()...)
			for _, v := range args[1:] {
				if v.Kind() != value.KindBytes {
					return argError(m, "Bytes.append requires Bytes")
				}
				out = append(out, v.AsBytes()...)
			}
			return value.NewBytes(out), nil
		}},
		{"empty? empty", "Whether there is no byte.", isEmpty},
		{"not_empty?", "Whether there is a byte.", notEmpty},
	})
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		v := arg(args, 1)
		if v.Kind() == value.KindString {
			return value.NewBytes([]byte(v.AsString())), nil
		}
		if v.Kind() != value.KindArray {
			return argError(m, "Bytes requires an array of Ints or a string")
		}
		out := make([]byte, length(v))
		for i, b := range items(v) {
			if !b.IsInt() || b.AsInt() < 0 || b.AsInt() > 255 {
				return argError(m, "Bytes requires Ints from 0 to 255")
			}
			out[i] = byte(b.AsInt())
		}
		return value.NewBytes(out), nil
	})
}
