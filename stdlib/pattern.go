package stdlib

import (
	"strings"

	"gene/value"
	"gene/vm"
)

// The methods of String that take a pattern: a String or a Regexp.

// limitOf reads the limit of a split: 0 for none, 1 for no split at all.
func limitOf(m *VM, v Value) (int, error) {
	switch {
	case !v.IsSet() || v.IsNil():
		return 0, nil
	case !v.IsInt():
		return 0, m.ArgError("split limit must be an integer")
	}
	return int(min(max(v.AsInt(), 1), 1<<31)), nil
}

func stringSplit(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "String.split requires separator")
	}
	limit, err := limitOf(m, arg(args, 2))
	if err != nil {
		return Value{}, err
	}
	switch sep := args[1]; sep.Kind() {
	case value.KindString:
		return splitArray(args[0].AsString(), sep.AsString(), limit), nil
	case value.KindRegexp:
		return splitRegexp(m, sep, args[0].AsString(), limit)
	}
	return argError(m, "String.split expects a Regexp or string separator")
}

func stringContain(m *VM, args []Value) (Value, error) {
	switch p := arg(args, 1); p.Kind() {
	case value.KindString:
		return value.Bool(strings.Contains(args[0].AsString(), p.AsString())), nil
	case value.KindRegexp:
		return regexpMatches(m, []Value{p, args[0]})
	}
	return argError(m, "String.contain expects a Regexp or string pattern")
}

func stringIndex(m *VM, args []Value) (Value, error) {
	from := arg(args, 2)
	start := 0
	if from.IsInt() {
		start = bound(from.AsInt(), runeCount(args[0]))
	}
	at := byteOffset(args[0], start)
	rest := args[0].AsString()[at:]
	found := -1
	switch p := arg(args, 1); p.Kind() {
	case value.KindString:
		found = strings.Index(rest, p.AsString())
	case value.KindRegexp:
		rx, err := compiled(m, p)
		if err != nil {
			return Value{}, err
		}
		// Look-behind may see what stands before the start, so the whole text
		// is searched from its start on where there is one.
		loc, err := rx.firstFrom(m, args[0].AsString(), at)
		if err != nil {
			return Value{}, err
		}
		if loc != nil {
			found = loc[0] - at
		}
	default:
		return argError(m, "String.index expects a Regexp or string pattern")
	}
	if found < 0 {
		return value.Int(-1), nil
	}
	return value.Int(int64(position(args[0], at+found))), nil
}

func stringRindex(m *VM, args []Value) (Value, error) {
	p, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "String.rindex expects a string pattern")
	}
	s := args[0].AsString()
	end := len(s)
	if from := arg(args, 2); from.IsInt() {
		n := from.AsInt()
		if n < 0 {
			n += int64(runeCount(args[0]))
		}
		if n < 0 {
			return value.Int(-1), nil
		}
		end = min(byteOffset(args[0], int(min(n, int64(runeCount(args[0])))))+len(p), len(s))
	}
	found := strings.LastIndex(s[:end], p)
	if found < 0 {
		return value.Int(-1), nil
	}
	return value.Int(int64(position(args[0], found))), nil
}

func stringFind(m *VM, args []Value) (Value, error) {
	switch p := arg(args, 1); p.Kind() {
	case value.KindString:
		if p.AsString() == "" {
			return argError(m, "String.find pattern cannot be empty")
		}
		if strings.Contains(args[0].AsString(), p.AsString()) {
			return p, nil
		}
		return value.Nil, nil
	case value.KindRegexp:
		return regexpFind(m, []Value{p, args[0]})
	}
	return argError(m, "String.find expects a Regexp or string pattern")
}

func stringFindAll(m *VM, args []Value) (Value, error) {
	switch p := arg(args, 1); p.Kind() {
	case value.KindString:
		if p.AsString() == "" {
			return argError(m, "String.find_all pattern cannot be empty")
		}
		found := make([]Value, strings.Count(args[0].AsString(), p.AsString()))
		for i := range found {
			found[i] = p
		}
		return value.NewArray(found).Value(), nil
	case value.KindRegexp:
		return regexpFindAll(m, []Value{p, args[0]})
	}
	return argError(m, "String.find_all expects a Regexp or string pattern")
}

func stringMatch(m *VM, args []Value) (Value, error) {
	if arg(args, 1).Kind() != value.KindRegexp {
		return argError(m, "String.match requires a Regexp")
	}
	return regexpMatch(m, []Value{args[1], args[0]})
}

func stringMatches(m *VM, args []Value) (Value, error) {
	if arg(args, 1).Kind() != value.KindRegexp {
		return argError(m, "String.match? requires a Regexp")
	}
	return regexpMatches(m, []Value{args[1], args[0]})
}

// stringReplace makes replace (count 1) and replace_all (count -1).
func stringReplace(name string, count int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, r := arg(args, 1), arg(args, 2)
		if p.Kind() == value.KindRegexp {
			return replaceRegexp(m, p, args[0], r, count)
		}
		if !p.IsSet() || !r.IsSet() {
			return argError(m, "String.%s requires target and replacement", name)
		}
		with, ok := text(r)
		if !ok {
			return argError(m, "Replacement must be a string")
		}
		target, ok := text(p)
		if !ok {
			return argError(m, "String.%s expects a Regexp or string target", name)
		}
		return value.Str(strings.Replace(args[0].AsString(), target, with, count)), nil
	}
}
