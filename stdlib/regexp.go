package stdlib

import (
	"strings"

	"gene/value"
	"gene/vm"
)

// defineRegexps defines Regexp and RegexpMatch (12.2).
func (l *library) defineRegexps() {
	c := l.m.Class(value.KindRegexp)
	l.functions(c.Members, []entry{{"escape", "A pattern that matches a text and nothing else.", func(m *VM, args []Value) (Value, error) {
		s, ok := text(arg(args, 0))
		if !ok {
			return argError(m, "Regexp/escape requires a string")
		}
		return value.Str(escapePattern(s)), nil
	}}})
	constructor(c, newRegexp)
	l.methods(c, []entry{
		{"match process", "The first match, or nil.", regexpMatch},
		{"match?", "Whether it matches.", regexpMatches},
		{"find", "The first matched text, or nil.", regexpFind},
		{"find_all scan", "All matched texts.", regexpFindAll},
		{"match_all", "A RegexpMatch for each match.", regexpMatchAll},
		{"pattern source", "The pattern as a String.", func(m *VM, args []Value) (Value, error) { return value.Str(args[0].AsRegexp().Pattern), nil }},
		{"split", "The pieces between matches.", func(m *VM, args []Value) (Value, error) {
			s, err := subject(m, args, "split")
			if err != nil {
				return Value{}, err
			}
			limit, err := limitOf(m, arg(args, 2))
			if err != nil {
				return Value{}, err
			}
			return splitRegexp(m, args[0], s, limit)
		}},
		{"replace sub", "The text with the first match replaced.", regexpReplace(1)},
		{"replace_all gsub", "The text with all matches replaced.", regexpReplace(-1)},
	})
}

// newRegexp is (new Regexp ^^i ^^m "pattern" "replacement").
func newRegexp(m *VM, args []Value, kw *value.Map) (Value, error) {
	pattern, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "Regexp.ctor expects a string pattern")
	}
	rx := &value.Regexp{Pattern: pattern}
	rx.Kind = value.KindRegexp
	for _, flag := range []string{"i", "m"} {
		if v, ok := kw.GetText(flag); ok && v.Truthy() {
			rx.Flags += flag
		}
	}
	for _, e := range kw.Entries() {
		if e.Key != nil && e.Key.Name != "i" && e.Key.Name != "m" {
			return argError(m, "Regexp.ctor unknown flag: %s", e.Key.Name)
		}
	}
	if r := arg(args, 2); r.IsSet() {
		if rx.Replacement, ok = text(r); !ok {
			return argError(m, "Regexp.ctor expects a string replacement")
		}
		rx.HasReplacement = true
	}
	if _, err := compiled(m, rx.Value()); err != nil {
		return Value{}, err
	}
	return rx.Value(), nil
}

// compiled gives the engine's form of a Regexp, made at first use. A frozen one
// may be shared between VMs: its form isn't kept.
func compiled(m *VM, v Value) (*pattern, error) {
	rx := v.AsRegexp()
	if c, ok := rx.Compiled.(*pattern); ok {
		return c, nil
	}
	c, err := compilePattern(rx.Pattern, rx.Flags)
	if err != nil {
		return nil, m.Raise(m.Errors.Exception, vm.CodeRuntime, "Invalid regex: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if v.Header().Flags&value.FlagFrozen == 0 {
		rx.Compiled = c
	}
	return c, nil
}

// subject checks the operand that a Regexp is applied to.
func subject(m *VM, args []Value, method string) (string, error) {
	s, ok := text(arg(args, 1))
	if !ok {
		return "", m.ArgError("Regexp.%s expects a Regexp and string", method)
	}
	return s, nil
}

func regexpMatch(m *VM, args []Value) (Value, error) {
	s, err := subject(m, args, "match")
	if err != nil {
		return Value{}, err
	}
	rx, err := compiled(m, args[0])
	if err != nil {
		return Value{}, err
	}
	loc, err := rx.first(m, s)
	if err != nil || loc == nil {
		return value.Nil, err
	}
	return matchValue(rx, args[1], loc), nil
}

// matchValue makes the RegexpMatch of a place in a subject.
func matchValue(rx *pattern, subject Value, loc []int) Value {
	s := subject.AsString()
	match := &value.Match{Text: s, Named: value.NewMap(0),
		Start: position(subject, loc[0]), End: position(subject, loc[1]),
		ByteStart: loc[0], ByteEnd: loc[1]}
	match.Kind = value.KindMatch
	for i, name := range rx.names[1:] {
		group := value.Nil
		if from := loc[2*i+2]; from >= 0 {
			group = value.Str(s[from:loc[2*i+3]])
		}
		match.Captures = append(match.Captures, group)
		if name != "" {
			match.Named.SetText(name, group)
		}
	}
	return match.Value()
}

// regexpMatchAll gives a RegexpMatch for each match.
func regexpMatchAll(m *VM, args []Value) (Value, error) {
	s, err := subject(m, args, "match_all")
	if err != nil {
		return Value{}, err
	}
	rx, err := compiled(m, args[0])
	if err != nil {
		return Value{}, err
	}
	var out []Value
	err = rx.each(m, s, -1, func(loc []int) { out = append(out, matchValue(rx, args[1], loc)) })
	return value.NewArray(out).Value(), err
}

func regexpMatches(m *VM, args []Value) (Value, error) {
	s, err := subject(m, args, "match?")
	if err != nil {
		return Value{}, err
	}
	rx, err := compiled(m, args[0])
	if err != nil {
		return Value{}, err
	}
	ok, err := rx.matches(m, s)
	return value.Bool(ok), err
}

func regexpFind(m *VM, args []Value) (Value, error) {
	s, err := subject(m, args, "find")
	if err != nil {
		return Value{}, err
	}
	rx, err := compiled(m, args[0])
	if err != nil {
		return Value{}, err
	}
	loc, err := rx.firstFrom(m, s, 0)
	if err != nil || loc == nil {
		return value.Nil, err
	}
	return value.Str(s[loc[0]:loc[1]]), nil
}

func regexpFindAll(m *VM, args []Value) (Value, error) {
	s, err := subject(m, args, "find_all")
	if err != nil {
		return Value{}, err
	}
	rx, err := compiled(m, args[0])
	if err != nil {
		return Value{}, err
	}
	texts, err := rx.texts(m, s)
	return stringArray(texts), err
}

func splitRegexp(m *VM, pattern Value, s string, limit int) (Value, error) {
	rx, err := compiled(m, pattern)
	if err != nil {
		return Value{}, err
	}
	if limit == 0 {
		limit = -1
	}
	pieces, err := rx.split(m, s, limit)
	return stringArray(pieces), err
}

func regexpReplace(count int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		if _, err := subject(m, args, "replace"); err != nil {
			return Value{}, err
		}
		return replaceRegexp(m, args[0], args[1], arg(args, 2), count)
	}
}

// replaceRegexp replaces the first match or, with a negative count, all.
func replaceRegexp(m *VM, pattern, subject, with Value, count int) (Value, error) {
	rx, err := compiled(m, pattern)
	if err != nil {
		return Value{}, err
	}
	var template string
	switch o := pattern.AsRegexp(); {
	case with.IsSet():
		s, ok := text(with)
		if !ok {
			return argError(m, "Replacement must be a string")
		}
		template = s
	case o.HasReplacement:
		// In a literal the backslash may be doubled, as in a string.
		template = strings.ReplaceAll(o.Replacement, `\\`, `\`)
	default:
		return argError(m, "Replacement string is required")
	}
	out, err := rx.replace(m, subject.AsString(), template, count)
	return value.Str(out), err
}
