package check

import (
	"strings"

	"gene/value"
)

// class is what the text of a class says, or a built-in class.
type class struct {
	name    string
	global  *value.Class // of a built-in class
	parent  *class       // nil for Object
	vague   bool         // the parent isn't known
	ctor    *signature
	methods map[string]*signature
	fields  map[string]*typ // of (field name Type); those of ^fields aren't checked
}

// verdict is an answer that may be unsure.
type verdict uint8

const (
	certainlyNot verdict = iota
	perhaps
	certainly
)

// isA tells whether c is k or a subclass of it.
func (c *class) isA(k *class) verdict {
	for depth := 0; c != nil && depth < 100; depth++ {
		switch {
		case c == k:
			return certainly
		case c.vague:
			return perhaps
		case c.global != nil:
			if k.global != nil && c.global.IsA(k.global) {
				return certainly
			}
			return certainlyNot
		}
		c = c.parent
	}
	if c != nil {
		return perhaps
	}
	return certainlyNot
}

// find follows the chain of parents to what get gives; certain tells that all
// of the chain is known.
func find[T comparable](c *class, get func(*class) T) (found T, certain bool) {
	var none T
	for depth := 0; c != nil && depth < 100; depth++ {
		if x := get(c); x != none {
			return x, true
		}
		if c.vague || c.global != nil {
			return none, false
		}
		c = c.parent
	}
	return none, true
}

func (c *class) method(name string) *signature {
	m, _ := find(c, func(k *class) *signature { return k.methods[name] })
	return m
}

func (c *class) constructor() *signature {
	m, _ := find(c, func(k *class) *signature { return k.ctor })
	return m
}

func (c *class) field(name string) *typ {
	t, _ := find(c, func(k *class) *typ { return k.fields[name] })
	return t
}

// classParts gives the index of a class's parent, or -1, and of its body.
func classParts(g *value.Gene) (parent, body int) {
	parent, body = -1, 1
	if childName(g, body) == "<" {
		parent, body = body+1, body+2
	}
	if childName(g, body) == "implements" {
		body += 2
	}
	return parent, min(body, len(g.Children))
}

// fillClass reads a class form once the names it may use are declared.
func (c *checker) fillClass(k *class, g *value.Gene) {
	parent, body := classParts(g)
	if parent >= 0 {
		k.vague = true
		if parent < len(g.Children) {
			if t := c.resolve(g.Children[parent]); t != nil && t.op == opClass && t.class != k {
				k.parent, k.vague = t.class, false
			}
		}
	}
	for _, v := range g.Children[body:] {
		if v.Kind() == value.KindGene {
			c.fillMember(k, v.AsGene())
		}
	}
}

func (c *checker) fillMember(k *class, m *value.Gene) {
	switch headName(m) {
	case "method":
		if f := readFn(m); f != nil && f.name != "" {
			if k.methods == nil {
				k.methods = map[string]*signature{}
			}
			k.methods[f.name] = c.signature(f, true)
		}
	case "ctor":
		if f := readFn(m); f != nil && f.name == "" {
			k.ctor = c.signature(f, true)
		}
	case "field", "prop":
		if len(m.Children) > 1 {
			if t := c.resolve(m.Children[1]); t != nil {
				if k.fields == nil {
					k.fields = map[string]*typ{}
				}
				k.fields[strings.TrimSuffix(childName(m, 0), ":")] = t
			}
		}
	}
}

// globalClass gives a built-in class by its own.
func (c *checker) globalClass(v *value.Class) *class {
	return &class{name: v.Name, global: v}
}

// classForm checks a class and declares it, unless that was done ahead.
func (c *checker) classForm(g *value.Gene) {
	k := c.declareClass(g)
	_, body := classParts(g)
	m := c.mark()
	self, inClass := c.self, c.inClass
	c.self, c.inClass = k, true
	for i := body; i < len(g.Children); i++ {
		v := g.Children[i]
		if v.Kind() == value.KindGene && c.member(v.AsGene()) {
			continue
		}
		c.self = nil
		c.form(v, kidPos(g, i), nil)
		c.self = k
	}
	c.self, c.inClass = self, inClass
	c.leave(m)
}

// declareClass gives the class of a form, declaring it in scopes where that
// wasn't done ahead.
func (c *checker) declareClass(g *value.Gene) *class {
	name, _ := splitGeneric(childName(g, 0))
	if name == "" {
		return nil
	}
	sym := value.Intern(name)
	if b := c.names[sym]; b != nil && b.class != nil && c.fn == nil {
		return b.class
	}
	if headName(g) == "object" {
		c.unknown(sym)
		return nil
	}
	k := &class{name: name}
	b := c.bind(sym, &binding{typ: tClass})
	if !c.facts.assigned[sym] && !c.ambiguous(sym) {
		b.class = k
	}
	c.fillClass(k, g)
	return k
}

// member checks a member of a class body; it gives false for any other form.
func (c *checker) member(m *value.Gene) bool {
	switch headName(m) {
	case "method", "ctor", "on_method_missing":
		if s := c.memberSignature(m); s != nil {
			c.function(s.form, s, true)
		}
	case "field", "prop":
	default:
		return false
	}
	return true
}

// memberSignature gives the signature of a method or constructor, nil when the
// compiler refuses it.
func (c *checker) memberSignature(m *value.Gene) *signature {
	if k := c.self; k != nil {
		if k.ctor != nil && k.ctor.form.g == m {
			return k.ctor
		}
		if len(m.Children) > 0 {
			if s := k.methods[textOf(m.Children[0])]; s != nil && s.form.g == m {
				return s
			}
		}
	}
	if f := readFn(m); f != nil {
		return c.signature(f, true)
	}
	return nil
}

// implementForm checks the bodies of (implement I for C …), where self is an
// adapter.
func (c *checker) implementForm(g *value.Gene) {
	self, inClass := c.self, c.inClass
	c.self, c.inClass = nil, true
	for i, v := range g.Children {
		if v.Kind() == value.KindGene && !c.member(v.AsGene()) {
			c.form(v, kidPos(g, i), nil)
		}
	}
	c.self, c.inClass = self, inClass
}
