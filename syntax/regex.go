package syntax

import (
	"strings"
	"unicode/utf8"

	"gene/value"
)

// regex reads #/pattern/flags or #/pattern/replacement/flags.
func (r *Reader) regex() (value.Value, bool) {
	start := r.off
	x := &value.Regexp{}
	x.Kind = value.KindRegexp
	end := r.slash(start+2, false)
	if end < 0 {
		r.endOfText("regex", r.posAt(start))
		return value.Value{}, false
	}
	x.Pattern = unescapeRegex(r.text[start+2 : end])
	flags := end + 1
	after, ok := r.flags(flags)
	if !ok {
		// What follows is no flags: a replacement, if a slash closes it.
		if end := r.slash(flags, true); end >= 0 {
			at, good := r.flags(end + 1)
			if good || !strings.Contains(r.text[flags:end], " ") { // else the slash is of another form
				after, ok = at, good
			}
			x.Replacement, x.HasReplacement = unescapeRegex(r.text[flags:end]), true
			flags = end + 1
		}
	}
	if !ok {
		bad, _ := utf8.DecodeRuneInString(r.text[after:])
		r.off = r.tokenTo(after)
		r.fail(after, after+utf8.RuneLen(bad), "Invalid regex flag: "+string(bad)).Hint = "the flags are i (ignore case) and m (dot matches newlines)"
		return value.Value{}, false
	}
	for _, f := range []string{"i", "m"} {
		if strings.Contains(r.text[flags:after], f) {
			x.Flags += f
		}
	}
	r.off = after
	return x.Value(), true
}

// slash finds the next unescaped slash, for a replacement on the same line
// only; -1 when there is none.
func (r *Reader) slash(i int, sameLine bool) int {
	for ; i < len(r.text); i++ {
		switch r.text[i] {
		case '/':
			return i
		case '\\':
			i++
		}
		if sameLine && r.at(i) == '\n' {
			return -1
		}
	}
	return -1
}

// flags gives the end of the flags at i; when something else stands there,
// its place and false.
func (r *Reader) flags(i int) (int, bool) {
	for r.at(i) == 'i' || r.at(i) == 'm' {
		i++
	}
	return i, r.lone(i)
}

// unescapeRegex makes \/ a slash and \\ one backslash; every other backslash
// belongs to the expression.
func unescapeRegex(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '/' || s[i+1] == '\\') {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}
