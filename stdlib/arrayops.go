package stdlib

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"gene/value"
	"gene/vm"
)

// defineArrayOps defines the methods of Array that scripts expect beyond
// chapter 5's table and that call nobody back; the others are in more.gene.
func (l *library) defineArrayOps() {
	c := l.m.Class(value.KindArray)
	l.methods(c, []entry{
		{"flatten", "The elements with arrays among them spread, to any depth or to a given one.", arrayFlatten},
		{"concat", "The elements of it and of other arrays.", arrayConcat},
		{"insert", "Inserts values before an index.", arrayInsert},
		{"prepend unshift", "Inserts values at the start.", func(m *VM, args []Value) (Value, error) {
			return arrayInsert(m, slices.Concat(args[:1], []Value{value.Int(0)}, args[1:]))
		}},
		{"shift", "Removes the first element and gives it.", func(m *VM, args []Value) (Value, error) {
			if length(args[0]) == 0 {
				return value.Nil, mutable(m, args[0], "delete from")
			}
			return arrayDel(m, []Value{args[0], value.Int(0)})
		}},
		{"remove_at", "Removes the element at an index and gives it.", arrayDel},
		{"remove delete", "Removes the first equal element; whether there was one.", l.arrayRemove},
		{"chunk", "Arrays of so many elements each.", arrayChunk},
		{"rotate", "The elements moved to the left, those at the start to the end.", arrayRotate},
		{"compact", "The elements that are neither nil nor void.", arrayCompact},
		{"to_array", "A copy of the array.", func(m *VM, args []Value) (Value, error) { return part(args[0], 0, length(args[0])), nil }},
		{"shuffle", "The elements in random order, perhaps of a given Random.", arrayShuffle},
		{"fill", "Replaces all elements by a value.", arrayFill},
		{"swap", "Exchanges two elements.", arraySwap},
	})
	l.elementMethods(value.KindArray, value.KindRange, value.KindHashSet)
}

// elementMethods defines what works on any collection of elements.
func (l *library) elementMethods(kinds ...value.Kind) {
	table := []entry{
		{"uniq", "The elements without repetitions.", l.uniq},
		{"tally", "A hash map from each element to how often it occurs.", l.tally},
		{"to_set", "A hash set of the elements.", func(m *VM, args []Value) (Value, error) {
			vs, err := elements(m, args[0])
			if err != nil {
				return Value{}, err
			}
			return l.addMembers(value.NewHashSet(len(vs)), vs)
		}},
		{"sum", "The sum of the elements, which are numbers, or of what a callback gives for them.", l.withCallback("sum_by", sumElements)},
		{"product", "The product of the elements, which are numbers.", productElements},
		{"min", "The least element, or nil.", l.extremeElement(-1)},
		{"max", "The greatest element, or nil.", l.extremeElement(1)},
		{"minmax", "The least and the greatest element.", l.minmax},
		{"average mean", "The mean of the elements as a Float.", average},
		{"count", "How many elements there are, are equal to a value, or satisfy a callback.", l.count},
		{"sample", "A random element, or nil; with a count, an array of different ones.", sampleElements},
	}
	for _, kind := range kinds {
		l.methods(l.m.Class(kind), table)
	}
}

// withCallback gives a native that leaves calls with a callback to a method
// written in Gene.
func (l *library) withCallback(method string, plain vm.NativeFn) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		if f := arg(args, 1); f.IsSet() && m.Callable(f) {
			return m.InvokeMethod(args[0], method, []Value{f}, nil)
		}
		return plain(m, args)
	}
}

// flattenDepth is how deep arrays are spread; what contains itself ends here.
const flattenDepth = 10_000

func arrayFlatten(m *VM, args []Value) (Value, error) {
	depth := int64(flattenDepth)
	if v := arg(args, 1); v.IsSet() && !v.IsNil() {
		if !v.IsInt() {
			return argError(m, "Array.flatten requires an integer depth")
		}
		depth = min(v.AsInt(), depth)
	}
	out, err := flatten(m, make([]Value, 0, length(args[0])), args[0], depth, &value.Trail{})
	return value.NewArray(out).Value(), err
}

func flatten(m *VM, out []Value, array Value, depth int64, above *value.Trail) ([]Value, error) {
	if above.Has(array.P) {
		return nil, m.ArgError("flatten: the array contains itself")
	}
	if above.Len() > flattenDepth {
		return nil, m.ArgError("flatten: arrays are nested deeper than %d", flattenDepth)
	}
	above.Push(array.P)
	defer above.Pop()
	for _, v := range items(array) {
		if v.Kind() != value.KindArray || depth <= 0 {
			out = append(out, v)
			if len(out) > itemsMax {
				return nil, m.ArgError("flatten: more than %d elements", itemsMax)
			}
			continue
		}
		var err error
		if out, err = flatten(m, out, v, depth-1, above); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func arrayConcat(m *VM, args []Value) (Value, error) {
	out := slices.Clone(items(args[0]))
	for _, v := range args[1:] {
		vs, err := elements(m, v)
		if err != nil {
			return argError(m, "Array.concat requires arrays, got %s", value.TypeName(v))
		}
		out = append(out, vs...)
	}
	return value.NewArray(out).Value(), nil
}

// arrayInsert inserts before an index; a negative one counts from behind the
// last element, so that -1 appends.
func arrayInsert(m *VM, args []Value) (Value, error) {
	if len(args) < 3 {
		return argError(m, "Array.insert requires index and value")
	}
	if err := mutable(m, args[0], "insert into"); err != nil {
		return Value{}, err
	}
	a := args[0].AsArray()
	if !args[1].IsInt() {
		return argError(m, "Array.insert requires an integer index")
	}
	i := args[1].AsInt()
	if i < 0 {
		i += int64(len(a.Items)) + 1
	}
	if i < 0 || i > int64(len(a.Items)) {
		return runtimeError(m, "insert index out of bounds")
	}
	a.Items = slices.Insert(a.Items, int(i), args[2:]...)
	return args[0], nil
}

func (l *library) arrayRemove(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Array.remove requires value")
	}
	if err := mutable(m, args[0], "delete from"); err != nil {
		return Value{}, err
	}
	array := args[0]
	return l.search(array, args[1], func(i Value) (Value, error) {
		a := array.AsArray()
		n := i.AsInt()
		if n < 0 || n >= int64(len(a.Items)) {
			return value.False, nil
		}
		a.Items = slices.Delete(a.Items, int(n), int(n)+1)
		return value.True, nil
	})
}

func arrayChunk(m *VM, args []Value) (Value, error) {
	n := arg(args, 1)
	if !n.IsInt() || n.AsInt() < 1 {
		return argError(m, "Array.chunk requires a positive size")
	}
	a := items(args[0])
	var out []Value
	for part := range slices.Chunk(a, int(min(n.AsInt(), int64(len(a)+1)))) {
		out = append(out, value.NewArray(slices.Clone(part)).Value())
	}
	return value.NewArray(out).Value(), nil
}

func arrayRotate(m *VM, args []Value) (Value, error) {
	by := int64(1)
	if v := arg(args, 1); v.IsSet() && !v.IsNil() {
		if !v.IsInt() {
			return argError(m, "Array.rotate requires an integer count")
		}
		by = v.AsInt()
	}
	a := items(args[0])
	if len(a) == 0 {
		return value.Arr(), nil
	}
	n := int64(len(a))
	at := ((by % n) + n) % n
	return value.NewArray(slices.Concat(a[at:], a[:at])).Value(), nil
}

func arrayCompact(m *VM, args []Value) (Value, error) {
	out := make([]Value, 0, length(args[0]))
	for _, v := range items(args[0]) {
		if !v.IsNil() && !v.IsVoid() {
			out = append(out, v)
		}
	}
	return value.NewArray(out).Value(), nil
}

func arrayFill(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Array.fill requires value")
	}
	if err := mutable(m, args[0], "set item on"); err != nil {
		return Value{}, err
	}
	for i := range items(args[0]) {
		items(args[0])[i] = args[1]
	}
	return args[0], nil
}

func arraySwap(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "set item on"); err != nil {
		return Value{}, err
	}
	a := items(args[0])
	i, ok1 := index(arg(args, 1), len(a))
	j, ok2 := index(arg(args, 2), len(a))
	if !ok1 || !ok2 {
		return runtimeError(m, "swap index out of bounds")
	}
	a[i], a[j] = a[j], a[i]
	return args[0], nil
}

// randomOf gives the source of random numbers that an operand names.
func randomOf(m *VM, v Value, method string) (func(n int) int, error) {
	if !v.IsSet() || v.IsNil() {
		return rand.IntN, nil
	}
	if v.Kind() == value.KindInstance {
		if r, ok := v.AsInstance().Data.(*random); ok {
			return r.IntN, nil
		}
	}
	return nil, m.ArgError("%s requires a Random", method)
}

func arrayShuffle(m *VM, args []Value) (Value, error) {
	intN, err := randomOf(m, arg(args, 1), "shuffle")
	if err != nil {
		return Value{}, err
	}
	a := slices.Clone(items(args[0]))
	for i := len(a) - 1; i > 0; i-- {
		j := intN(i + 1)
		a[i], a[j] = a[j], a[i]
	}
	return value.NewArray(a).Value(), nil
}

// sampleElements is (a .sample count? random?).
func sampleElements(m *VM, args []Value) (Value, error) {
	a, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	count, source := arg(args, 1), arg(args, 2)
	if count.IsSet() && count.Kind() == value.KindInstance {
		count, source = Value{}, count
	}
	intN, err := randomOf(m, source, "sample")
	if err != nil {
		return Value{}, err
	}
	if !count.IsSet() || count.IsNil() {
		if len(a) == 0 {
			return value.Nil, nil
		}
		return a[intN(len(a))], nil
	}
	if !count.IsInt() || count.AsInt() < 0 {
		return argError(m, "sample requires a count of at least 0")
	}
	a = slices.Clone(a)
	n := int(min(count.AsInt(), int64(len(a))))
	for i := range n {
		j := i + intN(len(a)-i)
		a[i], a[j] = a[j], a[i]
	}
	return value.NewArray(a[:n:n]).Value(), nil
}

// uniq keeps the first of equal elements. Elements that can't be hashed, such
// as functions, are the same only when they are identical.
func (l *library) uniq(m *VM, args []Value) (Value, error) {
	if f := arg(args, 1); f.IsSet() && m.Callable(f) {
		return m.InvokeMethod(args[0], "uniq_by", []Value{f}, nil)
	}
	a, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	seen := value.NewHashSet(len(a))
	identical := map[Value]bool{}
	out := make([]Value, 0, len(a))
	for _, v := range a {
		if _, ok := value.Hash(v); ok {
			if seen.Has(v) {
				continue
			}
			seen.Add(v)
		} else if identical[v] {
			continue
		} else {
			identical[v] = true
		}
		out = append(out, v)
	}
	return value.NewArray(out).Value(), nil
}

func (l *library) tally(m *VM, args []Value) (Value, error) {
	vs, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	vs = slices.Clone(vs)
	return l.checkKeys("HashMap", vs, func() (Value, error) {
		out := value.NewHashMap(0)
		for _, v := range vs {
			n, _ := out.Get(v)
			if !n.IsSet() {
				n = value.Int(0)
			}
			out.Set(v, value.Int(n.AsInt()+1))
		}
		return out.Value(), nil
	})
}

func (l *library) count(m *VM, args []Value) (Value, error) {
	v := arg(args, 1)
	if !v.IsSet() {
		return value.Int(int64(length(args[0]))), nil
	}
	if m.Callable(v) {
		return m.InvokeMethod(args[0], "count_if", []Value{v}, nil)
	}
	vs, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	if ownEquals(v) || slices.ContainsFunc(vs, ownEquals) {
		return m.InvokeMethod(value.NewArray(slices.Clone(vs)).Value(), "%count_equal", []Value{v}, nil)
	}
	n := 0
	for _, x := range vs {
		if value.Equal(x, v) {
			n++
		}
	}
	return value.Int(int64(n)), nil
}

func overflow(m *VM, what string) (Value, error) {
	return Value{}, m.Raise(m.Errors.Runtime, "GENE.ARITH.OVERFLOW", "Integer overflow in %s", what)
}

// fold adds or multiplies numbers: Ints as long as all are, then Floats.
func fold(m *VM, name string, vs []Value, start int64, ints func(a, b int64) (int64, bool), floats func(a, b float64) float64) (Value, error) {
	acc, facc, float := start, float64(start), false
	for _, v := range vs {
		switch {
		case v.IsInt() && !float:
			next, ok := ints(acc, v.AsInt())
			if !ok {
				return overflow(m, name)
			}
			acc = next
		case v.IsInt() || v.IsFloat():
			if !float {
				float, facc = true, float64(acc)
			}
			f, _ := v.Number()
			facc = floats(facc, f)
		default:
			return argError(m, "%s requires numbers, got %s", name, value.TypeName(v))
		}
	}
	if float {
		return value.Float(facc), nil
	}
	return value.Int(acc), nil
}

func addInts(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

func multiplyInts(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// The high word of the signed product.
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	return int64(lo), int64(hi) == int64(lo)>>63
}

func sumElements(m *VM, args []Value) (Value, error) {
	if args[0].Kind() == value.KindRange {
		return sumRange(m, args[0].AsRange())
	}
	vs, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	return fold(m, "sum", vs, 0, addInts, func(a, b float64) float64 { return a + b })
}

func productElements(m *VM, args []Value) (Value, error) {
	vs, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	return fold(m, "product", vs, 1, multiplyInts, func(a, b float64) float64 { return a * b })
}

func average(m *VM, args []Value) (Value, error) {
	vs, err := elements(m, args[0])
	if err != nil {
		return Value{}, err
	}
	if len(vs) == 0 {
		return value.Nil, nil
	}
	sum := 0.0
	for _, v := range vs {
		f, ok := v.Number()
		if !ok {
			return argError(m, "average requires numbers, got %s", value.TypeName(v))
		}
		sum += f
	}
	return value.Float(sum / float64(len(vs))), nil
}

func (l *library) extremeElement(sign int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		vs, err := elements(m, args[0])
		if err != nil {
			return Value{}, err
		}
		return extremeIndex(m, vs, sign, func(i int) (Value, error) {
			if i < 0 || i >= len(vs) {
				return value.Nil, nil
			}
			return vs[i], nil
		})
	}
}

func (l *library) minmax(m *VM, args []Value) (Value, error) {
	vs, err := elements(m, args[0])
	if err != nil || len(vs) == 0 {
		return value.Arr(value.Nil, value.Nil), err
	}
	vs = slices.Clone(vs)
	return extremeIndex(m, vs, -1, func(least int) (Value, error) {
		return extremeIndex(m, vs, 1, func(most int) (Value, error) {
			return value.Arr(vs[least], vs[most]), nil
		})
	})
}

// rangeItems gives the numbers of a range.
func rangeItems(m *VM, r *value.Range) ([]Value, error) {
	from, n, step, ok := vm.RangeBounds(r)
	if !ok {
		return nil, m.ArgError("Value is not an integer: a range needs Int bounds to be iterated")
	}
	if n > itemsMax {
		return nil, m.ArgError("range of %d elements is too large for an array (limit: %d)", n, itemsMax)
	}
	out := make([]Value, n)
	for i := range out {
		out[i] = value.Int(from + int64(i)*step)
	}
	return out, nil
}

// sumRange adds an arithmetic series without walking it.
func sumRange(m *VM, r *value.Range) (Value, error) {
	from, n, step, ok := vm.RangeBounds(r)
	switch {
	case !ok:
		return argError(m, "Value is not an integer: a range needs Int bounds to be iterated")
	case n == 0:
		return value.Int(0), nil
	case n > math.MaxInt64:
		return overflow(m, "sum")
	}
	last := from + int64(n-1)*step
	// One of n and (first + last) is even where the other isn't: the sum is exact.
	ends, ok := addInts(from, last)
	if !ok {
		return overflow(m, "sum")
	}
	count := int64(n)
	if count%2 == 0 {
		count /= 2
	} else {
		ends /= 2
	}
	sum, ok := multiplyInts(ends, count)
	if !ok {
		return overflow(m, "sum")
	}
	return value.Int(sum), nil
}
