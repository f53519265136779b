package stdlib

import (
	"regexp"
	"strconv"
	"strings"

	"gene/value"
	"gene/vm"
)

// defineRegexps defines Regexp and RegexpMatch (12.2).
func (l *library) defineRegexps() {
	c := l.m.Class(value.KindRegexp)
	constructor(c, newRegexp)
	l.methods(c, []entry{
		{"match process", "The first match, or nil.", regexpMatch},
		{"match?", "Whether it matches.", regexpMatches},
		{"find", "The first matched text, or nil.", regexpFind},
		{"find_all scan", "All matched texts.", regexpFindAll},
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
func compiled(m *VM, v Value) (*regexp.Regexp, error) {
	rx := v.AsRegexp()
	if c, ok := rx.Compiled.(*regexp.Regexp); ok {
		return c, nil
	}
	flags := strings.ReplaceAll(rx.Flags, "m", "s") // m: the dot crosses lines
	pattern := rx.Pattern
	if flags != "" {
		pattern = "(?" + flags + ")" + pattern
	}
	c, err := regexp.Compile(pattern)
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
	loc := rx.FindStringSubmatchIndex(s)
	if loc == nil {
		return value.Nil, nil
	}
	match := &value.Match{Text: s, Named: value.NewMap(0),
		Start: position(args[1], loc[0]), End: position(args[1], loc[1]),
		ByteStart: loc[0], ByteEnd: loc[1]}
	match.Kind = value.KindMatch
	for i, name := range rx.SubexpNames()[1:] {
		group := value.Nil
		if from := loc[2*i+2]; from >= 0 {
			group = value.Str(s[from:loc[2*i+3]])
		}
		match.Captures = append(match.Captures, group)
		if name != "" {
			match.Named.SetText(name, group)
		}
	}
	return match.Value(), nil
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
	return value.Bool(rx.MatchString(s)), nil
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
	if loc := rx.FindStringIndex(s); loc != nil {
		return value.Str(s[loc[0]:loc[1]]), nil
	}
	return value.Nil, nil
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
	return stringArray(rx.FindAllString(s, -1)), nil
}

func splitRegexp(m *VM, pattern Value, s string, limit int) (Value, error) {
	rx, err := compiled(m, pattern)
	if err != nil {
		return Value{}, err
	}
	if limit == 0 {
		limit = -1
	}
	return stringArray(rx.Split(s, limit)), nil
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
	s := subject.AsString()
	var out []byte
	last := 0
	for _, loc := range rx.FindAllStringSubmatchIndex(s, count) {
		out = append(out, s[last:loc[0]]...)
		out = expand(out, template, rx, s, loc)
		last = loc[1]
	}
	return value.Str(string(append(out, s[last:]...))), nil
}

// expand appends a replacement with \1 … \9, \0 and \k<name> filled in.
func expand(out []byte, template string, rx *regexp.Regexp, s string, loc []int) []byte {
	for i := 0; i < len(template); i++ {
		c := template[i]
		if c != '\\' || i+1 == len(template) {
			out = append(out, c)
			continue
		}
		group := -1
		switch next := template[i+1]; {
		case next-'0' < 10:
			group = int(next - '0')
			i++
		case next == 'k' && strings.HasPrefix(template[i+2:], "<") && strings.Contains(template[i+3:], ">"):
			end := i + 3 + strings.IndexByte(template[i+3:], '>')
			group = groupNumber(rx, template[i+3:end])
			i = end
		case next == '\\':
			out = append(out, '\\')
			i++
			continue
		default:
			out = append(out, c)
			continue
		}
		if group >= 0 && 2*group < len(loc) && loc[2*group] >= 0 {
			out = append(out, s[loc[2*group]:loc[2*group+1]]...)
		}
	}
	return out
}

// groupNumber finds a group by its name or, in \k<1>, its number.
func groupNumber(rx *regexp.Regexp, name string) int {
	if n, err := strconv.Atoi(name); err == nil {
		return n
	}
	return rx.SubexpIndex(name)
}
