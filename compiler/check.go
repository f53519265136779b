package compiler

import (
	"strings"

	"gene/value"
)

// arity is how many positional arguments a function takes.
type arity struct {
	max  int
	rest bool
	any  bool // an empty parameter list
}

// arityOf counts the parameters of a list without judging it.
func arityOf(vs []value.Value) *arity {
	a := &arity{any: len(vs) == 0}
	for i := 0; i < len(vs); i++ {
		s := symName(vs[i])
		switch {
		case s == "=":
			i++
			continue
		case s == "...":
			a.rest = true
			continue
		}
		typed := strings.HasSuffix(s, ":") && len(s) > 1
		if vs[i].Kind() == value.KindPath {
			typed = strings.HasSuffix(lastPart(vs[i]), ":")
		}
		if strings.HasSuffix(strings.TrimSuffix(s, ":"), "...") && !strings.HasPrefix(s, "^") {
			a.rest = true
		} else if !strings.HasPrefix(s, "^") {
			a.max++
		}
		if typed {
			i++
		}
	}
	return a
}

// classInfo is what the text of a class says.
type classInfo struct {
	name    string
	parent  string // "" for Object
	dynamic bool   // the parent is an expression
	methods map[string]*arity
	fields  map[string]bool // declared
	open    bool            // no field is declared
	touched map[string]bool // assigned somewhere in the class
	missing bool            // has on_method_missing
}

func readClass(name string, g *value.Gene) *classInfo {
	c := &classInfo{name: name, methods: map[string]*arity{}, fields: map[string]bool{}, touched: map[string]bool{}, open: true}
	if childName(g, 1) == "<" && len(g.Children) > 2 {
		c.parent = symName(g.Children[2])
		c.dynamic = c.parent == ""
	}
	if v, ok := g.Props.GetText("fields"); ok && v.Kind() == value.KindMap {
		c.open = false
		for _, e := range v.AsMap().Entries() {
			if e.Key != nil {
				c.fields[e.Key.Name] = true
			}
		}
	}
	for _, v := range g.Children {
		if v.Kind() == value.KindGene {
			c.member(v.AsGene())
		}
		c.touches(v, 0)
	}
	return c
}

func (c *classInfo) member(m *value.Gene) {
	switch headName(m) {
	case "method":
		if len(m.Children) > 1 && m.Children[1].Kind() == value.KindArray {
			c.methods[textOf(m.Children[0])] = arityOf(m.Children[1].AsArray().Items)
		}
		if len(m.Children) > 0 && textOf(m.Children[0]) == "on_method_missing" {
			c.missing = true
		}
	case "on_method_missing":
		c.missing = true
	case "field", "prop":
		if len(m.Children) > 0 {
			c.fields[strings.TrimSuffix(childName(m, 0), ":")] = true
			c.open = false
		}
	}
}

// touches notes all members that the class's text mentions in a path.
func (c *classInfo) touches(v value.Value, depth int) {
	if depth > nestingMax {
		return
	}
	switch v.Kind() {
	case value.KindPath:
		for _, p := range v.AsPath().Parts {
			c.touched[strings.TrimSuffix(p, ":")] = true
		}
	case value.KindArray:
		for _, e := range v.AsArray().Items {
			c.touches(e, depth+1)
		}
	case value.KindGene:
		g := v.AsGene()
		c.touches(g.Type, depth+1)
		for _, e := range g.Children {
			c.touches(e, depth+1)
		}
	}
}

func (fs *facts) class(name string) *classInfo {
	if name == "" {
		return nil
	}
	return fs.classes[name]
}

// infer notes what the initial value says of a variable.
func (f *fn) infer(v *variable, init value.Value) {
	if f.c.facts.assigned[v.name] {
		return
	}
	v.class = f.newClass(init)
	if init.Kind() == value.KindPath {
		if p := init.AsPath().Parts; len(p) == 2 {
			if e := f.findEnum(p[0]); e != nil && e.variant(p[1]) != nil {
				v.alias = true
			}
		}
	} else if s := symName(init); s == "Ok" || s == "Err" || s == "Some" || s == "None" {
		v.alias = true
	}
}

// newClass gives the class of a (new C …) form.
func (f *fn) newClass(v value.Value) *classInfo {
	if v.Kind() != value.KindGene || headName(v.AsGene()) != "new" || len(v.AsGene().Children) == 0 {
		return nil
	}
	name := childName(v.AsGene(), 0)
	if x := f.lookup(value.Intern(name)); name == "" || x == nil || x.kind != varCell {
		return nil
	}
	return f.c.facts.class(name)
}

func (f *fn) knownClass(v value.Value) *classInfo {
	if v.Kind() == value.KindSymbol {
		if x := f.lookup(v.AsSymbol()); x != nil {
			return x.class
		}
		return nil
	}
	return f.newClass(v)
}

// checkCall refuses too many positional arguments to a function of the top
// level that is never reassigned.
func (f *fn) checkCall(g *value.Gene) {
	name := headName(g)
	if name == "" || hasSpread(g.Children) {
		return
	}
	a := f.c.facts.fns[name]
	sym := g.Type.AsSymbol()
	if a == nil || a.rest || a.any || f.c.facts.assigned[sym] || f.c.facts.defined[sym] != 1 {
		return
	}
	if v := f.lookup(sym); v == nil || v != f.c.root.vars[sym] && v.kind != varFn {
		return
	}
	if n := len(g.Children); n > a.max {
		f.fail("Type error: too many positional arguments in call (expected %d, got %d)", a.max, n)
	}
}

// checkMethod refuses what 9.9 says of a method call on a known class.
func (f *fn) checkMethod(g *value.Gene, name string) {
	c := f.knownClass(g.Type)
	if c == nil {
		return
	}
	args := g.Children[1:]
	found, certain := f.findMethod(c, name, len(args) == 0 && g.Props.Len() == 0)
	if found != nil && !hasSpread(args) && !found.rest && len(args) > found.max {
		f.fail("Type error: too many positional arguments in method %s (expected %d, got %d)", name, found.max, len(args))
	}
	if found == nil && certain && !f.inOperand {
		f.fail("Type error: unknown method %s on %s", name, c.name)
	}
}

// findMethod looks a method up along the chain of a class; certain tells that
// nothing can answer the call when none is found.
func (f *fn) findMethod(c *classInfo, name string, noArgs bool) (m *arity, certain bool) {
	for depth := 0; depth < 100; depth++ {
		if m := c.methods[name]; m != nil {
			return m, true
		}
		if c.missing || c.dynamic || noArgs && (c.fields[name] || c.touched[name]) {
			return nil, false
		}
		if c.parent == "" {
			return nil, !f.builtinMethod("Object", name)
		}
		next := f.c.facts.class(c.parent)
		if next == nil {
			return nil, false
		}
		c = next
	}
	return nil, false
}

// objectMethods are answered by every value, whatever the VM's class says.
var objectMethods = setOf("class is to_s hash iter call to_json respond_to")

func (f *fn) builtinMethod(class, name string) bool {
	if objectMethods[name] {
		return true
	}
	if f.c.mod.Globals == nil {
		return false
	}
	v, ok := f.c.mod.Globals.Get(value.Intern(class))
	if !ok || v.Kind() != value.KindClass {
		return false
	}
	m, _ := v.AsClass().Lookup(value.Intern(name))
	return m.IsSet()
}

// checkField refuses the assignment of an undeclared field where the class is
// known and declares its fields.
func (f *fn) checkField(g *value.Gene, segs []segment) {
	if len(segs) != 2 || segs[1].kind != segName || segs[0].name == "" {
		return
	}
	known := f.knownClass(value.Sym(segs[0].name))
	open := true
	for c := known; c != nil; c = f.c.facts.class(c.parent) {
		if c.fields[segs[1].name] || c.dynamic || c.parent != "" && f.c.facts.class(c.parent) == nil {
			return
		}
		open = open && c.open
	}
	if known != nil && !open {
		f.fail("Unknown field: %s on class %s", segs[1].name, known.name)
	}
}
