package stdlib

import (
	"slices"
	"strings"

	"gene/value"
	"gene/vm"
)

// itemsMax bounds what is made of a range, a count or a number of repetitions at
// once: 2²⁸ values take 4 GiB, which is more than a script should ask for.
const itemsMax = 1 << 28

// defineLazyHelpers defines the natives that more.gene calls.
func (l *library) defineLazyHelpers() {
	l.functions(l.m.Globals, []entry{
		{"%elements", "Private: the elements of a collection as an array.", func(m *VM, args []Value) (Value, error) {
			vs, err := elements(m, args[0])
			return value.NewArray(vs).Value(), err
		}},
		{"%order", "Private: the indexes of an array in the order of its elements.", orderIndexes},
		{"%pick", "Private: the elements at some indexes.", func(m *VM, args []Value) (Value, error) {
			from, order := items(args[0]), items(args[1])
			out := make([]Value, 0, len(order))
			for _, i := range order {
				if n := i.AsInt(); n < int64(len(from)) {
					out = append(out, from[n])
				}
			}
			return value.NewArray(out).Value(), nil
		}},
		{"%extreme", "Private: the index of the least or greatest element.", func(m *VM, args []Value) (Value, error) {
			return extremeIndex(m, items(args[0]), int(args[1].AsInt()), func(i int) (Value, error) {
				return value.Int(int64(i)), nil
			})
		}},
		{"%replace", "Private: gives an array other elements.", func(m *VM, args []Value) (Value, error) {
			if err := mutable(m, args[0], "delete from"); err != nil {
				return Value{}, err
			}
			args[0].AsArray().Items = slices.Clone(items(args[1]))
			return value.Nil, nil
		}},
		{"%ended", "Private: whether next gave the end.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(args[1].IsNotFound()), nil
		}},
		{"%iterable", "Private: whether flat_map spreads a value.", func(m *VM, args []Value) (Value, error) {
			switch args[0].Kind() {
			case value.KindArray, value.KindGenerator, value.KindIterator, value.KindRange:
				return value.True, nil
			}
			return value.False, nil
		}},
		{"%count", "Private: checks a number of elements.", checkCount(0)},
		{"%positive", "Private: checks a size.", checkCount(1)},
	})
}

func checkCount(least int64) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		switch v := args[0]; {
		case !v.IsInt():
			return argError(m, "%s requires an integer count", args[1].AsString())
		case v.AsInt() < least:
			return argError(m, "%s requires a count of at least %d, got %d", args[1].AsString(), least, v.AsInt())
		}
		return value.Nil, nil
	}
}

// elements gives what iteration over a built-in collection gives; the slice may
// be the collection's own.
func elements(m *VM, v Value) ([]Value, error) {
	switch v.Kind() {
	case value.KindArray:
		return items(v), nil
	case value.KindRange:
		return rangeItems(m, v.AsRange())
	case value.KindHashSet:
		return items(collectHash(&v.AsHashSet().Table, hashKey)), nil
	}
	return nil, m.ArgError("%s is not a collection of elements", value.TypeName(v))
}

// ordering gives the order that sort has for some values: theirs where they
// have one in common, else that of their texts, which then is called with.
func ordering(m *VM, vs []Value, then func(compare func(i, j int) int) (Value, error)) (Value, error) {
	if compare, ok := plainOrder(vs); ok {
		return then(func(i, j int) int { return compare(vs[i], vs[j]) })
	}
	return m.Texts(vs, vm.TextToS, func(texts []string) (Value, error) {
		return then(func(i, j int) int { return strings.Compare(texts[i], texts[j]) })
	})
}

func orderIndexes(m *VM, args []Value) (Value, error) {
	vs := slices.Clone(items(args[0]))
	return ordering(m, vs, func(compare func(i, j int) int) (Value, error) {
		order := make([]int, len(vs))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, compare)
		out := make([]Value, len(order))
		for i, n := range order {
			out[i] = value.Int(int64(n))
		}
		return value.NewArray(out).Value(), nil
	})
}

// extremeIndex finds the first least (sign -1) or greatest (sign 1) value and
// calls then with its index, -1 when there is none.
func extremeIndex(m *VM, vs []Value, sign int, then func(int) (Value, error)) (Value, error) {
	vs = slices.Clone(vs)
	return ordering(m, vs, func(compare func(i, j int) int) (Value, error) {
		if len(vs) == 0 {
			return then(-1)
		}
		best := 0
		for i := range vs {
			if compare(i, best)*sign > 0 {
				best = i
			}
		}
		return then(best)
	})
}
