package stdlib

import (
	"strconv"

	"gene/value"
)

func itoa(i int64) string { return strconv.FormatInt(i, 10) }

// defineMaps defines the methods of Map (5.2) that call nobody back.
func (l *library) defineMaps() {
	l.methods(l.m.Class(value.KindMap), []entry{
		{"size length", "The number of entries.", sizeOf},
		{"get", "The value of a key, or a default.", mapGet},
		{"set", "Gives a key a value.", mapSet},
		{"has contains", "Whether a key is there.", mapHas},
		{"del", "Removes keys and gives the last removed value.", mapDel},
		{"merge", "Adds the entries of another map.", mapMerge},
		{"clear", "Removes all entries.", mapClear},
		{"keys", "The keys as strings.", mapKeys},
		{"values", "The values.", mapValues},
		{"pairs", "Pairs of key and value.", mapPairs},
		{"empty? empty", "Whether there is no entry.", isEmpty},
		{"not_empty?", "Whether there is an entry.", notEmpty},
		{"immutable?", "Whether the map was written as a sealed literal.", isSealed},
	})
}

func mapGet(m *VM, args []Value) (Value, error) {
	k, ok := name(arg(args, 1))
	if !ok {
		return argError(m, "Map.get key must be a string or symbol")
	}
	if v, ok := args[0].AsMap().GetText(k); ok {
		return v, nil
	}
	return orNil(arg(args, 2)), nil
}

// orNil gives an operand that may be left out.
func orNil(v Value) Value {
	if v.IsSet() {
		return v
	}
	return value.Nil
}

func mapSet(m *VM, args []Value) (Value, error) {
	if len(args) < 3 {
		return argError(m, "Map.set requires key and value")
	}
	k, ok := key(args[1])
	if !ok {
		return argError(m, "Map.set key must be a string or symbol")
	}
	if err := mutable(m, args[0], "set item on"); err != nil {
		return Value{}, err
	}
	args[0].AsMap().Set(k, args[2])
	return args[0], nil
}

func mapHas(m *VM, args []Value) (Value, error) {
	k, ok := name(arg(args, 1))
	if !ok {
		return argError(m, "Map.has key must be a string or symbol")
	}
	_, ok = args[0].AsMap().GetText(k)
	return value.Bool(ok), nil
}

func mapDel(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Map.del requires a key")
	}
	if err := mutable(m, args[0], "delete from"); err != nil {
		return Value{}, err
	}
	last := value.Nil
	for _, a := range args[1:] {
		k, ok := key(a)
		if !ok {
			return argError(m, "Map.del key must be a string or symbol")
		}
		if v, ok := args[0].AsMap().Delete(k); ok {
			last = v
		}
	}
	return last, nil
}

func mapMerge(m *VM, args []Value) (Value, error) {
	other := arg(args, 1)
	if other.Kind() != value.KindMap {
		return argError(m, "Map.merge requires a map")
	}
	if err := mutable(m, args[0], "merge into"); err != nil {
		return Value{}, err
	}
	to := args[0].AsMap()
	for _, e := range other.AsMap().Entries() {
		if e.Key != nil {
			to.Set(e.Key, e.Val)
		}
	}
	return args[0], nil
}

func mapClear(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "clear"); err != nil {
		return Value{}, err
	}
	args[0].AsMap().Clear()
	return args[0], nil
}

// collect makes an array of what pick gives for each entry of a map.
func collect(m *value.Map, pick func(value.MapEntry) Value) Value {
	out := make([]Value, 0, m.Len())
	for _, e := range m.Entries() {
		if e.Key != nil {
			out = append(out, pick(e))
		}
	}
	return value.NewArray(out).Value()
}

func mapKeys(m *VM, args []Value) (Value, error) {
	return collect(args[0].AsMap(), func(e value.MapEntry) Value { return value.Str(e.Key.Name) }), nil
}

func mapValues(m *VM, args []Value) (Value, error) {
	return collect(args[0].AsMap(), func(e value.MapEntry) Value { return e.Val }), nil
}

func mapPairs(m *VM, args []Value) (Value, error) {
	return collect(args[0].AsMap(), func(e value.MapEntry) Value {
		return value.Arr(value.Str(e.Key.Name), e.Val)
	}), nil
}
