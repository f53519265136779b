package compiler

import (
	"strings"

	"gene/value"
)

// Symbols the compiler looks for.
var (
	symSelf   = value.Intern("self")
	symCaller = value.Intern("$caller environment") // no source text reads as this
	symAny    = value.Intern("_")
)

// nameInfo is what a body does with names, found before it is compiled. It
// goes by name alone, whatever variable a name stands for in its place, so it
// errs on the side of more captures and more assignments.
type nameInfo struct {
	captured map[*value.Symbol]bool // mentioned in functions inside
	assigned map[*value.Symbol]bool // assigned, here or inside
	env      bool                   // contains eval, a macro call or the like
	tries    bool
	super    bool // mentions super, here or inside
}

func analyse(forms []value.Value) *nameInfo { return analyseAs(forms, false) }

// analyseInside is analyse for forms that end up in a function inside.
func analyseInside(forms []value.Value) *nameInfo { return analyseAs(forms, true) }

func analyseAs(forms []value.Value, nested bool) *nameInfo {
	w := &nameWalk{info: &nameInfo{captured: map[*value.Symbol]bool{}, assigned: map[*value.Symbol]bool{}}}
	for _, v := range forms {
		w.form(v, nested)
	}
	return w.info
}

type nameWalk struct {
	info  *nameInfo
	depth int
}

func (w *nameWalk) mention(name string, nested bool) {
	if name == "super" {
		w.info.super = true
	}
	if nested {
		w.info.captured[value.Intern(baseName(name))] = true
	}
}

// baseName strips the marks that may stand around a name.
func baseName(s string) string {
	s = strings.TrimSuffix(s, "...")
	s = strings.TrimPrefix(s, ".<")
	s = strings.TrimPrefix(s, "<")
	s = strings.TrimSuffix(s, ">")
	s = strings.TrimPrefix(s, "^")
	if len(s) > 1 {
		s = strings.TrimSuffix(s, ":")
	}
	return s
}

func (w *nameWalk) form(v value.Value, nested bool) {
	if w.depth > 2*nestingMax {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	switch v.Kind() {
	case value.KindSymbol:
		w.mention(v.AsSymbol().Name, nested)
	case value.KindPath:
		for i, p := range v.AsPath().Parts {
			if i == 0 && p == "" {
				p = "self"
			}
			w.mention(p, nested)
		}
	case value.KindUnquote:
		w.form(v.AsUnquote().Form, nested)
	case value.KindArray:
		for _, e := range v.AsArray().Items {
			w.form(e, nested)
		}
	case value.KindMap:
		for _, e := range v.AsMap().Entries() {
			w.form(e.Val, nested)
		}
	case value.KindGene:
		w.gene(v.AsGene(), nested)
	}
}

func (w *nameWalk) gene(g *value.Gene, nested bool) {
	name := headName(g)
	switch name {
	case "fn", "method", "ctor", "block", "on_method_missing", "async", "->":
		nested = true
	case "eval":
		w.info.env = true
	case "$render":
		if len(g.Children) != 1 || quoted(g.Children[0]) == nil {
			w.info.env = true
		}
	case "try":
		w.info.tries = true
	}
	if g.Type.Kind() != value.KindGene && isMacroName(g.Type) {
		w.info.env = true
	}
	if op := childName(g, 0); op == "->" {
		nested = true
	} else if isAssignOp(op) && g.Type.Kind() == value.KindSymbol {
		w.info.assigned[g.Type.AsSymbol()] = true
	}
	if strings.HasPrefix(childName(g, 0), ".") {
		w.mention("self", nested)
	}
	if strings.HasPrefix(name, ".") {
		w.mention("self", nested)
	}
	w.form(g.Type, nested)
	for _, e := range g.Props.Entries() {
		w.form(e.Val, nested)
	}
	for _, c := range g.Children {
		w.form(c, nested)
	}
}

// headName gives the name of a Gene's head when that is a symbol, else "".
func headName(g *value.Gene) string { return symName(g.Type) }

func childName(g *value.Gene, i int) string {
	if i < len(g.Children) {
		return symName(g.Children[i])
	}
	return ""
}

func symName(v value.Value) string {
	if v.Kind() == value.KindSymbol {
		return v.AsSymbol().Name
	}
	return ""
}

func isAssignOp(s string) bool {
	switch s {
	case "=", "+=", "-=", "*=", "/=", "%=":
		return true
	}
	return false
}

// isMacroName tells whether a call by this head is the call of a macro.
func isMacroName(head value.Value) bool {
	switch head.Kind() {
	case value.KindSymbol:
		s := head.AsSymbol().Name
		return len(s) > 1 && strings.HasSuffix(s, "!") && s[0] != '.' || s == "$repl"
	case value.KindPath:
		parts := head.AsPath().Parts
		last := parts[len(parts)-1]
		return len(last) > 1 && strings.HasSuffix(last, "!") && last[0] != '.' && last[0] != '<'
	}
	return false
}

// quoted gives the Gene of a quoted form, or nil.
func quoted(v value.Value) *value.Gene {
	if v.Kind() == value.KindGene && v.AsGene().Type == value.SymQuote.Value() && len(v.AsGene().Children) == 1 {
		return v.AsGene()
	}
	return nil
}

// decl is a name that a form declares in the scope it stands in.
type decl struct {
	name  *value.Symbol
	word  string // the form that declares it: var, let, fn, class …
	maybe bool   // in a loop or a place that may be skipped
	path  string // "x" when spelled /x or $ns/x at the top level
	form  *value.Gene
}

// annotation is the type that a var or let gives its name, or unset.
func (d decl) annotation() value.Value {
	if d.word != "var" && d.word != "let" || len(d.form.Children) < 2 {
		return value.Value{}
	}
	if s := childName(d.form, 0); len(s) > 1 && strings.HasSuffix(s, ":") {
		return d.form.Children[1]
	}
	return value.Value{}
}

// declWalk collects the declarations inside forms that belong to the scope
// around them, in order.
type declWalk struct {
	decls []decl
	depth int
}

func declsIn(forms ...value.Value) []decl {
	w := &declWalk{}
	w.forms(forms, false)
	return w.decls
}

func (w *declWalk) forms(vs []value.Value, maybe bool) {
	for _, v := range vs {
		w.form(v, maybe)
	}
}

func (w *declWalk) form(v value.Value, maybe bool) {
	if w.depth > 2*nestingMax {
		return
	}
	w.depth++
	switch v.Kind() {
	case value.KindArray:
		w.forms(v.AsArray().Items, maybe)
	case value.KindMap:
		for _, e := range v.AsMap().Entries() {
			w.form(e.Val, maybe)
		}
	case value.KindGene:
		w.gene(v.AsGene(), maybe)
	}
	w.depth--
}

// declWords are the forms that bind a name.
var declWords = setOf("var let fn class ns enum object interface type")

// declaring tells whether a form with such a head is that form, and not an
// operation on a variable of that name (1.12).
func declaring(g *value.Gene) bool {
	if len(g.Children) == 0 {
		return true
	}
	first, op := g.Children[0], childName(g, 0)
	switch {
	case isAssignOp(op), op == "?", op == "->", isSelectorMark(first), isPathLookup(first):
		return false
	case op == "." || strings.HasPrefix(op, ".") && op != "...":
		return false
	}
	return !isInfixOp(first) || noInfix[headName(g)]
}

func (w *declWalk) gene(g *value.Gene, maybe bool) {
	if op := childName(g, 0); op == "->" {
		return
	} else if isAssignOp(op) {
		w.form(g.Type, maybe)
		w.forms(g.Children[1:], maybe)
		return
	}
	name, rest := headName(g), g.Children
	if name != "`" && !declaring(g) {
		name = ""
	}
	switch name {
	case "`", "method", "ctor", "block", "on_method_missing", "async", "->", "comptime", "import", "export", "implement":
		return
	case "&&", "||":
		maybe = true
	case "var", "let":
		if len(rest) > 0 {
			w.forms(rest[1:], maybe)
			w.target(rest[0], name, maybe, g)
		}
		return
	case "fn", "class", "ns", "enum", "object", "interface", "type":
		if len(rest) > 0 {
			w.name(rest[0], name, maybe, g)
		}
		return
	case "if", "ifel", "if_not", "case":
		if len(rest) > 1 && symName(rest[0]) == "not" {
			rest = rest[1:]
		}
		w.forms(rest[:min(1, len(rest))], maybe)
		return
	case "for":
		for i, c := range rest {
			if symName(c) == "in" && i+1 < len(rest) {
				w.form(rest[i+1], maybe)
				break
			}
		}
		return
	case "repeat", "$with", "$tap":
		w.forms(rest[:min(1, len(rest))], maybe)
		return
	case "while", "loop":
		maybe = true
	case "try":
		w.tryForms(rest)
		return
	}
	if isMacroName(g.Type) {
		return
	}
	for _, c := range rest {
		if s := symName(c); s == "&&" || s == "||" {
			maybe = true
		}
	}
	w.form(g.Type, maybe)
	for _, e := range g.Props.Entries() {
		w.form(e.Val, maybe)
	}
	w.forms(rest, maybe)
}

func (w *declWalk) tryForms(forms []value.Value) {
	handler := false
	for _, v := range forms {
		switch symName(v) {
		case "catch":
			handler = true
			continue
		case "finally":
			handler = false
			continue
		}
		if !handler {
			w.form(v, true)
		}
	}
}

// target notes what a var or let declares.
func (w *declWalk) target(t value.Value, word string, maybe bool, g *value.Gene) {
	switch t.Kind() {
	case value.KindSymbol, value.KindPath, value.KindString:
		w.name(t, word, maybe, g)
	case value.KindArray:
		p := t.AsArray().Items
		for i := 0; i < len(p); i++ {
			if symName(p[i]) == "=" {
				i++
				continue
			}
			if t := p[i]; t.Kind() == value.KindSymbol {
				w.name(value.Sym(strings.TrimSuffix(strings.TrimLeft(t.AsSymbol().Name, "^"), "...")), word, maybe, g)
			} else {
				w.target(t, word, maybe, g)
			}
		}
	case value.KindMap:
		for _, e := range t.AsMap().Entries() {
			w.target(e.Val, word, maybe, g)
		}
	}
}

func (w *declWalk) name(t value.Value, word string, maybe bool, g *value.Gene) {
	switch t.Kind() {
	case value.KindSymbol, value.KindString:
		var s string
		if t.Kind() == value.KindString {
			s = t.AsString()
		} else {
			s = t.AsSymbol().Name
		}
		if s == "..." || strings.HasPrefix(s, "$") {
			return
		}
		switch word {
		case "var", "let":
			if len(s) > 1 {
				s = strings.TrimSuffix(s, ":")
			}
		case "fn", "class", "object", "enum":
			if t.Kind() == value.KindSymbol {
				s, _ = splitGeneric(s)
			}
		}
		w.decls = append(w.decls, decl{name: value.Intern(s), word: word, maybe: maybe, form: g})
	case value.KindPath:
		if p := t.AsPath().Parts; len(p) == 2 && (p[0] == "" || p[0] == "$ns") {
			s := baseName(p[1])
			w.decls = append(w.decls, decl{name: value.Intern(s), word: word, maybe: maybe, path: s, form: g})
		}
	}
}

// assigns tells whether evaluating v can assign the variable called name.
func assigns(v value.Value, name *value.Symbol, depth int) bool {
	if depth > nestingMax {
		return true
	}
	depth++
	switch v.Kind() {
	case value.KindArray:
		for _, e := range v.AsArray().Items {
			if assigns(e, name, depth) {
				return true
			}
		}
	case value.KindMap:
		for _, e := range v.AsMap().Entries() {
			if assigns(e.Val, name, depth) {
				return true
			}
		}
	case value.KindGene:
		g := v.AsGene()
		if isAssignOp(childName(g, 0)) && symName(g.Type) == name.Name {
			return true
		}
		if assigns(g.Type, name, depth) {
			return true
		}
		for _, e := range g.Props.Entries() {
			if assigns(e.Val, name, depth) {
				return true
			}
		}
		for _, c := range g.Children {
			if assigns(c, name, depth) {
				return true
			}
		}
	}
	return false
}
