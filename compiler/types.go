package compiler

import (
	"strings"

	"gene/value"
)

// typeSpec makes the constant of an annotation.
func (f *fn) typeSpec(expr value.Value, place string, convert bool, generic []*value.Symbol) *TypeSpec {
	return &TypeSpec{Header: value.Header{Kind: value.KindInternal}, Expr: expr, Place: place, Convert: convert,
		Scope: f.c.mod, Generic: generic}
}

// typeCheck checks, and perhaps converts, the value in register r.
func (f *fn) typeCheck(r int, spec *TypeSpec) {
	mark := f.top
	class := noRegister
	if spec.Expr.Kind() == value.KindSymbol {
		if v := f.lookup(spec.Expr.AsSymbol()); v != nil && v.kind != varCell && v.fn != nil {
			class = f.varOperand(v)
		}
	}
	f.emit(OpTypeCheck, r, class, 0, f.k(spec.Value()))
	f.release(mark)
}

// typeHeads are the heads of applied types.
var typeHeads = setOf("Array Map HashMap HashSet Result Option Fn Future Generator")

// isTypeExpr tells whether an expression is built only from type names with
// the head of an applied type or |.
func (f *fn) isTypeExpr(g *value.Gene) bool {
	if g.Props.Len() > 0 || len(g.Children) == 0 {
		return false
	}
	head := headName(g)
	switch {
	case head == "|":
		return f.allTypes(g.Children)
	case childName(g, 0) == "|":
		for i := 0; i < len(g.Children); i += 2 {
			if childName(g, i) != "|" || i+1 >= len(g.Children) || !f.isTypeName(g.Children[i+1]) {
				return false
			}
		}
		return f.isTypeName(g.Type)
	case head == "Fn":
		return g.Children[0].Kind() == value.KindArray
	case typeHeads[head] || f.findEnum(head) != nil && len(g.Children) > 0:
		return f.allTypes(g.Children)
	}
	return false
}

func (f *fn) allTypes(vs []value.Value) bool {
	for _, v := range vs {
		if !f.isTypeName(v) {
			return false
		}
	}
	return true
}

func (f *fn) isTypeName(v value.Value) bool {
	switch v.Kind() {
	case value.KindSymbol:
		s := v.AsSymbol().Name
		return isCapital(s) || s == "int" || s == "i64" || s == "float" || s == "f64"
	case value.KindPath:
		p := v.AsPath().Parts
		return isCapital(p[len(p)-1]) && p[0] != ""
	case value.KindGene:
		return f.isTypeExpr(v.AsGene())
	case value.KindNil:
		return true
	}
	return false
}

// genTypeValue compiles a type expression as a value.
func (f *fn) genTypeValue(expr value.Value, d dest) {
	mark := f.top
	w := f.window(d)
	f.emit(OpLoadK, w, 0, 0, f.add(f.typeSpec(expr, "type", false, nil).Value()))
	f.intrinsic(InType, w, 1)
	f.resultOf(w, d)
	f.release(mark)
}

// genType compiles (type Name Expr).
func (f *fn) genType(g *value.Gene, d dest) {
	if len(g.Children) != 2 || g.Children[0].Kind() != value.KindSymbol {
		f.fail("type requires a name and a type expression")
	}
	mark := f.top
	c := f.alloc()
	f.genTypeValue(g.Children[1], dest(c))
	f.outer(c, func() {
		f.define(g.Children[0], "type", func(r int) { f.moveTo(c, dest(r)) })
	})
	f.resultOf(c, d)
	f.release(mark)
}

func (f *fn) genTypeof(g *value.Gene, d dest) {
	if len(g.Children) != 1 || hasSpread(g.Children) {
		f.fail("typeof requires exactly 1 argument")
	}
	mark := f.top
	w := f.window(d)
	f.asOperand(func() { f.kid(g, 0, dest(w)) })
	f.intrinsic(InTypeOf, w, 1)
	f.resultOf(w, d)
	f.release(mark)
}

// enumInfo is what the compiler knows of an enum.
type enumInfo struct {
	name     string
	variants []variantInfo
	builtin  bool
}

type variantInfo struct {
	name   string
	fields []string
	types  []value.Value // unset where unannotated
}

func (e *enumInfo) variant(name string) *variantInfo {
	for i := range e.variants {
		if e.variants[i].name == name {
			return &e.variants[i]
		}
	}
	return nil
}

// builtinEnums are Result and Option.
var builtinEnums = []*enumInfo{
	{"Result", []variantInfo{{"Ok", []string{"value"}, nil}, {"Err", []string{"error"}, nil}}, true},
	{"Option", []variantInfo{{"Some", []string{"value"}, nil}, {"None", nil, nil}}, true},
}

// enumInfo reads an enum declaration; fail reports what is wrong with it.
func readEnum(g *value.Gene, fail func(format string, args ...any)) *enumInfo {
	if len(g.Children) == 0 || g.Children[0].Kind() != value.KindSymbol {
		fail("enum requires a name")
		return nil
	}
	decl := g.Children[0].AsSymbol().Name
	name, _ := splitGeneric(decl)
	if name == "" || strings.HasSuffix(decl, ":") || strings.Contains(decl, "::") {
		fail("enum generic declaration '%s' has invalid generic parameter syntax", decl)
		return nil
	}
	e := &enumInfo{name: name}
	list := g.Children[1:]
	if v, ok := g.Props.GetText("values"); ok {
		if v.Kind() != value.KindArray {
			fail("enum ^values must be an array")
			return nil
		}
		list = append(append([]value.Value{}, list...), v.AsArray().Items...)
	}
	for _, v := range list {
		if !e.add(v, fail) {
			return nil
		}
	}
	return e
}

func (e *enumInfo) add(v value.Value, fail func(format string, args ...any)) bool {
	var out variantInfo
	switch {
	case v.Kind() == value.KindSymbol:
		out.name = v.AsSymbol().Name
	case v.Kind() == value.KindGene && headName(v.AsGene()) != "":
		if !e.fields(v.AsGene(), &out, fail) {
			return false
		}
	default:
		fail("enum %s: a variant must be a symbol or (Name field...), got %s", e.name, formText(v))
		return false
	}
	if e.variant(out.name) != nil {
		fail("enum %s has duplicate variant %s", e.name, out.name)
		return false
	}
	e.variants = append(e.variants, out)
	return true
}

func (e *enumInfo) fields(g *value.Gene, out *variantInfo, fail func(format string, args ...any)) bool {
	out.name = headName(g)
	for i := 0; i < len(g.Children); i++ {
		s := childName(g, i)
		if s == "" {
			fail("enum variant %s/%s: a field must be a name", e.name, out.name)
			return false
		}
		var typ value.Value
		if strings.HasSuffix(s, ":") && len(s) > 1 {
			s = s[:len(s)-1]
			if i+1 >= len(g.Children) {
				fail("enum variant %s/%s: missing type of field %s", e.name, out.name, s)
				return false
			}
			i++
			typ = g.Children[i]
		}
		for _, old := range out.fields {
			if old == s {
				fail("enum variant %s/%s has duplicate field %s", e.name, out.name, s)
				return false
			}
		}
		out.fields = append(out.fields, s)
		out.types = append(out.types, typ)
	}
	return true
}

// genEnum compiles (enum Name …).
func (f *fn) genEnum(g *value.Gene, d dest) {
	e := readEnum(g, f.fail)
	_, generic := splitGeneric(g.Children[0].AsSymbol().Name)
	var names, types []value.Value
	for _, v := range e.variants {
		row := []value.Value{value.Sym(v.name)}
		specs := []value.Value{}
		for i, field := range v.fields {
			row = append(row, value.Sym(field))
			spec := value.Nil
			if v.types[i].IsSet() && f.c.o.TypeCheck {
				spec = f.typeSpec(v.types[i], "field "+e.name+"/"+v.name+"."+field, true, generic).Value()
			}
			specs = append(specs, spec)
		}
		names = append(names, value.Arr(row...))
		types = append(types, value.Arr(specs...))
	}
	mark := f.top
	c := f.allocN(3)
	f.load(value.Str(e.name), c)
	f.emit(OpLoadK, c+1, 0, 0, f.k(value.Arr(names...)))
	f.emit(OpLoadK, c+2, 0, 0, f.k(value.Arr(types...)))
	f.intrinsic(InEnum, c, 3)
	if !f.scope.module || f.c.facts.enums[e.name] == nil {
		f.scope.enums = append(f.scope.enums, e)
	}
	f.outer(c, func() {
		f.define(value.Sym(e.name), "enum", func(r int) { f.moveTo(c, dest(r)) })
	})
	f.resultOf(c, d)
	f.release(mark)
}

// visibleEnums lists the program's enums that can be seen here, innermost first.
func (f *fn) visibleEnums() []*enumInfo {
	var out []*enumInfo
	seen := map[string]bool{}
	add := func(e *enumInfo) {
		if !seen[e.name] {
			seen[e.name] = true
			out = append(out, e)
		}
	}
	for s := f.scope; s != nil; s = s.parent {
		for i := len(s.enums) - 1; i >= 0; i-- {
			add(s.enums[i])
		}
	}
	return out
}

func (f *fn) findEnum(name string) *enumInfo {
	if name == "" {
		return nil
	}
	for _, e := range f.visibleEnums() {
		if e.name == name {
			return e
		}
	}
	for _, e := range builtinEnums {
		if e.name == name {
			return e
		}
	}
	return nil
}

// annotate notes what an annotation says of a variable.
func (f *fn) annotate(v *variable, typ value.Value) {
	if f.c.facts.assigned[v.name] && typ.Kind() == value.KindUnset {
		return
	}
	name := symName(typ)
	if typ.Kind() == value.KindGene {
		name = headName(typ.AsGene())
	}
	v.enum = f.findEnum(name)
	v.class = f.c.facts.class(name)
}
