package check

import (
	"strings"

	"gene/compiler"
	"gene/value"
)

// form checks a form that stands at pos, whose value is to get past a boundary
// if there is one, and gives the type of the value.
func (c *checker) form(v value.Value, pos value.Pos, to *boundary) *typ {
	var t *typ
	switch v.Kind() {
	case value.KindSymbol:
		t = c.name(v.AsSymbol())
	case value.KindPath:
		t = c.path(v.AsPath(), pos)
	case value.KindArray:
		a := v.AsArray()
		for i, e := range a.Items {
			c.form(e, c.itemPos(a, i), nil)
		}
		t = tArray
	case value.KindMap:
		m := v.AsMap()
		for i, e := range m.Entries() {
			if e.Key != nil {
				c.form(e.Val, c.entryPos(m, i), nil)
			}
		}
		t = tMap
	case value.KindGene:
		return c.gene(v.AsGene(), pos, to)
	case value.KindUnquote:
		return nil
	default:
		t = kindTypes[v.Kind()]
	}
	c.meet(to, t, pos)
	return t
}

// name gives the type of what a name stands for.
func (c *checker) name(s *value.Symbol) *typ {
	if b := c.names[s]; b != nil {
		return b.typ
	}
	if c.builtinName(s) {
		if e, _ := builtinVariant(s.Name); e != nil {
			return e.typ()
		}
	}
	return nil
}

// path checks a/b and gives its type where it is a variant or a field with a
// declared type.
func (c *checker) path(p *value.Path, pos value.Pos) *typ {
	parts := p.Parts
	if len(parts) != 2 {
		return nil
	}
	if e := c.enumNamed(parts[0]); e != nil {
		return c.variantPath(e, parts[1], pos)
	}
	var t *typ
	if b := c.names[value.Intern(parts[0])]; b != nil {
		t = b.typ
	}
	if len(parts[1]) > 1 && parts[1][0] == '.' && parts[1][1] != '<' {
		c.knownMethod(t, parts[1][1:], pos)
		return methodResult(t, parts[1][1:])
	}
	return c.fieldOf(parts[0], parts[1])
}

// fieldOf gives the declared type of a field read by a path.
func (c *checker) fieldOf(base, name string) *typ {
	if base == "" {
		return c.self.field(name)
	}
	if b := c.names[value.Intern(base)]; b != nil && b.typ != nil && b.typ.op == opClass {
		return b.typ.class.field(name)
	}
	return nil
}

func (c *checker) variantPath(e *enum, name string, pos value.Pos) *typ {
	switch {
	case e.variant(name) != nil:
		return e.typ()
	case e.builtin() || name == "" || strings.ContainsAny(name[:1], ".<!*@") || strings.HasSuffix(name, "..."):
		return nil
	}
	c.warn(pos, "Type error: unknown variant %s of enum %s", name, e.name)
	return tVoid
}

// gene checks an expression by what it is (1.12).
func (c *checker) gene(g *value.Gene, pos value.Pos, to *boundary) *typ {
	if c.depth++; c.depth > depthMax {
		c.depth--
		return nil
	}
	if pos.Line == 0 {
		pos = genePos(g)
	}
	t, met := c.dispatch(g, to)
	if !met {
		c.meet(to, t, pos)
	}
	c.depth--
	return t
}

// dispatch gives the type of an expression; met tells that its parts have been
// held against the boundary.
func (c *checker) dispatch(g *value.Gene, to *boundary) (t *typ, met bool) {
	switch compiler.ShapeOf(g) {
	case compiler.ShapeQuote:
		return quotedType(g.Children[0]), false
	case compiler.ShapeInterp:
		c.arguments(g, 0)
		return tString, false
	case compiler.ShapeHashMap:
		c.arguments(g, 0)
		return tHashMap, false
	case compiler.ShapeConstructor:
		c.arguments(g, 0)
		return tGene, false
	case compiler.ShapeNumber:
		return kindTypes[g.Type.Kind()], false
	case compiler.ShapeRange:
		c.form(g.Type, headPos(g), nil)
		c.form(g.Children[1], kidPos(g, 1), nil)
		return tRange, false
	case compiler.ShapeInfix:
		return c.infix(g), false
	case compiler.ShapePrefix:
		return c.prefix(g), false
	case compiler.ShapeMethodCall:
		return c.methodCall(g), false
	case compiler.ShapeSuper:
		c.arguments(g, 1)
	case compiler.ShapeDynamicCall, compiler.ShapeSelectorCall, compiler.ShapePathLookup:
		c.form(g.Type, headPos(g), nil)
		c.arguments(g, 1)
	case compiler.ShapeLookupHead:
		c.arguments(g, 0)
	case compiler.ShapeAssign:
		return c.assign(g), false
	case compiler.ShapeUnwrap:
		return c.unwrap(g), false
	case compiler.ShapeBlock:
		return c.blockForm(g), false
	default:
		return c.special(g, to)
	}
	return nil, false
}

// quotedType gives the type of a quoted form.
func quotedType(v value.Value) *typ {
	return kindTypes[v.Kind()]
}

// unwrap checks (expr ?): the payload of Ok and Some, or anything else as it is.
func (c *checker) unwrap(g *value.Gene) *typ {
	t := c.form(g.Type, headPos(g), nil)
	if c.fn != nil {
		c.fn.unclear = true
	}
	switch {
	case t == nil || t.op == opUnion:
		return nil
	case t.op == opEnum && t.enum.builtin():
		if len(t.args) > 0 {
			return t.args[0]
		}
		return nil
	}
	return t
}

// memberBoundary gives the declared type of the field that a path assigns.
func (c *checker) memberBoundary(p *value.Path) *boundary {
	if len(p.Parts) != 2 {
		return nil
	}
	if t := c.fieldOf(p.Parts[0], p.Parts[1]); t != nil {
		return &boundary{want: t, place: "property " + p.Parts[1], convert: true}
	}
	return nil
}

// assign checks (target = v) and (target op= v).
func (c *checker) assign(g *value.Gene) *typ {
	if len(g.Children) < 2 {
		return nil
	}
	var to *boundary
	switch g.Type.Kind() {
	case value.KindSymbol:
		if b := c.names[g.Type.AsSymbol()]; b != nil && b.want != nil {
			to = &boundary{want: b.want, place: "="}
		}
	case value.KindPath:
		to = c.memberBoundary(g.Type.AsPath())
	}
	if op := childName(g, 0); op != "=" {
		left := c.form(g.Type, headPos(g), nil)
		right := c.form(g.Children[1], kidPos(g, 1), nil)
		t := c.binary(op[:len(op)-1], operand{left, headPos(g)}, operand{right, kidPos(g, 1)})
		c.meet(to, t, genePos(g))
		return t
	}
	return c.form(g.Children[1], kidPos(g, 1), to)
}

// special checks the forms that have a word of their own, types and calls.
func (c *checker) special(g *value.Gene, to *boundary) (t *typ, met bool) {
	switch head := headName(g); head {
	case "if", "ifel", "if_not":
		return c.branches(g, to), true
	case "case":
		return c.caseForm(g, to), true
	case "do", "$if_main":
		return c.sequence(g.Children, func(i int) value.Pos { return kidPos(g, i) }, to), true
	case "try":
		return c.tryForm(g, to), true
	case "return":
		return c.returnForm(g), true
	case "while", "loop", "repeat", "for":
		return c.loops(g, head), false
	case "break", "continue", "throw":
		c.arguments(g, 0)
		return tNever, true
	case "var", "let":
		return c.varForm(g), false
	case "fn":
		return c.fnForm(g), false
	case "block":
		if f := readFn(g); f != nil {
			s := c.signature(f, false)
			c.function(f, s, false)
			return &typ{name: "Block", fn: s}, false
		}
	case "class", "object":
		c.classForm(g)
		return nil, false
	case "implement":
		c.implementForm(g)
	case "enum":
		c.enumForm(g)
		return tEnumType, false
	case "type":
		return c.typeForm(g), false
	case "ns":
		c.nsForm(g)
	case "new":
		return c.newForm(g), false
	case "typeof":
		c.arguments(g, 0)
		return tString, false
	case "async":
		c.task(g)
		return tFuture, false
	case "await", "yield", "range", "eval", "export":
		c.arguments(g, 0)
	case "$with", "$tap":
		c.with(g)
	case "interface", "import", "comptime", "$render", "$dep", "@", "$caller_eval", "match", "new!", "ctor!",
		"method", "ctor", "on_method_missing", "field", "prop", "extend":
	default:
		return c.other(g), false
	}
	return nil, false
}

// other checks calls, and type expressions, whose parts are only names.
func (c *checker) other(g *value.Gene) *typ {
	switch {
	case childName(g, 0) == "|" || headName(g) == "|":
		return tType
	case isMacro(g.Type):
		return nil
	case strings.HasPrefix(headName(g), "."):
		c.arguments(g, 0)
		return nil
	}
	return c.callForm(g)
}

// nsForm checks the body of a namespace. What it declares is seen in it only;
// from outside it is reached by paths, of which nothing is known.
func (c *checker) nsForm(g *value.Gene) {
	if len(g.Children) == 0 {
		return
	}
	m := c.mark()
	self, inClass := c.self, c.inClass
	c.self, c.inClass = nil, true
	c.sequence(g.Children[1:], func(i int) value.Pos { return kidPos(g, 1+i) }, nil)
	c.self, c.inClass = self, inClass
	c.leave(m)
}

// with checks ($with obj …) and ($tap obj :name …), where self is something
// else.
func (c *checker) with(g *value.Gene) {
	if len(g.Children) == 0 {
		return
	}
	c.form(g.Children[0], kidPos(g, 0), nil)
	m := c.mark()
	self := c.self
	c.self = nil
	from := 1
	if name := childName(g, 1); strings.HasPrefix(name, ":") {
		c.unknown(value.Intern(name[1:]))
		from = 2
	}
	c.body(g.Children[from:], func(i int) value.Pos { return kidPos(g, from+i) }, nil)
	c.self = self
	c.leave(m)
}

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
