package compiler

import (
	"strings"

	"gene/value"
)

// param is a parameter or an element of an array pattern as it is written.
type param struct {
	name    *value.Symbol // "_" for ignored ones; nil for a nested pattern
	kind    ParamKind
	typ     value.Value // unset when unannotated
	def     value.Value // default, unset when there is none
	defPos  value.Pos
	pattern value.Value // nested array pattern
	field   bool        // /name of a constructor
}

// paramList reads a parameter list or, with pattern, an array pattern.
func (f *fn) paramList(vs []value.Value, pos func(i int) value.Pos, pattern bool) []param {
	var out []param
	rests := 0
	for i := 0; i < len(vs); {
		p, next := f.param(vs, pos, i, pattern)
		if p.kind == ParamRest {
			if rests++; rests > 1 && pattern {
				f.fail("Only one named positional rest parameter is allowed")
			} else if rests > 1 {
				f.fail("Only one positional rest parameter is allowed")
			}
		}
		out = append(out, p)
		i = next
	}
	if len(out) > 100 {
		f.fail("too many parameters: %d (limit 100)", len(out))
	}
	return out
}

// param reads the element at i and gives the index behind it.
func (f *fn) param(vs []value.Value, pos func(i int) value.Pos, i int, pattern bool) (p param, next int) {
	v := vs[i]
	i++
	switch {
	case v.Kind() == value.KindArray:
		p.pattern = v
	case v.Kind() == value.KindPath && !pattern:
		parts := v.AsPath().Parts
		if len(parts) != 2 || parts[0] != "" {
			f.fail("invalid parameter %s", formText(v))
		}
		p.field = true
		f.paramName(&p, parts[1])
	case v.Kind() == value.KindSymbol:
		f.paramName(&p, v.AsSymbol().Name)
	case pattern:
		f.fail("Unsupported destructuring pattern: %s", formText(v))
	default:
		f.fail("parameter must be a symbol or array pattern, got %s", kindName(v))
	}
	if i < len(vs) && symName(vs[i]) == "..." && p.pattern.Kind() == value.KindUnset {
		p.rest()
		i++
	}
	if p.typ == value.True {
		p.typ = value.Value{}
		if pattern {
			f.fail("Unsupported destructuring pattern: type annotations are not allowed")
		}
		if i >= len(vs) {
			f.fail("missing type of parameter %s", p.name.Name)
		}
		p.typ = vs[i]
		i++
	}
	if i < len(vs) && symName(vs[i]) == "=" {
		if i+1 >= len(vs) {
			f.fail("missing default value of a parameter")
		}
		p.def, p.defPos = vs[i+1], pos(i+1)
		i += 2
		f.optional(&p)
	}
	return p, i
}

func (f *fn) optional(p *param) {
	switch {
	case p.field:
		f.fail("parameter /%s cannot have a default", p.name.Name)
	case p.kind == ParamRequired:
		p.kind = ParamOptional
	case p.kind == ParamKw:
		p.kind = ParamKwOptional
	default:
		f.fail("a rest parameter cannot have a default")
	}
}

func (p *param) rest() {
	if p.kind == ParamKw {
		p.kind = ParamKwRest
	} else {
		p.kind = ParamRest
	}
}

// paramName reads the marks around a parameter's name.
func (f *fn) paramName(p *param, s string) {
	if s == "..." {
		f.fail("Positional rest must follow a named parameter")
	}
	if s == "=" || s == "^" {
		f.fail("invalid parameter %s", s)
	}
	if strings.HasPrefix(s, "^") {
		p.kind = ParamKw
		s = strings.TrimLeft(s, "^")
	}
	if strings.HasSuffix(s, ":") && len(s) > 1 {
		p.typ = value.True // stands for: the type follows
		s = s[:len(s)-1]
	}
	if strings.HasSuffix(s, "...") {
		p.rest()
		s = strings.TrimSuffix(s, "...")
	}
	if s == "" {
		f.fail("a parameter requires a name")
	}
	p.name = value.Intern(s)
}

// params compiles the binding of parameters: what the VM cannot do by itself.
func (f *fn) params(form *fnForm) {
	pos := func(i int) value.Pos {
		if form.params == nil {
			return value.Pos{}
		}
		return f.c.posIn(ptrOf(form.params), i)
	}
	list := f.paramList(form.list, pos, false)
	first := f.top
	fixed := true
	for i, p := range list {
		f.alloc()
		f.keep(first + i)
		if p.kind != ParamRequired {
			fixed = false
		}
		f.p.Params = append(f.p.Params, Param{Name: f.paramSym(p, form), Kind: p.kind})
	}
	if fixed {
		f.p.Fixed = len(list)
	}
	if len(list) == 0 && form.flags&(FlagMethod|FlagCtor) == 0 {
		f.p.Flags |= FlagIgnoreExtra
	}
	if f.isMacro {
		f.p.EnvReg = f.alloc()
		f.keep(f.p.EnvReg)
		f.scope.set(symCaller, &variable{name: symCaller, kind: varReg, fn: f, reg: f.p.EnvReg, declared: true})
	}
	f.ownName(form)
	for i, p := range list {
		f.bindParam(form, p, first+i, &f.p.Params[i])
	}
}

// paramSym gives the name by which a parameter is known to callers.
func (f *fn) paramSym(p param, form *fnForm) *value.Symbol {
	if p.name == nil {
		return symAny
	}
	if form.onlyInit && p.name == symSelf {
		return p.name
	}
	f.reserved(p.name, "parameter")
	return p.name
}

// ownName puts the function into a register when functions inside it mention
// its name.
func (f *fn) ownName(form *fnForm) {
	name := form.selfVar
	if name == nil || f.self == nil || f.self.kind != varFn || !f.info.captured[name] {
		return
	}
	r := f.alloc()
	f.keep(r)
	f.emit(OpGetFn, r, 0, 0, 0)
	f.scope.set(name, &variable{name: name, kind: varReg, fn: f, reg: r, declared: true, start: f.here()})
	f.self = f.scope.vars[name]
}

// bindParam completes one parameter: default, type, pattern, field, cell.
func (f *fn) bindParam(form *fnForm, p param, r int, out *Param) {
	if p.def.IsSet() {
		f.setDefault(p, r)
	}
	if p.pattern.IsSet() {
		f.bindArrayPattern(p.pattern.AsArray(), r, false)
		return
	}
	if p.typ.IsSet() && p.kind != ParamRest && p.kind != ParamKwRest {
		out.Type = f.typeSpec(p.typ, p.name.Name, true, form.generic)
		if f.c.o.TypeCheck {
			f.typeCheck(r, out.Type)
		}
	}
	if p.field {
		f.emit(OpSetMember, 0, r, 0, f.site(p.name.Name))
	}
	if p.name == symAny {
		return
	}
	v := f.declareReg(p.name, r)
	if p.typ.IsSet() {
		f.annotate(v, p.typ)
		if f.c.o.TypeCheck {
			v.typ = out.Type
		}
	}
}

// setDefault evaluates a default where no argument was given.
func (f *fn) setDefault(p param, r int) {
	var given label
	f.jump(OpJmpSet, r, 0, 0, &given)
	mark := f.top
	f.reserveIn(p.def)
	t := f.alloc()
	f.at(p.defPos, p.def, dest(t))
	f.emit(OpMove, r, t, 0, 0)
	f.release(mark)
	f.place(&given)
}
