package vm

import (
	"gene/value"
)

// walk is the application of a selector (5.10): a single value, a stream of
// values, or a stream of entries goes through the segments one after the
// other. Functions among the segments may await, so each step ends in a
// continuation.
type walk struct {
	vm   *VM
	segs []value.Value
	mode walkMode
	one  value.Value
	many []pair // keys are unset in a value stream
}

type walkMode uint8

const (
	walkSingle walkMode = iota
	walkValues
	walkEntries
)

// callSelector is (sel target default?).
func (vm *VM) callSelector(s *value.Selector, at *window, args []value.Value) error {
	if len(args) == 0 {
		return vm.ArgError("Selector.call expects a target value")
	}
	v, err := vm.Select(s, args[0], args[1:])
	if err == errInvoke {
		return vm.startInvocation(at)
	}
	return set(&at[0])(v, err)
}

// Select applies a selector; a value in def replaces a void result or an empty
// stream.
func (vm *VM) Select(s *value.Selector, target value.Value, def []value.Value) (value.Value, error) {
	w := &walk{vm: vm, segs: s.Segs, one: target}
	def = append([]value.Value(nil), def...)
	return w.step(func() (value.Value, error) {
		if w.mode == walkSingle {
			if w.one.IsVoid() && len(def) > 0 {
				return def[0], nil
			}
			return w.one, nil
		}
		if len(w.many) == 0 && len(def) > 0 {
			return def[0], nil
		}
		return w.collect(), nil
	})
}

func (w *walk) collect() value.Value {
	out := make([]value.Value, len(w.many))
	for i, p := range w.many {
		out[i] = p.v
		if w.mode == walkEntries {
			out[i] = value.Arr(p.k, p.v)
		}
	}
	return value.NewArray(out).Value()
}

// step takes the next segment; done runs after the last.
func (w *walk) step(done func() (value.Value, error)) (value.Value, error) {
	for len(w.segs) > 0 {
		seg := w.segs[0]
		w.segs = w.segs[1:]
		if w.vm.Callable(seg) {
			return w.apply(seg, done)
		}
		if err := w.plain(seg); err != nil {
			if err == errWalkIter {
				return w.iterate(w.one, done)
			}
			return value.Value{}, err
		}
	}
	return done()
}

var errWalkIter = &Exception{}

// plain takes a segment that is no function.
func (w *walk) plain(seg value.Value) error {
	if seg.Kind() == value.KindSymbol {
		switch seg.AsSymbol().Name {
		case "*":
			return w.expandValues()
		case "**":
			return w.expandEntries()
		case "@":
			w.gather()
			return nil
		case "@@":
			return w.gatherMap()
		case "!":
			return w.assert()
		}
	}
	if err := w.vm.checkSegment(seg); err != nil {
		return err
	}
	if seg.Kind() == value.KindString {
		seg = value.Sym(seg.AsString())
	}
	if w.mode == walkSingle {
		w.one, _ = w.vm.Member(w.one, seg)
		return nil
	}
	kept := w.many[:0:0]
	for _, p := range w.many {
		if v, _ := w.vm.Member(p.v, seg); !v.IsVoid() {
			kept = append(kept, pair{p.k, v})
		}
	}
	w.many = kept
	return nil
}

// parts gives what * makes of a value: elements, children, members.
func parts(v value.Value) ([]pair, bool) {
	switch v.Kind() {
	case value.KindNil, value.KindVoid:
		return nil, true
	case value.KindGene:
		var ps []pair
		for i, c := range v.AsGene().Children {
			ps = append(ps, pair{value.Int(int64(i)), c})
		}
		return ps, true
	case value.KindArray:
		var ps []pair
		for i, x := range v.AsArray().Items {
			ps = append(ps, pair{value.Int(int64(i)), x})
		}
		return ps, true
	}
	it, ok := iterate(v)
	if !ok {
		return nil, false
	}
	var ps []pair
	for i := 0; ; i++ {
		k, x, ok := asIterator(it).At(i)
		if !ok {
			return ps, true
		}
		ps = append(ps, pair{k, x})
	}
}

func (w *walk) expandValues() error {
	if w.mode == walkSingle {
		ps, ok := parts(w.one)
		if !ok {
			if k := w.one.Kind(); k == value.KindInstance || k == value.KindGenerator {
				return errWalkIter
			}
			return w.vm.noMethod(w.one, symIter)
		}
		w.mode, w.many = walkValues, ps
		return nil
	}
	var flat []pair
	for _, p := range w.many {
		ps, ok := parts(p.v)
		if !ok {
			return w.vm.noMethod(p.v, symIter)
		}
		flat = append(flat, ps...)
	}
	w.mode, w.many = walkValues, flat
	return nil
}

// iterate turns an instance or generator into a stream by its own protocol.
func (w *walk) iterate(v value.Value, done func() (value.Value, error)) (value.Value, error) {
	return w.vm.InvokeMethod(v, "iter", nil, func(it value.Value) (value.Value, error) {
		w.mode, w.many = walkValues, nil
		var next func(value.Value) (value.Value, error)
		next = func(x value.Value) (value.Value, error) {
			if x.IsNotFound() {
				return w.step(done)
			}
			w.many = append(w.many, pair{v: x})
			return w.vm.InvokeMethod(it, "next", nil, next)
		}
		return w.vm.InvokeMethod(it, "next", nil, next)
	})
}

// entriesOf gives what ** makes of a value.
func (vm *VM) entriesOf(v value.Value) ([]pair, bool) {
	switch v.Kind() {
	case value.KindGene:
		return mapPairs(v.AsGene().Props), true
	case value.KindInstance:
		i := v.AsInstance()
		var ps []pair
		for n, k := range i.Shape.Names {
			ps = append(ps, pair{k.Value(), i.Slots[n]})
		}
		return ps, true
	case value.KindClass, value.KindNamespace:
		n := namespaceOf(v)
		var ps []pair
		for _, k := range n.Names() {
			x, _ := n.Get(k)
			ps = append(ps, pair{k.Value(), x})
		}
		return ps, true
	}
	return parts(v)
}

func (w *walk) expandEntries() error {
	src := []pair{{v: w.one}}
	if w.mode != walkSingle {
		src = w.many
	}
	var all []pair
	for _, p := range src {
		ps, ok := w.vm.entriesOf(p.v)
		if !ok {
			return w.vm.noMethod(p.v, symIter)
		}
		all = append(all, ps...)
	}
	w.mode, w.many = walkEntries, all
	return nil
}

func (w *walk) gather() {
	if w.mode != walkSingle {
		w.one = w.collect()
	} else if w.one.IsVoid() {
		w.one = value.NewArray(nil).Value()
	} else {
		w.one = value.Arr(w.one)
	}
	w.mode, w.many = walkSingle, nil
}

func (w *walk) gatherMap() error {
	if w.mode != walkEntries {
		return w.vm.Raise(w.vm.Errors.Exception, CodeRuntime, "@@ requires an entry stream (use ** to expand entries first)")
	}
	m := value.NewMap(len(w.many))
	for _, p := range w.many {
		switch p.k.Kind() {
		case value.KindSymbol, value.KindInt:
			m.Set(segmentName(p.k), p.v)
		case value.KindString:
			m.SetText(p.k.AsString(), p.v)
		default:
			m.SetText(value.Print(p.k), p.v)
		}
	}
	w.mode, w.one, w.many = walkSingle, m.Value(), nil
	return nil
}

func (w *walk) assert() error {
	if w.mode == walkSingle {
		return w.vm.assertMember(w.one)
	}
	if len(w.many) == 0 {
		return w.vm.Raise(w.vm.Errors.Exception, CodeRuntime, "Selector did not match (empty)")
	}
	for _, p := range w.many {
		if p.v.IsNil() {
			return w.vm.assertMember(p.v)
		}
	}
	return nil
}

// apply takes a segment that is a function.
func (w *walk) apply(fn value.Value, done func() (value.Value, error)) (value.Value, error) {
	if w.mode == walkSingle {
		if w.one.IsVoid() {
			return w.step(done)
		}
		return w.vm.Invoke(fn, []value.Value{w.one}, func(r value.Value) (value.Value, error) {
			w.one = r
			return w.step(done)
		})
	}
	src := w.many
	w.many = nil
	return w.applyEach(fn, src, done)
}

func (w *walk) applyEach(fn value.Value, src []pair, done func() (value.Value, error)) (value.Value, error) {
	if len(src) == 0 {
		return w.step(done)
	}
	p := src[0]
	args := []value.Value{p.v}
	if w.mode == walkEntries {
		args = []value.Value{p.k, p.v}
	}
	return w.vm.Invoke(fn, args, func(r value.Value) (value.Value, error) {
		switch {
		case r.IsVoid():
		case w.mode == walkEntries && r.Kind() == value.KindArray && len(r.AsArray().Items) == 2:
			w.many = append(w.many, pair{r.AsArray().Items[0], r.AsArray().Items[1]})
		default:
			w.many = append(w.many, pair{p.k, r})
		}
		return w.applyEach(fn, src[1:], done)
	})
}
