package check

import (
	"strings"

	"gene/value"
)

// enum is what a declaration says of an enum.
type enum struct {
	name     string
	variants []variant
}

// variant is one of its variants.
type variant struct {
	name   string
	fields []field
}

// field is one part of a payload.
type field struct {
	name string
	typ  *typ
}

var (
	resultEnum = &enum{"Result", []variant{{"Ok", []field{{name: "value"}}}, {"Err", []field{{name: "error"}}}}}
	optionEnum = &enum{"Option", []variant{{"Some", []field{{name: "value"}}}, {"None", nil}}}
)

// builtinVariant finds Ok, Err, Some and None.
func builtinVariant(name string) (*enum, *variant) {
	for _, e := range []*enum{resultEnum, optionEnum} {
		if v := e.variant(name); v != nil {
			return e, v
		}
	}
	return nil, nil
}

func (e *enum) builtin() bool { return e == resultEnum || e == optionEnum }

func (e *enum) variant(name string) *variant {
	for i := range e.variants {
		if e.variants[i].name == name {
			return &e.variants[i]
		}
	}
	return nil
}

func (e *enum) typ() *typ { return &typ{op: opEnum, enum: e} }

// payload gives the type of a field of a variant, for a value of type t: what
// is applied to Result and Option tells it for theirs.
func (v *variant) payload(i int, t *typ) *typ {
	if t != nil && t.op == opEnum && t.enum.builtin() {
		at := 0
		if v.name == "Err" {
			at = 1
		}
		if at < len(t.args) {
			return t.args[at]
		}
	}
	return v.fields[i].typ
}

// fillEnum reads an enum form; it gives false when the compiler refuses it.
func (c *checker) fillEnum(e *enum, g *value.Gene) bool {
	_, generic := splitGeneric(childName(g, 0))
	m := c.mark()
	defer c.leave(m)
	for _, n := range generic {
		c.unknown(value.Intern(n))
	}
	list := g.Children[1:]
	if v, ok := g.Props.GetText("values"); ok {
		if v.Kind() != value.KindArray {
			return false
		}
		list = append(append([]value.Value{}, list...), v.AsArray().Items...)
	}
	for _, v := range list {
		switch {
		case symName(v) != "":
			e.variants = append(e.variants, variant{name: symName(v)})
		case v.Kind() == value.KindGene && headName(v.AsGene()) != "":
			e.variants = append(e.variants, variant{headName(v.AsGene()), c.fields(v.AsGene())})
		default:
			return false
		}
	}
	return true
}

func (c *checker) fields(g *value.Gene) []field {
	var out []field
	for i := 0; i < len(g.Children); i++ {
		s := childName(g, i)
		f := field{name: strings.TrimSuffix(s, ":")}
		if f.name != s && i+1 < len(g.Children) {
			i++
			f.typ = c.resolve(g.Children[i])
		}
		out = append(out, f)
	}
	return out
}

// enumForm declares an enum where that wasn't done ahead.
func (c *checker) enumForm(g *value.Gene) {
	name, _ := splitGeneric(childName(g, 0))
	if name == "" {
		return
	}
	sym := value.Intern(name)
	if b := c.names[sym]; b != nil && b.enum != nil && c.fn == nil {
		return
	}
	e := &enum{name: name}
	if !c.fillEnum(e, g) || c.facts.assigned[sym] || c.ambiguous(sym) {
		c.unknown(sym)
		return
	}
	c.bind(sym, &binding{typ: tEnumType, enum: e})
}

// enumNamed gives the enum that a name stands for here.
func (c *checker) enumNamed(name string) *enum {
	sym := value.Intern(name)
	if b := c.names[sym]; b != nil {
		return b.enum
	}
	if c.builtinName(sym) {
		switch name {
		case "Result":
			return resultEnum
		case "Option":
			return optionEnum
		}
	}
	return nil
}

// construct checks (Enum/Variant …): all fields, by place or by name.
func (c *checker) construct(g *value.Gene, e *enum, v *variant) *typ {
	t := e.typ()
	if hasSpread(g.Children) || hasSpreadProps(g.Props) {
		c.arguments(g, 0)
		return t
	}
	label := e.name + "/" + v.name
	n, kw := len(g.Children), g.Props.Len()
	switch {
	case n > 0 && kw > 0:
		c.warn(genePos(g), "Type error: variant %s cannot mix positional and keyword arguments", label)
	case kw == 0 && n != len(v.fields):
		c.warn(genePos(g), "Type error: variant %s expects %d arguments%s, got %d", label, len(v.fields), v.list(), n)
	case kw > 0:
		c.constructKeywords(g, v, label)
	}
	for i, a := range g.Children {
		c.form(a, kidPos(g, i), v.boundary(label, i))
	}
	for i, p := range g.Props.Entries() {
		if p.Key != nil {
			c.form(p.Val, propPos(g, i), v.boundary(label, v.index(p.Key.Name)))
		}
	}
	return t
}

func (c *checker) constructKeywords(g *value.Gene, v *variant, label string) {
	for i, p := range g.Props.Entries() {
		if p.Key != nil && v.index(p.Key.Name) < 0 {
			c.warn(propPos(g, i), "Type error: unexpected keyword argument %s of variant %s%s", p.Key.Name, label, v.list())
		}
	}
	for _, f := range v.fields {
		if _, ok := g.Props.GetText(f.name); !ok {
			c.warn(genePos(g), "Type error: missing keyword argument %s of variant %s", f.name, label)
		}
	}
}

func (v *variant) index(name string) int {
	for i := range v.fields {
		if v.fields[i].name == name {
			return i
		}
	}
	return -1
}

// list names the fields, for messages.
func (v *variant) list() string {
	if len(v.fields) == 0 {
		return ""
	}
	names := make([]string, len(v.fields))
	for i, f := range v.fields {
		names[i] = f.name
	}
	return " (" + strings.Join(names, ", ") + ")"
}

func (v *variant) boundary(label string, i int) *boundary {
	if i < 0 || i >= len(v.fields) || v.fields[i].typ == nil {
		return nil
	}
	return &boundary{want: v.fields[i].typ, place: "field " + label + "." + v.fields[i].name, convert: true, payload: true}
}
