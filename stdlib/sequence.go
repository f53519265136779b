package stdlib

import (
	"gene/value"
)

// defineRanges defines Range and the function range (5.6).
func (l *library) defineRanges() {
	l.functions(l.m.Globals, []entry{
		{"range", "The range from one number to another, perhaps with a step.", newRange},
	})
	c := l.m.Class(value.KindRange)
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) { return newRange(m, args[1:]) })
}

func newRange(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "range requires start and end")
	}
	step := value.Int(1)
	if len(args) > 2 && !args[2].IsNil() {
		if step = args[2]; !step.IsInt() {
			return argError(m, "range requires an integer step")
		}
	}
	return value.NewRange(args[0], args[1], step).Value(), nil
}

// rangeLen is the number of steps of a range; 0 where it can't be iterated.
func rangeLen(r *value.Range) int {
	if !r.From.IsInt() || !r.To.IsInt() || !r.Step.IsInt() {
		return 0
	}
	from, to, step := r.From.AsInt(), r.To.AsInt(), r.Step.AsInt()
	var n uint64
	switch {
	case step > 0 && from <= to:
		n = (uint64(to)-uint64(from))/uint64(step) + 1
	case step < 0 && from >= to:
		n = (uint64(from)-uint64(to))/-uint64(step) + 1
	default:
		return 0
	}
	if n == 0 || n > 1<<63-1 { // all of Int
		return 1<<63 - 1
	}
	return int(n)
}

// defineBytes defines the methods of Bytes (12.4).
func (l *library) defineBytes() {
	l.methods(l.m.Class(value.KindBytes), []entry{
		{"size length", "The number of bytes.", sizeOf},
		{"get", "The byte at an index, as Bytes of size 1.", func(m *VM, args []Value) (Value, error) {
			i, b := arg(args, 1), args[0].AsBytes()
			if !i.IsInt() {
				return argError(m, "Bytes.get requires an integer index")
			}
			if i.AsInt() < 0 || i.AsInt() >= int64(len(b)) {
				return argError(m, "Bytes index out of bounds: %d (size: %d)", i.AsInt(), len(b))
			}
			return value.NewBytes(b[i.AsInt() : i.AsInt()+1 : i.AsInt()+1]), nil
		}},
		{"to_array", "The bytes as Ints.", func(m *VM, args []Value) (Value, error) {
			return byteInts(args[0].AsBytes()), nil
		}},
	})
}

func byteInts(b []byte) Value {
	ints := make([]Value, len(b))
	for i, x := range b {
		ints[i] = value.Int(int64(x))
	}
	return value.NewArray(ints).Value()
}
