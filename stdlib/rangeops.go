package stdlib

import (
	"gene/value"
	"gene/vm"
)

// defineRangeOps defines what ranges can do beyond being iterated. The methods
// with callbacks are those of Array.
func (l *library) defineRangeOps() {
	l.methods(l.m.Class(value.KindRange), []entry{
		{"size length", "How many numbers there are.", sizeOf},
		{"empty? empty", "Whether there is no number.", isEmpty},
		{"not_empty?", "Whether there is a number.", notEmpty},
		{"start", "The first bound.", func(m *VM, args []Value) (Value, error) { return args[0].AsRange().From, nil }},
		{"end", "The second bound.", func(m *VM, args []Value) (Value, error) { return args[0].AsRange().To, nil }},
		{"step", "The step; with an operand, the same range with another step.", rangeStep},
		{"to_array", "The numbers as an array.", func(m *VM, args []Value) (Value, error) {
			vs, err := rangeItems(m, args[0].AsRange())
			return value.NewArray(vs).Value(), err
		}},
		{"first", "The first number, or nil; with a count, the first ones.", rangeFirst},
		{"last", "The last number, or nil; with a count, the last ones.", rangeLast},
		{"contains has", "Whether a number is one of those that iteration gives.", rangeContains},
		{"reverse", "The same numbers in the opposite order.", rangeReverse},
	})
}

func rangeStep(m *VM, args []Value) (Value, error) {
	r, step := args[0].AsRange(), arg(args, 1)
	if !step.IsSet() {
		return r.Step, nil
	}
	if !step.IsInt() {
		return argError(m, "Range.step requires an integer step")
	}
	return value.NewRange(r.From, r.To, step).Value(), nil
}

// bounds gives what iteration over a range gives.
func bounds(m *VM, v Value) (from int64, n uint64, step int64, err error) {
	from, n, step, ok := vm.RangeBounds(v.AsRange())
	if !ok {
		err = m.ArgError("Value is not an integer: a range needs Int bounds to be iterated")
	}
	return from, n, step, err
}

func rangeFirst(m *VM, args []Value) (Value, error) {
	from, n, step, err := bounds(m, args[0])
	if err != nil {
		return Value{}, err
	}
	if count := arg(args, 1); count.IsInt() {
		n = min(n, uint64(max(count.AsInt(), 0)))
		return numbers(m, from, n, step)
	}
	if n == 0 {
		return value.Nil, nil
	}
	return value.Int(from), nil
}

func rangeLast(m *VM, args []Value) (Value, error) {
	from, n, step, err := bounds(m, args[0])
	if err != nil {
		return Value{}, err
	}
	if count := arg(args, 1); count.IsInt() {
		keep := min(n, uint64(max(count.AsInt(), 0)))
		return numbers(m, from+int64(n-keep)*step, keep, step)
	}
	if n == 0 {
		return value.Nil, nil
	}
	return value.Int(from + int64(n-1)*step), nil
}

// numbers makes an array of n numbers.
func numbers(m *VM, from int64, n uint64, step int64) (Value, error) {
	if n == 0 {
		return value.Arr(), nil
	}
	last := from + int64(n-1)*step
	vs, err := rangeItems(m, value.NewRange(value.Int(from), value.Int(last), value.Int(step)))
	return value.NewArray(vs).Value(), err
}

func rangeContains(m *VM, args []Value) (Value, error) {
	v := arg(args, 1)
	if !v.IsSet() {
		return argError(m, "Range.contains requires value")
	}
	from, n, step, err := bounds(m, args[0])
	if err != nil {
		return Value{}, err
	}
	if !v.IsInt() || n == 0 {
		return value.False, nil
	}
	x, last := v.AsInt(), from+int64(n-1)*step
	if x < min(from, last) || x > max(from, last) {
		return value.False, nil
	}
	// The distance may exceed Int, but not uint64.
	far, by := uint64(x)-uint64(from), uint64(step)
	if step < 0 {
		far, by = -far, -by
	}
	return value.Bool(far%by == 0), nil
}

func rangeReverse(m *VM, args []Value) (Value, error) {
	from, n, step, err := bounds(m, args[0])
	switch {
	case err != nil:
		return Value{}, err
	case n == 0:
		return value.NewRange(value.Int(0), value.Int(-1), value.Int(1)).Value(), nil
	}
	return value.NewRange(value.Int(from+int64(n-1)*step), value.Int(from), value.Int(-step)).Value(), nil
}
