package compiler

import (
	"strings"

	"gene/value"
)

// fnForm is a function form taken apart.
type fnForm struct {
	g        *value.Gene
	name     string       // as shown; "" when anonymous
	params   *value.Array // nil for a block's single name
	ppos     func(i int) value.Pos
	list     []value.Value
	body     int // index of the first form of the body
	ret      value.Value
	generic  []*value.Symbol
	flags    Flags
	selfIs   *variable     // what self is inside; nil: as around
	selfVar  *value.Symbol // the name by which the function can call itself
	onlyInit bool          // __init__, which may call its parameter self
}

// genFn compiles (fn name [params] …) and (fn [params] …).
func (f *fn) genFn(g *value.Gene, d dest) {
	form, target := f.fnParts(g, "fn")
	switch {
	case target.Kind() == value.KindUnset:
		f.into(d, func(r int) { f.closure(f.function(form), r) })
	case target.Kind() == value.KindPath:
		f.definePath(target.AsPath(), "fn", d, func(r int) { f.closure(f.function(form), r) })
	default:
		f.namedFn(form, target.AsSymbol(), d)
	}
}

// fnParts takes a form apart; target is the name it binds: unset, a symbol or
// a path.
func (f *fn) fnParts(g *value.Gene, word string) (form *fnForm, target value.Value) {
	form = &fnForm{g: g}
	if len(g.Children) == 0 {
		f.fail("%s requires a name or argument list", word)
	}
	at := 0
	switch v := g.Children[0]; v.Kind() {
	case value.KindArray:
	case value.KindSymbol, value.KindString, value.KindPath:
		target, form.generic = f.fnName(v)
		form.name = lastPart(target)
		at = 1
		if len(g.Children) < 2 {
			f.fail("%s requires an argument list after the name", word)
		}
	default:
		f.fail("%s requires a name or argument list", word)
	}
	if g.Children[at].Kind() != value.KindArray {
		f.fail("%s argument list must be an array, e.g. [a b]", word)
	}
	form.params = g.Children[at].AsArray()
	form.list = form.params.Items
	form.body = at + 1
	f.returnType(form)
	return form, target
}

func (f *fn) returnType(form *fnForm) {
	if childName(form.g, form.body) == "->" {
		if form.body+1 >= len(form.g.Children) {
			f.fail("missing return type after '->'")
		}
		form.ret = form.g.Children[form.body+1]
		form.body += 2
	}
}

// fnName splits name:T:U into the name and its generic parameters.
func (f *fn) fnName(v value.Value) (value.Value, []*value.Symbol) {
	switch v.Kind() {
	case value.KindString:
		return value.Sym(v.AsString()), nil
	case value.KindSymbol:
		name, generic := splitGeneric(v.AsSymbol().Name)
		return value.Sym(name), generic
	}
	return v, nil
}

func splitGeneric(s string) (string, []*value.Symbol) {
	if len(s) < 2 || !strings.Contains(s[1:], ":") {
		return s, nil
	}
	parts := strings.Split(s, ":")
	var generic []*value.Symbol
	for _, p := range parts[1:] {
		if p != "" {
			generic = append(generic, value.Intern(p))
		}
	}
	return parts[0], generic
}

func lastPart(v value.Value) string {
	switch v.Kind() {
	case value.KindSymbol:
		return v.AsSymbol().Name
	case value.KindPath:
		p := v.AsPath().Parts
		return p[len(p)-1]
	}
	return ""
}

// namedFn compiles a function that binds its name in the current scope.
func (f *fn) namedFn(form *fnForm, name *value.Symbol, d dest) {
	f.reserved(name, "function")
	form.selfVar = name
	form.onlyInit = name.Name == "__init__" && f.scope.module
	if fv := f.scope.future[name]; fv != nil {
		mark := f.top
		r := f.scratch(d)
		f.scope.set(name, fv)
		f.closure(f.function(form), r)
		f.emit(OpSetBox, fv.reg, r, 0, 0)
		f.resultOf(r, d)
		f.release(mark)
		return
	}
	if v := f.topVar(name); v != nil {
		f.declareTop(v, func(r int) {
			f.closure(f.function(form), r)
			f.moveTo(r, d)
		})
		f.tailOf(v, d)
		return
	}
	v := f.declare(name, func(r int) {
		if f.boxes(name) {
			// The function sees its own variable, which others may assign.
			f.selfBox(form, name, r)
		} else {
			f.closure(f.function(form), r)
		}
		f.moveTo(r, d)
	})
	v.isVar = false
	f.tailOf(v, d)
}

// selfBox makes a function that refers to itself through the cell of a
// variable of its own.
func (f *fn) selfBox(form *fnForm, name *value.Symbol, r int) {
	mark := f.top
	b := f.alloc()
	f.emit(OpClear, b, 0, 0, 0)
	f.emit(OpNewBox, b, 0, 0, 0)
	f.scope = newScope(f.scope, f)
	f.scope.set(name, &variable{name: name, kind: varReg, fn: f, reg: b, boxed: true, declared: true, start: f.here()})
	form.selfVar = nil
	f.closure(f.function(form), r)
	f.scope = f.scope.parent
	f.emit(OpSetBox, b, r, 0, 0)
	f.release(mark)
}

func (f *fn) moveTo(r int, d dest) {
	if d >= 0 && int(d) != r {
		f.emit(OpMove, int(d), r, 0, 0)
	}
}

// tailOf returns the value of a variable that has just been declared.
func (f *fn) tailOf(v *variable, d dest) {
	if d != dstTail {
		return
	}
	mark := f.top
	f.ret(f.varOperand(f.scope.current(v)))
	f.release(mark)
}

// current gives the variable that now bears v's name.
func (s *scope) current(v *variable) *variable {
	if n := s.vars[v.name]; n != nil {
		return n
	}
	return v
}

// closure emits the making of a function.
func (f *fn) closure(p *Proto, r int) { f.emit(OpClosure, r, 0, 0, f.add(p.Value())) }

// genBlock compiles (x -> …), ([x y] -> …) and (-> …).
func (f *fn) genBlock(g *value.Gene, d dest) {
	form := &fnForm{g: g, flags: FlagBlock}
	if symName(g.Type) != "->" {
		form.body = 1
		switch g.Type.Kind() {
		case value.KindArray:
			form.params = g.Type.AsArray()
			form.list = form.params.Items
		default:
			form.list = []value.Value{g.Type}
		}
	}
	f.into(d, func(r int) { f.closure(f.function(form), r) })
}

// genBlockForm compiles (block [params] …).
func (f *fn) genBlockForm(g *value.Gene, d dest) {
	form, target := f.fnParts(g, "block")
	form.flags |= FlagBlock
	if target.IsSet() {
		f.fail("block takes no name")
	}
	f.into(d, func(r int) { f.closure(f.function(form), r) })
}

// genAsync compiles (async e): a function without parameters, run as a task.
func (f *fn) genAsync(g *value.Gene, d dest) {
	if len(g.Children) != 1 || g.Props.Len() > 0 {
		f.fail("async expects exactly 1 argument")
	}
	f.async(func(in *fn) {
		in.info = analyse(g.Children)
		in.body(g.Children, func(i int) value.Pos { return kidPos(g, i) }, dstTail)
	}, d)
}

// async makes a task of a function whose body gen compiles.
func (f *fn) async(gen func(in *fn), d dest) {
	in := f.c.newFn(f, "")
	in.p.Fixed = 0
	in.p.Def = f.pos
	in.scope = newScope(f.scope, in)
	gen(in)
	in.finish()
	mark := f.top
	w := f.window(d)
	f.closure(in.p, w)
	f.emit(OpAsync, w, w, 0, 0)
	f.resultOf(w, d)
	f.release(mark)
}

// function compiles a function form.
func (f *fn) function(form *fnForm) *Proto {
	in := f.c.newFn(f, form.name)
	in.pos = f.pos
	in.p.Def = f.pos
	in.p.Flags |= form.flags
	in.generator = strings.HasSuffix(form.name, "*") && len(form.name) > 1 || truthyProp(form.g, "generator")
	if in.generator {
		in.p.Flags |= FlagGenerator
	}
	if form.flags&(FlagMethod|FlagCtor) == 0 && isMacroName(value.Sym(form.name)) {
		in.isMacro = true
		in.p.Flags |= FlagMacro
	}
	forms := append([]value.Value{}, form.g.Children[form.body:]...)
	forms = append(append(forms, form.list...), propValues(form.g)...)
	in.info = analyse(forms)
	if truthyProp(form.g, "async") {
		in.info = analyseInside(forms) // the body becomes a function inside
	}
	f.metadata(form, in)
	in.scope = newScope(f.scope, in)
	f.bindSelf(form, in)
	in.params(form)
	if truthyProp(form.g, "async") {
		in.asyncBody(form)
	} else {
		in.functionBody(form)
	}
	in.finish()
	for _, v := range in.scope.vars {
		in.debugVar(v)
	}
	return in.p
}

func propValues(g *value.Gene) []value.Value {
	var out []value.Value
	for _, e := range g.Props.Entries() {
		out = append(out, e.Val)
	}
	return out
}

func truthyProp(g *value.Gene, key string) bool {
	v, ok := g.Props.GetText(key)
	return ok && v.Truthy()
}

// bindSelf declares self and the function's own name.
func (f *fn) bindSelf(form *fnForm, in *fn) {
	if form.selfIs != nil {
		in.scope.set(symSelf, form.selfIs)
	} else if f.scope.inClassBody() && form.flags&(FlagMethod|FlagCtor) == 0 {
		in.scope.set(symSelf, &variable{name: symSelf, kind: varConst, val: value.Nil, declared: true})
	}
	if form.flags&(FlagMethod|FlagCtor) != 0 {
		in.alloc()
		in.keep(0)
		in.scope.set(symSelf, &variable{name: symSelf, kind: varReg, fn: in, reg: 0, declared: true})
	}
	if form.selfVar == nil {
		return
	}
	name := form.selfVar
	switch v := f.topVar(name); {
	case v != nil:
		in.self = v
	case f.scope.future[name] != nil || f.boxes(name):
	default:
		v := &variable{name: name, kind: varFn, fn: in, declared: true}
		in.scope.set(name, v)
		in.self = v
	}
}

// inClassBody tells whether code here stands directly in the body of a class
// or namespace.
func (s *scope) inClassBody() bool {
	for f := s.fn; s != nil && s.fn == f; s = s.parent {
		if s.body != nil {
			return true
		}
	}
	return false
}

// functionBody compiles the checks and forms behind the parameters.
func (f *fn) functionBody(form *fnForm) {
	if form.ret.IsSet() && f.c.o.TypeCheck && f.p.Flags&FlagCtor == 0 && !f.generator {
		place := "<unnamed>"
		if form.name != "" {
			place = form.name
		}
		f.returns = f.typeSpec(form.ret, "return value of "+place, true, form.generic)
	}
	if form.ret.IsSet() {
		f.p.Returns = f.typeSpec(form.ret, "return value of "+form.name, true, form.generic)
	}
	post := f.conditions(form.g, "post")
	if len(post) > 0 || f.returns != nil && f.info.tries {
		f.retReg = f.alloc()
		f.keep(f.retReg)
	}
	if len(post) > 0 {
		f.epilogue = &label{}
		f.noTail = true
	}
	f.contracts(form, "pre", "precondition", -1)
	f.posts = form
	forms, pos := rest(form.g, form.body)
	outer := f.scope
	f.push()
	d := dstTail
	if f.p.Flags&FlagCtor != 0 || f.generator {
		d = dstDrop
	}
	f.body(forms, pos, d)
	if d == dstDrop {
		f.retNil()
	}
	for _, v := range f.scope.vars {
		f.debugVar(v)
	}
	f.scope = outer
}

// genEpilogue compiles what is left to do when the function returns.
func (f *fn) genEpilogue() {
	if f.epilogue == nil {
		return
	}
	f.place(f.epilogue)
	f.epilogue = nil
	f.localTop = max(f.localTop, f.retReg+1)
	f.release(f.localTop)
	if f.posts != nil {
		f.scope = newScope(f.scope, f)
		f.scope.set(value.Intern("result"), &variable{name: value.Intern("result"), kind: varReg, fn: f, reg: f.retReg, isVar: true, declared: true, boxed: false})
		if f.boxes(value.Intern("result")) {
			b := f.alloc()
			f.keep(b)
			f.emit(OpMove, b, f.retReg, 0, 0)
			f.emit(OpNewBox, b, 0, 0, 0)
			f.scope.vars[value.Intern("result")].reg, f.scope.vars[value.Intern("result")].boxed = b, true
		}
		f.contracts(f.posts, "post", "postcondition", f.retReg)
		f.scope = f.scope.parent
	}
	if f.returns != nil {
		f.typeCheck(f.retReg, f.returns)
	}
	f.emit(OpRet, f.retReg, 0, 0, 0)
}

// asyncBody makes the function start its body as a task.
func (f *fn) asyncBody(form *fnForm) {
	f.async(func(in *fn) {
		in.info = analyse(form.g.Children[form.body:])
		in.p.Name, in.asyncOf = form.name, f
		in.functionBody(form)
	}, dstTail)
}

// conditions gives the conditions of ^pre or ^post.
func (f *fn) conditions(g *value.Gene, key string) []value.Value {
	v, ok := g.Props.GetText(key)
	switch {
	case !ok || !f.c.o.Contracts:
		return nil
	case v.Kind() == value.KindArray:
		return v.AsArray().Items
	}
	return []value.Value{v}
}

// contracts compiles the conditions of one kind; result is the register of the
// value about to be returned, or -1.
func (f *fn) contracts(form *fnForm, key, what string, result int) {
	for i, c := range f.conditions(form.g, key) {
		var ok label
		f.reserveIn(c)
		f.jumpIf(f.pos, c, true, &ok)
		mark := f.top
		a := f.allocN(7)
		name := form.name
		if name == "" {
			name = "<unnamed>"
		}
		f.load(value.Str(name), a)
		f.load(value.Str(what), a+1)
		f.load(value.Int(int64(i+1)), a+2)
		f.load(value.Str(formText(c)), a+3)
		f.contractArgs(a + 4)
		if result >= 0 {
			f.emit(OpMove, a+6, result, 0, 0)
		} else {
			f.emit(OpClear, a+6, 0, 0, 0)
		}
		f.intrinsic(InContract, a, 7)
		f.release(mark)
		f.place(&ok)
	}
}

// contractArgs puts the names and the values of the parameters into two
// registers.
func (f *fn) contractArgs(a int) {
	var names []value.Value
	var vars []*variable
	owner := f
	if f.asyncOf != nil {
		owner = f.asyncOf
	}
	if owner.p.Flags&FlagMethod != 0 {
		names = append(names, value.Str("self"))
		vars = append(vars, f.lookup(symSelf))
	}
	for _, p := range owner.p.Params {
		if v := f.lookup(p.Name); v != nil && p.Name != symAny {
			names = append(names, value.Str(p.Name.Name))
			vars = append(vars, v)
		}
	}
	f.emit(OpLoadK, a, 0, 0, f.k(value.Arr(names...)))
	b := f.top
	for _, v := range vars {
		f.readVar(v, f.alloc())
	}
	f.emit(OpNewArray, a+1, b, len(vars), 0)
	f.release(b)
}

// metadata checks and keeps ^intent and ^examples.
func (f *fn) metadata(form *fnForm, in *fn) {
	name := form.name
	if name == "" {
		name = "<unnamed>"
	}
	if v, ok := form.g.Props.GetText("intent"); ok {
		if v.Kind() != value.KindString {
			f.fail("Invalid ^intent for function %s: expected a string", name)
		}
		in.p.Intent = v.AsString()
	}
	v, ok := form.g.Props.GetText("examples")
	if !ok {
		return
	}
	if v.Kind() != value.KindArray {
		f.fail("Invalid ^examples for function %s: expected an array of examples", name)
	}
	f.examples(name, v.AsArray().Items)
	in.p.Examples = v
}

func (f *fn) examples(name string, vs []value.Value) {
	bad := func(format string, args ...any) {
		f.fail("Invalid ^examples for function "+name+": "+format, args...)
	}
	for i := 0; i < len(vs); i += 3 {
		if vs[i].Kind() != value.KindArray {
			bad("expected an argument array, got %s", formText(vs[i]))
		}
		if i+1 >= len(vs) {
			bad("missing operator after argument array")
		}
		op := symName(vs[i+1])
		if op != "->" && op != "throws" {
			bad("unsupported operator '%s'; expected '->' or 'throws'", formText(vs[i+1]))
		}
		if i+2 >= len(vs) {
			bad("missing expected result after '%s'", op)
		}
		if op == "throws" && vs[i+2].Kind() != value.KindSymbol && vs[i+2].Kind() != value.KindPath {
			bad("expected an exception class after 'throws'")
		}
	}
}

// genYield compiles (yield v).
func (f *fn) genYield(g *value.Gene, d dest) {
	if !f.generator {
		f.throwLater("Exception", "GENE.RUNTIME.ERROR", "yield used outside of generator function", d)
		return
	}
	mark := f.top
	var v int
	if len(g.Children) == 0 {
		v = f.alloc()
		f.emit(OpLoadNil, v, 0, 0, 0)
	} else {
		v = f.kidOperand(g, 0)
	}
	r := int(d)
	if d < 0 {
		r = f.alloc()
	}
	f.emit(OpYield, r, v, 0, 0)
	if d == dstTail {
		f.ret(r)
	}
	f.release(mark)
}

// genAwait compiles (await f…) and (await ^timeout t f…).
func (f *fn) genAwait(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("await expects at least 1 argument")
	}
	timeout, limited := g.Props.GetText("timeout")
	if limited {
		switch timeout.Kind() {
		case value.KindInt, value.KindFloat, value.KindSymbol, value.KindPath, value.KindGene:
		default:
			f.fail("await ^timeout must be int milliseconds or float seconds")
		}
	}
	mark := f.top
	w := f.window(d)
	if len(g.Children) == 1 && !limited {
		f.asOperand(func() { f.kid(g, 0, dest(w)) })
		f.emit(OpAwait, w, w, 0, 0)
	} else {
		f.top = w
		n := len(g.Children)
		if n > argsMax {
			f.fail("await takes at most %d futures", argsMax)
		}
		f.allocN(n + 1)
		c := 0
		if limited {
			c = 1
			f.asOperand(func() { f.gen(timeout, dest(w+n)) })
		}
		for i := range g.Children {
			f.asOperand(func() { f.kid(g, i, dest(w+i)) })
		}
		f.emit(OpAwaitAll, w, n, c, 0)
	}
	f.resultOf(w, d)
	f.release(mark)
}
