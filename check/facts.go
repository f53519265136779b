package check

import (
	"strings"

	"gene/compiler"
	"gene/syntax"
	"gene/value"
)

// local is a name that is assigned inside a function that isn't inside another
// one.
type local struct {
	fn   *value.Gene
	name *value.Symbol
}

// facts are what is known of a module's names before it is walked. They go by
// name alone, whatever variable a name stands for in its place, so they err on
// the side of knowing less.
type facts struct {
	assigned map[*value.Symbol]bool // assigned somewhere
	local    map[local]bool
	inside   *value.Gene           // the function of that kind that is being read
	defined  map[*value.Symbol]int // how often declared outside functions
	// dynamic is set when code may run that cannot be seen in its place:
	// macros, eval, comptime.
	dynamic bool
	depth   int
}

func (f *facts) collect(forms []value.Value) {
	f.assigned = map[*value.Symbol]bool{}
	f.defined = map[*value.Symbol]int{}
	f.local = map[local]bool{}
	for _, v := range forms {
		f.form(v, false)
	}
}

func (f *facts) form(v value.Value, inFn bool) {
	if f.depth > syntax.MaxDepth+10 {
		return
	}
	f.depth++
	switch v.Kind() {
	case value.KindArray:
		for _, e := range v.AsArray().Items {
			f.form(e, inFn)
		}
	case value.KindMap:
		f.props(v.AsMap(), inFn)
	case value.KindGene:
		f.gene(v.AsGene(), inFn)
	}
	f.depth--
}

func (f *facts) props(m *value.Map, inFn bool) {
	for _, e := range m.Entries() {
		f.form(e.Val, inFn)
	}
}

func (f *facts) gene(g *value.Gene, inFn bool) {
	if op := childName(g, 0); isAssignOp(op) {
		f.assign(g.Type)
	} else if op == "->" && !inFn {
		f.outermost(g)
		return
	}
	switch headName(g) {
	case "`":
		if compiler.ShapeOf(g) == compiler.ShapeQuote {
			return
		}
	case "var", "let", "fn", "class", "ns", "enum", "object", "interface", "type":
		f.declare(g, inFn)
	case "import":
		f.imports(g)
	case "eval", "$caller_eval", "comptime":
		f.dynamic = true
	case "$render":
		f.dynamic = f.dynamic || len(g.Children) != 1 || headOf(g.Children[0]) != "`"
	}
	switch headName(g) {
	case "fn", "method", "ctor", "block", "on_method_missing", "async", "->":
		if !inFn {
			f.outermost(g)
			return
		}
	}
	f.parts(g, inFn)
}

// outermost reads a function that isn't inside another one.
func (f *facts) outermost(g *value.Gene) {
	f.inside = g
	f.parts(g, true)
	f.inside = nil
}

func (f *facts) parts(g *value.Gene, inFn bool) {
	if g.Type.Kind() == value.KindGene {
		f.form(g.Type, inFn)
	} else if isMacro(g.Type) {
		f.dynamic = true
	}
	f.props(g.Props, inFn)
	for _, v := range g.Children {
		switch v.Kind() {
		case value.KindGene, value.KindArray, value.KindMap:
			f.form(v, inFn)
		}
	}
}

func headOf(v value.Value) string {
	if v.Kind() == value.KindGene {
		return headName(v.AsGene())
	}
	return ""
}

// assign notes the target of an assignment. A member of self or of the module
// may be a variable of the module.
func (f *facts) assign(t value.Value) {
	switch t.Kind() {
	case value.KindSymbol:
		f.note(t.AsSymbol())
	case value.KindPath:
		p := t.AsPath().Parts
		if len(p) == 2 && (p[0] == "" || p[0] == "self" || p[0] == "$ns") {
			f.note(value.Intern(strings.TrimSuffix(p[1], ":")))
		}
	}
}

func (f *facts) note(name *value.Symbol) {
	f.assigned[name] = true
	if f.inside != nil {
		f.local[local{f.inside, name}] = true
	}
}

// declare counts the names that a declaration outside functions binds; of a
// pattern all symbols, which is more than it binds.
func (f *facts) declare(g *value.Gene, inFn bool) {
	if len(g.Children) == 0 {
		return
	}
	t := g.Children[0]
	if t.Kind() == value.KindPath {
		f.assign(t)
		return
	}
	if inFn {
		return
	}
	switch t.Kind() {
	case value.KindSymbol, value.KindString:
		name, _ := splitGeneric(textOf(t))
		f.defined[value.Intern(strings.TrimSuffix(name, ":"))]++
	case value.KindArray, value.KindMap:
		f.pattern(t)
	}
}

func (f *facts) pattern(t value.Value) {
	eachName(t, func(name *value.Symbol) { f.defined[name]++ })
}

// eachName gives every symbol of a binding pattern.
func eachName(t value.Value, do func(name *value.Symbol)) {
	switch t.Kind() {
	case value.KindSymbol:
		do(value.Intern(strings.Trim(t.AsSymbol().Name, "^.")))
	case value.KindArray:
		for _, e := range t.AsArray().Items {
			eachName(e, do)
		}
	case value.KindMap:
		for _, e := range t.AsMap().Entries() {
			if e.Val.Kind() == value.KindBool && e.Key != nil {
				do(e.Key)
				continue
			}
			eachName(e.Val, do)
		}
	}
}

// imports counts the names that an import binds.
func (f *facts) imports(g *value.Gene) {
	var each func(v value.Value)
	each = func(v value.Value) {
		s := symName(v)
		switch v.Kind() {
		case value.KindPath:
			p := v.AsPath().Parts
			s = p[len(p)-1]
		case value.KindArray:
			for _, e := range v.AsArray().Items {
				each(e)
			}
		}
		if name, alias, ok := strings.Cut(s, ":"); ok {
			s = alias
		} else {
			s = name
		}
		if s != "" {
			f.defined[value.Intern(s)]++
		}
	}
	for _, v := range g.Children {
		each(v)
	}
}
