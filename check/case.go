package check

import (
	"slices"
	"strings"

	"gene/compiler"
	"gene/value"
)

// clause is one when of a case, or its else.
type clause struct {
	value    int // index of the value, -1 for else
	from, to int
}

// clauses takes a case apart; nil when the compiler refuses it.
func clauses(g *value.Gene) []clause {
	var out []clause
	isWord := func(i int) bool { return childName(g, i) == "when" || childName(g, i) == "else" }
	if len(g.Children) == 0 || isWord(0) {
		return nil
	}
	for i := 1; i < len(g.Children); {
		w := clause{value: i + 1, from: i + 2}
		switch childName(g, i) {
		case "when":
			if i+1 >= len(g.Children) || isWord(i+1) {
				return nil
			}
		case "else":
			return append(out, clause{value: -1, from: i + 1, to: len(g.Children)})
		default:
			return nil
		}
		for i = w.from; i < len(g.Children) && !isWord(i); i++ {
		}
		w.to = i
		out = append(out, w)
	}
	return out
}

// caseForm checks a case: patterns tell the types of what they bind, and a
// case over an enum should have them all.
func (c *checker) caseForm(g *value.Gene, to *boundary) *typ {
	cs := clauses(g)
	if cs == nil && len(g.Children) == 0 {
		return nil
	}
	target := c.form(g.Children[0], kidPos(g, 0), nil)
	if g.Children[0].Kind() != value.KindSymbol {
		target = nil // 6.5 is about names
	}
	t := tNever
	covered := map[*variant]bool{}
	open := true
	for _, w := range cs {
		m := c.mark()
		if w.value < 0 || childName(g, w.value) == "_" {
			open = false
		} else {
			c.when(g, w, target, covered)
		}
		part := c.body(g.Children[w.from:w.to], func(i int) value.Pos { return kidPos(g, w.from+i) }, to)
		c.leave(m)
		t = union(t, part)
		if !open {
			break
		}
	}
	if !open {
		return t
	}
	if e := enumOf(target); e != nil && c.promised(g.Children[0].AsSymbol()) && c.exhaustive(g, e, covered) {
		return t
	}
	c.meet(to, tNil, genePos(g))
	return union(t, tNil)
}

// promised tells whether a name's type was written somewhere: a case over what
// a variable only happens to hold may be meant for that value.
func (c *checker) promised(name *value.Symbol) bool {
	b := c.names[name]
	return b != nil && (b.want != nil || !b.guessed)
}

func enumOf(t *typ) *enum {
	if t != nil && t.op == opEnum {
		return t.enum
	}
	return nil
}

// exhaustive warns of a case over e that lacks variants.
func (c *checker) exhaustive(g *value.Gene, e *enum, covered map[*variant]bool) bool {
	var missing []string
	for i := range e.variants {
		if !covered[&e.variants[i]] {
			missing = append(missing, e.variants[i].name)
		}
	}
	if len(missing) == 0 {
		return true
	}
	c.warn(genePos(g), "non-exhaustive case over %s; missing variants: %s", e.name, strings.Join(missing, ", "))
	return false
}

// when checks the value of a clause and binds the names of a pattern.
func (c *checker) when(g *value.Gene, w clause, target *typ, covered map[*variant]bool) {
	v, pos := g.Children[w.value], kidPos(g, w.value)
	p := c.variantPattern(v, pos, enumOf(target))
	if p == nil {
		c.form(v, pos, nil)
		return
	}
	if p.variant != nil && (target == nil || enumOf(target) == p.enum) {
		covered[p.variant] = true
	}
	for i, name := range p.binders {
		if name.Kind() != value.KindSymbol {
			continue
		}
		var t *typ
		if p.variant != nil && i < len(p.variant.fields) {
			t = p.variant.payload(i, target)
		}
		c.variable(name.AsSymbol(), nil, t)
	}
}

// pattern is an enum pattern (6.4).
type pattern struct {
	enum    *enum    // nil when not known
	variant *variant // nil when not known
	binders []value.Value
}

// variantPattern reads a when value as an enum pattern; nil when it is an
// expression.
func (c *checker) variantPattern(v value.Value, pos value.Pos, known *enum) *pattern {
	head := v
	p := &pattern{}
	gene := v.Kind() == value.KindGene
	if gene {
		g := v.AsGene()
		if g.Props.Len() > 0 || len(g.Children) > 0 && (compiler.InfixLevel(g.Children[0]) > 0 || strings.HasPrefix(childName(g, 0), ".")) {
			return nil
		}
		head, p.binders = g.Type, g.Children
	}
	switch head.Kind() {
	case value.KindPath:
		return c.pathPattern(p, head.AsPath().Parts, pos)
	case value.KindSymbol:
		return c.namePattern(p, head.AsSymbol(), gene, known)
	}
	return nil
}

func (c *checker) pathPattern(p *pattern, parts []string, pos value.Pos) *pattern {
	if len(parts) != 2 || !plainName(parts[0]) || !plainName(parts[1]) {
		return nil
	}
	if p.enum = c.enumNamed(parts[0]); p.enum != nil {
		if p.variant = p.enum.variant(parts[1]); p.variant == nil {
			c.warn(pos, "enum pattern %s/%s references unknown enum or variant", parts[0], parts[1])
		}
	}
	return p
}

func plainName(s string) bool {
	return s != "" && s != "!" && !strings.ContainsAny(s[:1], ".<@$0123456789-")
}

func (c *checker) namePattern(p *pattern, name *value.Symbol, gene bool, known *enum) *pattern {
	if p.enum, p.variant = builtinVariant(name.Name); p.enum != nil {
		return p
	}
	if b := c.names[name]; b != nil && b.isVar {
		if isCapital(name.Name) && (gene || b.variant) {
			return p
		}
		return nil
	}
	if known != nil && !known.builtin() {
		if p.variant = known.variant(name.Name); p.variant != nil {
			p.enum = known
			return p
		}
	}
	var found []*enum
	for _, b := range c.names {
		if b.enum != nil && !slices.Contains(found, b.enum) && b.enum.variant(name.Name) != nil {
			found = append(found, b.enum)
		}
	}
	if len(found) != 1 {
		return nil
	}
	p.enum, p.variant = found[0], found[0].variant(name.Name)
	return p
}
