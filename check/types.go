package check

import (
	"slices"
	"strings"

	"gene/value"
)

// A typ is what is known of a value. A nil *typ is Any: nothing is known.
// Types are never changed after they are made.
type typ struct {
	op    op
	name  string // opBuiltin: of the kind; opApplied heads; opGroup
	class *class
	exact bool // opClass: not an instance of a subclass
	enum  *enum
	args  []*typ     // members of a union; arguments of an applied type
	fn    *signature // of a known function, or of (Fn …)
}

// op tells what a typ is.
type op uint8

const (
	opBuiltin op = iota // a built-in kind
	opClass
	opEnum
	opUnion
	opFn    // (Fn [P] R)
	opNever // of what doesn't end normally
)

// The kinds that forms have.
var (
	tInt      = builtin("Int")
	tFloat    = builtin("Float")
	tString   = builtin("String")
	tBool     = builtin("Bool")
	tNil      = builtin("Nil")
	tVoid     = builtin("Void")
	tArray    = builtin("Array")
	tMap      = builtin("Map")
	tHashMap  = builtin("HashMap")
	tGene     = builtin("Gene")
	tRange    = builtin("Range")
	tFunction = builtin("Function")
	tBlock    = builtin("Block")
	tClass    = builtin("Class")
	tEnumType = builtin("Enum")
	tType     = builtin("Type")
	tFuture   = builtin("Future")
	tGen      = builtin("Generator")
	tNumeric  = &typ{op: opUnion, args: []*typ{tFloat, tInt}}
	tNever    = &typ{op: opNever}
)

func builtin(name string) *typ { return &typ{name: name} }

// kindTypes are the types of the values of each kind that a literal can have.
var kindTypes = func() (all [value.NumKinds]*typ) {
	known := map[string]*typ{}
	for _, t := range []*typ{tInt, tFloat, tString, tBool, tNil, tVoid, tArray, tMap, tHashMap, tGene, tRange, tFunction, tBlock} {
		known[t.name] = t
	}
	for k := range value.Kind(value.NumKinds) {
		name := value.KindName(k)
		if all[k] = known[name]; all[k] == nil && name != "" {
			all[k] = builtin(name)
		}
	}
	return all
}()

// unionMax is how many members a union may have before it becomes Any.
const unionMax = 8

// union gives the type of a value that is of one of two types.
func union(a, b *typ) *typ {
	switch {
	case a == nil || b == nil:
		return nil
	case a == b || b.op == opNever:
		return a
	case a.op == opNever:
		return b
	}
	out := slices.Clone(a.members())
	for _, m := range b.members() {
		if !slices.ContainsFunc(out, func(o *typ) bool { return o.same(m) }) {
			out = append(out, m)
		}
	}
	return unionOf(out)
}

func unionOf(members []*typ) *typ {
	switch {
	case len(members) == 0:
		return tNever
	case len(members) == 1:
		return members[0]
	case len(members) > unionMax:
		return nil
	}
	return &typ{op: opUnion, args: members}
}

// members gives the members of a union, and any other type as its only one.
func (t *typ) members() []*typ {
	if t.op == opUnion {
		return t.args
	}
	return []*typ{t}
}

func (t *typ) same(u *typ) bool {
	return t == u || t.op == u.op && t.name == u.name && t.class == u.class && t.enum == u.enum &&
		t.exact == u.exact && t.fn == u.fn && t.op != opUnion && len(t.args) == 0 && len(u.args) == 0
}

// is tells whether t is certainly of a built-in kind of that name.
func (t *typ) is(name string) bool { return t != nil && t.op == opBuiltin && t.name == name }

func (t *typ) number() bool { return t.is("Int") || t.is("Float") }

// onlyFrom tells whether all members of t are built-in and pass a test.
func (t *typ) onlyFrom(test func(name string) bool) bool {
	if t == nil || t.op == opNever {
		return false
	}
	for _, m := range t.members() {
		if m.op != opBuiltin || !test(m.name) {
			return false
		}
	}
	return true
}

// without removes the members of a type that fail a test.
func (t *typ) without(drop func(m *typ) bool) *typ {
	if t == nil || t.op != opUnion {
		return t
	}
	var out []*typ
	for _, m := range t.args {
		if !drop(m) {
			out = append(out, m)
		}
	}
	return unionOf(out)
}

// String gives the type in type syntax, with the members of a union in the
// order in which the language prints them (2.9).
func (t *typ) String() string {
	if t == nil {
		return "Any"
	}
	switch t.op {
	case opUnion:
		return t.unionString()
	case opFn:
		return t.fnString()
	case opNever:
		return "nothing"
	}
	name := t.plainName()
	if len(t.args) == 0 {
		return name
	}
	parts := []string{name}
	for _, a := range t.args {
		parts = append(parts, a.String())
	}
	return "(" + strings.Join(parts, " ") + ")"
}

func (t *typ) plainName() string {
	switch t.op {
	case opClass:
		return t.class.name
	case opEnum:
		return t.enum.name
	}
	return t.name
}

func (t *typ) unionString() string {
	members := slices.Clone(t.args)
	slices.SortStableFunc(members, func(a, b *typ) int {
		if c := a.rank() - b.rank(); c != 0 {
			return c
		}
		return strings.Compare(a.String(), b.String())
	})
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = m.String()
	}
	return "(" + strings.Join(parts, " | ") + ")"
}

// rank is the place of a type's kind in a union.
func (t *typ) rank() int {
	switch {
	case t == nil:
		return 2
	case t.op == opFn || len(t.args) > 0:
		return 0
	case t.op == opBuiltin:
		return 2
	}
	return 1
}

func (t *typ) fnString() string {
	var b strings.Builder
	b.WriteString("(Fn [")
	for i, p := range t.fn.params {
		if i > 0 {
			b.WriteByte(' ')
		}
		if p.kind == paramKeyword {
			b.WriteString("^" + p.name.Name + " ")
		}
		b.WriteString(p.typ.String())
	}
	b.WriteString("] -> " + t.fn.result.String() + ")")
	return b.String()
}
