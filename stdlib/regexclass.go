package stdlib

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// class rewrites a class in brackets.
func (t *translator) class() error {
	start := t.i
	t.i++
	var b strings.Builder
	b.WriteByte('[')
	if t.more('^') {
		b.WriteByte('^')
	}
	for first := true; ; first = false {
		if t.i >= len(t.src) {
			return fmt.Errorf("missing closing ]: `%s`", t.src[start:])
		}
		if t.src[t.i] == ']' && !first {
			t.i++
			b.WriteByte(']')
			t.put(b.String())
			return nil
		}
		if err := t.classItem(&b); err != nil {
			return err
		}
	}
}

// classItem rewrites a character, a range or a set.
func (t *translator) classItem(b *strings.Builder) error {
	if strings.HasPrefix(t.src[t.i:], "[:") {
		if end := strings.Index(t.src[t.i:], ":]"); end > 0 {
			name := t.src[t.i+2 : t.i+end]
			t.i += end + 2
			return t.posix(b, name)
		}
	}
	set, lo, err := t.classRune()
	if err != nil || set != "" {
		b.WriteString(set)
		return err
	}
	// A - that ends the class or follows a set is itself.
	if rest := t.src[t.i:]; len(rest) < 2 || rest[0] != '-' || rest[1] == ']' {
		writeRanges(b, []rune{lo, lo})
		return nil
	}
	t.i++
	from := t.i
	set, hi, err := t.classRune()
	if err != nil {
		return err
	}
	if set != "" { // [a-\d] is a, - and \d
		writeRanges(b, []rune{lo, lo, '-', '-'})
		b.WriteString(set)
		return nil
	}
	if hi < lo {
		return fmt.Errorf("invalid character class range: `%s-%s`", string(lo), t.src[from:t.i])
	}
	if t.backtrack && lo <= 0xdfff && hi >= 0xd800 { // strings hold no surrogates
		writeRanges(b, []rune{lo, max(lo, min(hi, 0xd7ff)), max(lo, 0xe000), max(hi, 0xe000)})
		return nil
	}
	writeRanges(b, []rune{lo, hi})
	return nil
}

// classRune reads one member of a class: a set or a character.
func (t *translator) classRune() (set string, r rune, err error) {
	if t.i >= len(t.src) {
		return "", 0, fmt.Errorf("missing closing ]: `%s`", t.src)
	}
	if t.src[t.i] != '\\' {
		r, n := utf8.DecodeRuneInString(t.src[t.i:])
		t.i += n
		return "", r, nil
	}
	if t.i+1 == len(t.src) {
		return "", 0, fmt.Errorf("trailing backslash at end of expression")
	}
	return t.classEscape(true)
}

var posixClasses = map[string][]rune{
	"alnum": {'0', '9', 'A', 'Z', 'a', 'z'}, "alpha": {'A', 'Z', 'a', 'z'}, "ascii": {0, 0x7f}, "blank": {'\t', '\t', ' ', ' '},
	"cntrl": {0, 0x1f, 0x7f, 0x7f}, "digit": {'0', '9'}, "graph": {'!', '~'}, "lower": {'a', 'z'}, "print": {' ', '~'},
	"punct": {'!', '/', ':', '@', '[', '`', '{', '~'}, "space": {'\t', '\r', ' ', ' '}, "upper": {'A', 'Z'},
	"word": {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}, "xdigit": {'0', '9', 'A', 'F', 'a', 'f'},
}

// posix rewrites [:alpha:] and [:^alpha:].
func (t *translator) posix(b *strings.Builder, name string) error {
	plain, negated := strings.CutPrefix(name, "^")
	ranges, ok := posixClasses[plain]
	switch {
	case !ok:
		return fmt.Errorf("invalid character class range: `[:%s:]`", name)
	case !t.backtrack:
		fmt.Fprintf(b, "[:%s:]", name)
	case negated:
		writeRanges(b, complement(slices.Clone(ranges)))
	default:
		writeRanges(b, ranges)
	}
	return nil
}
