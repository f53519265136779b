package check

import (
	"slices"
	"strings"

	"gene/value"
)

// resolve gives the type that a type expression means; nil for Any and for
// names of which nothing is known.
func (c *checker) resolve(e value.Value) *typ {
	if c.depth++; c.depth > depthMax {
		return nil
	}
	defer func() { c.depth-- }()
	switch e.Kind() {
	case value.KindSymbol:
		return c.resolveName(e.AsSymbol())
	case value.KindNil:
		return tNil
	case value.KindGene:
		return c.resolveForm(e.AsGene())
	}
	return nil
}

func (c *checker) resolveName(s *value.Symbol) *typ {
	b := c.names[s]
	switch {
	case b == nil && c.builtinName(s):
		return c.builtinType(s)
	case b == nil:
		return nil
	case b.class != nil:
		return &typ{op: opClass, class: b.class}
	case b.enum != nil:
		return b.enum.typ()
	case b.alias.IsSet() && !b.open:
		b.open = true
		t := c.resolve(b.alias)
		b.open = false
		return t
	}
	return nil
}

func (c *checker) builtinType(s *value.Symbol) *typ {
	switch s.Name {
	case "int", "i64", "Int":
		return tInt
	case "float", "f64", "Float":
		return tFloat
	case "Any", "Object", "Actor":
		return nil
	case "Numeric":
		return tNumeric
	case "Collection":
		return &typ{op: opUnion, args: []*typ{tArray, tMap, tHashMap, builtin("HashSet")}}
	case "Result":
		return resultEnum.typ()
	case "Option":
		return optionEnum.typ()
	}
	if c.o.Globals != nil {
		if v, ok := c.o.Globals.Get(s); ok {
			if v.Kind() != value.KindClass {
				return nil
			}
			if v.AsClass().ForKind == value.KindUnset {
				return &typ{op: opClass, class: c.globalClass(v.AsClass())}
			}
		}
	}
	if value.BuiltinTypeName(s.Name) {
		return builtin(s.Name)
	}
	return nil
}

func (c *checker) resolveForm(g *value.Gene) *typ {
	parts := append([]value.Value{g.Type}, g.Children...)
	isBar := func(v value.Value) bool { return symName(v) == "|" }
	if slices.ContainsFunc(parts, isBar) {
		t := tNever
		for _, p := range parts {
			if !isBar(p) {
				t = union(t, c.resolve(p))
			}
		}
		return t
	}
	if headName(g) == "Fn" && c.builtinName(g.Type.AsSymbol()) {
		return c.resolveFn(g)
	}
	head := c.resolve(g.Type)
	if head == nil || len(g.Children) == 0 || head.op == opUnion {
		return head
	}
	applied := *head
	for _, a := range g.Children {
		applied.args = append(applied.args, c.resolve(a))
	}
	return &applied
}

// resolveFn gives the type of (Fn [P1 P2 ^k K] R) and (Fn [P] -> R).
func (c *checker) resolveFn(g *value.Gene) *typ {
	s := &signature{}
	for i, v := range g.Children {
		switch {
		case i == 0 && v.Kind() == value.KindArray:
			c.resolveParams(s, v.AsArray().Items)
		case i > 0 && symName(v) != "->":
			s.result = c.resolve(v)
		}
	}
	return &typ{op: opFn, fn: s}
}

func (c *checker) resolveParams(s *signature, items []value.Value) {
	for i := 0; i < len(items); i++ {
		p := param{}
		if name := symName(items[i]); len(name) > 1 && strings.HasPrefix(name, "^") && i+1 < len(items) {
			p.name, p.kind = value.Intern(name[1:]), paramKeyword
			i++
		}
		p.typ = c.resolve(items[i])
		s.params = append(s.params, p)
	}
}
