package stdlib

import (
	"math"

	"gene/value"
)

// defineNumbers defines the methods of Int, Float, Bool, Char and Symbol.
func (l *library) defineNumbers() {
	m := l.m
	for _, kind := range []value.Kind{value.KindInt, value.KindFloat} {
		l.methods(m.Class(kind), []entry{
			{"to_i", "The number as an Int, truncated toward zero.", numberToInt},
			{"to_f", "The number as a Float.", numberToFloat},
			{"to", "The number as a value of another numeric class.", numberTo},
		})
	}
}

func numberToInt(m *VM, args []Value) (Value, error) {
	v := args[0]
	if v.IsInt() {
		return v, nil
	}
	f := math.Trunc(v.AsFloat())
	// 2⁶³ itself is out of range; −2⁶³ is in.
	if math.IsNaN(f) || f >= 1<<63 || f < -1<<63 {
		return argError(m, "to_i: %v is outside of the range of Int", v.AsFloat())
	}
	return value.Int(int64(f)), nil
}

func numberToFloat(m *VM, args []Value) (Value, error) {
	f, _ := args[0].Number()
	return value.Float(f), nil
}

func numberTo(m *VM, args []Value) (Value, error) {
	to := arg(args, 1)
	if to.Kind() != value.KindClass {
		return argError(m, "to requires a class")
	}
	switch c := to.AsClass(); c {
	case m.Class(value.KindInt):
		return numberToInt(m, args)
	case m.Class(value.KindFloat):
		return numberToFloat(m, args)
	case m.Class(value.KindString):
		return toS(m, args)
	default:
		return convertTo(m, args[0], c)
	}
}

// convertTo is `.to` where there is no conversion: a value of the class passes.
func convertTo(m *VM, v Value, c *value.Class) (Value, error) {
	if m.ClassOf(v).IsA(c) {
		return v, nil
	}
	return Value{}, m.Raise(m.Errors.Type, "GENE.TYPE.MISMATCH", "Type error: cannot convert %s to %s", value.TypeName(v), c.Name)
}
