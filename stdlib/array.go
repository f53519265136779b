package stdlib

import (
	"slices"
	"strings"

	"gene/value"
	"gene/vm"
)

// defineArrays defines the methods of Array (5.1) that call nobody back; the
// others are in the prelude.
func (l *library) defineArrays() {
	c := l.m.Class(value.KindArray)
	l.methods(c, []entry{
		{"size length", "The number of elements.", arraySize},
		{"get", "The element at an index, or nil.", arrayGet},
		{"first", "The first element, or nil; with a count, the first ones.", arrayFirst},
		{"last", "The last element, or nil; with a count, the last ones.", arrayLast},
		{"set", "Replaces the element at an index.", arraySet},
		{"add append", "Appends an element and gives the array.", arrayAdd},
		{"push", "Appends an element and gives the new length.", arrayPush},
		{"pop", "Removes the last element and gives it.", arrayPop},
		{"del", "Removes the element at an index and gives it.", arrayDel},
		{"clear", "Removes all elements.", arrayClear},
		{"empty? empty", "Whether there is no element.", isEmpty},
		{"not_empty?", "Whether there is an element.", notEmpty},
		{"immutable?", "Whether the array was written as a sealed literal.", isSealed},
		{"contains", "Whether an equal element is there.", l.arrayContains},
		{"index_of", "The index of the first equal element, or -1.", l.arrayIndexOf},
		{"slice", "The elements from an index up to another.", arraySlice},
		{"take", "The first elements.", arrayTake},
		{"skip", "All but the first elements.", arraySkip},
		{"reverse", "The elements in the opposite order.", arrayReverse},
		{"sort", "The elements in order.", l.arraySort},
		{"zip", "Pairs of the elements of two arrays.", arrayZip},
		{"pairs", "Pairs of index and element.", arrayPairs},
		{"to_map", "A map of the array's pairs of key and value.", arrayToMap},
		{"join", "The texts of the elements with a separator between them.", arrayJoin},
	})
}

func items(v Value) []Value { return v.AsArray().Items }

// index gives an Int operand that counts from the end when negative.
func index(v Value, size int) (int, bool) {
	if !v.IsInt() {
		return 0, false
	}
	i := v.AsInt()
	if i < 0 {
		i += int64(size)
	}
	return int(i), i >= 0 && i < int64(size)
}

func arraySize(m *VM, args []Value) (Value, error) {
	return value.Int(int64(len(items(args[0])))), nil
}

func arrayGet(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Array.get requires index")
	}
	if v := args[1]; v.IsInt() && uint64(v.AsInt()) < uint64(len(items(args[0]))) {
		return items(args[0])[v.AsInt()], nil
	}
	return value.Nil, nil
}

func arrayFirst(m *VM, args []Value) (Value, error) {
	if n := arg(args, 1); n.IsInt() {
		return part(args[0], 0, int(min(max(n.AsInt(), 0), int64(len(items(args[0])))))), nil
	}
	if a := items(args[0]); len(a) > 0 {
		return a[0], nil
	}
	return value.Nil, nil
}

func arrayLast(m *VM, args []Value) (Value, error) {
	if n := arg(args, 1); n.IsInt() {
		size := len(items(args[0]))
		return part(args[0], size-int(min(max(n.AsInt(), 0), int64(size))), size), nil
	}
	if a := items(args[0]); len(a) > 0 {
		return a[len(a)-1], nil
	}
	return value.Nil, nil
}

func arraySet(m *VM, args []Value) (Value, error) {
	if len(args) < 3 {
		return argError(m, "Array.set requires index and value")
	}
	if err := mutable(m, args[0], "set item on"); err != nil {
		return Value{}, err
	}
	i, ok := index(args[1], len(items(args[0])))
	if !ok {
		return runtimeError(m, "set index out of bounds")
	}
	items(args[0])[i] = args[2]
	return args[0], nil
}

func push(m *VM, args []Value, name, doing string) error {
	if len(args) < 2 {
		return m.ArgError("Array.%s requires value", name)
	}
	if args[0].Header().Flags&(value.FlagSealed|value.FlagFrozen) != 0 {
		return mutable(m, args[0], doing)
	}
	args[0].AsArray().Push(args[1])
	return nil
}

func arrayAdd(m *VM, args []Value) (Value, error) {
	if err := push(m, args, "add", "append to"); err != nil {
		return Value{}, err
	}
	return args[0], nil
}

func arrayPush(m *VM, args []Value) (Value, error) {
	if err := push(m, args, "push", "push to"); err != nil {
		return Value{}, err
	}
	return value.Int(int64(len(items(args[0])))), nil
}

func arrayPop(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "pop from"); err != nil {
		return Value{}, err
	}
	a := args[0].AsArray()
	n := len(a.Items)
	if n == 0 {
		return value.Nil, nil
	}
	v := a.Items[n-1]
	a.Items[n-1] = Value{} // let the element go
	a.Items = a.Items[:n-1]
	return v, nil
}

func arrayDel(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Array.del requires index")
	}
	if err := mutable(m, args[0], "delete from"); err != nil {
		return Value{}, err
	}
	a := args[0].AsArray()
	i, ok := index(args[1], len(a.Items))
	if !ok {
		return runtimeError(m, "del index out of bounds")
	}
	v := a.Items[i]
	a.Items = slices.Delete(a.Items, i, i+1)
	return v, nil
}

func arrayClear(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "clear"); err != nil {
		return Value{}, err
	}
	args[0].AsArray().Items = nil
	return args[0], nil
}

// ownEquals tells whether == of a value is code of the program.
func ownEquals(v Value) bool {
	if v.Kind() != value.KindInstance {
		return false
	}
	eq, _ := v.AsInstance().Class().Lookup(value.Intern("=="))
	return eq.IsSet()
}

func (l *library) arrayContains(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Array.contains requires value")
	}
	return l.search(args[0], args[1], func(i Value) (Value, error) { return value.Bool(i.AsInt() >= 0), nil })
}

func (l *library) arrayIndexOf(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Array.index_of requires value")
	}
	return l.search(args[0], args[1], func(i Value) (Value, error) { return i, nil })
}

// search finds the first element equal to v and calls then with its index.
// Where an element has an == of its own, the prelude goes on.
func (l *library) search(array, v Value, then func(Value) (Value, error)) (Value, error) {
	for i, x := range items(array) {
		if ownEquals(x) {
			return l.m.Invoke(l.prelude("index_of"), []Value{array, v, value.Int(int64(i))}, then)
		}
		if value.Equal(x, v) {
			return then(value.Int(int64(i)))
		}
	}
	return then(value.Int(-1))
}

// bound gives a slice bound: negative ones count from the end, all are clamped.
func bound(i int64, size int) int {
	if i < 0 {
		i += int64(size)
	}
	return int(min(max(i, 0), int64(size)))
}

func part(v Value, from, to int) Value {
	if from >= to {
		return value.Arr()
	}
	return value.NewArray(slices.Clone(items(v)[from:to])).Value()
}

func arraySlice(m *VM, args []Value) (Value, error) {
	from, to := arg(args, 1), arg(args, 2)
	n := len(items(args[0]))
	if !to.IsSet() || to.IsNil() {
		to = value.Int(int64(n))
	}
	if !from.IsInt() || !to.IsInt() {
		return argError(m, "Array.slice requires integer bounds")
	}
	return part(args[0], bound(from.AsInt(), n), bound(to.AsInt(), n)), nil
}

func arrayTake(m *VM, args []Value) (Value, error) {
	n := arg(args, 1)
	if !n.IsInt() {
		return argError(m, "Array.take requires an integer count")
	}
	return part(args[0], 0, bound(max(n.AsInt(), 0), len(items(args[0])))), nil
}

func arraySkip(m *VM, args []Value) (Value, error) {
	n := arg(args, 1)
	if !n.IsInt() {
		return argError(m, "Array.skip requires an integer count")
	}
	size := len(items(args[0]))
	return part(args[0], bound(max(n.AsInt(), 0), size), size), nil
}

func arrayReverse(m *VM, args []Value) (Value, error) {
	a := slices.Clone(items(args[0]))
	slices.Reverse(a)
	return value.NewArray(a).Value(), nil
}

// arraySort sorts here, or in the prelude when there is a comparator.
func (l *library) arraySort(m *VM, args []Value) (Value, error) {
	if f := arg(args, 1); f.IsSet() {
		if !m.Callable(f) {
			return exception(m, vm.CodeNotCallable, "sort comparator must be callable, got %s", value.TypeName(f))
		}
		return m.Invoke(l.prelude("sort"), []Value{args[0], f}, nil)
	}
	a := slices.Clone(items(args[0]))
	if sortPlain(a) {
		return value.NewArray(a).Value(), nil
	}
	return m.Texts(a, vm.TextToS, func(texts []string) (Value, error) {
		order := make([]int, len(a))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(texts[i], texts[j]) })
		sorted := make([]Value, len(a))
		for to, from := range order {
			sorted[to] = a[from]
		}
		return value.NewArray(sorted).Value(), nil
	})
}

// sortPlain sorts what has an order of its own: all numbers, all strings, or
// all dates of one kind. It is false for other arrays, and leaves them.
func sortPlain(a []Value) bool {
	compare, ok := plainOrder(a)
	if ok {
		slices.SortStableFunc(a, compare)
	}
	return ok
}

// plainOrder gives the order that some values have of their own.
func plainOrder(a []Value) (compare func(x, y Value) int, ok bool) {
	if len(a) > 0 && a[0].Kind() == value.KindString {
		for _, v := range a {
			if v.Kind() != value.KindString {
				return nil, false
			}
		}
		return func(x, y Value) int { return strings.Compare(x.AsString(), y.AsString()) }, true
	}
	for _, v := range a[min(1, len(a)):] {
		if _, ok := value.Compare(a[0], v); !ok {
			return nil, false
		}
	}
	return func(x, y Value) int {
		c, _ := value.Compare(x, y)
		if c == value.Unordered {
			return nanOrder(x, y)
		}
		return c
	}, true
}

// nanOrder puts NaN behind all numbers, so that the order is total.
func nanOrder(x, y Value) int {
	isNaN := func(v Value) bool { return v.IsFloat() && v.AsFloat() != v.AsFloat() }
	switch {
	case isNaN(x) && isNaN(y):
		return 0
	case isNaN(x):
		return 1
	}
	return -1
}

func arrayZip(m *VM, args []Value) (Value, error) {
	other := arg(args, 1)
	if other.Kind() != value.KindArray {
		return argError(m, "Array.zip requires an array")
	}
	a, b := items(args[0]), items(other)
	pairs := make([]Value, min(len(a), len(b)))
	for i := range pairs {
		pairs[i] = value.Arr(a[i], b[i])
	}
	return value.NewArray(pairs).Value(), nil
}

func arrayPairs(m *VM, args []Value) (Value, error) {
	a := items(args[0])
	pairs := make([]Value, len(a))
	for i, v := range a {
		pairs[i] = value.Arr(value.Int(int64(i)), v)
	}
	return value.NewArray(pairs).Value(), nil
}

func arrayToMap(m *VM, args []Value) (Value, error) {
	out := value.NewMap(len(items(args[0])))
	for _, v := range items(args[0]) {
		if v.Kind() != value.KindArray || len(items(v)) != 2 {
			return argError(m, "to_map expects [key value] pairs")
		}
		k, val := items(v)[0], items(v)[1]
		if k.IsInt() {
			k = value.Str(itoa(k.AsInt()))
		}
		sym, ok := key(k)
		if !ok {
			return argError(m, "to_map expects [key value] pairs")
		}
		out.Set(sym, val)
	}
	return out.Value(), nil
}

func arrayJoin(m *VM, args []Value) (Value, error) {
	sep := ""
	if v := arg(args, 1); v.IsSet() && !v.IsNil() {
		s, ok := text(v)
		if !ok {
			return argError(m, "join requires a string separator")
		}
		sep = s
	}
	return m.Texts(items(args[0]), vm.TextToS, func(texts []string) (Value, error) {
		return value.Str(strings.Join(texts, sep)), nil
	})
}
