package stdlib

import (
	"math"
	"time"

	"gene/value"
	"gene/vm"
)

// arg gives operand i, or the unset Value when the call has fewer.
func arg(args []Value, i int) Value {
	if i < len(args) {
		return args[i]
	}
	return Value{}
}

// keyword gives a keyword operand, or the unset Value.
func keyword(kw *value.Map, name string) Value {
	v, _ := kw.GetText(name)
	return v
}

// text gives the text of a String.
func text(v Value) (string, bool) {
	if v.Kind() == value.KindString {
		return v.AsString(), true
	}
	return "", false
}

// name gives the text of a String or Symbol, which are interchangeable as keys.
func name(v Value) (string, bool) {
	switch v.Kind() {
	case value.KindString:
		return v.AsString(), true
	case value.KindSymbol:
		return v.AsSymbol().Name, true
	}
	return "", false
}

// key gives the symbol of a String or Symbol.
func key(v Value) (*value.Symbol, bool) {
	switch v.Kind() {
	case value.KindString:
		return value.Intern(v.AsString()), true
	case value.KindSymbol:
		return v.AsSymbol(), true
	}
	return nil, false
}

// exception raises an error of class Exception.
func exception(m *VM, code, format string, args ...any) (Value, error) {
	return Value{}, m.Raise(m.Errors.Exception, code, format, args...)
}

// runtimeError raises an Exception with the general code.
func runtimeError(m *VM, format string, args ...any) (Value, error) {
	return exception(m, vm.CodeRuntime, format, args...)
}

// argError raises an ArgumentException.
func argError(m *VM, format string, args ...any) (Value, error) {
	return Value{}, m.ArgError(format, args...)
}

// duration turns a time operand into a duration: an Int counts units of its
// own, a Float counts seconds. It is false for other kinds and for NaN.
func duration(v Value, intUnit time.Duration) (time.Duration, bool) {
	switch {
	case v.IsInt():
		return saturate(float64(v.AsInt()) * float64(intUnit)), true
	case v.IsFloat():
		if f := v.AsFloat(); !math.IsNaN(f) {
			return saturate(f * float64(time.Second)), true
		}
	}
	return 0, false
}

func saturate(ns float64) time.Duration {
	switch {
	case ns >= math.MaxInt64:
		return math.MaxInt64
	case ns <= math.MinInt64:
		return math.MinInt64
	}
	return time.Duration(ns)
}
