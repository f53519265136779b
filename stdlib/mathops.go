package stdlib

import (
	"math"
	"strconv"
	"strings"

	"gene/value"
	"gene/vm"
)

// defineMathOps defines the functions of math and the methods of numbers that
// scripts expect beyond the table of 13.3.
func (l *library) defineMathOps() {
	ns := l.m.Namespace("math")
	var table []entry
	for _, f := range []struct {
		name, doc string
		f         func(float64) float64
	}{
		{"asin", "The arc sine.", math.Asin}, {"acos", "The arc cosine.", math.Acos}, {"atan", "The arc tangent.", math.Atan},
		{"sinh", "The hyperbolic sine.", math.Sinh}, {"cosh", "The hyperbolic cosine.", math.Cosh}, {"tanh", "The hyperbolic tangent.", math.Tanh},
		{"asinh", "The inverse hyperbolic sine.", math.Asinh}, {"acosh", "The inverse hyperbolic cosine.", math.Acosh},
		{"atanh", "The inverse hyperbolic tangent.", math.Atanh},
		{"log2", "The logarithm to base 2.", math.Log2}, {"log1p", "The natural logarithm of 1 + x, exact near 0.", math.Log1p},
		{"exp", "e raised to a power.", math.Exp}, {"exp2", "2 raised to a power.", math.Exp2},
		{"expm1", "e raised to a power, minus 1, exact near 0.", math.Expm1},
		{"cbrt", "The cube root.", math.Cbrt},
		{"degrees", "An angle in degrees.", func(x float64) float64 { return x * 180 / math.Pi }},
		{"radians", "An angle in radians.", func(x float64) float64 { return x * math.Pi / 180 }},
	} {
		table = append(table, entry{f.name, f.doc, floatFn(f.name, f.f)})
	}
	l.functions(ns, append(table, []entry{
		{"atan2", "The angle of the point (x, y), given as y x.", float2("atan2", math.Atan2)},
		{"hypot", "The length of the hypotenuse.", float2("hypot", math.Hypot)},
		{"fmod", "The remainder of a division, with the sign of the dividend.", float2("fmod", math.Mod)},
		{"trunc", "The number without its fraction.", rounding("trunc", math.Trunc)},
		{"round", "The number rounded, perhaps to so many digits behind the point.", numberRound},
		{"sign", "-1, 0 or 1.", numberSign},
		{"gcd", "The greatest common divisor.", overInts("gcd", gcd)},
		{"lcm", "The least common multiple.", overInts("lcm", lcm)},
		{"factorial", "The product of the Ints up to a number.", factorial},
		{"clamp", "The number, or the bound it exceeds.", numberClamp},
		{"is_nan?", "Whether it is no number.", floatTest("is_nan?", math.IsNaN)},
		{"is_inf?", "Whether it is infinite.", floatTest("is_inf?", func(f float64) bool { return math.IsInf(f, 0) })},
		{"is_finite?", "Whether it is neither infinite nor no number.", floatTest("is_finite?", isFinite)},
	}...))
	for name, v := range map[string]Value{
		"TAU": value.Float(2 * math.Pi), "INF": value.Float(math.Inf(1)), "NAN": value.Float(math.NaN()),
		"MAX_INT": value.Int(math.MaxInt64), "MIN_INT": value.Int(math.MinInt64), "EPSILON": value.Float(0x1p-52),
	} {
		ns.Set(value.Intern(name), v)
	}
	l.functions(l.m.Globals, []entry{{"round", "The number rounded, perhaps to so many digits behind the point.", numberRound}})
	l.defineNumberMethods()
}

func isFinite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// defineNumberMethods defines methods of Int and Float.
func (l *library) defineNumberMethods() {
	both := []entry{
		{"abs", "The number without its sign.", mathAbs},
		{"sign", "-1, 0 or 1.", numberSign},
		{"floor", "The number rounded down.", rounding("floor", math.Floor)},
		{"ceil", "The number rounded up.", rounding("ceil", math.Ceil)},
		{"trunc", "The number without its fraction.", rounding("trunc", math.Trunc)},
		{"round", "The number rounded, perhaps to so many digits behind the point.", numberRound},
		{"clamp", "The number, or the bound it exceeds.", numberClamp},
		{"between?", "Whether it lies between two bounds or is one of them.", numberBetween},
		{"zero?", "Whether it is 0.", numberTest(func(f float64) bool { return f == 0 })},
		{"positive?", "Whether it is greater than 0.", numberTest(func(f float64) bool { return f > 0 })},
		{"negative?", "Whether it is less than 0.", numberTest(func(f float64) bool { return f < 0 })},
		{"is_nan?", "Whether it is no number.", floatTest("is_nan?", math.IsNaN)},
		{"is_inf?", "Whether it is infinite.", floatTest("is_inf?", func(f float64) bool { return math.IsInf(f, 0) })},
		{"is_finite?", "Whether it is neither infinite nor no number.", floatTest("is_finite?", isFinite)},
		{"to_fixed", "The text with so many digits behind the point.", toFixed},
	}
	l.methods(l.m.Class(value.KindInt), both)
	l.methods(l.m.Class(value.KindFloat), both)
	l.methods(l.m.Class(value.KindInt), []entry{
		{"to_s", "The text of the number, perhaps to another base from 2 to 36.", intToS},
		{"to_hex", "The text in base 16.", func(m *VM, args []Value) (Value, error) { return inBase(args[0].AsInt(), 16), nil }},
		{"to_bin", "The text in base 2.", func(m *VM, args []Value) (Value, error) { return inBase(args[0].AsInt(), 2), nil }},
		{"to_oct", "The text in base 8.", func(m *VM, args []Value) (Value, error) { return inBase(args[0].AsInt(), 8), nil }},
		{"even?", "Whether it is a multiple of 2.", func(m *VM, args []Value) (Value, error) { return value.Bool(args[0].AsInt()&1 == 0), nil }},
		{"odd?", "Whether it is no multiple of 2.", func(m *VM, args []Value) (Value, error) { return value.Bool(args[0].AsInt()&1 == 1), nil }},
		{"chr", "The character with this code point.", intChr},
		{"digits", "The decimal digits of the number without its sign.", func(m *VM, args []Value) (Value, error) {
			text := strings.TrimPrefix(itoa(args[0].AsInt()), "-")
			out := make([]Value, len(text))
			for i := range out {
				out[i] = value.Int(int64(text[i] - '0'))
			}
			return value.NewArray(out).Value(), nil
		}},
		{"gcd", "The greatest common divisor.", overInts("gcd", gcd)},
		{"lcm", "The least common multiple.", overInts("lcm", lcm)},
	})
}

func float2(name string, f func(x, y float64) float64) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		x, ok1 := arg(args, 0).Number()
		y, ok2 := arg(args, 1).Number()
		if !ok1 || !ok2 {
			return argError(m, "%s requires 2 numeric arguments", name)
		}
		return value.Float(f(x, y)), nil
	}
}

func floatTest(name string, f func(float64) bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		x, ok := arg(args, 0).Number()
		if !ok {
			return argError(m, "%s requires a numeric argument", name)
		}
		return value.Bool(f(x)), nil
	}
}

func numberTest(f func(float64) bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		x, _ := args[0].Number()
		return value.Bool(f(x)), nil
	}
}

// digitsMax is the most digits that a Float's text can have behind the point.
const digitsMax = 1074

// numberRound rounds halves away from zero, as people do: at so many digits it
// works on the shortest text of the number, so that 2.675 is rounded to 2.68.
func numberRound(m *VM, args []Value) (Value, error) {
	digits := arg(args, 1)
	if !digits.IsSet() || digits.IsNil() {
		return rounding("round", math.Round)(m, args)
	}
	if !digits.IsInt() || digits.AsInt() < -308 || digits.AsInt() > digitsMax {
		return argError(m, "round requires a number of digits from -308 to %d", digitsMax)
	}
	n := int(digits.AsInt())
	switch v := args[0]; {
	case v.IsInt():
		if n >= 0 {
			return v, nil
		}
		return roundInt(m, v.AsInt(), -n)
	case v.IsFloat():
		return value.Float(roundFloat(v.AsFloat(), n)), nil
	}
	return argError(m, "round requires a numeric argument")
}

// roundInt rounds to a multiple of a power of ten.
func roundInt(m *VM, i int64, zeros int) (Value, error) {
	if zeros > 19 {
		return value.Int(0), nil
	}
	unit := uint64(1)
	for range zeros {
		unit *= 10
	}
	size := uint64(i)
	if i < 0 {
		size = -size
	}
	rest := size % unit
	size -= rest
	if rest >= unit-rest {
		size += unit
	}
	switch {
	case i < 0 && size <= 1<<63:
		return value.Int(int64(-size)), nil
	case i >= 0 && size <= math.MaxInt64:
		return value.Int(int64(size)), nil
	}
	return overflow(m, "round")
}

func roundFloat(f float64, digits int) float64 {
	if !isFinite(f) || f == 0 {
		return f
	}
	text := strconv.FormatFloat(math.Abs(f), 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	exp, _ := strconv.Atoi(exponent)
	ds := strings.Replace(mantissa, ".", "", 1)
	keep := exp + 1 + digits // of the digits in front
	if keep >= len(ds) {
		return f
	}
	if keep < 0 {
		return math.Copysign(0, f)
	}
	up := ds[keep] >= '5'
	n, _ := strconv.ParseUint("0"+ds[:keep], 10, 64)
	if up {
		n++
	}
	r, _ := strconv.ParseFloat(strconv.FormatUint(n, 10)+"e"+strconv.Itoa(-digits), 64)
	return math.Copysign(r, f)
}

func toFixed(m *VM, args []Value) (Value, error) {
	digits := orInt(arg(args, 1), 0)
	if !digits.IsInt() || digits.AsInt() < 0 || digits.AsInt() > digitsMax {
		return argError(m, "to_fixed requires a number of digits from 0 to %d", digitsMax)
	}
	n := int(digits.AsInt())
	if v := args[0]; v.IsInt() {
		if n == 0 {
			return value.Str(itoa(v.AsInt())), nil
		}
		return value.Str(itoa(v.AsInt()) + "." + strings.Repeat("0", n)), nil
	}
	return value.Str(strconv.FormatFloat(roundFloat(args[0].AsFloat(), n), 'f', n, 64)), nil
}

func numberSign(m *VM, args []Value) (Value, error) {
	x, ok := arg(args, 0).Number()
	switch {
	case !ok:
		return argError(m, "sign requires a numeric argument")
	case x > 0:
		return value.Int(1), nil
	case x < 0:
		return value.Int(-1), nil
	}
	return value.Int(0), nil
}

// threeNumbers checks a number and two bounds.
func threeNumbers(m *VM, args []Value, name string) error {
	for i := range 3 {
		if _, ok := arg(args, i).Number(); !ok {
			return m.ArgError("%s requires numeric bounds", name)
		}
	}
	return nil
}

func numberClamp(m *VM, args []Value) (Value, error) {
	if err := threeNumbers(m, args, "clamp"); err != nil {
		return Value{}, err
	}
	v, lo, hi := args[0], args[1], args[2]
	switch {
	case numberLess(hi, lo):
		return argError(m, "clamp requires a lower bound that is not above the upper one")
	case numberLess(v, lo):
		return lo, nil
	case numberLess(hi, v):
		return hi, nil
	}
	return v, nil
}

func numberBetween(m *VM, args []Value) (Value, error) {
	if err := threeNumbers(m, args, "between?"); err != nil {
		return Value{}, err
	}
	return value.Bool(!numberLess(args[0], args[1]) && !numberLess(args[2], args[0])), nil
}

// overInts makes a function of two or more Ints.
func overInts(name string, f func(a, b int64) (int64, bool)) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		if len(args) < 2 {
			return argError(m, "%s requires at least 2 integers", name)
		}
		acc := int64(0)
		for i, v := range args {
			if !v.IsInt() {
				return argError(m, "%s requires integers, got %s", name, value.TypeName(v))
			}
			if i == 0 {
				acc = v.AsInt()
				continue
			}
			next, ok := f(acc, v.AsInt())
			if !ok {
				return overflow(m, name)
			}
			acc = next
		}
		return value.Int(acc), nil
	}
}

func gcd(a, b int64) (int64, bool) {
	for b != 0 {
		a, b = b, a%b
	}
	if a == math.MinInt64 {
		return 0, false
	}
	return max(a, -a), true
}

func lcm(a, b int64) (int64, bool) {
	d, ok := gcd(a, b)
	if !ok || d == 0 {
		return 0, ok
	}
	n, ok := multiplyInts(a/d, b)
	if n == math.MinInt64 {
		return 0, false
	}
	return max(n, -n), ok
}

func factorial(m *VM, args []Value) (Value, error) {
	n := arg(args, 0)
	if !n.IsInt() || n.AsInt() < 0 {
		return argError(m, "factorial requires an integer of at least 0")
	}
	if n.AsInt() > 20 {
		return overflow(m, "factorial")
	}
	product := int64(1)
	for i := int64(2); i <= n.AsInt(); i++ {
		product *= i
	}
	return value.Int(product), nil
}

func inBase(i int64, base int) Value { return value.Str(strconv.FormatInt(i, base)) }

func intToS(m *VM, args []Value) (Value, error) {
	base := orInt(arg(args, 1), 10)
	if !base.IsInt() || base.AsInt() < 2 || base.AsInt() > 36 {
		return argError(m, "Int.to_s requires a base from 2 to 36")
	}
	return inBase(args[0].AsInt(), int(base.AsInt())), nil
}

func intChr(m *VM, args []Value) (Value, error) {
	i := args[0].AsInt()
	if i < 0 || i > 0x10ffff || i >= 0xd800 && i < 0xe000 {
		return argError(m, "chr: %d is no code point", i)
	}
	return value.Char(rune(i)), nil
}
