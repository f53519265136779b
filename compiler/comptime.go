package compiler

import (
	"math"

	"gene/syntax"
	"gene/value"
)

// comptime evaluates a comptime form while the module is compiled. It knows
// only what chooses code: literals, its own variables, conditions and
// arithmetic. Declarations that it reaches are put into the module.
type comptime struct {
	f     *fn // for errors
	vars  map[*value.Symbol]value.Value
	forms []value.Value
	pos   []value.Pos
}

// expandComptime gives the top-level forms of a file with what its comptime
// forms emit in their place.
func (c *compiler) expandComptime(file *syntax.File) ([]value.Value, []value.Pos) {
	var forms []value.Value
	var pos []value.Pos
	for i, v := range file.Forms {
		p := value.Pos{Line: 1, Col: 1}
		if i < len(file.Pos) {
			p = file.Pos[i]
		}
		if v.Kind() != value.KindGene || headName(v.AsGene()) != "comptime" {
			forms, pos = append(forms, v), append(pos, p)
			continue
		}
		f := c.newFn(nil, "")
		f.pos = p
		x := &comptime{f: f, vars: map[*value.Symbol]value.Value{}}
		c.guard(func() { x.block(v.AsGene().Children) })
		forms, pos = append(forms, x.forms...), append(pos, x.pos...)
	}
	return forms, pos
}

// genComptime is for a comptime that stands in other code, where it emits
// nothing.
func (f *fn) genComptime(g *value.Gene, d dest) { f.constant(value.Nil, d) }

func (x *comptime) block(vs []value.Value) value.Value {
	out := value.Nil
	for _, v := range vs {
		out = x.eval(v)
	}
	return out
}

func (x *comptime) unsupported() value.Value {
	x.f.fail("comptime: unsupported expression")
	return value.Nil
}

func (x *comptime) eval(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindSymbol:
		s := v.AsSymbol()
		if got, ok := x.vars[s]; ok {
			return got
		}
		x.f.fail("comptime: unknown variable %s", s.Name)
	case value.KindGene:
		return x.gene(v.AsGene())
	case value.KindPath:
		if p := v.AsPath().Parts; len(p) == 2 && p[0] == "$env" {
			return x.variable(p[1], value.Void)
		}
		return x.unsupported()
	case value.KindUnquote, value.KindArray, value.KindMap:
		return x.unsupported()
	}
	return v
}

func (x *comptime) gene(g *value.Gene) value.Value {
	if x.f.c.depth++; x.f.c.depth > nestingMax {
		x.f.fail("forms are nested too deeply (limit %d)", nestingMax)
	}
	defer func() { x.f.c.depth-- }()
	old := x.f.pos
	if g.Loc != nil {
		x.f.pos = g.Loc.Pos
	}
	v := x.form(g)
	x.f.pos = old
	return v
}

func (x *comptime) form(g *value.Gene) value.Value {
	head := headName(g)
	if hoistedForms[head] && head != "comptime" && declaring(g) {
		x.forms, x.pos = append(x.forms, g.Value()), append(x.pos, x.f.pos)
		return value.Nil
	}
	if g.Aux != auxPrefix {
		if len(g.Children) > 0 && isInfixOp(g.Children[0]) && !noInfix[head] {
			return x.eval(x.f.infixTree(g))
		}
		if op := childName(g, 0); isAssignOp(op) && g.Type.Kind() == value.KindSymbol && len(g.Children) == 2 {
			return x.assign(g, op)
		}
	}
	switch head {
	case "do", "comptime":
		return x.block(g.Children)
	case "var":
		return x.define(g)
	case "if":
		return x.branches(g, x.f.ifBranches(g))
	case "ifel":
		if n := len(g.Children); n == 2 {
			return x.branches(g, []branch{{cond: 0, from: 1, to: 2}})
		} else if n == 3 {
			return x.branches(g, []branch{{cond: 0, from: 1, to: 2}, {cond: -1, from: 2, to: 3}})
		}
	case "$env", "get_env":
		return x.env(g)
	case "not", "!":
		if len(g.Children) == 1 {
			return value.Bool(!x.eval(g.Children[0]).Truthy())
		}
	}
	return x.operator(head, g)
}

func (x *comptime) define(g *value.Gene) value.Value {
	if len(g.Children) == 0 || g.Children[0].Kind() != value.KindSymbol {
		return x.unsupported()
	}
	v := value.Nil
	if len(g.Children) > 1 {
		v = x.eval(g.Children[1])
	}
	x.vars[g.Children[0].AsSymbol()] = v
	return v
}

func (x *comptime) assign(g *value.Gene, op string) value.Value {
	name := g.Type.AsSymbol()
	old, ok := x.vars[name]
	if !ok {
		x.f.fail("comptime: unknown variable %s", name.Name)
	}
	v := x.eval(g.Children[1])
	if op != "=" {
		v = x.binary(op[:len(op)-1], old, v)
	}
	x.vars[name] = v
	return v
}

func (x *comptime) branches(g *value.Gene, bs []branch) value.Value {
	for _, b := range bs {
		if b.cond < 0 || x.eval(g.Children[b.cond]).Truthy() != b.not {
			return x.block(g.Children[b.from:b.to])
		}
	}
	return value.Nil
}

// env looks a variable of the environment up, with a default.
func (x *comptime) env(g *value.Gene) value.Value {
	args := g.Children
	if childName(g, 0) == ".get" && headName(g) == "$env" {
		args = args[1:]
	}
	if len(args) == 0 || len(args) > 2 {
		return x.unsupported()
	}
	name, other := x.eval(args[0]), value.Nil
	if name.Kind() != value.KindString {
		return x.unsupported()
	}
	if len(args) == 2 {
		other = x.eval(args[1])
	}
	return x.variable(name.AsString(), other)
}

// variable gives a variable of the environment, or other.
func (x *comptime) variable(name string, other value.Value) value.Value {
	if m, ok := x.f.c.mod.Dollar.Get(value.Intern("env")); ok && m.Kind() == value.KindMap {
		if v, ok := m.AsMap().GetText(name); ok {
			return v
		}
	}
	return other
}

func (x *comptime) operator(op string, g *value.Gene) value.Value {
	if op == "chain" && g.Aux == auxPrefix {
		return x.chain(g)
	}
	if _, ok := infixLevel[op]; !ok || len(g.Children) == 0 || g.Props.Len() > 0 {
		return x.unsupported()
	}
	v := x.eval(g.Children[0])
	if len(g.Children) == 1 && op == "-" {
		return x.binary("-", value.Int(0), v)
	}
	for _, c := range g.Children[1:] {
		switch op {
		case "&&":
			if v.Truthy() {
				v = x.eval(c)
			}
		case "||":
			if !v.Truthy() {
				v = x.eval(c)
			}
		default:
			v = x.binary(op, v, x.eval(c))
		}
	}
	return v
}

// chain is (a < b < c), as infixTree gives it.
func (x *comptime) chain(g *value.Gene) value.Value {
	left := x.eval(g.Children[0])
	for i := 1; i+1 < len(g.Children); i += 2 {
		right := x.eval(g.Children[i+1])
		if !x.binary(symName(g.Children[i]), left, right).Truthy() {
			return value.False
		}
		left = right
	}
	return value.True
}

func (x *comptime) binary(op string, a, b value.Value) value.Value {
	switch op {
	case "==":
		return value.Bool(equalAtoms(a, b))
	case "!=":
		return value.Bool(!equalAtoms(a, b))
	case "++":
		if a.Kind() == value.KindString && b.Kind() == value.KindString {
			return value.Str(a.AsString() + b.AsString())
		}
		return x.unsupported()
	}
	if !isNumber(a) || !isNumber(b) {
		return x.unsupported()
	}
	m, _ := a.Number()
	n, _ := b.Number()
	if op == "%" && n == 0 {
		x.f.fail("comptime: Modulo by zero")
	}
	if v, ok := fold(op, a, b); ok {
		return v
	}
	switch op {
	case "<":
		return value.Bool(m < n)
	case "<=":
		return value.Bool(m <= n)
	case ">":
		return value.Bool(m > n)
	case ">=":
		return value.Bool(m >= n)
	case "%":
		if a.IsInt() && b.IsInt() && b.AsInt() > 0 {
			return value.Int(a.AsInt() % b.AsInt())
		}
		return value.Float(math.Mod(m, n))
	}
	return x.unsupported()
}

func equalAtoms(a, b value.Value) bool {
	if a.Kind() == value.KindString && b.Kind() == value.KindString {
		return a.AsString() == b.AsString()
	}
	return a.Same(b)
}
