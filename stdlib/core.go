package stdlib

import (
	"strings"
	"unicode/utf8"

	"gene/value"
	"gene/vm"
)

// printText gives the text that print shows.
func printText(m *VM, args []Value) (Value, error) {
	return m.Text(args[0], vm.TextPrint, textResult)
}

// defineCore defines assert, len, concatenation and the like (13.2).
func (l *library) defineCore() {
	m := l.m
	l.functions(m.Globals, []entry{
		{"assert", "Throws an AssertionException unless its operand is true.", assert},
		{"len", "How many parts a value has.", func(m *VM, args []Value) (Value, error) {
			return value.Int(int64(length(arg(args, 0)))), nil
		}},
		{"$ str", "The text of all its arguments, one after the other.", concatenate},
		{"++", "Strings joined.", joinStrings},
		{"exit", "Ends the program.", exit},
		{"types_equivalent types_equiv", "Whether two types mean the same.", typesEquivalent},
		{"complete_future", "Completes a future with a value.", func(m *VM, args []Value) (Value, error) {
			if _, ok := m.AsFuture(arg(args, 0)); !ok || len(args) < 2 {
				return argError(m, "complete_future requires a future and a value")
			}
			return m.InvokeMethod(args[0], "complete", []Value{args[1]}, discard)
		}},
		{"cancel_future", "Cancels a future.", func(m *VM, args []Value) (Value, error) {
			if _, ok := m.AsFuture(arg(args, 0)); !ok {
				return argError(m, "cancel_future requires a future")
			}
			return m.InvokeMethod(args[0], "cancel", append([]Value(nil), args[1:]...), discard)
		}},
		{"%sooner", "Private: whether a comparator's result puts its first operand first.", sooner},
		{"%keep", "Private: takes the functions that natives call.", func(m *VM, args []Value) (Value, error) {
			l.helpers = args[0].AsMap()
			return value.Nil, nil
		}},
		{"%callable", "Private: checks a callback.", checkCallable},
	})
}

func discard(Value) (Value, error) { return value.Nil, nil }

func assert(m *VM, args []Value) (Value, error) {
	if arg(args, 0).IsSet() && args[0].Truthy() {
		return value.Nil, nil
	}
	if len(args) < 2 {
		return Value{}, m.Raise(m.Errors.Assertion, vm.CodeAssert, "Assertion failed")
	}
	return m.Text(args[1], vm.TextToS, func(s string) (Value, error) {
		return Value{}, m.Raise(m.Errors.Assertion, vm.CodeAssert, "%s", s)
	})
}

// length is what `len` and `size` give; 0 for what has no parts.
func length(v Value) int {
	switch v.Kind() {
	case value.KindArray:
		return len(v.AsArray().Items)
	case value.KindMap:
		return v.AsMap().Len()
	case value.KindHashMap:
		return v.AsHashMap().Len()
	case value.KindHashSet:
		return v.AsHashSet().Len()
	case value.KindGene:
		return len(v.AsGene().Children)
	case value.KindString:
		return runeCount(v)
	case value.KindSymbol:
		return utf8.RuneCountInString(v.AsSymbol().Name)
	case value.KindBytes:
		return len(v.AsBytes())
	case value.KindRange:
		return rangeLen(v.AsRange())
	}
	return 0
}

func concatenate(m *VM, args []Value) (Value, error) {
	return m.Texts(args, vm.TextToS, func(texts []string) (Value, error) {
		return value.Str(strings.Join(texts, "")), nil
	})
}

func joinStrings(m *VM, args []Value) (Value, error) {
	var b strings.Builder
	for _, v := range args {
		s, ok := text(v)
		if !ok {
			return argError(m, "++ expects String arguments")
		}
		b.WriteString(s)
	}
	return value.Str(b.String()), nil
}

// exit ends the program; an operand that is no Int counts as 0.
func exit(m *VM, args []Value) (Value, error) {
	code := 0
	if v := arg(args, 0); v.IsInt() {
		code = int(v.AsInt())
	}
	return Value{}, m.Exit(code)
}

func typesEquivalent(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "types_equivalent requires 2 types")
	}
	return value.Bool(m.TypesEquivalent(args[0], args[1])), nil
}

// sooner reads what a comparator gave: an Int counts by its sign, anything else
// by its truth.
func sooner(m *VM, args []Value) (Value, error) {
	if c := args[0]; c.IsInt() {
		return value.Bool(c.AsInt() < 0), nil
	}
	return value.Bool(args[0].Truthy()), nil
}

// checkCallable throws unless args[0] can be called; args[1] begins the message.
func checkCallable(m *VM, args []Value) (Value, error) {
	if m.Callable(args[0]) {
		return value.Nil, nil
	}
	return exception(m, vm.CodeNotCallable, "%s, got %s", args[1].AsString(), value.TypeName(args[0]))
}
