package stdlib

import (
	"strconv"

	"gene/value"
	"gene/vm"
)

// defineFreeze defines freeze (5.7): it makes a value and all its parts
// immutable in place, or refuses and changes nothing.
func (l *library) defineFreeze() {
	l.functions(l.m.Globals, []entry{
		{"freeze", "Makes a value and all its parts immutable, in place.", func(m *VM, args []Value) (Value, error) {
			if len(args) == 0 {
				return argError(m, "freeze requires a value")
			}
			z := &freezer{seen: map[Value]bool{}}
			if err := z.freeze(m, &step{v: args[0]}); err != nil {
				return Value{}, err
			}
			return args[0], nil
		}},
	})
}

// step is a value still to be looked at and how it was reached.
type step struct {
	v      Value
	parent *step
	edge   string // "[3]", ".key", "children[0]"
}

// path spells the way to a step: /.who, /[0]/.x; the value itself is /.
func (s *step) path() string {
	if s.parent == nil {
		return "/"
	}
	if s.parent.parent == nil {
		return "/" + s.edge
	}
	return s.parent.path() + "/" + s.edge
}

// freezer collects what has to be marked. It works with a list, not by
// recursion, so that depth doesn't matter; cycles end at seen.
type freezer struct {
	seen  map[Value]bool
	found []Value
	todo  []*step
	// modules is set when the variables of modules count that functions
	// mention, and not only the captured ones.
	modules bool
}

// freeze marks everything reached from a step, or nothing and gives an error.
func (z *freezer) freeze(m *VM, from *step) error {
	if culprit, path, ok := z.visit(from); !ok {
		return m.Raise(m.Errors.Exception, vm.CodeFrozen, "freeze cannot make %s frozen at %s", value.TypeName(culprit), path)
	}
	for _, v := range z.found {
		if v.Kind() == value.KindString {
			isASCII(v) // noted before other VMs may read the header
		}
		v.Header().Flags |= value.FlagFrozen
	}
	return nil
}

// visit looks at all parts of a value. It gives the first that can't be frozen.
func (z *freezer) visit(from *step) (culprit Value, path string, ok bool) {
	z.todo = []*step{from}
	for len(z.todo) > 0 {
		s := z.todo[len(z.todo)-1]
		z.todo = z.todo[:len(z.todo)-1]
		if z.seen[s.v] {
			continue
		}
		first := len(z.todo)
		if !z.parts(s) {
			return s.v, s.path(), false
		}
		// The list is taken from its end: turn the parts round, so that the
		// first culprit in order is the one named.
		for i, j := first, len(z.todo)-1; i < j; i, j = i+1, j-1 {
			z.todo[i], z.todo[j] = z.todo[j], z.todo[i]
		}
	}
	return Value{}, "", true
}

func (z *freezer) add(s *step, v Value, edge string) {
	z.todo = append(z.todo, &step{v, s, edge})
}

// mark notes an object that gets the flag.
func (z *freezer) mark(v Value) {
	z.seen[v] = true
	z.found = append(z.found, v)
}

// parts lists the parts of a value; false when it can't be frozen.
func (z *freezer) parts(s *step) bool {
	switch v := s.v; v.Kind() {
	case value.KindNil, value.KindVoid, value.KindNotFound, value.KindBool, value.KindInt, value.KindFloat,
		value.KindChar, value.KindSymbol, value.KindPath, value.KindNative, value.KindDate, value.KindDateTime,
		value.KindTime, value.KindBytes, value.KindRegexp, value.KindMatch, value.KindEnum, value.KindVariant, value.KindType:
		return true
	case value.KindString:
		z.mark(v)
	case value.KindArray:
		z.mark(v)
		z.list(s, items(v), "")
	case value.KindSelector:
		z.seen[v] = true
		z.list(s, v.AsSelector().Segs, "")
	case value.KindEnumValue:
		z.seen[v] = true
		z.list(s, v.AsEnumValue().Payload, "")
	case value.KindRange:
		r := v.AsRange()
		z.list(s, []Value{r.From, r.To, r.Step}, "")
	case value.KindMap:
		z.mark(v)
		z.entries(s, v.AsMap())
	case value.KindHashMap:
		z.mark(v)
		for i, e := range v.AsHashMap().Entries() {
			if e.Key.IsSet() {
				z.add(s, e.Key, "key["+strconv.Itoa(i)+"]")
				z.add(s, e.Val, "value["+strconv.Itoa(i)+"]")
			}
		}
	case value.KindGene:
		z.mark(v)
		g := v.AsGene()
		z.add(s, g.Type, "type")
		z.entries(s, g.Props)
		z.list(s, g.Children, "children")
	case value.KindUnquote:
		z.seen[v] = true
		z.add(s, v.AsUnquote().Form, "form")
	case value.KindFunction, value.KindBlock:
		z.mark(v)
		z.captured(s, v)
	case value.KindInstance:
		_, ok := v.AsInstance().Data.(*actor) // it protects its own state
		return ok
	default:
		return false
	}
	return true
}

func (z *freezer) list(s *step, vs []Value, prefix string) {
	for i, v := range vs {
		z.add(s, v, prefix+"["+strconv.Itoa(i)+"]")
	}
}

func (z *freezer) entries(s *step, m *value.Map) {
	for _, e := range m.Entries() {
		if e.Key != nil {
			z.add(s, e.Val, "."+e.Key.Name)
		}
	}
}

// captured lists the variables that a function mentions. The cell of one that
// changes is frozen too.
func (z *freezer) captured(s *step, fn Value) {
	f, _ := vm.FunctionOf(fn)
	for _, v := range f.Captured() {
		if v.Kind() == value.KindCell {
			z.mark(v)
		}
	}
	for _, v := range f.Mentions() {
		if v.Val.IsSet() && (!v.Module || z.modules && !isDefinition(v.Val)) {
			z.add(s, v.Val, "."+v.Name)
		}
	}
}

// isDefinition tells whether a module's variable holds what an actor may
// mention freely: a class or function, which every VM can have its own of, or
// an actor.
func isDefinition(v Value) bool {
	switch v.Kind() {
	case value.KindFunction, value.KindNative, value.KindClass, value.KindInterface, value.KindNamespace:
		return true
	case value.KindInstance:
		_, ok := v.AsInstance().Data.(*actor)
		return ok
	}
	return false
}
