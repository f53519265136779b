package check

import (
	"slices"

	"gene/value"
)

// boundary is a place where a value meets a type.
type boundary struct {
	want    *typ
	place   string    // as in "expected Int, got String in PLACE"
	convert bool      // numbers are converted
	payload bool      // nil is a value like any other
	at      value.Pos // where to warn; zero: at the value
}

// meet warns when no value of type t gets past a boundary.
func (c *checker) meet(b *boundary, t *typ, pos value.Pos) {
	if b == nil || !c.misfits(b, b.want, t) {
		return
	}
	if b.at.Line != 0 {
		pos = b.at
	}
	c.warn(pos, "Type error: expected %s, got %s in %s", b.want, t.shown(), b.place)
}

// shown is how a value's type is named in messages: by its kind.
func (t *typ) shown() string {
	if t.op == opFn {
		return "Function"
	}
	return t.String()
}

// misfits tells whether no value of type got can pass as a want.
func (c *checker) misfits(b *boundary, want, got *typ) bool {
	switch {
	case want == nil || got == nil || got.op == opNever || want.op == opNever:
		return false
	case got.op == opUnion:
		return !slices.ContainsFunc(got.args, func(m *typ) bool { return !c.misfits(b, want, m) })
	case got.is("Nil") && !b.payload && (!c.o.StrictNil || want.op == opEnum && want.enum == optionEnum):
		return false
	case want.op == opUnion:
		return !slices.ContainsFunc(want.args, func(m *typ) bool { return !c.misfits(b, m, got) })
	}
	switch want.op {
	case opBuiltin:
		return misfitsBuiltin(want.name, got, b.convert)
	case opClass:
		return got.op != opClass || !related(got, want.class)
	case opEnum:
		return got.op != opEnum || got.enum != want.enum
	case opFn:
		return misfitsFn(want.fn, got)
	}
	return false
}

func misfitsBuiltin(want string, got *typ, convert bool) bool {
	switch {
	case got.op == opFn:
		return want != "Function"
	case got.op == opEnum || got.op == opClass:
		// A constructor of a variant is callable and may be told apart only
		// at run time.
		return want != "Function" && want != "Class"
	case got.name == want || want == "Function" && got.name == "Block":
		return false
	}
	return !convert || !got.number() || want != "Int" && want != "Float"
}

// related tells whether an instance of type got may be one of class want.
func related(got *typ, want *class) bool {
	if got.class.isA(want) != certainlyNot {
		return true
	}
	return !got.exact && want.isA(got.class) != certainlyNot
}

// misfitsFn compares a callable with (Fn [P] R): numbers of parameters and
// annotations must agree (2.9).
func misfitsFn(want *signature, got *typ) bool {
	switch {
	case got.op == opClass || got.op == opEnum || got.op == opFn:
		return false
	case !got.is("Function") && !got.is("Block"):
		return !slices.Contains([]string{"Selector", "Class", "Interface", "Adapter", "Type"}, got.name)
	case got.fn == nil || got.fn.macro || got.fn.generator || got.fn.async:
		return false
	}
	n := 0
	for _, p := range want.params {
		if p.kind == paramRequired {
			n++
		}
	}
	fn := got.fn
	if n < fn.min || n > fn.max && !fn.rest && len(fn.params) > 0 {
		return true
	}
	at := 0
	for _, p := range fn.params {
		if p.kind != paramRequired && p.kind != paramOptional || at >= n {
			continue
		}
		if contradict(p.typ, want.params[at].typ) {
			return true
		}
		at++
	}
	return fn.annotated && contradict(fn.result, want.result)
}

// contradict tells whether two annotations are certainly different types.
func contradict(a, b *typ) bool {
	return a != nil && b != nil && a.op == opBuiltin && b.op == opBuiltin && a.name != b.name
}
