package stdlib

import (
	"math"
	"math/rand/v2"

	"gene/value"
	"gene/vm"
)

// defineMath defines the namespace math (13.3).
func (l *library) defineMath() {
	ns := l.m.Namespace("math")
	bare := []entry{
		{"abs", "The number without its sign.", mathAbs},
		{"sqrt", "The square root.", floatFn("sqrt", math.Sqrt)},
		{"pow", "A number raised to a power, as a Float.", mathPow},
		{"floor", "The number rounded down.", rounding("floor", math.Floor)},
		{"ceil", "The number rounded up.", rounding("ceil", math.Ceil)},
		{"round", "The number rounded, halves away from zero.", rounding("round", math.Round)},
		{"min", "The smallest of its arguments.", extreme("min", func(a, b Value) bool { return numberLess(b, a) })},
		{"max", "The largest of its arguments.", extreme("max", numberLess)},
		{"random", "A random Float from 0 up to 1.", mathRandom},
		{"random_int", "A random Int, both bounds included; the upper one comes first.", mathRandomInt},
	}
	l.functions(ns, bare)
	l.functions(l.m.Globals, bare)
	l.functions(ns, []entry{
		{"sin", "The sine.", floatFn("sin", math.Sin)},
		{"cos", "The cosine.", floatFn("cos", math.Cos)},
		{"tan", "The tangent.", floatFn("tan", math.Tan)},
		{"log", "The natural logarithm.", floatFn("log", math.Log)},
		{"log10", "The logarithm to base 10.", floatFn("log10", math.Log10)},
	})
	ns.Set(value.Intern("PI"), value.Float(math.Pi))
	ns.Set(value.Intern("E"), value.Float(math.E))
}

func floatFn(name string, f func(float64) float64) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		x, ok := arg(args, 0).Number()
		if !ok {
			return argError(m, "%s requires a numeric argument", name)
		}
		return value.Float(f(x)), nil
	}
}

func rounding(name string, f func(float64) float64) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		switch v := arg(args, 0); {
		case v.IsInt():
			return v, nil
		case v.IsFloat():
			return value.Float(f(v.AsFloat())), nil
		}
		return argError(m, "%s requires a numeric argument", name)
	}
}

func mathAbs(m *VM, args []Value) (Value, error) {
	switch v := arg(args, 0); {
	case v.IsInt():
		i := v.AsInt()
		if i == math.MinInt64 {
			return Value{}, m.Raise(m.Errors.Runtime, "GENE.ARITH.OVERFLOW", "Integer overflow in abs")
		}
		return value.Int(max(i, -i)), nil
	case v.IsFloat():
		return value.Float(math.Abs(v.AsFloat())), nil
	}
	return argError(m, "abs requires a numeric argument")
}

func mathPow(m *VM, args []Value) (Value, error) {
	x, ok1 := arg(args, 0).Number()
	y, ok2 := arg(args, 1).Number()
	if !ok1 || !ok2 {
		return argError(m, "pow requires 2 numeric arguments")
	}
	return value.Float(math.Pow(x, y)), nil
}

// numberLess compares two numbers exactly, also an Int with a Float beyond 2⁵³.
func numberLess(a, b Value) bool {
	c, ok := value.Compare(a, b)
	return ok && c < 0
}

// extreme keeps the first argument that none of the later ones beats.
func extreme(name string, beats func(best, v Value) bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		if len(args) < 2 {
			return argError(m, "%s requires at least 2 arguments", name)
		}
		best := args[0]
		for _, v := range args {
			if _, ok := v.Number(); !ok {
				return argError(m, "%s requires numeric arguments", name)
			}
			if beats(best, v) {
				best = v
			}
		}
		return best, nil
	}
}

func mathRandom(m *VM, args []Value) (Value, error) { return value.Float(rand.Float64()), nil }

func mathRandomInt(m *VM, args []Value) (Value, error) {
	return randomInt(m, args, rand.Uint64N, rand.Uint64)
}

// randomInt is random_int of a source of random numbers.
func randomInt(m *VM, args []Value, below func(uint64) uint64, any func() uint64) (Value, error) {
	top := arg(args, 0)
	if !top.IsInt() {
		return argError(m, "random_int max must be an integer")
	}
	hi, lo := top.AsInt(), int64(0)
	if len(args) > 1 {
		if !args[1].IsInt() {
			return argError(m, "random_int min must be an integer")
		}
		lo = args[1].AsInt()
		if hi <= lo {
			return argError(m, "random_int max must be greater than min")
		}
	} else if hi <= 0 {
		return argError(m, "random_int max must be greater than 0")
	}
	span := uint64(hi) - uint64(lo) + 1 // 0 when it is all of Int
	if span == 0 {
		return value.Int(int64(any())), nil
	}
	return value.Int(int64(uint64(lo) + below(span))), nil
}
