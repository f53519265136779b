package check

import (
	"gene/compiler"
	"gene/value"
)

// arguments checks the arguments of a call of which nothing is known: the
// keywords and the children from an index on.
func (c *checker) arguments(g *value.Gene, from int) {
	for i, e := range g.Props.Entries() {
		if e.Key != nil {
			c.form(e.Val, propPos(g, i), nil)
		}
	}
	for i := from; i < len(g.Children); i++ {
		c.form(g.Children[i], kidPos(g, i), nil)
	}
}

// call checks the arguments of a call of a known function and gives its
// result.
func (c *checker) call(s *signature, g *value.Gene, from int) *typ {
	if s.macro {
		return nil
	}
	from = min(from, len(g.Children))
	args := g.Children[from:]
	if hasSpread(args) || hasSpreadProps(g.Props) {
		c.arguments(g, from)
		return s.value()
	}
	c.count(s, g, len(args))
	c.keywords(s, g)
	next := c.positional(s, len(args))
	for i, a := range args {
		c.form(a, kidPos(g, from+i), next(i).boundary())
	}
	return s.value()
}

// value gives the type of what a call gives.
func (s *signature) value() *typ {
	switch {
	case s.macro:
		return nil
	case s.generator:
		return tGen
	case s.async:
		return tFuture
	}
	return s.result
}

func (p *param) boundary() *boundary {
	if p == nil || p.typ == nil {
		return nil
	}
	return &boundary{want: p.typ, place: "call", convert: true}
}

func (c *checker) count(s *signature, g *value.Gene, n int) {
	switch {
	case n < s.min:
		c.warn(genePos(g), "Type error: too few positional arguments in call (expected %d, got %d)", s.min, n)
	case n > s.max && !s.rest && !s.ignore && !s.top:
		c.warn(genePos(g), "Type error: too many positional arguments in call (expected %d, got %d)", s.max, n)
	}
}

func (c *checker) keywords(s *signature, g *value.Gene) {
	for i, e := range g.Props.Entries() {
		if e.Key == nil {
			continue
		}
		p := s.keyword(e.Key)
		if p == nil && !s.kwRest {
			c.warn(propPos(g, i), "Type error: unexpected keyword argument %s in call", e.Key.Name)
		}
		c.form(e.Val, propPos(g, i), p.boundary())
	}
	for _, p := range s.params {
		if p.kind == paramKeyword {
			if _, ok := g.Props.Get(p.name); !ok {
				c.warn(genePos(g), "Type error: missing keyword argument %s in call", p.name.Name)
			}
		}
	}
}

func (s *signature) keyword(name *value.Symbol) *param {
	for i := range s.params {
		if p := &s.params[i]; p.name == name && (p.kind == paramKeyword || p.kind == paramKeywordOptional) {
			return p
		}
	}
	return nil
}

// positional gives the parameter that takes the i-th of n arguments; it is
// asked for each i in turn.
func (c *checker) positional(s *signature, n int) func(i int) *param {
	optional, rest := max(n-s.min, 0), max(n-s.max, 0)
	at := 0
	return func(int) *param {
		for ; at < len(s.params); at++ {
			p := &s.params[at]
			switch {
			case p.kind == paramRequired:
				at++
				return p
			case p.kind == paramOptional && optional > 0:
				optional--
				at++
				return p
			case p.kind == paramRest && rest > 0:
				rest--
				return p
			}
		}
		return nil
	}
}

// callForm checks a call by its head.
func (c *checker) callForm(g *value.Gene) *typ {
	switch head := g.Type; head.Kind() {
	case value.KindSymbol:
		return c.callName(g, head.AsSymbol())
	case value.KindPath:
		if p := head.AsPath().Parts; len(p) == 2 {
			if e := c.enumNamed(p[0]); e != nil {
				if v := e.variant(p[1]); v != nil {
					return c.construct(g, e, v)
				}
			}
		}
		c.form(head, headPos(g), nil)
	default:
		t := c.form(head, headPos(g), nil)
		if (t.is("Function") || t.is("Block")) && t.fn != nil {
			return c.call(t.fn, g, 0)
		}
	}
	c.arguments(g, 0)
	return nil
}

func (c *checker) callName(g *value.Gene, name *value.Symbol) *typ {
	b := c.names[name]
	if b == nil {
		if c.builtinName(name) {
			if e, v := builtinVariant(name.Name); e != nil {
				return c.construct(g, e, v)
			}
			if name.Name == "++" {
				return c.concat(g)
			}
			c.arguments(g, 0)
			return builtinResults[name.Name]
		}
		c.arguments(g, 0)
		return nil
	}
	if t := b.typ; t != nil && t.op == opBuiltin {
		if t.fn != nil {
			return c.call(t.fn, g, 0)
		}
		if uncallable[t.name] && (b.want != nil || b.isVar) {
			c.warn(genePos(g), "Type error: a call requires a callable, got %s", t)
		}
	}
	c.arguments(g, 0)
	return nil
}

// concat checks (++ a b …), which takes strings only.
func (c *checker) concat(g *value.Gene) *typ {
	if hasSpread(g.Children) || g.Props.Len() > 0 {
		c.arguments(g, 0)
		return tString
	}
	for i, v := range g.Children {
		if t := c.form(v, kidPos(g, i), nil); notString(t) {
			c.warn(kidPos(g, i), "Type error: ++ expects String arguments, got %s", t)
		}
	}
	return tString
}

// uncallable are kinds whose values certainly cannot be called.
var uncallable = map[string]bool{"Int": true, "Float": true, "String": true, "Bool": true, "Char": true, "Array": true}

// builtinResults are the results of built-in functions that give one kind only.
var builtinResults = map[string]*typ{"$": tString, "print": tNil, "println": tNil, "exit": tNever}

// newForm checks (new C …).
func (c *checker) newForm(g *value.Gene) *typ {
	if len(g.Children) == 0 {
		return nil
	}
	if symName(g.Children[0]) == "" {
		c.form(g.Children[0], kidPos(g, 0), nil)
		c.arguments(g, 1)
		return nil
	}
	t := c.resolve(g.Children[0])
	if t == nil || t.op != opClass || len(t.args) > 0 {
		c.arguments(g, 1)
		if t != nil && t.op == opBuiltin && c.names[g.Children[0].AsSymbol()] == nil {
			return t
		}
		return nil
	}
	if s := t.class.constructor(); s != nil {
		c.call(s, g, 1)
	} else {
		c.arguments(g, 1)
	}
	return &typ{op: opClass, class: t.class, exact: true}
}

// methodCall checks (obj .m …) and gives its result.
func (c *checker) methodCall(g *value.Gene) *typ {
	name := childName(g, 0)[1:]
	t := c.form(g.Type, headPos(g), nil)
	if t != nil && t.op == opClass && t.exact {
		if s := t.class.method(name); s != nil {
			m := *s
			m.top = true // the compiler knows the class as well
			return c.call(&m, g, 1)
		}
	}
	c.arguments(g, 1)
	c.knownMethod(t, name, kidPos(g, 0))
	return methodResult(t, name)
}

// knownMethod warns of a method that no value of type t has.
func (c *checker) knownMethod(t *typ, name string, pos value.Pos) {
	if c.o.Globals == nil || t == nil || compiler.AnsweredByAll(name) {
		return
	}
	for _, m := range t.members() {
		if m.op != opBuiltin || !fixedMethods[m.name] {
			return
		}
		v, ok := c.o.Globals.Get(value.Intern(m.name))
		if !ok || v.Kind() != value.KindClass {
			return
		}
		if f, _ := v.AsClass().Lookup(value.Intern(name)); f.IsSet() || v.AsClass().Missing.IsSet() {
			return
		}
	}
	c.warn(pos, "Type error: unknown method %s on %s", name, t)
}

// fixedMethods are the kinds whose values have the methods of their class and
// no others.
var fixedMethods = setOf("Int Float String Bool Char Symbol Array Map HashMap HashSet Range Date DateTime Time Bytes Regexp RegexpMatch Selector")

// methodResult gives what a method of a built-in kind gives, where that is one
// kind only.
func methodResult(t *typ, name string) *typ {
	if t == nil || t.op != opBuiltin {
		return nil
	}
	if name == "to_s" {
		return tString
	}
	return methodResults[t.name+"."+name]
}

var methodResults = map[string]*typ{
	"String.size": tInt, "String.length": tInt, "String.to_i": tInt, "String.to_f": tFloat,
	"String.to_upper": tString, "String.to_lower": tString, "String.trim": tString,
	"String.split": tArray, "String.chars": tArray, "String.empty?": tBool,
	"Array.size": tInt, "Array.length": tInt, "Array.empty?": tBool, "Array.join": tString,
	"Array.map": tArray, "Array.filter": tArray, "Array.sort": tArray, "Array.reverse": tArray,
	"Map.size": tInt, "Map.length": tInt, "Map.empty?": tBool, "Map.keys": tArray, "Map.values": tArray,
	"Int.to_f": tFloat, "Float.to_i": tInt,
}
