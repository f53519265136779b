package stdlib

import (
	"gene/value"
	"gene/vm"
)

// defineHashMaps defines HashMap (5.3).
func (l *library) defineHashMaps() {
	c := l.m.Class(value.KindHashMap)
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		rest := clone(args[1:])
		if len(rest)%2 != 0 {
			return argError(m, "HashMap requires keys and values in pairs")
		}
		h := value.NewHashMap(len(rest) / 2)
		var keys []Value
		for i := 0; i < len(rest); i += 2 {
			keys = append(keys, rest[i])
		}
		return l.checkKeys("HashMap", keys, func() (Value, error) {
			for i := 0; i < len(rest); i += 2 {
				h.Set(rest[i], rest[i+1])
			}
			return h.Value(), nil
		})
	})
	l.methods(c, []entry{
		{"size length", "The number of entries.", sizeOf},
		{"get", "The value of a key, or a default.", l.hashGet},
		{"set", "Gives a key a value.", l.hashSet},
		{"has contains", "Whether a key is there.", l.hashHas},
		{"del delete", "Removes keys and gives the last removed value.", l.hashDel},
		{"clear", "Removes all entries.", hashClear},
		{"keys", "The keys.", hashKeys},
		{"values", "The values.", hashValues},
		{"pairs", "Pairs of key and value.", hashPairs},
		{"empty? empty", "Whether there is no entry.", isEmpty},
		{"not_empty?", "Whether there is an entry.", notEmpty},
		{"immutable?", "Whether the hash map was written as a sealed literal.", isSealed},
	})
}

func clone(vs []Value) []Value { return append([]Value(nil), vs...) }

// checkKeys raises an error for keys that can't be hashed. An instance is a key
// when its class has a method hash that gives an Int; it is asked, and then
// stands for itself.
func (l *library) checkKeys(kind string, keys []Value, then func() (Value, error)) (Value, error) {
	var ask []Value
	for _, k := range keys {
		if _, ok := value.Hash(k); !ok {
			return l.notHashable(kind, k)
		}
		ask = instances(k, 0, ask)
	}
	return l.askHash(kind, ask, then)
}

// keyDepth is how deep in a key instances are looked for; as in hashing, what
// lies deeper counts by identity alone.
const keyDepth = 8

// instances appends the instances in a key.
func instances(k Value, depth int, found []Value) []Value {
	switch k.Kind() {
	case value.KindInstance:
		found = append(found, k)
	case value.KindArray:
		if depth < keyDepth {
			for _, v := range items(k) {
				found = instances(v, depth+1, found)
			}
		}
	}
	return found
}

func (l *library) notHashable(kind string, k Value) (Value, error) {
	return exception(l.m, vm.CodeRuntime, "Key is not hashable for %s: %s", kind, value.TypeName(k))
}

func (l *library) askHash(kind string, ask []Value, then func() (Value, error)) (Value, error) {
	if len(ask) == 0 {
		return then()
	}
	if h, _ := ask[0].AsInstance().Class().Lookup(value.Intern("hash")); !h.IsSet() {
		return l.notHashable(kind, ask[0])
	}
	return l.m.InvokeMethod(ask[0], "hash", nil, func(h Value) (Value, error) {
		if !h.IsInt() {
			return exception(l.m, vm.CodeRuntime, "%s key .hash must return Int, got %s", kind, value.TypeName(h))
		}
		return l.askHash(kind, ask[1:], then)
	})
}

// simpleKey tells whether a key is hashable by its kind alone.
func simpleKey(k Value) bool {
	switch k.Kind() {
	case value.KindInt, value.KindString, value.KindSymbol, value.KindChar, value.KindBool, value.KindNil, value.KindFloat:
		return true
	}
	return false
}

func (l *library) hashGet(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "HashMap.get requires key")
	}
	h, k, def := args[0].AsHashMap(), args[1], orNil(arg(args, 2))
	get := func() (Value, error) {
		if v, ok := h.Get(k); ok {
			return v, nil
		}
		return def, nil
	}
	if simpleKey(k) {
		return get()
	}
	return l.checkKeys("HashMap", []Value{k}, get)
}

func (l *library) hashSet(m *VM, args []Value) (Value, error) {
	if len(args) < 3 {
		return argError(m, "HashMap.set requires key and value")
	}
	if err := mutable(m, args[0], "set item on"); err != nil {
		return Value{}, err
	}
	self, k, v := args[0], args[1], args[2]
	set := func() (Value, error) {
		self.AsHashMap().Set(k, v)
		return self, nil
	}
	if simpleKey(k) {
		return set()
	}
	return l.checkKeys("HashMap", []Value{k}, set)
}

func (l *library) hashHas(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "HashMap.has requires key")
	}
	h, k := args[0].AsHashMap(), args[1]
	return l.checkKeys("HashMap", []Value{k}, func() (Value, error) { return value.Bool(h.Has(k)), nil })
}

func (l *library) hashDel(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "HashMap.delete requires key")
	}
	if err := mutable(m, args[0], "delete from"); err != nil {
		return Value{}, err
	}
	h, keys := args[0].AsHashMap(), clone(args[1:])
	return l.checkKeys("HashMap", keys, func() (Value, error) {
		last := value.Nil
		for _, k := range keys {
			if v, ok := h.Delete(k); ok {
				last = v
			}
		}
		return last, nil
	})
}

func hashClear(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "clear"); err != nil {
		return Value{}, err
	}
	args[0].AsHashMap().Clear()
	return args[0], nil
}

// collectHash makes an array of what pick gives for each entry of a table.
func collectHash(t *value.Table, pick func(value.HashEntry) Value) Value {
	out := make([]Value, 0, t.Len())
	for _, e := range t.Entries() {
		if e.Key.IsSet() {
			out = append(out, pick(e))
		}
	}
	return value.NewArray(out).Value()
}

func hashKey(e value.HashEntry) Value { return e.Key }

func hashKeys(m *VM, args []Value) (Value, error) {
	return collectHash(&args[0].AsHashMap().Table, hashKey), nil
}

func hashValues(m *VM, args []Value) (Value, error) {
	return collectHash(&args[0].AsHashMap().Table, func(e value.HashEntry) Value { return e.Val }), nil
}

func hashPairs(m *VM, args []Value) (Value, error) {
	return collectHash(&args[0].AsHashMap().Table, func(e value.HashEntry) Value {
		return value.Arr(e.Key, e.Val)
	}), nil
}
