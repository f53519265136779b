package vm

import (
	"fmt"
	"slices"

	"gene/compiler"
	"gene/value"
)

func namedType(name string) *value.Type {
	return &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeNamed, Name: name}
}

var anyType = &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeAny}

// typeSpellings are other accepted names of types.
var typeSpellings = map[string]string{"int": "Int", "i64": "Int", "float": "Float", "f64": "Float"}

// resolveSpec gives the type of an annotation. It is kept in the spec once
// every name in it is known.
func (vm *VM) resolveSpec(s *compiler.TypeSpec) *value.Type {
	if s.Type != nil {
		return s.Type
	}
	r := typeResolver{vm: vm, scope: s.Scope, generic: s.Generic, known: true}
	t := r.resolve(s.Expr)
	if r.known {
		s.Type = t
	}
	return t
}

type typeResolver struct {
	vm      *VM
	scope   *compiler.Module
	generic []*value.Symbol
	known   bool // all names were found
}

func (r *typeResolver) resolve(e value.Value) *value.Type {
	switch e.Kind() {
	case value.KindSymbol:
		return r.name(e.AsSymbol())
	case value.KindPath:
		return r.path(e.AsPath())
	case value.KindGene:
		return r.form(e.AsGene())
	case value.KindNil:
		return namedType("Nil")
	}
	if t := r.vm.asType(e); t != nil {
		return t
	}
	r.known = false
	return namedType(value.Literal(e))
}

func (r *typeResolver) name(s *value.Symbol) *value.Type {
	if slices.Contains(r.generic, s) {
		return &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeAny, Name: s.Name}
	}
	if r.scope != nil {
		if c := r.scope.Cells[s]; c != nil && c.V.IsSet() {
			if t := r.vm.asType(c.V); t != nil {
				return t
			}
		}
	}
	if v, ok := r.vm.Globals.Get(s); ok {
		if t := r.vm.asType(v); t != nil {
			return t
		}
	}
	name := s.Name
	if n, ok := typeSpellings[name]; ok {
		name = n
	}
	if !value.BuiltinTypeName(name) {
		r.known = false
	}
	return namedType(name)
}

func (r *typeResolver) path(p *value.Path) *value.Type {
	var v value.Value
	first := value.Intern(p.Parts[0])
	if r.scope != nil {
		if c := r.scope.Cells[first]; c != nil {
			v = c.V
		}
	}
	if !v.IsSet() {
		v, _ = r.vm.Globals.Get(first)
	}
	for _, part := range p.Parts[1:] {
		if !v.IsSet() {
			break
		}
		v, _ = r.vm.Member(v, value.Sym(part))
	}
	if v.IsSet() {
		if t := r.vm.asType(v); t != nil {
			return t
		}
	}
	r.known = false
	return namedType(value.Print(p.Value()))
}

func (r *typeResolver) form(g *value.Gene) *value.Type {
	bar := value.Intern("|")
	isBar := func(v value.Value) bool { return v.Kind() == value.KindSymbol && v.AsSymbol() == bar }
	parts := append([]value.Value{g.Type}, g.Children...)
	if slices.ContainsFunc(parts, isBar) {
		var members []*value.Type
		for _, p := range parts {
			if !isBar(p) {
				members = append(members, r.resolve(p))
			}
		}
		return value.NewUnion(members...)
	}
	if g.Type.Kind() == value.KindSymbol && g.Type.AsSymbol().Name == "Fn" {
		return r.function(g)
	}
	head := r.resolve(g.Type)
	if len(g.Children) == 0 {
		return head
	}
	t := &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeApplied, Name: head.String(), Class: head.Class, Enum: head.Enum}
	for _, c := range g.Children {
		t.Args = append(t.Args, r.resolve(c))
	}
	return t
}

// function resolves (Fn [P1 P2 ^k K] R) and (Fn [P] -> R).
func (r *typeResolver) function(g *value.Gene) *value.Type {
	t := &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeFn, Ret: anyType}
	for i, c := range g.Children {
		switch {
		case i == 0 && c.Kind() == value.KindArray:
			r.parameters(t, c.AsArray().Items)
		case c.Kind() == value.KindSymbol && c.AsSymbol().Name == "->":
		case i > 0:
			t.Ret = r.resolve(c)
		}
	}
	return t
}

func (r *typeResolver) parameters(t *value.Type, items []value.Value) {
	for i := 0; i < len(items); i++ {
		if s := items[i]; s.Kind() == value.KindSymbol && len(s.AsSymbol().Name) > 1 && s.AsSymbol().Name[0] == '^' && i+1 < len(items) {
			t.Kw = append(t.Kw, value.Intern(s.AsSymbol().Name[1:]))
			i++
		}
		t.Args = append(t.Args, r.resolve(items[i]))
	}
}

// asType gives the type that a class, enum or type value stands for; nil for
// other values.
func (vm *VM) asType(v value.Value) *value.Type {
	switch v.Kind() {
	case value.KindType:
		return v.AsType()
	case value.KindEnum:
		return &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeEnum, Name: v.AsEnum().Name, Enum: v.AsEnum()}
	case value.KindClass:
		c := v.AsClass()
		if c.ForKind != value.KindUnset {
			return namedType(c.Name)
		}
		if c == vm.object {
			return namedType("Any")
		}
		return &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeClass, Name: c.Name, Class: c}
	case value.KindInterface:
		return &value.Type{Header: value.Header{Kind: value.KindType}, Op: value.TypeNamed, Name: v.AsInterface().Name}
	}
	return nil
}

// Fits tells whether v is of type t, without conversions.
func (vm *VM) Fits(t *value.Type, v value.Value) bool {
	switch t.Op {
	case value.TypeAny:
		return true
	case value.TypeClass:
		return v.Kind() == value.KindInstance && v.AsInstance().Class().IsA(t.Class)
	case value.TypeEnum:
		return enumOf(v) == t.Enum
	case value.TypeUnion:
		return slices.ContainsFunc(t.Args, func(m *value.Type) bool { return vm.Fits(m, v) })
	case value.TypeApplied:
		switch {
		case t.Class != nil:
			return v.Kind() == value.KindInstance && v.AsInstance().Class().IsA(t.Class)
		case t.Enum != nil:
			return enumOf(v) == t.Enum
		}
		return fitsName(t.Name, v)
	case value.TypeFn:
		return vm.fitsFn(t, v)
	}
	return fitsName(t.Name, v)
}

func enumOf(v value.Value) *value.Enum {
	switch v.Kind() {
	case value.KindVariant:
		return v.AsVariant().Enum
	case value.KindEnumValue:
		return v.AsEnumValue().Variant.Enum
	}
	return nil
}

func fitsName(name string, v value.Value) bool {
	k := v.Kind()
	switch name {
	case "Any", "Object":
		return true
	case "Numeric":
		return k == value.KindInt || k == value.KindFloat
	case "Collection":
		return k == value.KindArray || k == value.KindMap || k == value.KindHashMap || k == value.KindHashSet
	case "Function":
		return k == value.KindFunction || k == value.KindBlock || k == value.KindNative
	}
	return value.TypeName(v) == name
}

// fitsFn: a function fits when it has the same number and kinds of parameters
// and no annotation contradicts.
func (vm *VM) fitsFn(t *value.Type, v value.Value) bool {
	if !isCode(v) {
		return v.Kind() == value.KindNative || vm.Callable(v)
	}
	p := asFunction(v).Proto
	want := len(t.Args) - len(t.Kw)
	required, most := 0, 0
	for i := range p.Params {
		switch p.Params[i].Kind {
		case compiler.ParamRequired:
			required++
			most++
		case compiler.ParamOptional:
			most++
		case compiler.ParamRest:
			most = want
		case compiler.ParamKw:
			if !slices.Contains(t.Kw, p.Params[i].Name) {
				return false
			}
		}
	}
	if want < required || want > most && len(p.Params) > 0 {
		return false
	}
	return vm.paramsAgree(t, p)
}

func (vm *VM) paramsAgree(t *value.Type, p *compiler.Proto) bool {
	pos := 0
	for i := range p.Params {
		q := &p.Params[i]
		if q.Kind > compiler.ParamOptional || pos >= len(t.Args)-len(t.Kw) {
			continue
		}
		if q.Type != nil && !value.TypesEquivalent(vm.resolveSpec(q.Type), t.Args[pos]) {
			return false
		}
		pos++
	}
	return p.Returns == nil || t.Ret == nil || value.TypesEquivalent(vm.resolveSpec(p.Returns), t.Ret)
}

// is is the operator: v is T.
func (vm *VM) is(v, t value.Value) (value.Value, error) {
	switch t.Kind() {
	case value.KindClass:
		return value.Bool(vm.isA(v, t.AsClass())), nil
	case value.KindInterface:
	default:
		if typ := vm.asType(t); typ != nil {
			return value.Bool(vm.Fits(typ, v)), nil
		}
	}
	return value.Value{}, vm.ArgError("is requires a type value on the right side, got %s", value.TypeName(t))
}

// isA tells whether v is of class c.
func (vm *VM) isA(v value.Value, c *value.Class) bool {
	switch {
	case c.ForKind != value.KindUnset:
		return fitsName(c.Name, v)
	case c == vm.object:
		return true
	}
	return v.Kind() == value.KindInstance && v.AsInstance().Class().IsA(c)
}

// typeCheck is the instruction: R[a] is checked against an annotation and
// converted where its place allows that.
func (vm *VM) typeCheck(s *compiler.TypeSpec, f *frame, a, b int) error {
	var local *value.Type
	if b != 255 {
		local = vm.asType(f.ra[b])
	}
	v, err := vm.coerce(s, f.ra[a], local)
	if err != nil {
		return err
	}
	f.ra[a] = v
	return nil
}

// coerce checks v against a spec (or the type of a local class).
func (vm *VM) coerce(s *compiler.TypeSpec, v value.Value, local *value.Type) (value.Value, error) {
	t := local
	if t == nil {
		t = vm.resolveSpec(s)
	}
	return vm.coerceTo(t, v, s.Place, s.Convert, vm.opts.StrictNil)
}

func (vm *VM) coerceTo(t *value.Type, v value.Value, place string, convert, strictNil bool) (value.Value, error) {
	if vm.Fits(t, v) || v.IsNil() && (!strictNil || admitsNil(t)) {
		return v, nil
	}
	if convert {
		if v.IsInt() && wants(t, "Float") {
			return value.Float(float64(v.AsInt())), nil
		}
		if v.IsFloat() && wants(t, "Int") {
			i := int64(v.AsFloat())
			vm.Warn("Lossy conversion Float -> Int for %s: %s -> %d", place, value.Print(v), i)
			return value.Int(i), nil
		}
	}
	return v, vm.Raise(vm.Errors.Type, CodeMismatch, "Type error [GENE_TYPE_MISMATCH]: expected %s, got %s in %s", t, value.TypeName(v), place)
}

// wants tells whether a type is, or has as a member, the named one.
func wants(t *value.Type, name string) bool {
	if t.Op == value.TypeUnion {
		return slices.ContainsFunc(t.Args, func(m *value.Type) bool { return wants(m, name) })
	}
	return t.Op == value.TypeNamed && t.Name == name
}

// admitsNil: under --strict-nil only these take nil.
func admitsNil(t *value.Type) bool {
	switch t.Op {
	case value.TypeAny:
		return true
	case value.TypeUnion:
		return slices.ContainsFunc(t.Args, admitsNil)
	}
	return t.Name == "Nil" || t.Name == "Any" || t.Name == "Option"
}

// Warn writes a warning that points at the running instruction.
func (vm *VM) Warn(format string, args ...any) {
	f := vm.fp
	p := f.pos()
	vm.writeWarning(f.fn.Proto.File, p, fmt.Sprintf(format, args...))
}
