package compiler

import (
	"strings"
	"unsafe"

	"gene/value"
)

// auxPrefix in a Gene's header marks one that the compiler made of an infix
// expression: its head is an operator and nothing else needs to be asked.
const auxPrefix = 1

// gen compiles a form; its value goes where d says.
func (f *fn) gen(v value.Value, d dest) {
	switch v.Kind() {
	case value.KindSymbol:
		f.genName(v.AsSymbol(), d)
	case value.KindPath:
		f.genPath(v.AsPath(), d)
	case value.KindArray:
		f.genArray(v, d)
	case value.KindMap:
		f.genMap(v, d)
	case value.KindGene:
		f.genGene(v.AsGene(), d)
	case value.KindUnquote:
		f.constant(v, d)
	default:
		f.constant(v, d)
	}
}

// at compiles a form that stands at a place of its own: a symbol's errors are
// reported there, a Gene's at its parenthesis.
func (f *fn) at(pos value.Pos, v value.Value, d dest) {
	old := f.pos
	if pos.Line != 0 {
		f.pos = pos
	}
	f.gen(v, d)
	f.pos = old
}

// kid compiles child i of g.
func (f *fn) kid(g *value.Gene, i int, d dest) { f.at(kidPos(g, i), g.Children[i], d) }

// kidPos gives the place of child i, the zero Pos when unknown.
func kidPos(g *value.Gene, i int) value.Pos {
	if g.Loc != nil && i >= 0 && i < len(g.Loc.Children) {
		return g.Loc.Children[i]
	}
	return value.Pos{}
}

func headPos(g *value.Gene) value.Pos {
	if g.Loc != nil {
		return g.Loc.Type
	}
	return value.Pos{}
}

// posIn gives the place of element i of an array, or of entry i of a map.
func (c *compiler) posIn(p unsafe.Pointer, i int) value.Pos {
	l := c.locs[p]
	switch {
	case l == nil:
		return value.Pos{}
	case i < len(l.Children):
		return l.Children[i]
	case i < len(l.Props):
		return l.Props[i]
	}
	return value.Pos{}
}

// operandAt gives a register that holds the value of a form: a local's own one
// where that is safe. later are forms that are evaluated before the register
// is read.
func (f *fn) operandAt(pos value.Pos, v value.Value, later ...value.Value) int {
	if v.Kind() == value.KindSymbol {
		if r := f.localOperand(v.AsSymbol(), later); r >= 0 {
			return r
		}
	}
	r := f.alloc()
	f.asOperand(func() { f.at(pos, v, dest(r)) })
	return r
}

// asOperand compiles an argument or operand; 9.9 treats calls there gently.
func (f *fn) asOperand(work func()) {
	old := f.inOperand
	f.inOperand = true
	work()
	f.inOperand = old
}

func (f *fn) localOperand(name *value.Symbol, later []value.Value) int {
	r := f.local(f.lookup(name))
	if r >= 0 && f.info.assigned[name] {
		for _, l := range later {
			if assigns(l, name, 0) {
				return -1
			}
		}
	}
	return r
}

// kidOperand is operandAt for child i of g, with the children behind it still
// to come.
func (f *fn) kidOperand(g *value.Gene, i int) int {
	return f.operandAt(kidPos(g, i), g.Children[i], g.Children[i+1:]...)
}

// leftOperand is kidOperand for the first operand of an operation whose result
// goes to r: a temporary there serves for the operand too, so that long
// chains of operators take no more registers than short ones.
func (f *fn) leftOperand(g *value.Gene, i, r int) int {
	v := g.Children[i]
	if v.Kind() == value.KindSymbol {
		if l := f.localOperand(v.AsSymbol(), g.Children[i+1:]); l >= 0 {
			return l
		}
	}
	if r < f.localTop {
		return f.kidOperand(g, i)
	}
	f.asOperand(func() { f.kid(g, i, dest(r)) })
	return r
}

// genName compiles a symbol.
func (f *fn) genName(s *value.Symbol, d dest) {
	switch name := s.Name; {
	case len(name) > 1 && name[0] == '$':
		f.genDollar(name[1:], d)
		return
	case len(name) > 1 && name[0] == '@':
		f.constant(selectorOf([]string{name[1:]}), d)
		return
	case name == "super":
		f.fail("super can only be used in call form: (super .member ...)")
	}
	v := f.lookup(s)
	if r := f.local(v); r >= 0 {
		if d != dstDrop {
			f.result(r, d)
		}
		return
	}
	if v == nil {
		if name := f.lateTop(s); name != nil {
			v = name
		} else {
			v = &variable{name: s, kind: varCell, cell: f.c.global(s)}
		}
	}
	f.into(d, func(r int) { f.readVar(v, r) })
}

// lateTop is for a variable of the top level that lives in a register and is
// used above its var: reading it fails, or finds a built-in of that name.
func (f *fn) lateTop(s *value.Symbol) *variable {
	if v := f.c.root.vars[s]; v != nil && v.kind == varReg && !v.declared {
		return &variable{name: s, kind: varCell, cell: value.NewCell(s, value.Value{})}
	}
	return nil
}

// genDollar compiles $name.
func (f *fn) genDollar(name string, d dest) {
	switch name {
	case "ns":
		f.constant(f.c.mod.NS.Value(), d)
	case "pkg":
		f.constant(f.c.mod.Pkg, d)
	case "ex":
		f.genEx(d)
	case "duration", "duration_start":
		f.into(d, func(r int) {
			w := f.window(dest(r))
			f.emit(OpCallCell, w, 0, 0, f.k(f.dollarCell(name).Value()))
			f.result(w, dest(r))
		})
	default:
		f.into(d, func(r int) {
			if cell := f.c.mod.Dollar.Cell(value.Intern(name)); cell != nil && cell.V.IsSet() {
				f.emit(OpGetCell, r, 0, 0, f.k(cell.Value()))
				return
			}
			f.load(f.c.mod.Dollar.Value(), r)
			f.emit(OpGetMember, r, r, 0, f.site(name))
		})
	}
}

func (f *fn) dollarCell(name string) *value.Cell {
	sym := value.Intern(name)
	if f.c.mod.Dollar.Cell(sym) == nil {
		f.c.mod.Dollar.Bind(sym, value.NewCell(value.Intern("$"+name), value.Value{}))
	}
	return f.c.mod.Dollar.Cell(sym)
}

// genEx compiles $ex: in a handler of this function its register, elsewhere
// whatever handler is running.
func (f *fn) genEx(d dest) {
	for c := f.ctx; c != nil; c = c.parent {
		if c.kind == ctxHandler {
			f.resultOf(c.exReg, d)
			return
		}
	}
	f.into(d, func(r int) { f.emit(OpGetEx, r, 0, 0, 0) })
}

// resultOf is result for a register that d may also drop.
func (f *fn) resultOf(r int, d dest) {
	if d != dstDrop {
		f.result(r, d)
	}
}

// genGene compiles an expression by the rules of 1.12, in their order.
func (f *fn) genGene(g *value.Gene, d dest) {
	c := f.c
	if c.depth++; c.depth > nestingMax {
		f.fail("forms are nested too deeply (limit %d)", nestingMax)
	}
	old := f.pos
	if g.Loc != nil && g.Loc.Pos.Line != 0 {
		f.pos = g.Loc.Pos
	}
	f.dispatch(g, d)
	f.pos = old
	c.depth--
}

func (f *fn) dispatch(g *value.Gene, d dest) {
	if g.Aux == auxPrefix {
		f.genPrefix(headName(g), g, d)
		return
	}
	switch ShapeOf(g) {
	case ShapeQuote:
		f.genQuote(g.Children[0], d)
	case ShapeInterp:
		f.genInterp(g, d)
	case ShapeHashMap:
		f.genHashMap(g, d)
	case ShapeLookupHead:
		f.genPrefixLookup(g, d)
	case ShapeRange:
		f.genRange(g, d)
	case ShapeNumber:
		f.constant(g.Type, d)
	case ShapeSuper:
		f.genSuper(g, d)
	case ShapeConstructor:
		f.genConstructor(g, d)
	case ShapePathLookup:
		f.genPathLookup(g, d)
	case ShapeInfix:
		f.genInfix(g, d)
	case ShapeDynamicCall:
		f.genDynCall(g, d)
	case ShapeSelectorCall:
		f.genSelectorCall(g, d)
	case ShapeMethodCall:
		f.genMethodCall(g, childName(g, 0)[1:], d)
	case ShapePrefix:
		f.genPrefix(headName(g), g, d)
	case ShapeAssign:
		f.genAssign(g, childName(g, 0), d)
	case ShapeUnwrap:
		f.genUnwrap(g, d)
	case ShapeBlock:
		f.genBlock(g, d)
	default:
		f.genForm(headName(g), g, d)
	}
}

func isNumber(v value.Value) bool { return v.IsInt() || v.IsFloat() }

// noInfix are the heads after which no infix operator is looked for.
var noInfix = setOf("var if ifel fn do loop while for ns class try throw import export interface implement field $ -> @ . let case return yield await not !")

// prefixOps are the heads that are operators.
var prefixOps = setOf("+ - * / % ** < <= > >= == != is << >> && || &|& ! not")

// infixLevel gives the binding strength of an infix operator, tight first.
var infixLevel = map[string]int{
	"./": 1, "*": 2, "/": 2, "%": 2, "**": 2, "+": 3, "-": 3, "++": 3, "<<": 4, ">>": 4,
	"<": 5, "<=": 5, ">": 5, ">=": 5, "==": 5, "!=": 5, "is": 5, "&&": 6, "&|&": 7, "||": 8,
}

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// opName gives the name of an operator token; "./" is read as a path.
func opName(v value.Value) string {
	if isLookupHead(v) {
		return "./"
	}
	return symName(v)
}

func isInfixOp(v value.Value) bool { return infixLevel[opName(v)] > 0 }

// isLookupHead tells whether v is the operator ./ standing alone.
func isLookupHead(v value.Value) bool {
	if v.Kind() == value.KindPath {
		p := v.AsPath().Parts
		return len(p) == 2 && p[0] == "." && p[1] == ""
	}
	return symName(v) == "./"
}

// isPathLookup tells whether v is ./key.
func isPathLookup(v value.Value) bool {
	return v.Kind() == value.KindPath && v.AsPath().Parts[0] == "." && v.AsPath().Parts[1] != ""
}

// isSelectorMark tells whether v is .@ or .@a/b.
func isSelectorMark(v value.Value) bool {
	switch v.Kind() {
	case value.KindSymbol:
		return strings.HasPrefix(v.AsSymbol().Name, ".@")
	case value.KindPath:
		return strings.HasPrefix(v.AsPath().Parts[0], ".@")
	}
	return false
}

// forms are the special forms, by their head.
var forms map[string]func(f *fn, g *value.Gene, d dest)

func init() {
	forms = map[string]func(f *fn, g *value.Gene, d dest){
		"var": (*fn).genVar, "let": (*fn).genVar, "do": (*fn).genDo,
		"if": (*fn).genIf, "ifel": (*fn).genIfel, "if_not": (*fn).genIfNot,
		"while": (*fn).genWhile, "loop": (*fn).genLoop, "repeat": (*fn).genRepeat, "for": (*fn).genFor,
		"break": (*fn).genBreak, "continue": (*fn).genContinue, "return": (*fn).genReturn,
		"case": (*fn).genCase, "fn": (*fn).genFn, "block": (*fn).genBlockForm,
		"class": (*fn).genClass, "object": (*fn).genObject, "new": (*fn).genNew, "ns": (*fn).genNs,
		"interface": (*fn).genInterface, "implement": (*fn).genImplement, "enum": (*fn).genEnum,
		"type": (*fn).genType, "typeof": (*fn).genTypeof,
		"method": (*fn).genMember, "ctor": (*fn).genMember, "field": (*fn).genMember, "prop": (*fn).genMember,
		"on_method_missing": (*fn).genMember, "ctor!": (*fn).genMember, "extend": (*fn).genExtend,
		"try": (*fn).genTry, "throw": (*fn).genThrow, "async": (*fn).genAsync, "await": (*fn).genAwait,
		"yield": (*fn).genYield, "eval": (*fn).genEval, "$caller_eval": (*fn).genCallerEval,
		"$render": (*fn).genRender, "$with": (*fn).genWith, "$tap": (*fn).genTap, "$set": (*fn).genSet,
		"$if_main": (*fn).genIfMain, "$dep": (*fn).genDep, "range": (*fn).genRangeForm, "@": (*fn).genSelector,
		"import": (*fn).genImport, "export": (*fn).genExport, "comptime": (*fn).genComptime,
		"match": (*fn).genMatch, "new!": (*fn).genMacroLike,
	}
}

func (f *fn) genForm(head string, g *value.Gene, d dest) {
	if head != "" {
		if form := forms[head]; form != nil && !f.shadowed(head) {
			form(f, g, d)
			return
		}
		if strings.HasPrefix(head, ".") && head != "..." {
			f.genSelfCall(g, head, d)
			return
		}
	}
	if g.Type.Kind() == value.KindPath && strings.HasPrefix(g.Type.AsPath().Parts[0], ".@") {
		f.genSelfCall(g, ".@", d)
		return
	}
	if f.isTypeExpr(g) {
		f.genTypeValue(g.Value(), d)
		return
	}
	if isMacroName(g.Type) {
		f.genMacroCall(g, d)
		return
	}
	f.genCall(g, d)
}

// shadowed tells whether a word that is a form only by convention means a
// variable here.
func (f *fn) shadowed(head string) bool {
	switch head {
	case "range", "extend":
		v := f.lookup(value.Intern(head))
		return v != nil && v.fn != nil || head == "extend" && !f.c.o.Prelude
	}
	return false
}

func (f *fn) genMatch(g *value.Gene, d dest) {
	f.fail("match has been removed; use (var pattern value) for binding or (case ...) for branching")
}

func (f *fn) genMacroLike(g *value.Gene, d dest) {
	f.fail("Macro-like constructors are not supported; use (new Class args...)")
}

// body compiles forms in the current scope, the last one for d. pos gives the
// places of the forms.
func (f *fn) body(vs []value.Value, pos func(i int) value.Pos, d dest) {
	f.futures(vs)
	f.sequence(vs, pos, d, true)
}

// sequence compiles forms one after the other. With reserve each one gets
// registers for the declarations inside it; without, the statement around has
// done so.
func (f *fn) sequence(vs []value.Value, pos func(i int) value.Pos, d dest, reserve bool) {
	if len(vs) == 0 {
		f.constant(value.Nil, d)
		return
	}
	old := f.inOperand
	f.inOperand = false
	for i, v := range vs {
		mark := f.top
		if reserve {
			f.reserveNested(v)
			mark = f.top
		}
		to := dstDrop
		if i == len(vs)-1 {
			to = d
			f.inOperand = old && d != dstDrop && d != dstTail
		}
		var p value.Pos
		if pos != nil {
			p = pos(i)
		}
		f.at(p, v, to)
		f.release(mark)
	}
	f.inOperand = old
}

// reserveNested reserves what a statement declares inside; what it declares
// itself gets its register when that is done.
func (f *fn) reserveNested(v value.Value) {
	if v.Kind() != value.KindGene {
		f.reserveIn(v)
		return
	}
	g := v.AsGene()
	switch head := headName(g); {
	case !declWords[head] || !declaring(g):
		f.reserveIn(v)
	case (head == "var" || head == "let") && len(g.Children) > 1:
		f.reserveIn(g.Children[1:]...)
	}
}

// futures finds the functions of a block that earlier functions of the block
// mention, as mutually recursive ones do, and gives them cells at once.
func (f *fn) futures(vs []value.Value) {
	if f.scope.module || len(vs) < 2 {
		return
	}
	for i, v := range vs {
		if v.Kind() != value.KindGene || headName(v.AsGene()) != "fn" || childName(v.AsGene(), 0) == "" {
			continue
		}
		name := value.Intern(baseName(childName(v.AsGene(), 0)))
		if i > 0 && f.info.captured[name] && mentionedBefore(vs[:i], name) {
			f.future(name)
		}
	}
}

func mentionedBefore(vs []value.Value, name *value.Symbol) bool {
	for _, v := range vs {
		if analyse([]value.Value{v}).captured[name] {
			return true
		}
	}
	return false
}

func (f *fn) future(name *value.Symbol) {
	if f.scope.future[name] != nil {
		return
	}
	r := f.alloc()
	f.keep(r)
	f.emit(OpClear, r, 0, 0, 0)
	f.emit(OpNewBox, r, 0, 0, 0)
	if f.scope.future == nil {
		f.scope.future = map[*value.Symbol]*variable{}
	}
	f.scope.future[name] = &variable{name: name, kind: varReg, fn: f, reg: r, boxed: true, declared: true, start: f.here()}
}

func (f *fn) genDo(g *value.Gene, d dest) {
	f.sequence(g.Children, func(i int) value.Pos { return kidPos(g, i) }, d, false)
}

// rest gives the children of g from i on, with their places.
func rest(g *value.Gene, from int) ([]value.Value, func(i int) value.Pos) {
	return g.Children[min(from, len(g.Children)):], func(i int) value.Pos { return kidPos(g, from+i) }
}

// block compiles forms in a scope of their own.
func (f *fn) block(vs []value.Value, pos func(i int) value.Pos, d dest) {
	if len(vs) == 0 {
		f.constant(value.Nil, d)
		return
	}
	f.push()
	f.body(vs, pos, d)
	f.pop()
}
