package compiler

import (
	"strings"

	"gene/value"
)

// classHeader is the part of a class form before its body.
type classHeader struct {
	name       value.Value // symbol or path
	parent     int         // index of the parent's form, or -1
	implements []value.Value
	body       int
}

func (f *fn) classHeader(g *value.Gene, word string) classHeader {
	h := classHeader{parent: -1, body: 1}
	if len(g.Children) == 0 {
		f.fail("%s requires a name", word)
	}
	switch v := g.Children[0]; v.Kind() {
	case value.KindSymbol:
		s, _ := splitGeneric(v.AsSymbol().Name)
		h.name = value.Sym(s)
	case value.KindPath:
		h.name = v
	default:
		f.fail("%s requires a name, got %s", word, kindName(v))
	}
	if childName(g, h.body) == "<" {
		if h.body+1 >= len(g.Children) {
			f.fail("%s: missing parent class after '<'", word)
		}
		h.parent = h.body + 1
		h.body += 2
	}
	if childName(g, h.body) == "implements" {
		if h.body+1 >= len(g.Children) {
			f.fail("%s: missing interface after 'implements'", word)
		}
		v := g.Children[h.body+1]
		h.body += 2
		if v.Kind() == value.KindArray {
			h.implements = v.AsArray().Items
		} else {
			h.implements = []value.Value{v}
		}
	}
	return h
}

// define binds the value that gen makes to a class's or namespace's name; it
// gives a variable that holds the value.
func (f *fn) define(name value.Value, word string, gen func(r int)) {
	if name.Kind() == value.KindPath {
		f.definePath(name.AsPath(), word, dstDrop, gen)
		return
	}
	sym := name.AsSymbol()
	f.reserved(sym, word)
	if v := f.topVar(sym); v != nil {
		f.declareTop(v, gen)
		return
	}
	f.declare(sym, gen).isVar = false
}

// genClass compiles (class Name …).
func (f *fn) genClass(g *value.Gene, d dest) {
	h := f.classHeader(g, "class")
	mark := f.top
	f.push()
	c := f.alloc()
	f.makeClass(g, h, lastPart(h.name), c)
	f.pop()
	f.top = max(f.top, c+1)
	f.outer(c, func() {
		f.define(h.name, "class", func(r int) { f.moveTo(c, dest(r)) })
	})
	f.classBody(g, h, c)
	f.resultOf(c, d)
	f.release(mark)
}

// outer keeps register c in use while work declares something.
func (f *fn) outer(c int, work func()) {
	old := f.localTop
	f.localTop = max(f.localTop, c+1)
	f.top = max(f.top, c+1)
	work()
	if f.localTop == c+1 {
		f.localTop = old // no local was declared above it
	}
}

// makeClass puts a new class into register c.
func (f *fn) makeClass(g *value.Gene, h classHeader, name string, c int) {
	f.load(value.Str(name), c)
	p := f.alloc()
	if h.parent >= 0 {
		f.kid(g, h.parent, dest(p))
	} else {
		f.emit(OpLoadNil, p, 0, 0, 0)
	}
	f.intrinsic(InClass, c, 2)
	f.release(c + 1)
}

// classBody runs the body with self being the class in register c.
func (f *fn) classBody(g *value.Gene, h classHeader, c int) {
	f.fieldsProp(g, c)
	f.bodyOf(g, h.body, c)
	if len(h.implements) == 0 {
		return
	}
	mark := f.top
	a := f.alloc()
	f.emit(OpMove, a, c, 0, 0)
	for _, i := range h.implements {
		f.gen(f.ifaceName(i), dest(f.alloc()))
	}
	f.intrinsic(InImplements, a, 1+len(h.implements))
	f.release(mark)
}

// ifaceName refuses names of interfaces that nothing can define.
func (f *fn) ifaceName(v value.Value) value.Value {
	if v.Kind() == value.KindSymbol && f.lookup(v.AsSymbol()) == nil && f.c.unknown(v.AsSymbol()) {
		f.fail("Unknown interface: %s", v.AsSymbol().Name)
	}
	return v
}

// fieldsProp declares the fields of ^fields {^x T}.
func (f *fn) fieldsProp(g *value.Gene, c int) {
	v, ok := g.Props.GetText("fields")
	if !ok {
		return
	}
	if v.Kind() != value.KindMap {
		f.fail("class ^fields must be a map")
	}
	for _, e := range v.AsMap().Entries() {
		if e.Key != nil {
			f.field(c, e.Key.Name, value.Nil)
		}
	}
}

func (f *fn) field(c int, name string, spec value.Value) {
	mark := f.top
	a := f.allocN(3)
	f.emit(OpMove, a, c, 0, 0)
	f.load(value.Str(name), a+1)
	if spec.Kind() == value.KindInternal {
		f.emit(OpLoadK, a+2, 0, 0, f.add(spec))
	} else {
		f.load(spec, a+2)
	}
	f.intrinsic(InField, a, 3)
	f.release(mark)
}

// bodyOf compiles the body of a class or namespace held in register c.
func (f *fn) bodyOf(g *value.Gene, from, c int) {
	vs, pos := rest(g, from)
	if len(vs) == 0 {
		return
	}
	f.push()
	f.localTop = max(f.localTop, f.top)
	b := &variable{name: symSelf, kind: varReg, fn: f, reg: c, declared: true, start: f.here()}
	f.scope.body = b
	f.scope.set(symSelf, b)
	f.body(vs, pos, dstDrop)
	f.pop()
}

// genMember compiles the members of a class body.
func (f *fn) genMember(g *value.Gene, d dest) {
	word := headName(g)
	b := f.scope.bodyVar()
	if word == "ctor!" {
		f.fail("Macro-like constructors are not supported; use (ctor [args] ...)")
	}
	if b == nil {
		if word == "method" || word == "ctor" || word == "on_method_missing" {
			f.fail("%s can only be used in a class body", word)
		}
		f.genCall(g, d)
		return
	}
	mark := f.top
	switch word {
	case "method":
		f.method(g, b.reg)
	case "ctor":
		f.memberFn(g, InCtor, b.reg, "ctor", FlagMethod|FlagCtor)
	case "on_method_missing":
		f.memberFn(g, InMissing, b.reg, word, FlagMethod)
	default:
		f.fieldForm(g, word, b.reg)
	}
	f.release(mark)
	f.constant(value.Nil, d)
}

// method compiles (method name [params] …).
func (f *fn) method(g *value.Gene, c int) {
	if len(g.Children) == 0 {
		f.fail("method requires a name")
	}
	name := g.Children[0]
	if name.Kind() != value.KindSymbol && name.Kind() != value.KindString {
		f.fail("method name must be a symbol or string, got %s", kindName(name))
	}
	if isMacroName(name) || name.Kind() == value.KindString && isMacroName(value.Sym(name.AsString())) {
		if s := textOf(name); s != "!=" && s != "!" {
			f.fail("Macro-like class methods are not supported; use (method name [args] ...)")
		}
	}
	if len(g.Children) == 1 {
		return
	}
	if textOf(name) == "on_method_missing" {
		m := *g
		m.Children = g.Children[1:]
		f.memberFn(&m, InMissing, c, "on_method_missing", FlagMethod)
		return
	}
	form, target := f.fnParts(g, "method")
	form.flags = FlagMethod
	form.name = textOf(target)
	a := f.allocN(3)
	f.emit(OpMove, a, c, 0, 0)
	f.load(value.Str(form.name), a+1)
	f.closure(f.function(form), a+2)
	f.intrinsic(InMethod, a, 3)
}

func textOf(v value.Value) string {
	if v.Kind() == value.KindString {
		return v.AsString()
	}
	return symName(v)
}

// memberFn compiles ctor and on_method_missing.
func (f *fn) memberFn(g *value.Gene, in Intrinsic, c int, name string, flags Flags) {
	form, target := f.fnParts(g, name)
	if target.IsSet() {
		f.fail("%s takes an argument list and no name", name)
	}
	form.flags = flags
	form.name = name
	a := f.allocN(2)
	f.emit(OpMove, a, c, 0, 0)
	f.closure(f.function(form), a+1)
	f.intrinsic(in, a, 2)
}

// fieldForm compiles (field name Type), (field name: Type) and (prop …).
func (f *fn) fieldForm(g *value.Gene, word string, c int) {
	if len(g.Children) < 2 || g.Children[0].Kind() != value.KindSymbol {
		f.fail("%s requires a name and type", word)
	}
	if word == "prop" {
		f.c.warn(f.pos, "prop is deprecated; use (field name Type)")
	}
	name := strings.TrimSuffix(g.Children[0].AsSymbol().Name, ":")
	f.field(c, name, f.typeSpec(g.Children[1], "property "+name, true, nil).Value())
}

// genObject compiles (object name …): a class and its only instance.
func (f *fn) genObject(g *value.Gene, d dest) {
	h := f.classHeader(g, "object")
	mark := f.top
	c := f.alloc()
	f.makeClass(g, h, lastPart(h.name)+"Class", c)
	f.outer(c, func() { f.classBody(g, h, c) })
	f.intrinsic(InObject, c, 1)
	f.define(h.name, "object", func(r int) { f.moveTo(c, dest(r)) })
	f.resultOf(c, d)
	f.release(mark)
}

// genExtend compiles (extend Class member…) of the prelude.
func (f *fn) genExtend(g *value.Gene, d dest) {
	mark := f.top
	c := f.alloc()
	f.kid(g, 0, dest(c))
	f.outer(c, func() { f.bodyOf(g, 1, c) })
	f.resultOf(c, d)
	f.release(mark)
}

// genNs compiles (ns name …).
func (f *fn) genNs(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("ns requires a name")
	}
	name := g.Children[0]
	if name.Kind() != value.KindSymbol && name.Kind() != value.KindPath {
		f.fail("ns requires a name, got %s", kindName(name))
	}
	mark := f.top
	c := f.alloc()
	f.load(value.Str(lastPart(name)), c)
	f.intrinsic(InNamespace, c, 1)
	f.outer(c, func() {
		f.define(name, "ns", func(r int) { f.moveTo(c, dest(r)) })
	})
	f.bodyOf(g, 1, c)
	f.resultOf(c, d)
	f.release(mark)
}

// genInterface compiles (interface Name (method m [a]) (field f T)).
func (f *fn) genInterface(g *value.Gene, d dest) {
	if len(g.Children) == 0 {
		f.fail("interface requires a name")
	}
	if k := g.Children[0].Kind(); k != value.KindSymbol && k != value.KindPath {
		f.fail("interface requires a name, got %s", kindName(g.Children[0]))
	}
	var methods, fields []value.Value
	for _, v := range g.Children[1:] {
		if v.Kind() != value.KindGene {
			f.fail("interface members must be (method name [params]) or (field name Type)")
		}
		m := v.AsGene()
		switch headName(m) {
		case "method":
			methods = append(methods, f.signature(m))
		case "field", "prop":
			if len(m.Children) < 2 {
				f.fail("field requires a name and type")
			}
			fields = append(fields, value.Sym(strings.TrimSuffix(childName(m, 0), ":")))
		default:
			f.fail("interface members must be (method name [params]) or (field name Type)")
		}
	}
	mark := f.top
	c := f.allocN(3)
	f.load(value.Str(lastPart(g.Children[0])), c)
	f.emit(OpLoadK, c+1, 0, 0, f.k(value.Arr(methods...)))
	f.emit(OpLoadK, c+2, 0, 0, f.k(value.Arr(fields...)))
	f.intrinsic(InInterface, c, 3)
	f.outer(c, func() {
		f.define(g.Children[0], "interface", func(r int) { f.moveTo(c, dest(r)) })
	})
	f.resultOf(c, d)
	f.release(mark)
}

func (f *fn) signature(m *value.Gene) value.Value {
	if len(m.Children) < 2 || m.Children[1].Kind() != value.KindArray || textOf(m.Children[0]) == "" {
		f.fail("interface method requires a name and parameter list")
	}
	n := 2
	if childName(m, n) == "->" {
		n += 2
	}
	if len(m.Children) > n {
		f.fail("interface methods cannot have a body")
	}
	a := m.Children[1].AsArray()
	params := f.paramList(a.Items, func(i int) value.Pos { return f.c.posIn(ptrOf(a), i) }, false)
	return value.Arr(value.Sym(textOf(m.Children[0])), value.Int(int64(len(params))))
}

// genImplement compiles (implement I for C …).
func (f *fn) genImplement(g *value.Gene, d dest) {
	if f.scope.bodyVar() != nil {
		f.fail("Classes must declare interfaces in the header with implements")
	}
	if len(g.Children) < 3 || childName(g, 1) != "for" {
		f.fail("implement requires an interface and a class: (implement Interface for Class ...)")
	}
	f.ifaceName(g.Children[0])
	mark := f.top
	c := f.allocN(2)
	f.kid(g, 0, dest(c))
	f.kid(g, 2, dest(c+1))
	f.intrinsic(InImplement, c, 2)
	f.release(c + 1)
	f.outer(c, func() { f.bodyOf(g, 3, c) })
	f.constant(value.Nil, d)
	f.release(mark)
}
