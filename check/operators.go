package check

import (
	"gene/compiler"
	"gene/value"
)

// operand is a side of an operator.
type operand struct {
	typ *typ
	pos value.Pos
}

// operandsMax is how long an infix expression may be to be looked at as a
// whole; it nests as deep as it is long.
const operandsMax = 2000

// infix checks (a op b op c …).
func (c *checker) infix(g *value.Gene) *typ {
	n := len(g.Children)
	if n%2 != 0 || n > operandsMax {
		c.form(g.Type, headPos(g), nil)
		c.arguments(g, 0)
		return nil
	}
	for i := 0; i < n; i += 2 {
		if compiler.InfixLevel(g.Children[i]) == 0 {
			return nil
		}
	}
	if n > 2 && allComparisons(g) {
		return c.chain(g)
	}
	if n == 2 { // most are; nothing has to be made for these
		a, b := node{form: g.Type, pos: headPos(g)}, node{form: g.Children[1], pos: kidPos(g, 1)}
		return c.node(&node{pos: a.pos, op: opName(g.Children[0]), left: &a, right: &b}).typ
	}
	p := infixParser{g: g}
	tree := p.parse(node{form: g.Type, pos: headPos(g)}, 8)
	return c.node(&tree).typ
}

// opName gives the name of an operator; "./" is read as a path.
func opName(v value.Value) string {
	if s := symName(v); s != "" {
		return s
	}
	return "./"
}

// node is an operand or an operation of an infix expression.
type node struct {
	form        value.Value // of an operand
	pos         value.Pos
	op          string // "" for an operand
	left, right *node
}

// infixParser is precedence climbing over the children of g.
type infixParser struct {
	g    *value.Gene
	next int
}

func (p *infixParser) parse(left node, level int) node {
	for p.next < len(p.g.Children) {
		op := p.g.Children[p.next]
		l := compiler.InfixLevel(op)
		if l > level {
			break
		}
		right := node{form: p.g.Children[p.next+1], pos: kidPos(p.g, p.next+1)}
		p.next += 2
		right = p.parse(right, l-1)
		a := left
		left = node{pos: a.pos, op: opName(op), left: &a, right: &right}
	}
	return left
}

func (c *checker) node(n *node) operand {
	switch n.op {
	case "":
		return operand{c.form(n.form, n.pos, nil), n.pos}
	case "&&", "||":
		return operand{c.logic(n.op == "&&", n.left, n.right), n.pos}
	}
	left := c.node(n.left)
	return operand{c.binary(n.op, left, c.node(n.right)), n.pos}
}

// logic checks a && b and a || b; the right operand is evaluated only when the
// left one has told something.
func (c *checker) logic(and bool, a, b *node) *typ {
	left := c.node(a).typ
	n := len(c.narrowed)
	c.assumeNode(a, and)
	right := c.node(b).typ
	c.widen(n)
	if left == nil || right == nil {
		return nil
	}
	mayBe := func(t *typ, name string) bool {
		for _, m := range t.members() {
			if m.is(name) {
				return true
			}
		}
		return false
	}
	if mayBe(left, "Int") || mayBe(left, "Bytes") {
		if left.is("Int") && right.is("Int") {
			return tInt
		}
		return nil
	}
	if and {
		left = falsy(left)
	} else {
		left = truthy(left)
	}
	return union(left, right)
}

func allComparisons(g *value.Gene) bool {
	for i := 0; i < len(g.Children); i += 2 {
		switch symName(g.Children[i]) {
		case "<", "<=", ">", ">=", "==", "!=":
		default:
			return false
		}
	}
	return true
}

// chain checks (a < b < c): each neighbouring pair is compared.
func (c *checker) chain(g *value.Gene) *typ {
	left := operand{c.form(g.Type, headPos(g), nil), headPos(g)}
	for i := 0; i < len(g.Children); i += 2 {
		right := operand{c.form(g.Children[i+1], kidPos(g, i+1), nil), kidPos(g, i+1)}
		c.binary(symName(g.Children[i]), left, right)
		left = right
	}
	return tBool
}

// prefix checks an operator with its operands as children.
func (c *checker) prefix(g *value.Gene) *typ {
	op, n := headName(g), len(g.Children)
	if hasSpread(g.Children) || n == 0 || n > operandsMax {
		c.arguments(g, 0)
		return nil
	}
	if op == "not" || op == "!" {
		t := c.form(g.Children[0], kidPos(g, 0), nil)
		if t != nil && t.onlyFrom(func(name string) bool { return name != "Int" && name != "Bytes" }) {
			return tBool
		}
		return nil
	}
	left := node{form: g.Children[0], pos: kidPos(g, 0)}
	if n == 1 {
		return c.unary(op, c.node(&left))
	}
	for i := 1; i < n; i++ {
		a := left
		right := node{form: g.Children[i], pos: kidPos(g, i)}
		left = node{pos: a.pos, op: op, left: &a, right: &right}
	}
	return c.node(&left).typ
}

func (c *checker) unary(op string, a operand) *typ {
	switch op {
	case "-":
		if notNumber(a.typ) {
			c.warn(a.pos, "Type error: cannot negate %s", a.typ)
			return nil
		}
		return a.typ
	case "/":
		return c.binary(op, operand{tInt, a.pos}, a)
	}
	return a.typ
}

// verbs are the words for arithmetic in messages.
var verbs = map[string]string{"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo", "**": "raise"}

// binary checks an operator on two operands and gives the type of its result.
func (c *checker) binary(op string, a, b operand) *typ {
	switch op {
	case "+", "-", "*", "/", "%", "**":
		return c.arithmetic(op, a, b)
	case "++":
		if bad := firstBad(a, b, notString); bad != nil {
			c.warn(bad.pos, "Type error: ++ expects String arguments, got %s", bad.typ)
		}
		return tString
	case "<", "<=", ">", ">=":
		if !mayOrder(a.typ, b.typ) {
			c.warn(a.pos, "Type error: cannot compare %s %s %s", a.typ, op, b.typ)
		}
		return tBool
	case "<<", ">>":
		if bad := firstBad(a, b, notShiftable); bad != nil {
			c.warn(bad.pos, "Type error: cannot shift %s %s %s", a.typ, op, b.typ)
		}
		if a.typ.is("Int") {
			return tInt
		}
		return nil
	case "==", "!=", "is":
		return tBool
	}
	return nil
}

func (c *checker) arithmetic(op string, a, b operand) *typ {
	if bad := firstBad(a, b, notNumber); bad != nil {
		if a.typ != nil && b.typ != nil && !notNumber(a.typ) {
			c.warn(bad.pos, "Type error: cannot %s %s and %s", verbs[op], a.typ, b.typ)
		} else {
			c.warn(bad.pos, "Type error: cannot %s values of type %s", verbs[op], bad.typ)
		}
		return nil
	}
	switch {
	case op == "/" || a.typ.is("Float") || b.typ.is("Float"):
		return tFloat
	case a.typ.is("Int") && b.typ.is("Int") && op != "**":
		return tInt
	}
	return tNumeric
}

// firstBad gives the first operand that fails a test.
func firstBad(a, b operand, bad func(t *typ) bool) *operand {
	switch {
	case bad(a.typ):
		return &a
	case bad(b.typ):
		return &b
	}
	return nil
}

// certainlyNone tells whether no value of type t is of one of some kinds.
func certainlyNone(t *typ, kinds func(name string) bool) bool {
	if t == nil || t.op == opNever {
		return false
	}
	for _, m := range t.members() {
		if m.op == opNever || m.op == opBuiltin && kinds(m.name) {
			return false
		}
	}
	return true
}

func notNumber(t *typ) bool {
	return certainlyNone(t, func(name string) bool { return name == "Int" || name == "Float" })
}

func notString(t *typ) bool {
	return certainlyNone(t, func(name string) bool { return name == "String" })
}

func notShiftable(t *typ) bool {
	return certainlyNone(t, func(name string) bool { return name == "Int" || name == "Bytes" })
}

// ordered are the kinds that < and its like take, with the group within which
// they can be compared.
var ordered = map[string]string{"Int": "number", "Float": "number", "Date": "Date", "Time": "Time", "DateTime": "DateTime"}

// mayOrder tells whether some values of the two types can be compared.
func mayOrder(a, b *typ) bool {
	bad := func(t *typ) bool {
		return certainlyNone(t, func(name string) bool { return ordered[name] != "" })
	}
	switch {
	case a == nil || b == nil || a.op == opNever || b.op == opNever:
		return true
	case bad(a) || bad(b):
		return false
	case a.op == opBuiltin && b.op == opBuiltin:
		return ordered[a.name] == ordered[b.name]
	}
	return true
}
