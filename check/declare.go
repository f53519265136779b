package check

import (
	"strings"

	"gene/value"
)

// declareTop declares what the top level defines: these forms run first, so
// all of the module sees them (3.1). The names of variables are declared as
// unknown until their var is reached.
func (c *checker) declareTop() {
	for name := range c.facts.defined {
		c.names[name] = &binding{name: name, isVar: true}
	}
	var fill []func()
	for _, v := range c.file.Forms {
		if v.Kind() == value.KindGene {
			if f := c.declareForm(v.AsGene()); f != nil {
				fill = append(fill, f)
			}
		}
	}
	for _, f := range fill {
		f()
	}
}

// declareForm declares what one form of the top level defines; what it gives
// completes that once all names are there.
func (c *checker) declareForm(g *value.Gene) (fill func()) {
	if len(g.Children) == 0 {
		return nil
	}
	name, _ := splitGeneric(textOf(g.Children[0]))
	if name == "" {
		return nil
	}
	sym := value.Intern(name)
	if c.facts.defined[sym] != 1 || c.facts.assigned[sym] || sym.Name == "_" {
		return nil
	}
	b := &binding{name: sym}
	switch headName(g) {
	case "fn":
		f := readFn(g)
		if f == nil {
			return nil
		}
		b.typ = &typ{name: "Function"}
		fill = func() { b.typ = &typ{name: "Function", fn: c.signature(f, false)}; b.typ.fn.top = true }
	case "class":
		b.class, b.typ = &class{name: name}, tClass
		fill = func() { c.fillClass(b.class, g) }
	case "enum":
		b.enum, b.typ = &enum{name: name}, tEnumType
		fill = func() {
			if !c.fillEnum(b.enum, g) {
				b.enum = nil
			}
		}
	case "type":
		if len(g.Children) != 2 {
			return nil
		}
		b.alias, b.typ = g.Children[1], tType
	default:
		return nil
	}
	b.stable = true
	c.names[sym] = b
	return fill
}

// typeForm declares an alias in a scope where that wasn't done ahead.
func (c *checker) typeForm(g *value.Gene) *typ {
	if len(g.Children) == 2 && g.Children[0].Kind() == value.KindSymbol {
		sym := g.Children[0].AsSymbol()
		if b := c.names[sym]; b == nil || !b.alias.IsSet() || c.fn != nil {
			b := c.bind(sym, &binding{typ: tType})
			if !c.facts.assigned[sym] && !c.ambiguous(sym) {
				b.alias = g.Children[1]
			}
		}
	}
	return tType
}

// varForm checks var and let.
func (c *checker) varForm(g *value.Gene) *typ {
	if len(g.Children) == 0 {
		return nil
	}
	switch t := g.Children[0]; t.Kind() {
	case value.KindSymbol:
		return c.varName(g, t.AsSymbol().Name)
	case value.KindPath:
		if len(g.Children) > 1 {
			return c.form(g.Children[1], kidPos(g, 1), c.memberBoundary(t.AsPath()))
		}
	case value.KindArray, value.KindMap:
		if len(g.Children) > 1 {
			c.form(g.Children[1], kidPos(g, 1), nil)
		}
		c.pattern(t)
	}
	return tNil
}

func (c *checker) varName(g *value.Gene, s string) *typ {
	at := 1
	var b *boundary
	if strings.HasSuffix(s, ":") && len(s) > 1 {
		if len(g.Children) < 2 {
			return nil
		}
		s, at = s[:len(s)-1], 2
		if want := c.resolve(g.Children[1]); want != nil {
			b = &boundary{want: want, place: "var " + s, at: genePos(g)}
		}
	}
	init := tNil
	if at < len(g.Children) {
		init = c.form(g.Children[at], kidPos(g, at), b)
	}
	if strings.HasPrefix(s, "$") {
		return init
	}
	var want *typ
	if b != nil {
		want = b.want
	}
	v := c.variable(value.Intern(s), want, init)
	v.variant = at < len(g.Children) && c.isVariant(g.Children[at])
	return init
}

// isVariant tells whether a form names a variant.
func (c *checker) isVariant(v value.Value) bool {
	if v.Kind() == value.KindPath {
		p := v.AsPath().Parts
		if len(p) == 2 {
			e := c.enumNamed(p[0])
			return e != nil && e.variant(p[1]) != nil
		}
	}
	e, _ := builtinVariant(symName(v))
	return e != nil
}

// pattern binds the names of a destructuring pattern.
func (c *checker) pattern(t value.Value) {
	if t.Kind() == value.KindArray {
		a := t.AsArray()
		for i, e := range a.Items {
			if i > 0 && symName(a.Items[i-1]) == "=" {
				c.form(e, c.itemPos(a, i), nil)
			}
		}
	}
	eachName(t, c.unknown)
}
