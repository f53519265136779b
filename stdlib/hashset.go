package stdlib

import "gene/value"

// defineHashSets defines HashSet (5.4).
func (l *library) defineHashSets() {
	c := l.m.Class(value.KindHashSet)
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		s := value.NewHashSet(len(args) - 1)
		return l.addMembers(s, args[1:])
	})
	l.methods(c, []entry{
		{"size length", "The number of members.", sizeOf},
		{"add", "Adds members.", func(m *VM, args []Value) (Value, error) {
			if err := mutable(m, args[0], "add to"); err != nil {
				return Value{}, err
			}
			return l.addMembers(args[0].AsHashSet(), args[1:])
		}},
		{"has contains", "Whether a value is a member.", l.setHas},
		{"del delete", "Removes members and gives the last removed one.", l.setDel},
		{"clear", "Removes all members.", func(m *VM, args []Value) (Value, error) {
			if err := mutable(m, args[0], "clear"); err != nil {
				return Value{}, err
			}
			args[0].AsHashSet().Clear()
			return args[0], nil
		}},
		{"to_array", "The members as an array.", func(m *VM, args []Value) (Value, error) {
			return collectHash(&args[0].AsHashSet().Table, hashKey), nil
		}},
		{"empty? empty", "Whether there is no member.", isEmpty},
		{"not_empty?", "Whether there is a member.", notEmpty},
		{"union", "The members of either set.", setOperation("union", setUnion)},
		{"intersect", "The members of both sets.", setOperation("intersect", func(a, b *value.HashSet) Value {
			return keepMembers(a, func(k Value) bool { return b.Has(k) })
		})},
		{"diff", "The members that the other set lacks.", setOperation("diff", func(a, b *value.HashSet) Value {
			return keepMembers(a, func(k Value) bool { return !b.Has(k) })
		})},
		{"subset?", "Whether the other set has all members.", setOperation("subset?", setSubset)},
	})
}

func (l *library) addMembers(s *value.HashSet, members []Value) (Value, error) {
	members = clone(members)
	return l.checkKeys("HashSet", members, func() (Value, error) {
		for _, k := range members {
			s.Add(k)
		}
		return s.Value(), nil
	})
}

func (l *library) setHas(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "HashSet.has requires value")
	}
	s, k := args[0].AsHashSet(), args[1]
	return l.checkKeys("HashSet", []Value{k}, func() (Value, error) { return value.Bool(s.Has(k)), nil })
}

func (l *library) setDel(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "HashSet.delete requires value")
	}
	if err := mutable(m, args[0], "delete from"); err != nil {
		return Value{}, err
	}
	s, keys := args[0].AsHashSet(), clone(args[1:])
	return l.checkKeys("HashSet", keys, func() (Value, error) {
		last := value.Nil
		for _, k := range keys {
			if _, ok := s.Delete(k); ok {
				last = k
			}
		}
		return last, nil
	})
}

func setOperation(name string, f func(a, b *value.HashSet) Value) func(*VM, []Value) (Value, error) {
	return func(m *VM, args []Value) (Value, error) {
		other := arg(args, 1)
		if other.Kind() != value.KindHashSet {
			return argError(m, "HashSet.%s requires a HashSet", name)
		}
		return f(args[0].AsHashSet(), other.AsHashSet()), nil
	}
}

func setUnion(a, b *value.HashSet) Value {
	out := a.Clone()
	for _, e := range b.Entries() {
		if e.Key.IsSet() {
			out.Add(e.Key)
		}
	}
	return out.Value()
}

func keepMembers(a *value.HashSet, keep func(Value) bool) Value {
	out := value.NewHashSet(0)
	for _, e := range a.Entries() {
		if e.Key.IsSet() && keep(e.Key) {
			out.Add(e.Key)
		}
	}
	return out.Value()
}

func setSubset(a, b *value.HashSet) Value {
	for _, e := range a.Entries() {
		if e.Key.IsSet() && !b.Has(e.Key) {
			return value.False
		}
	}
	return value.True
}
