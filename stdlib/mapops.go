package stdlib

import (
	"gene/value"
	"gene/vm"
)

// defineMapOps defines the methods of Map and HashMap that scripts expect
// beyond the tables of chapter 5 and that call nobody back.
func (l *library) defineMapOps() {
	l.methods(l.m.Class(value.KindMap), []entry{
		{"delete remove", "Removes keys and gives the last removed value.", mapDel},
		{"entries", "Pairs of key and value.", mapPairs},
		{"has?", "Whether a key is there.", mapHas},
		{"invert", "A map with keys and values exchanged.", l.mapInvert},
		{"pick slice", "The entries of some keys.", mapPick(true)},
		{"omit except", "The entries but those of some keys.", mapPick(false)},
		{"count", "How many entries there are or satisfy a callback.", l.withCallback("count_if", sizeOf)},
		{"first", "The first pair of key and value, or nil.", endPair(mapPairs, true)},
		{"last", "The last pair of key and value, or nil.", endPair(mapPairs, false)},
		{"key_of", "The first key with a value, or nil.", func(m *VM, args []Value) (Value, error) {
			for _, e := range args[0].AsMap().Entries() {
				if e.Key != nil && value.Equal(e.Val, orNil(arg(args, 1))) {
					return value.Str(e.Key.Name), nil
				}
			}
			return value.Nil, nil
		}},
		{"clone dup", "A copy of the map.", func(m *VM, args []Value) (Value, error) { return args[0].AsMap().Clone().Value(), nil }},
		{"to_hash_map", "A hash map with the same entries, its keys being strings.", mapToHash},
		{"sum", "The sum of the values.", l.withCallback("sum_by", func(m *VM, args []Value) (Value, error) {
			return l.ofArray("sum", mapValues, m, args)
		})},
		{"to_array", "The pairs, or what a callback makes of them.", l.withCallback("%to_array", mapPairs)},
	})
	l.methods(l.m.Class(value.KindHashMap), []entry{
		{"remove", "Removes keys and gives the last removed value.", l.hashDel},
		{"entries to_array", "Pairs of key and value.", hashPairs},
		{"has?", "Whether a key is there.", l.hashHas},
		{"merge", "Adds the entries of another hash map or map.", l.hashMerge},
		{"invert", "A hash map with keys and values exchanged.", l.hashInvert},
		{"count", "How many entries there are or satisfy a callback.", l.withCallback("count_if", sizeOf)},
		{"first", "The first pair of key and value, or nil.", endPair(hashPairs, true)},
		{"last", "The last pair of key and value, or nil.", endPair(hashPairs, false)},
		{"clone dup", "A copy of the hash map.", func(m *VM, args []Value) (Value, error) {
			return args[0].AsHashMap().Clone().Value(), nil
		}},
		{"to_map", "A map with the same entries, whose keys must be strings, symbols or Ints.", func(m *VM, args []Value) (Value, error) {
			pairs, err := hashPairs(m, args)
			if err != nil {
				return Value{}, err
			}
			return arrayToMap(m, []Value{pairs})
		}},
		{"sum", "The sum of the values.", l.withCallback("sum_by", func(m *VM, args []Value) (Value, error) {
			return l.ofArray("sum", hashValues, m, args)
		})},
	})
	l.methods(l.m.Class(value.KindHashSet), []entry{
		{"remove", "Removes members and gives the last removed one.", l.setDel},
		{"has?", "Whether a value is a member.", l.setHas},
		{"superset?", "Whether it has all members of the other set.", setOperation("superset?", func(a, b *value.HashSet) Value { return setSubset(b, a) })},
		{"disjoint?", "Whether the sets have no member in common.", setOperation("disjoint?", func(a, b *value.HashSet) Value {
			for _, e := range a.Entries() {
				if e.Key.IsSet() && b.Has(e.Key) {
					return value.False
				}
			}
			return value.True
		})},
		{"symmetric_diff", "The members of one set alone.", setOperation("symmetric_diff", func(a, b *value.HashSet) Value {
			out := keepMembers(a, func(k Value) bool { return !b.Has(k) })
			return setUnion(out.AsHashSet(), keepMembers(b, func(k Value) bool { return !a.Has(k) }).AsHashSet())
		})},
		{"clone dup", "A copy of the set.", func(m *VM, args []Value) (Value, error) { return args[0].AsHashSet().Clone().Value(), nil }},
		{"first", "The first member, or nil.", func(m *VM, args []Value) (Value, error) {
			return arrayFirst(m, append([]Value{collectHash(&args[0].AsHashSet().Table, hashKey)}, args[1:]...))
		}},
		{"join", "The texts of the members with a separator between them.", func(m *VM, args []Value) (Value, error) {
			return arrayJoin(m, append([]Value{collectHash(&args[0].AsHashSet().Table, hashKey)}, args[1:]...))
		}},
	})
}

// ofArray calls a method of the array that list gives.
func (l *library) ofArray(method string, list vm.NativeFn, m *VM, args []Value) (Value, error) {
	vs, err := list(m, args)
	if err != nil {
		return Value{}, err
	}
	return m.InvokeMethod(vs, method, nil, nil)
}

func endPair(pairs vm.NativeFn, first bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		list, err := pairs(m, args)
		if err != nil || length(list) == 0 {
			return value.Nil, err
		}
		if first {
			return items(list)[0], nil
		}
		return items(list)[length(list)-1], nil
	}
}

// mapInvert makes values keys, as far as they can be.
func (l *library) mapInvert(m *VM, args []Value) (Value, error) {
	out := value.NewMap(args[0].AsMap().Len())
	for _, e := range args[0].AsMap().Entries() {
		if e.Key == nil {
			continue
		}
		v := e.Val
		if v.IsInt() {
			v = value.Str(itoa(v.AsInt()))
		}
		k, ok := key(v)
		if !ok {
			return argError(m, "Map.invert requires values that can be keys (String, Symbol or Int), got %s", value.TypeName(v))
		}
		out.Set(k, value.Str(e.Key.Name))
	}
	return out.Value(), nil
}

func mapPick(keep bool) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		names := args[1:]
		if len(names) == 1 && names[0].Kind() == value.KindArray {
			names = items(names[0])
		}
		chosen := map[*value.Symbol]bool{}
		for _, v := range names {
			k, ok := key(v)
			if !ok {
				return argError(m, "Map.pick and Map.omit require strings or symbols")
			}
			chosen[k] = true
		}
		out := value.NewMap(len(names))
		for _, e := range args[0].AsMap().Entries() {
			if e.Key != nil && chosen[e.Key] == keep {
				out.Set(e.Key, e.Val)
			}
		}
		return out.Value(), nil
	}
}

func mapToHash(m *VM, args []Value) (Value, error) {
	out := value.NewHashMap(args[0].AsMap().Len())
	for _, e := range args[0].AsMap().Entries() {
		if e.Key != nil {
			out.Set(value.Str(e.Key.Name), e.Val)
		}
	}
	return out.Value(), nil
}

func (l *library) hashMerge(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "merge into"); err != nil {
		return Value{}, err
	}
	other := arg(args, 1)
	if other.Kind() == value.KindMap {
		other, _ = mapToHash(m, []Value{other})
	}
	if other.Kind() != value.KindHashMap {
		return argError(m, "HashMap.merge requires a hash map or a map")
	}
	to := args[0].AsHashMap()
	for _, e := range other.AsHashMap().Clone().Entries() {
		if e.Key.IsSet() {
			to.Set(e.Key, e.Val)
		}
	}
	return args[0], nil
}

func (l *library) hashInvert(m *VM, args []Value) (Value, error) {
	h := args[0].AsHashMap()
	values, err := hashValues(m, args)
	if err != nil {
		return Value{}, err
	}
	return l.checkKeys("HashMap", items(values), func() (Value, error) {
		out := value.NewHashMap(h.Len())
		for _, e := range h.Entries() {
			if e.Key.IsSet() {
				out.Set(e.Val, e.Key)
			}
		}
		return out.Value(), nil
	})
}
