package check

import (
	"strings"

	"gene/value"
)

// body checks forms in a scope of their own and gives the type of the last.
func (c *checker) body(vs []value.Value, pos func(i int) value.Pos, to *boundary) *typ {
	m := c.mark()
	if c.fn != nil {
		c.futures(vs)
	}
	t := c.sequence(vs, pos, to)
	c.leave(m)
	return t
}

// futures makes the functions of a block unknown until they are reached:
// earlier functions of the block may mean them (3.1).
func (c *checker) futures(vs []value.Value) {
	for i, v := range vs {
		if i == 0 || v.Kind() != value.KindGene || headName(v.AsGene()) != "fn" {
			continue
		}
		if name, _ := splitGeneric(childName(v.AsGene(), 0)); name != "" {
			c.unknown(value.Intern(name))
		}
	}
}

// sequence checks forms one after the other. What a form that leaves tells of
// variables holds for the forms behind it.
func (c *checker) sequence(vs []value.Value, pos func(i int) value.Pos, to *boundary) *typ {
	n := len(c.narrowed)
	t := tNil
	ends := false
	for i, v := range vs {
		var b *boundary
		if i == len(vs)-1 {
			b = to
		}
		t = c.form(v, pos(i), b)
		if t != nil && t.op == opNever {
			ends = true
		}
		if v.Kind() == value.KindGene && i < len(vs)-1 {
			c.after(v.AsGene())
		}
	}
	if len(vs) == 0 {
		c.meet(to, t, value.Pos{})
	}
	c.widen(n)
	if ends {
		return tNever
	}
	return t
}

// after narrows by an if whose branches leave.
func (c *checker) after(g *value.Gene) {
	switch headName(g) {
	case "if", "if_not", "ifel":
	default:
		return
	}
	for _, b := range ifBranches(g) {
		if b.cond < 0 || !leaves(g.Children[b.from:b.to]) {
			return
		}
		c.assume(g.Children[b.cond], b.not)
	}
}

// leaves tells whether forms certainly don't end normally.
func leaves(vs []value.Value) bool {
	for _, v := range vs {
		if v.Kind() != value.KindGene {
			continue
		}
		g := v.AsGene()
		switch headName(g) {
		case "return", "throw", "break", "continue":
			if s := childName(g, 0); s != "=" && !strings.HasPrefix(s, ".") {
				return true
			}
		case "do":
			if leaves(g.Children) {
				return true
			}
		}
	}
	return false
}

// branch is a part of an if: its condition (-1 for else) and its body.
type branch struct {
	cond     int
	not      bool
	from, to int
}

// ifBranches takes if, if_not and ifel apart; nil when the compiler refuses it.
func ifBranches(g *value.Gene) []branch {
	n := len(g.Children)
	if headName(g) == "ifel" {
		if n < 2 || n > 3 {
			return nil
		}
		out := []branch{{cond: 0, from: 1, to: 2}}
		if n == 3 {
			out = append(out, branch{cond: -1, from: 2, to: 3})
		}
		return out
	}
	var out []branch
	for i := 0; i < n; i++ {
		b := branch{}
		if childName(g, i) == "not" && i+1 < n {
			b.not = true
			i++
		}
		b.cond = i
		i++
		if childName(g, i) == "then" {
			i++
		}
		b.from = min(i, n)
		for i < n && childName(g, i) != "elif" && childName(g, i) != "else" {
			i++
		}
		b.to = min(i, n)
		if len(out) == 0 && headName(g) == "if_not" {
			b.not = !b.not
		}
		out = append(out, b)
		if childName(g, i) == "else" {
			return append(out, branch{cond: -1, from: i + 1, to: n})
		}
	}
	return out
}

// branches checks an if: each branch knows what the conditions before it tell.
func (c *checker) branches(g *value.Gene, to *boundary) *typ {
	t := tNever
	n := len(c.narrowed)
	bs := ifBranches(g)
	for _, b := range bs {
		m := c.mark()
		if b.cond >= 0 {
			c.form(g.Children[b.cond], kidPos(g, b.cond), nil)
			c.assume(g.Children[b.cond], !b.not)
		}
		t = union(t, c.body(g.Children[b.from:b.to], func(i int) value.Pos { return kidPos(g, b.from+i) }, to))
		if b.cond >= 0 {
			c.widen(m.narrowed) // what the branch knew, but not what its condition declares
			c.assume(g.Children[b.cond], b.not)
		}
	}
	c.widen(n)
	if len(bs) == 0 {
		return nil
	}
	if bs[len(bs)-1].cond >= 0 {
		c.meet(to, tNil, genePos(g))
		t = union(t, tNil)
	}
	return t
}

func (c *checker) returnForm(g *value.Gene) *typ {
	var to *boundary
	if c.fn != nil {
		c.fn.unclear = true
		to = c.fn.ret
	}
	if len(g.Children) == 0 {
		c.meet(to, tNil, genePos(g))
		return tNever
	}
	c.form(g.Children[0], kidPos(g, 0), to)
	for i := 1; i < len(g.Children); i++ {
		c.form(g.Children[i], kidPos(g, i), nil)
	}
	return tNever
}

// loops checks while, loop, repeat and for.
func (c *checker) loops(g *value.Gene, word string) *typ {
	from := 0
	n := len(c.narrowed)
	m := c.mark()
	switch word {
	case "while":
		from = c.whileHead(g)
	case "repeat":
		if len(g.Children) > 0 {
			c.form(g.Children[0], kidPos(g, 0), nil)
		}
		from = 1
	case "for":
		from = c.forHead(g)
	}
	from = min(from, len(g.Children))
	c.sequence(g.Children[from:], func(i int) value.Pos { return kidPos(g, from+i) }, nil)
	c.widen(n)
	if word == "for" || word == "repeat" {
		c.leave(m)
	}
	if word == "loop" {
		return nil
	}
	return tNil
}

func (c *checker) whileHead(g *value.Gene) int {
	at, not := 0, false
	if childName(g, 0) == "not" && len(g.Children) > 1 {
		at, not = 1, true
	}
	if at < len(g.Children) {
		c.form(g.Children[at], kidPos(g, at), nil)
		c.assume(g.Children[at], !not)
	}
	return at + 1
}

// forHead checks the collection of a for and binds its targets.
func (c *checker) forHead(g *value.Gene) int {
	for i := range g.Children {
		if childName(g, i) != "in" || i+1 >= len(g.Children) {
			continue
		}
		t := c.form(g.Children[i+1], kidPos(g, i+1), nil)
		for k, target := range g.Children[:i] {
			switch {
			case target.Kind() != value.KindSymbol:
				c.pattern(target)
			case t.is("Range") || i == 2 && k == 0 && t.is("Array"):
				c.variable(target.AsSymbol(), nil, tInt)
			default:
				c.unknown(target.AsSymbol())
			}
		}
		return i + 2
	}
	return len(g.Children)
}

// tryForm checks try. Whether a variable that the body declares has its value
// afterwards isn't known.
func (c *checker) tryForm(g *value.Gene, to *boundary) *typ {
	t := tNil
	word, from := "", 0
	for i := 0; i <= len(g.Children); i++ {
		next := childName(g, i)
		if i < len(g.Children) && next != "catch" && next != "finally" {
			continue
		}
		part := c.tryPart(g, word, from, i, to)
		switch word {
		case "":
			t = part
		case "catch":
			t = union(t, part)
		}
		word, from = next, i+1
	}
	return t
}

// tryPart checks the forms of one part of a try.
func (c *checker) tryPart(g *value.Gene, word string, from, end int, to *boundary) *typ {
	pos := func(i int) value.Pos { return kidPos(g, from+i) }
	switch word {
	case "finally":
		return c.sequence(g.Children[from:end], pos, nil)
	case "":
		before := len(c.shadowed)
		t := c.sequence(g.Children[:end], pos, to)
		for _, s := range c.shadowed[before:] {
			c.unknown(s.name)
		}
		return t
	}
	m := c.mark()
	defer c.leave(m)
	if from >= end {
		return nil
	}
	switch p := g.Children[from]; {
	case p.Kind() == value.KindMap:
		c.pattern(p)
	case symName(p) != "" && !isCapital(symName(p)):
		c.unknown(p.AsSymbol())
	}
	from++
	return c.body(g.Children[from:end], pos, to)
}
