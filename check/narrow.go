package check

import (
	"gene/compiler"
	"gene/value"
)

// assume narrows variables by what it tells that a condition is true, or that
// it is false.
func (c *checker) assume(cond value.Value, holds bool) {
	switch cond.Kind() {
	case value.KindSymbol:
		c.assumeTruth(cond, holds)
	case value.KindGene:
		g := cond.AsGene()
		switch compiler.ShapeOf(g) {
		case compiler.ShapeInfix:
			c.assumeInfix(g, holds)
		case compiler.ShapePrefix:
			c.assumePrefix(g, holds)
		}
	}
}

func (c *checker) assumeInfix(g *value.Gene, holds bool) {
	n := len(g.Children)
	if n%2 != 0 || n > operandsMax {
		return
	}
	for i := 0; i < n; i += 2 {
		if compiler.InfixLevel(g.Children[i]) == 0 {
			return
		}
	}
	if n == 2 {
		a, b := node{form: g.Type}, node{form: g.Children[1]}
		c.assumeNode(&node{op: opName(g.Children[0]), left: &a, right: &b}, holds)
		return
	}
	if allComparisons(g) {
		return
	}
	p := infixParser{g: g}
	tree := p.parse(node{form: g.Type}, 8)
	c.assumeNode(&tree, holds)
}

func (c *checker) assumePrefix(g *value.Gene, holds bool) {
	op := headName(g)
	switch {
	case len(g.Children) == 1 && (op == "not" || op == "!"):
		c.assumeNot(g.Children[0], holds)
	case len(g.Children) == 2:
		a, b := node{form: g.Children[0]}, node{form: g.Children[1]}
		c.assumeNode(&node{op: op, left: &a, right: &b}, holds)
	}
}

// assumeNot is for (not x), which is bitwise on Ints.
func (c *checker) assumeNot(v value.Value, holds bool) {
	if b := c.stable(v); b != nil {
		mayBeBits := func(name string) bool { return name == "Int" || name == "Bytes" }
		if b.typ == nil || !certainlyNone(b.typ, mayBeBits) {
			return
		}
	}
	c.assume(v, !holds)
}

func (c *checker) assumeNode(n *node, holds bool) {
	switch n.op {
	case "":
		c.assume(n.form, holds)
	case "&&":
		if holds {
			c.assumeNode(n.left, true)
			c.assumeNode(n.right, true)
		}
	case "||":
		if !holds {
			c.assumeNode(n.left, false)
			c.assumeNode(n.right, false)
		}
	case "is":
		if b := c.stable(n.left.form); b != nil && n.left.op == "" && n.right.op == "" {
			c.assumeIs(b, c.resolve(n.right.form), holds)
		}
	case "==", "!=":
		if n.left.op != "" || n.right.op != "" {
			return
		}
		v, w := n.left.form, n.right.form
		if v.Kind() == value.KindNil {
			v, w = w, v
		}
		if b := c.stable(v); b != nil && w.Kind() == value.KindNil {
			c.assumeNil(b, holds == (n.op == "=="))
		}
	}
}

// stable gives the variable that a form names when nothing assigns it.
func (c *checker) stable(v value.Value) *binding {
	if v.Kind() != value.KindSymbol {
		return nil
	}
	if b := c.names[v.AsSymbol()]; b != nil && b.isVar && b.stable && !c.ambiguous(b.name) {
		return b
	}
	return nil
}

func (c *checker) assumeTruth(v value.Value, holds bool) {
	b := c.stable(v)
	switch {
	case b == nil || b.typ == nil:
	case holds:
		c.narrow(b, truthy(b.typ))
	case b.typ.op == opUnion:
		c.narrow(b, falsy(b.typ))
	}
}

func (c *checker) assumeNil(b *binding, is bool) {
	if is {
		c.narrow(b, tNil)
		return
	}
	c.narrow(b, b.typ.without(func(m *typ) bool { return m.is("Nil") }))
}

// assumeIs narrows a variable by (x is T). What it tells about a variable
// whose type leaves nothing over is that this code never runs: then nothing is
// known.
func (c *checker) assumeIs(b *binding, t *typ, holds bool) {
	switch {
	case t == nil:
		if holds {
			c.narrow(b, nil)
		}
	case holds:
		c.narrow(b, c.meetTypes(b.typ, t))
	case b.typ != nil:
		rest := tNever
		for _, m := range b.typ.members() {
			if !c.within(m, t) {
				rest = union(rest, m)
			}
		}
		c.narrow(b, orAny(rest))
	}
}

// meetTypes gives what is of both types.
func (c *checker) meetTypes(a, b *typ) *typ {
	if a == nil {
		return b
	}
	out := tNever
	for _, m := range a.members() {
		for _, n := range b.members() {
			switch {
			case c.within(m, n):
				out = union(out, m)
			case c.within(n, m):
				out = union(out, n)
			case !c.misfits(strictly, n, m):
				return nil
			}
		}
	}
	return orAny(out)
}

// strictly is the boundary that converts nothing and lets no nil pass.
var strictly = &boundary{payload: true}

// within tells whether all values of type m are certainly of type t.
func (c *checker) within(m, t *typ) bool {
	for _, n := range t.members() {
		switch {
		case m == nil || n == nil || m.op != n.op:
		case m.op == opBuiltin && (m.name == n.name || n.name == "Function" && m.name == "Block"):
			return true
		case m.op == opEnum && m.enum == n.enum:
			return true
		case m.op == opClass && m.class.isA(n.class) == certainly:
			return true
		}
	}
	return false
}

func orAny(t *typ) *typ {
	if t != nil && t.op == opNever {
		return nil
	}
	return t
}

// truthy removes what is never true.
func truthy(t *typ) *typ {
	return orAny(t.without(func(m *typ) bool { return m.is("Nil") || m.is("Void") }))
}

// falsy keeps what can be false; nothing left means that it never is.
func falsy(t *typ) *typ {
	if t == nil {
		return nil
	}
	out := tNever
	for _, m := range t.members() {
		if m.is("Nil") || m.is("Void") || m.is("Bool") {
			out = union(out, m)
		} else if m.op != opBuiltin {
			return nil
		}
	}
	return out
}
