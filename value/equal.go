package value

import (
	"bytes"
	"math"
	"slices"
	"unsafe"
)

// Equal is the == of the language but for instances, which are equal by
// identity: calling a user-defined == is the VM's business. It never fails,
// and ends on values that contain themselves.
func Equal(a, b Value) bool {
	if eq, done := equalFlat(a, b); done {
		return eq
	}
	c := comparison{}
	return c.run(a, b)
}

// equalFlat compares what has no parts; done is false for containers.
func equalFlat(a, b Value) (eq, done bool) {
	if a == b {
		return !a.IsFloat() || a.AsFloat() == a.AsFloat(), true
	}
	k := a.Kind()
	if k != b.Kind() {
		return false, true
	}
	switch k {
	case KindFloat:
		return a.AsFloat() == b.AsFloat(), true
	case KindString:
		return a.AsString() == b.AsString(), true
	case KindPath:
		return slices.Equal(a.AsPath().Parts, b.AsPath().Parts), true
	case KindBytes:
		return bytes.Equal(a.AsBytes(), b.AsBytes()), true
	case KindDate, KindTime, KindDateTime:
		return a.AsTemporal().equal(b.AsTemporal()), true
	case KindArray, KindMap, KindHashMap, KindHashSet, KindEnumValue:
		return false, false
	}
	return false, true // the rest is equal by identity only
}

// pair is two containers that have to be equal.
type pair struct{ a, b unsafe.Pointer }

// maxKeyDepth is how many hash maps that are keys of hash maps that are keys …
// are looked into; below, keys are equal by identity.
const maxKeyDepth = 100

// comparison is one run of Equal. Equality is a conjunction, so the pairs
// still to be compared wait in a list, however deep they lie, and no pair
// needs looking at twice, which ends cycles.
type comparison struct {
	todo     []pair
	seen     map[pair]struct{} // made when there are many pairs
	count    int
	keyDepth int
}

func (c *comparison) run(a, b Value) bool {
	c.todo = append(c.todo, pair{a.P, b.P})
	for len(c.todo) > 0 {
		p := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		if !c.known(p) && !c.parts(p) {
			return false
		}
	}
	return true
}

// known tells whether a pair was met before. The first pairs are not noted:
// most comparisons are small, and a cycle soon gets beyond.
func (c *comparison) known(p pair) bool {
	const unnoted = 64
	if c.count++; c.count <= unnoted {
		return false
	}
	if c.seen == nil {
		c.seen = map[pair]struct{}{}
	}
	if _, ok := c.seen[p]; ok {
		return true
	}
	c.seen[p] = struct{}{}
	return false
}

// both compares two parts, putting off containers.
func (c *comparison) both(a, b Value) bool {
	eq, done := equalFlat(a, b)
	if !done {
		c.todo = append(c.todo, pair{a.P, b.P})
		return true
	}
	return eq
}

func (c *comparison) parts(p pair) bool {
	a, b := Obj(p.a), Obj(p.b)
	switch a.Kind() {
	case KindArray:
		return c.all(a.AsArray().Items, b.AsArray().Items)
	case KindMap:
		return c.maps(a.AsMap(), b.AsMap())
	case KindHashMap:
		return c.tables(&a.AsHashMap().Table, &b.AsHashMap().Table)
	case KindHashSet:
		return c.tables(&a.AsHashSet().Table, &b.AsHashSet().Table)
	}
	x, y := a.AsEnumValue(), b.AsEnumValue()
	return x.Variant == y.Variant && c.all(x.Payload, y.Payload)
}

func (c *comparison) all(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !c.both(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (c *comparison) maps(a, b *Map) bool {
	if a.Len() != b.Len() {
		return false
	}
	for _, e := range a.Entries() {
		if e.Key == nil {
			continue
		}
		v, ok := b.Get(e.Key)
		if !ok || !c.both(e.Val, v) {
			return false
		}
	}
	return true
}

func (c *comparison) tables(a, b *Table) bool {
	if a.Len() != b.Len() {
		return false
	}
	for _, e := range a.entries {
		if !e.Key.IsSet() {
			continue
		}
		i := b.Find(e.Hash, func(k Value) bool { return c.keys(e.Key, k) })
		if i < 0 || e.Val.IsSet() && !c.both(e.Val, b.entries[i].Val) {
			return false
		}
	}
	return true
}

// keys compares keys at once, in a run of their own.
func (c *comparison) keys(a, b Value) bool {
	eq, done := equalFlat(a, b)
	if done || c.keyDepth >= maxKeyDepth {
		return eq
	}
	inner := comparison{keyDepth: c.keyDepth + 1}
	return inner.run(a, b)
}

// Unordered is what Compare gives for a NaN: neither less, equal nor greater.
const Unordered = 2

// Compare orders two numbers, Dates, Times or DateTimes: -1, 0, 1 or
// Unordered. ok is false when the kinds have no order between them.
func Compare(a, b Value) (c int, ok bool) {
	switch {
	case a.IsInt() && b.IsInt():
		return order(a.AsInt(), b.AsInt()), true
	case a.IsFloat() && b.IsFloat():
		return orderFloats(a.AsFloat(), b.AsFloat()), true
	case a.IsInt() && b.IsFloat():
		return orderMixed(a.AsInt(), b.AsFloat()), true
	case a.IsFloat() && b.IsInt():
		if c = orderMixed(b.AsInt(), a.AsFloat()); c != Unordered {
			c = -c
		}
		return c, true
	}
	switch k := a.Kind(); k {
	case KindDate, KindTime, KindDateTime:
		if k == b.Kind() {
			return a.AsTemporal().compare(b.AsTemporal())
		}
	}
	return 0, false
}

func order[T int64 | float64 | int](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func orderFloats(a, b float64) int {
	if a != a || b != b {
		return Unordered
	}
	return order(a, b)
}

// orderMixed compares without rounding the Int.
func orderMixed(i int64, f float64) int {
	switch {
	case f != f:
		return Unordered
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	whole := math.Trunc(f)
	if c := order(i, int64(whole)); c != 0 {
		return c
	}
	return order(whole, f)
}
