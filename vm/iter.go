package vm

import (
	"unsafe"

	"gene/value"
)

// Iterator is what .iter of a built-in collection gives: has_next, next and
// next_pair over elements fetched by position.
type Iterator struct {
	value.Handle
	// At gives the pair of the i-th element; ok is false past the end.
	At  func(i int) (key, val value.Value, ok bool)
	pos int
}

// NewIterator makes an iterator value.
func NewIterator(at func(i int) (key, val value.Value, ok bool)) value.Value {
	it := &Iterator{At: at}
	it.Kind, it.Text = value.KindIterator, "<iterator>"
	return value.Obj(unsafe.Pointer(it))
}

func asIterator(v value.Value) *Iterator { return (*Iterator)(v.P) }

// iterate gives the iterator of a built-in collection, or ok = false. Arrays
// are iterated live, maps and sets over a snapshot (3.7).
func iterate(v value.Value) (it value.Value, ok bool) {
	switch v.Kind() {
	case value.KindArray:
		a := v.AsArray()
		return NewIterator(func(i int) (k, x value.Value, ok bool) {
			if i >= len(a.Items) {
				return k, x, false
			}
			return value.Int(int64(i)), a.Items[i], true
		}), true
	case value.KindMap:
		return pairs(mapPairs(v.AsMap())), true
	case value.KindHashMap:
		return pairs(hashPairs(v.AsHashMap())), true
	case value.KindHashSet:
		return pairs(setPairs(v.AsHashSet())), true
	case value.KindIterator:
		return v, true
	case value.KindRange:
		return rangeIterator(v.AsRange())
	}
	return value.Value{}, false
}

type pair struct{ k, v value.Value }

func pairs(ps []pair) value.Value {
	return NewIterator(func(i int) (k, v value.Value, ok bool) {
		if i >= len(ps) {
			return k, v, false
		}
		return ps[i].k, ps[i].v, true
	})
}

func mapPairs(m *value.Map) []pair {
	ps := make([]pair, 0, m.Len())
	for _, e := range m.Entries() {
		if e.Key != nil {
			ps = append(ps, pair{e.Key.Value(), e.Val})
		}
	}
	return ps
}

func hashPairs(m *value.HashMap) []pair {
	ps := make([]pair, 0, m.Len())
	for _, e := range m.Entries() {
		ps = append(ps, pair{e.Key, e.Val})
	}
	return ps
}

func setPairs(s *value.HashSet) []pair {
	var ps []pair
	for i, e := range s.Entries() {
		ps = append(ps, pair{value.Int(int64(i)), e.Key})
	}
	return ps
}

func rangeIterator(r *value.Range) (value.Value, bool) {
	from, n, step, ok := RangeBounds(r)
	if !ok {
		return value.Value{}, false
	}
	return NewIterator(func(i int) (k, v value.Value, ok bool) {
		if uint64(i) >= n {
			return k, v, false
		}
		return value.Int(int64(i)), value.Int(from + int64(i)*step), true
	}), true
}

// RangeBounds gives the first number, how many there are, and the step of a
// range; ok is false unless all bounds are Ints.
func RangeBounds(r *value.Range) (from int64, n uint64, step int64, ok bool) {
	if !r.From.IsInt() || !r.To.IsInt() || !r.Step.IsInt() {
		return 0, 0, 0, false
	}
	from, to, step := r.From.AsInt(), r.To.AsInt(), r.Step.AsInt()
	switch {
	case step > 0 && from <= to:
		n = (uint64(to)-uint64(from))/uint64(step) + 1
	case step < 0 && from >= to:
		n = (uint64(from)-uint64(to))/uint64(-step) + 1
	}
	return from, n, step, true
}

// forIter is the instruction: an instance is asked for its iterator; other
// values stand for themselves.
func (vm *VM) forIter(f *frame, a, b int) error {
	v := f.ra[b]
	if v.Kind() != value.KindInstance {
		f.ra[a] = v
		return nil
	}
	return vm.callMethodArgs(symIter, f.sub(a), []value.Value{v}, nil)
}

// forPrep is the instruction: turn the collection in R[a] into loop state.
func (vm *VM) forPrep(f *frame, a, targets int) error {
	v := f.ra[a]
	f.ra[a+1], f.ra[a+2] = value.Int(0), value.Int(0)
	switch v.Kind() {
	case value.KindArray:
		return nil
	case value.KindGenerator, value.KindIterator, value.KindInstance, value.KindAdapter:
		return nil
	case value.KindNil:
		f.ra[a] = value.NewArray(nil).Value()
		return nil
	case value.KindRange:
		from, n, step, ok := RangeBounds(v.AsRange())
		if !ok {
			return vm.ArgError("Value is not an integer: a range needs Int bounds to be iterated")
		}
		if targets == 1 {
			f.ra[a], f.ra[a+1], f.ra[a+2] = value.Int(from), value.Int(int64(n)), value.Int(step)
			return nil
		}
	}
	if it, ok := iterate(v); ok {
		f.ra[a] = it
		return nil
	}
	return vm.noMethod(v, symIter)
}

// forRange is the instruction: loop state over from .. to.
func (vm *VM) forRange(f *frame, a int, from, to value.Value) error {
	if !from.IsInt() || !to.IsInt() {
		return vm.ArgError("Value is not an integer: a range needs Int bounds to be iterated")
	}
	n := int64(0)
	if from.AsInt() <= to.AsInt() {
		n = to.AsInt() - from.AsInt() + 1
	}
	f.ra[a], f.ra[a+1], f.ra[a+2] = from, value.Int(n), value.Int(1)
	return nil
}

// forNext is the instruction for what the interpreter does not do itself.
func (vm *VM) forNext(f *frame, a, targets int, d int32) error {
	s := f.ra[a]
	switch s.Kind() {
	case value.KindArray:
		i := f.ra[a+1].AsInt()
		items := s.AsArray().Items
		if i >= int64(len(items)) {
			f.jump(1)
			return nil
		}
		f.ra[a+1] = value.Int(i + 1)
		f.ra[a+3], f.ra[a+4] = value.Int(i), items[i]
		return vm.loopBack(f, d)
	case value.KindIterator:
		it := asIterator(s)
		k, v, ok := it.At(it.pos)
		if !ok {
			f.jump(1)
			return nil
		}
		it.pos++
		if targets == 2 {
			f.ra[a+3], f.ra[a+4] = k, v
		} else {
			f.ra[a+3] = v
		}
		return vm.loopBack(f, d)
	case value.KindGenerator:
		return vm.resumeGenerator(asGenerator(s), f.sub(a+3))
	}
	name := symNext
	if targets == 2 {
		name = symNextPair
	}
	return vm.callMethodArgs(name, f.sub(a+3), []value.Value{s}, nil)
}

func (vm *VM) loopBack(f *frame, d int32) error {
	f.jump(d)
	if vm.ready.Load() != 0 || stressSwitch {
		return vm.safepoint()
	}
	return nil
}

// forCheck is the instruction after a called next: R[a+3] holds its result.
func (vm *VM) forCheck(f *frame, a, targets int, d int32) error {
	v := f.ra[a+3]
	if v.IsNotFound() {
		return nil
	}
	if targets == 2 {
		if err := vm.checkPair(v); err != nil {
			return err
		}
		items := v.AsArray().Items
		f.ra[a+3], f.ra[a+4] = items[0], items[1]
	}
	return vm.loopBack(f, d)
}

// repPrep is the instruction that starts a repeat.
func (vm *VM) repPrep(f *frame, a int, d int32) error {
	v := f.ra[a]
	if !v.IsInt() {
		return vm.ArgError("repeat expects an integer count, got %s", value.TypeName(v))
	}
	if v.AsInt() < 1 {
		f.jump(d)
	}
	return nil
}

// iteratorMethods adds the methods of iterators and .iter of the collections.
func (vm *VM) iteratorMethods() {
	c := vm.classes[value.KindIterator]
	next := func(args []value.Value) (k, v value.Value, ok bool) {
		it := asIterator(args[0])
		if k, v, ok = it.At(it.pos); ok {
			it.pos++
		}
		return k, v, ok
	}
	vm.documented(c, "next", "The next value, or not_found at the end.", func(vm *VM, args []value.Value) (value.Value, error) {
		if _, v, ok := next(args); ok {
			return v, nil
		}
		return value.NotFound, nil
	})
	vm.documented(c, "next_pair", "The next pair of key and value, or not_found at the end.", func(vm *VM, args []value.Value) (value.Value, error) {
		if k, v, ok := next(args); ok {
			return value.Arr(k, v), nil
		}
		return value.NotFound, nil
	})
	vm.documented(c, "has_next", "Whether there is a next value.", func(vm *VM, args []value.Value) (value.Value, error) {
		it := asIterator(args[0])
		_, _, ok := it.At(it.pos)
		return value.Bool(ok), nil
	})
	vm.documented(c, "iter", "Itself.", func(vm *VM, args []value.Value) (value.Value, error) { return args[0], nil })
	for _, k := range []value.Kind{value.KindArray, value.KindMap, value.KindHashMap, value.KindHashSet, value.KindRange} {
		vm.documented(vm.classes[k], "iter", "What goes through it, element by element.", func(vm *VM, args []value.Value) (value.Value, error) {
			if it, ok := iterate(args[0]); ok {
				return it, nil
			}
			return value.Value{}, vm.ArgError("Value is not an integer: a range needs Int bounds to be iterated")
		})
	}
}
