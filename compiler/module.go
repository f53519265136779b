package compiler

import (
	"strings"

	"gene/syntax"
	"gene/value"
)

// facts are what is known of a module's top level before it is compiled.
type facts struct {
	info     *nameInfo
	assigned map[*value.Symbol]bool
	defined  map[*value.Symbol]int // how often a name is declared at the top level
	spelled  map[string]bool       // names that are importable by their spelling, or exported
	wildcard bool                  // has an import of everything
	fns      map[string]*arity
	classes  map[string]*classInfo
	enums    map[string]*enumInfo
	deps     map[string]value.Value // package name: ^path of its $dep
	top      *value.Gene            // the top-level form being compiled
}

// hoistedForms are the declarations that run before the other top-level forms.
var hoistedForms = setOf("fn class ns enum type object interface implement import comptime $dep")

func hoisted(v value.Value) bool {
	if v.Kind() != value.KindGene {
		return false
	}
	g := v.AsGene()
	head := headName(g)
	if !hoistedForms[head] || len(g.Children) == 0 {
		return false
	}
	if !declaring(g) {
		return false
	}
	return head != "fn" || g.Children[0].Kind() != value.KindArray
}

// module compiles a whole file: declarations first, then the rest in order.
func (c *compiler) module(file *syntax.File) *Proto {
	f := c.newFn(nil, "")
	f.p.Flags |= FlagModule
	f.pos = value.Pos{Line: 1, Col: 1}
	c.root = newScope(nil, f)
	c.root.module = true
	c.root.set(symSelf, &variable{name: symSelf, kind: varConst, val: c.mod.NS.Value(), declared: true})
	f.scope = c.root
	forms, pos := c.expandComptime(file)
	c.analyseTop(forms)
	f.info = c.facts.info
	c.guard(func() { c.declareTop(forms, f) })
	res := -1
	if n := len(forms); n > 0 && hoisted(forms[n-1]) {
		res = f.alloc()
		f.keep(res)
		f.emit(OpLoadNil, res, 0, 0, 0)
	}
	compile := func(i int, d dest) {
		f.topForm(forms[i], pos[i], d)
	}
	for i, v := range forms {
		if hoisted(v) {
			d := dstDrop
			if i == len(forms)-1 {
				d = dest(res)
			}
			compile(i, d)
		}
	}
	f.callInit(forms)
	for i, v := range forms {
		if !hoisted(v) {
			d := dstDrop
			if i == len(forms)-1 {
				d = dstTail
			}
			compile(i, d)
		}
	}
	if res >= 0 {
		f.emit(OpRet, res, 0, 0, 0)
	}
	c.guard(f.finish)
	for _, v := range c.root.vars {
		f.debugVar(v)
	}
	return f.p
}

// topForm compiles one top-level form; an error in it leaves the others alone.
func (f *fn) topForm(v value.Value, pos value.Pos, d dest) {
	top, local := f.top, f.localTop
	scope, ctx, tries := f.scope, f.ctx, f.tries
	if pos.Line != 0 {
		f.pos = pos
	}
	at := f.pos
	f.c.facts.top = nil
	if v.Kind() == value.KindGene {
		f.c.facts.top = v.AsGene()
	}
	if !f.c.guard(func() {
		f.sequence([]value.Value{v}, func(int) value.Pos { return pos }, d, true)
	}) {
		f.top, f.localTop = top, local
		f.scope, f.ctx, f.tries, f.pos, f.inOperand = scope, ctx, tries, at, false
	}
}

// onlyInit makes sure that a module has one __init__ at most.
func (f *fn) onlyInit(forms []value.Value) {
	seen := false
	for _, v := range forms {
		if !hoisted(v) || headName(v.AsGene()) != "fn" || childName(v.AsGene(), 0) != "__init__" {
			continue
		}
		if seen {
			pos := f.pos
			if l := v.AsGene().Loc; l != nil {
				pos = l.Pos
			}
			f.c.errorAt(pos, "", "a module may have only one __init__")
		}
		seen = true
	}
}

// callInit calls the module's own __init__.
func (f *fn) callInit(forms []value.Value) {
	name := value.Intern("__init__")
	f.c.guard(func() { f.onlyInit(forms) })
	v := f.c.root.vars[name]
	if v == nil || v.kind != varCell || f.c.facts.fns["__init__"] == nil && f.c.facts.defined[name] == 0 {
		return
	}
	mark := f.top
	w := f.alloc()
	f.load(f.c.mod.NS.Value(), w)
	f.emit(OpCallCell, w, 1, 0, f.k(v.cell.Value()))
	f.release(mark)
}

// analyseTop collects the facts of top-level forms.
func (c *compiler) analyseTop(forms []value.Value) {
	info := analyse(forms)
	c.facts = facts{
		info: info, assigned: info.assigned, defined: map[*value.Symbol]int{}, spelled: map[string]bool{},
		fns: map[string]*arity{}, classes: map[string]*classInfo{}, enums: map[string]*enumInfo{},
		deps: map[string]value.Value{},
	}
	s := &spellings{out: c.facts.spelled}
	for _, v := range forms {
		s.form(v, 0)
		if v.Kind() == value.KindGene {
			c.topFacts(v.AsGene())
		}
	}
}

func (c *compiler) topFacts(g *value.Gene) {
	switch headName(g) {
	case "import":
		for _, v := range g.Children {
			if symName(v) == "*" || v.Kind() == value.KindPath && lastPart(v) == "*" {
				c.facts.wildcard = true
			}
		}
	case "$dep":
		if p, ok := g.Props.GetText("path"); ok && len(g.Children) > 0 && g.Children[0].Kind() == value.KindString {
			c.facts.deps[g.Children[0].AsString()] = p
		}
	case "fn":
		if name := childName(g, 0); name != "" && len(g.Children) > 1 && g.Children[1].Kind() == value.KindArray {
			name, _ = splitGeneric(name)
			c.facts.fns[name] = arityOf(g.Children[1].AsArray().Items)
		}
	case "class":
		if name := childName(g, 0); name != "" && !isInfixOp(g.Children[0]) {
			name, _ = splitGeneric(name)
			c.facts.classes[name] = readClass(name, g)
		}
	case "enum":
		if e := readEnum(g, func(string, ...any) {}); e != nil {
			c.facts.enums[e.name] = e
		}
	}
}

// spellings finds the names that are spelled $ns/x, which makes them members
// of the module's namespace.
type spellings struct{ out map[string]bool }

func (s *spellings) form(v value.Value, depth int) {
	if depth > 2*nestingMax {
		return
	}
	switch v.Kind() {
	case value.KindPath:
		if p := v.AsPath().Parts; len(p) > 1 && (p[0] == "$ns" || p[0] == "" || p[0] == "self") {
			s.out[baseName(p[1])] = true
		}
	case value.KindArray:
		for _, e := range v.AsArray().Items {
			s.form(e, depth+1)
		}
	case value.KindMap:
		for _, e := range v.AsMap().Entries() {
			s.form(e.Val, depth+1)
		}
	case value.KindGene:
		g := v.AsGene()
		if headName(g) == "export" {
			for _, n := range exportNames(g) {
				s.out[symName(n)] = true
			}
		}
		s.form(g.Type, depth+1)
		for _, e := range g.Props.Entries() {
			s.form(e.Val, depth+1)
		}
		for _, c := range g.Children {
			s.form(c, depth+1)
		}
	}
}

// topRegsMax is how many registers top-level variables may take.
const topRegsMax = 120

// declareTop makes the variables of the top level. A variable that no function
// mentions, and that nothing outside can see, gets a register.
func (c *compiler) declareTop(forms []value.Value, f *fn) {
	for _, v := range forms {
		for _, d := range declsIn(v) {
			c.facts.defined[d.name]++
		}
	}
	regs := 0
	for _, v := range forms {
		for _, d := range declsIn(v) {
			if c.root.vars[d.name] != nil || d.name == symSelf {
				continue
			}
			isVar := d.word == "var" || d.word == "let"
			if isVar && d.path == "" && regs < topRegsMax && c.inRegister(d.name) {
				regs++
				c.root.set(d.name, &variable{name: d.name, kind: varReg, fn: f, reg: -1, isVar: true, let: d.word == "let"})
				continue
			}
			bind := d.path != ""
			switch d.word {
			case "fn", "class", "ns", "interface":
				bind = true
			}
			v := c.topCell(d.name, d.word, bind)
			v.let = d.word == "let"
			if t := d.annotation(); t.IsSet() && c.o.TypeCheck && c.facts.defined[d.name] == 1 {
				// Hoisted functions that assign it are compiled before its var.
				v.typ = f.typeSpec(t, "variable", false, nil)
			}
		}
	}
	for name, e := range c.facts.enums {
		if c.facts.defined[value.Intern(name)] == 1 {
			c.root.enums = append(c.root.enums, e)
		}
	}
	sortEnums(c.root.enums)
	for name := range c.facts.classes {
		if c.facts.defined[value.Intern(name)] != 1 || c.facts.assigned[value.Intern(name)] {
			delete(c.facts.classes, name)
		}
	}
}

func (c *compiler) inRegister(name *value.Symbol) bool {
	info := c.facts.info
	if c.o.REPL || info.env || info.captured[name] || c.facts.spelled[name.Name] {
		return false
	}
	return c.facts.fns[name.Name] == nil && c.facts.classes[name.Name] == nil && c.mod.Cells[name] == nil
}

// topCell makes, or finds, the cell of a top-level name.
func (c *compiler) topCell(name *value.Symbol, word string, bind bool) *variable {
	isVar := word == "var" || word == "let" || word == "="
	cell := c.mod.Cells[name]
	if cell == nil || isVar && word != "=" && cell.V.IsSet() {
		cell = value.NewCell(name, value.Value{})
		c.mod.Cells[name] = cell
	}
	if bind && c.mod.NS.Cell(name) != cell {
		c.mod.NS.Bind(name, cell)
	}
	v := &variable{name: name, kind: varCell, cell: cell, isVar: isVar}
	c.root.set(name, v)
	return v
}

// unknown tells whether no definition of a name can be found anywhere.
func (c *compiler) unknown(name *value.Symbol) bool {
	if c.facts.wildcard || c.facts.info.env || c.mod.Cells[name] != nil || c.facts.assigned[name] {
		return false
	}
	return c.mod.Globals == nil || c.mod.Globals.Cell(name) == nil
}

// genImport compiles (import …): the VM loads the module and sets the cells of
// the names (InImport).
func (f *fn) genImport(g *value.Gene, d dest) {
	if f.c.facts.top != g {
		f.fail("import is compile-time only; place imports at module top level or emit them from (comptime ...)")
	}
	spec := f.importSpec(g)
	mark := f.top
	a := f.allocN(2)
	f.emit(OpLoadK, a, 0, 0, f.k(f.c.mod.Value()))
	f.emit(OpLoadK, a+1, 0, 0, f.k(spec))
	f.intrinsic(InImport, a, 2)
	f.release(mark)
	f.constant(value.Nil, d)
}

// importSpec reads an import form; see InImport for what it makes.
func (f *fn) importSpec(g *value.Gene) value.Value {
	from, of, path := value.Nil, value.Nil, value.Nil
	var items []value.Value
	for i := 0; i < len(g.Children); i++ {
		switch word := childName(g, i); word {
		case "from", "of":
			if i+1 >= len(g.Children) || g.Children[i+1].Kind() != value.KindString {
				f.fail("'%s' must be followed by a string %s", word, map[string]string{"from": "module path", "of": "package name"}[word])
			}
			i++
			if word == "from" {
				from = g.Children[i]
			} else {
				of = g.Children[i]
			}
		default:
			var group value.Value
			if i+1 < len(g.Children) && g.Children[i+1].Kind() == value.KindArray {
				group = g.Children[i+1]
			}
			items = append(items, f.importItems(g.Children[i], group)...)
			if group.IsSet() {
				i++
			}
		}
	}
	if p, ok := g.Props.GetText("path"); ok {
		path = p
	} else if of.Kind() == value.KindString && f.c.facts.deps[of.AsString()].IsSet() {
		path = f.c.facts.deps[of.AsString()]
	}
	if from.IsNil() && of.IsNil() {
		f.builtinImport(items)
	}
	return value.Arr(from, of, path, value.Arr(items...))
}

func (f *fn) builtinImport(items []value.Value) {
	for _, it := range items {
		switch it.AsArray().Items[0].AsArray().Items[0].AsString() {
		case "gene", "genex", "global":
		default:
			f.fail("Module path not specified in import statement")
		}
	}
}

// importItems gives [path alias] for each name of a, n/f:g, n/* or n/[f g:h].
func (f *fn) importItems(v, group value.Value) []value.Value {
	var parts []string
	switch v.Kind() {
	case value.KindSymbol:
		parts = []string{v.AsSymbol().Name}
	case value.KindPath:
		parts = append(parts, v.AsPath().Parts...)
	default:
		f.fail("import: expected a name, got %s", formText(v))
	}
	if !group.IsSet() {
		return []value.Value{f.importItem(parts)}
	}
	if parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	var out []value.Value
	for _, e := range group.AsArray().Items {
		for _, it := range f.importParts(e) {
			out = append(out, f.importItem(append(append([]string{}, parts...), it...)))
		}
	}
	return out
}

func (f *fn) importParts(v value.Value) [][]string {
	switch v.Kind() {
	case value.KindSymbol:
		return [][]string{{v.AsSymbol().Name}}
	case value.KindPath:
		return [][]string{v.AsPath().Parts}
	}
	f.fail("import: expected a name, got %s", formText(v))
	return nil
}

func (f *fn) importItem(parts []string) value.Value {
	last := parts[len(parts)-1]
	name, alias, renamed := strings.Cut(last, ":")
	if !renamed {
		alias = name
	}
	var path []value.Value
	for _, p := range append(append([]string{}, parts[:len(parts)-1]...), name) {
		if p == "" {
			f.fail("import: empty name in a path")
		}
		path = append(path, value.Str(p))
	}
	if name == "*" {
		return value.Arr(value.Arr(path...), value.Nil)
	}
	if alias == "" {
		f.fail("import: missing name after ':'")
	}
	sym := value.Intern(alias)
	if f.c.root.vars[sym] == nil || f.c.root.vars[sym].kind != varCell {
		f.c.topCell(sym, "import", false)
	}
	return value.Arr(value.Arr(path...), sym.Value())
}

func exportNames(g *value.Gene) []value.Value {
	var out []value.Value
	for _, v := range g.Children {
		if v.Kind() == value.KindArray {
			out = append(out, v.AsArray().Items...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

func (f *fn) genExport(g *value.Gene, d dest) {
	names := exportNames(g)
	for _, n := range names {
		if n.Kind() != value.KindSymbol {
			f.fail("export expects names, got %s", formText(n))
		}
	}
	mark := f.top
	a := f.allocN(2)
	f.emit(OpLoadK, a, 0, 0, f.k(f.c.mod.Value()))
	f.emit(OpLoadK, a+1, 0, 0, f.k(value.Arr(names...)))
	f.intrinsic(InExport, a, 2)
	f.release(mark)
	f.constant(value.Nil, d)
}

// genDep compiles ($dep …), which imports have taken into account already.
func (f *fn) genDep(g *value.Gene, d dest) {
	if len(g.Children) == 0 || g.Children[0].Kind() != value.KindString {
		f.fail("$dep requires a package name")
	}
	f.constant(value.Nil, d)
}
