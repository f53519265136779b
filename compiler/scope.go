package compiler

import (
	"gene/value"
)

// varKind tells where a variable lives.
type varKind uint8

const (
	varReg    varKind = iota // a register, which holds a cell when boxed
	varUp                    // an upvalue that an eval gets from outside
	varCell                  // a cell of the module
	varFn                    // the running function itself
	varConst                 // a value known when compiling
	varMember                // a member of a namespace or class whose body this is
)

// variable is a name that code can refer to.
type variable struct {
	name  *value.Symbol
	kind  varKind
	fn    *fn // whose register or upvalue it is
	reg   int // register or upvalue number
	boxed bool
	cell  *value.Cell
	val   value.Value
	base  *variable // varMember: holds the namespace

	let      bool
	isVar    bool // var, let, parameter, loop or pattern: may be a path segment
	declared bool // its declaration has been compiled
	start    int  // where its register becomes valid

	typ   *TypeSpec // annotation, checked at assignments
	alias bool      // declared as another name of an enum variant
	class *classInfo
	enum  *enumInfo
}

// scope is a block of names. The chain of parents crosses functions.
type scope struct {
	parent *scope
	fn     *fn
	vars   map[*value.Symbol]*variable
	module bool      // a module's top level: variables are cells or registers of its function
	body   *variable // of a namespace's or class's body: the variable that holds it
	// reserved are registers for declarations nested in the statement that is
	// being compiled, so that they lie below its temporaries.
	reserved map[*value.Symbol][]reservation
	// future are functions that the block declares further on and that
	// functions before them mention.
	future map[*value.Symbol]*variable
	enums  []*enumInfo

	top, localTop int // of fn when the scope was entered
}

type reservation struct {
	reg   int
	boxed bool // holds a cell already, because a loop runs the declaration again
}

func newScope(parent *scope, f *fn) *scope {
	s := &scope{parent: parent, fn: f, vars: map[*value.Symbol]*variable{}}
	if f != nil {
		s.top, s.localTop = f.top, f.localTop
	}
	return s
}

func (s *scope) set(name *value.Symbol, v *variable) { s.vars[name] = v }

func (f *fn) push() { f.scope = newScope(f.scope, f) }

func (f *fn) pop() {
	s := f.scope
	for _, v := range s.vars {
		f.debugVar(v)
	}
	f.top, f.localTop = s.top, s.localTop
	f.scope = s.parent
}

// debugVar records which register held v, for the disassembler.
func (f *fn) debugVar(v *variable) {
	if v.kind == varReg && v.fn == f && v.start < f.here() {
		f.p.Local = append(f.p.Local, LocalVar{v.name, uint8(v.reg), int32(v.start), int32(f.here()), v.boxed})
	}
}

// lookup finds the variable a name refers to; nil when only the module's or
// the built-in names are left.
func (f *fn) lookup(name *value.Symbol) *variable {
	v := lookupIn(f.scope, name)
	if v != nil && v.kind != varCell {
		return v
	}
	for s := f.scope; s != nil; s = s.parent {
		if fv := s.future[name]; fv != nil && s.fn != f {
			return fv
		}
	}
	return v
}

func lookupIn(s *scope, name *value.Symbol) *variable {
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			if v.kind == varReg && !v.declared {
				continue
			}
			return v
		}
	}
	return nil
}

// visibleVar gives the variable that a path segment may stand for, or nil.
func (f *fn) visibleVar(name string) *variable {
	v := f.lookup(value.Intern(name))
	if v == nil {
		return f.c.oldVar(name)
	}
	if !v.isVar || v.kind == varCell && !v.declared && f.parent == nil {
		return nil
	}
	return v
}

// oldVar gives a variable that an earlier compilation of this module made, as
// seen by eval and in the REPL.
func (c *compiler) oldVar(name string) *variable {
	sym := value.Intern(name)
	cell := c.mod.Cells[sym]
	if cell == nil {
		return nil
	}
	switch cell.V.Kind() {
	case value.KindUnset, value.KindFunction, value.KindNative, value.KindClass, value.KindInterface,
		value.KindNamespace, value.KindEnum:
		return nil
	}
	return &variable{name: sym, kind: varCell, cell: cell, isVar: true, declared: true}
}

// boxes tells whether a variable of this name, declared here, lives in a cell.
func (f *fn) boxes(name *value.Symbol) bool {
	return f.info.env || f.info.captured[name] && f.info.assigned[name]
}

// declareReg makes a local of the value in register r, which must be the
// topmost in use.
func (f *fn) declareReg(name *value.Symbol, r int) *variable {
	f.keep(r)
	f.adopted = true
	v := &variable{name: name, kind: varReg, fn: f, reg: r, isVar: true, declared: true, start: f.here()}
	if f.boxes(name) {
		v.boxed = true
		f.emit(OpNewBox, r, 0, 0, 0)
	}
	if old := f.scope.vars[name]; old != nil {
		f.debugVar(old)
	}
	f.scope.set(name, v)
	return v
}

// declare makes a variable of the current scope whose value gen produces.
func (f *fn) declare(name *value.Symbol, gen func(r int)) *variable {
	if v := f.topVar(name); v != nil {
		return f.declareTop(v, gen)
	}
	if list := f.scope.reservedFor(name); len(list) > 0 {
		return f.declareReserved(name, list[0], gen)
	}
	f.release(f.top)
	if f.top > f.localTop {
		// Temporaries lie below: the register stays a local above them until
		// the scope ends.
		f.localTop = f.top
	}
	r := f.alloc()
	gen(r)
	return f.declareReg(name, r)
}

func (s *scope) reservedFor(name *value.Symbol) []reservation { return s.reserved[name] }

func (f *fn) declareReserved(name *value.Symbol, res reservation, gen func(r int)) *variable {
	f.scope.reserved[name] = f.scope.reserved[name][1:]
	v := &variable{name: name, kind: varReg, fn: f, reg: res.reg, isVar: true, start: f.here()}
	switch {
	case res.boxed:
		mark := f.top
		r := f.alloc()
		gen(r)
		f.emit(OpSetBox, res.reg, r, 0, 0)
		f.release(mark)
		v.boxed = true
	default:
		gen(res.reg)
		if v.boxed = f.boxes(name); v.boxed {
			f.emit(OpNewBox, res.reg, 0, 0, 0)
		}
	}
	v.declared = true
	if old := f.scope.vars[name]; old != nil {
		f.debugVar(old)
	}
	f.scope.set(name, v)
	return v
}

// topVar gives the variable of the module's top level that a declaration in
// the current scope defines, or nil when the scope is another.
func (f *fn) topVar(name *value.Symbol) *variable {
	if f.scope.module {
		return f.scope.vars[name]
	}
	return nil
}

func (f *fn) declareTop(v *variable, gen func(r int)) *variable {
	if v.kind == varReg {
		if v.reg < 0 {
			f.release(f.top)
			f.localTop = max(f.localTop, f.top)
			r := f.alloc()
			gen(r)
			f.keep(r)
			f.adopted = true
			v.reg, v.start = r, f.here()
		} else {
			mark := f.top
			r := f.alloc()
			gen(r)
			f.emit(OpMove, v.reg, r, 0, 0)
			f.release(mark)
		}
		v.declared = true
		return v
	}
	mark := f.top
	r := f.alloc()
	gen(r)
	if v.declared && v.isVar {
		v = f.freshCell(v)
	}
	f.emit(OpDefCell, r, 0, 0, f.k(v.cell.Value()))
	f.release(mark)
	v.declared = true
	return v
}

// freshCell is for a second var of a name: closures made earlier keep the
// first variable.
func (f *fn) freshCell(old *variable) *variable {
	v := *old
	v.cell = value.NewCell(v.name, value.Value{})
	f.c.mod.Cells[v.name] = v.cell
	if f.c.mod.NS.Cell(v.name) == old.cell {
		f.c.mod.NS.Bind(v.name, v.cell)
	}
	v.typ, v.class, v.enum, v.let = nil, nil, nil, false
	f.scope.set(v.name, &v)
	return &v
}

// reserveIn takes registers for the declarations nested in a statement.
func (f *fn) reserveIn(forms ...value.Value) {
	for _, d := range declsIn(forms...) {
		f.reserve(d)
	}
}

func (f *fn) reserve(d decl) {
	if v := f.topVar(d.name); v != nil {
		if v.kind == varReg && v.reg < 0 {
			v.reg = f.alloc()
			f.keep(v.reg)
			v.start = f.here()
			f.emit(OpLoadNil, v.reg, 0, 0, 0)
		}
		return
	}
	if f.scope.module || d.path != "" {
		return
	}
	r := f.alloc()
	f.keep(r)
	res := reservation{reg: r}
	if d.maybe {
		if f.boxes(d.name) || f.info.captured[d.name] {
			f.emit(OpClear, r, 0, 0, 0)
			f.emit(OpNewBox, r, 0, 0, 0)
			res.boxed = true
		} else {
			f.emit(OpLoadNil, r, 0, 0, 0)
		}
	}
	if f.scope.reserved == nil {
		f.scope.reserved = map[*value.Symbol][]reservation{}
	}
	f.scope.reserved[d.name] = append(f.scope.reserved[d.name], res)
}

// capture gives the upvalue of f through which it sees a variable of an
// enclosing function.
func (f *fn) capture(v *variable) int {
	if v.fn == f {
		return v.reg // an upvalue that eval was given
	}
	if i, ok := f.upvals[v]; ok {
		return i
	}
	u := Upval{Name: v.name}
	switch {
	case v.fn == f.parent && v.kind == varUp:
		u.Index = uint8(v.reg)
	case v.fn == f.parent:
		u.FromReg, u.Index = true, uint8(v.reg)
	case f.parent == nil:
		f.fail("internal error: variable %s belongs to no enclosing function", v.name.Name)
	default:
		u.Index = uint8(f.parent.capture(v))
	}
	if len(f.p.Upvals) >= upvalsMax {
		f.fail("too many captured variables in one function (limit %d)", upvalsMax)
	}
	f.p.Upvals = append(f.p.Upvals, u)
	f.upvals[v] = len(f.p.Upvals) - 1
	return len(f.p.Upvals) - 1
}

// local gives the register of a variable that can be read in place, or -1.
func (f *fn) local(v *variable) int {
	if v != nil && v.kind == varReg && v.fn == f && !v.boxed && v.reg >= 0 {
		return v.reg
	}
	return -1
}

// readVar puts the value of a variable into r.
func (f *fn) readVar(v *variable, r int) {
	switch v.kind {
	case varCell:
		f.emit(OpGetCell, r, 0, 0, f.k(v.cell.Value()))
	case varConst:
		f.load(v.val, r)
	case varFn:
		if v.fn == f {
			f.emit(OpGetFn, r, 0, 0, 0)
			return
		}
		f.fail("internal error: function %s is not captured", v.name.Name)
	case varMember:
		b := f.varOperand(v.base)
		f.emit(OpGetMember, r, b, 0, f.site(v.name.Name))
	case varReg, varUp:
		f.readLocal(v, r)
	}
}

func (f *fn) readLocal(v *variable, r int) {
	switch {
	case v.fn == f && v.kind == varReg && v.boxed:
		f.emit(OpGetBox, r, v.reg, 0, 0)
	case v.fn == f && v.kind == varReg:
		if r != v.reg {
			f.emit(OpMove, r, v.reg, 0, 0)
		}
	case v.boxed:
		f.emit(OpGetUpBox, r, f.capture(v), 0, 0)
	default:
		f.emit(OpGetUp, r, f.capture(v), 0, 0)
	}
}

// varOperand gives a register that holds the value of v.
func (f *fn) varOperand(v *variable) int {
	if r := f.local(v); r >= 0 {
		return r
	}
	r := f.alloc()
	f.readVar(v, r)
	return r
}

// writeVar assigns the value of register r.
func (f *fn) writeVar(v *variable, r int) {
	switch v.kind {
	case varCell:
		f.emit(OpSetCell, r, 0, 0, f.k(v.cell.Value()))
	case varMember:
		mark := f.top
		b := f.varOperand(v.base)
		f.emit(OpSetMember, b, r, 0, f.site(v.name.Name))
		f.release(mark)
	case varReg, varUp:
		switch {
		case v.fn == f && v.kind == varReg && v.boxed:
			f.emit(OpSetBox, v.reg, r, 0, 0)
		case v.fn == f && v.kind == varReg:
			if v.reg != r {
				f.emit(OpMove, v.reg, r, 0, 0)
			}
		case v.boxed:
			f.emit(OpSetUpBox, f.capture(v), r, 0, 0)
		default:
			f.fail("internal error: %s changes and has no cell", v.name.Name)
		}
	default:
		f.fail("cannot assign %s", v.name.Name)
	}
}

// global gives the cell that a name outside all local scopes refers to.
func (c *compiler) global(name *value.Symbol) *value.Cell {
	if cell := c.mod.Cells[name]; cell != nil {
		return cell
	}
	if !c.facts.assigned[name] && !c.facts.wildcard && c.mod.Globals != nil {
		if cell := c.mod.Globals.Cell(name); cell != nil {
			return cell
		}
	}
	cell := value.NewCell(name, value.Value{})
	c.mod.Cells[name] = cell
	return cell
}

// cellOf gives the cell a name refers to when it is no local variable.
func (f *fn) cellOf(name *value.Symbol) *value.Cell {
	if v := f.lookup(name); v != nil {
		if v.kind == varCell {
			return v.cell
		}
		return nil
	}
	return f.c.global(name)
}

func (f *fn) site(name string) int {
	return f.siteKw(value.Intern(name), nil)
}

// siteKw makes a new site: each place in the code has a cache of its own.
func (f *fn) siteKw(name *value.Symbol, kw []*value.Symbol) int {
	f.p.K = append(f.p.K, NewSite(name, kw).Value())
	return len(f.p.K) - 1
}

// add appends an internal constant.
func (f *fn) add(v value.Value) int {
	f.p.K = append(f.p.K, v)
	return len(f.p.K) - 1
}

// scopeHere lists the variables visible here for an eval, innermost first.
func (f *fn) scopeHere(selfReg int) *Scope {
	s := &Scope{Header: value.Header{Kind: value.KindInternal}, Module: f.c.mod, Pos: f.pos}
	seen := map[*value.Symbol]bool{symSelf: true, symCaller: true}
	for sc := f.scope; sc != nil && !sc.module; sc = sc.parent {
		for name, v := range sc.vars {
			if seen[name] || !v.boxed || !v.declared {
				continue
			}
			seen[name] = true
			s.Vars = append(s.Vars, f.placeOf(v))
		}
	}
	sortVars(s.Vars)
	if selfReg >= 0 {
		s.HasSelf, s.Self = true, Var{Name: symSelf, FromReg: true, Index: uint8(selfReg)}
	}
	if v := f.lookup(symCaller); v != nil {
		s.HasCaller, s.Caller = true, f.placeOf(v)
	}
	return s
}

// placeOf tells where f finds what a variable's register or upvalue holds.
func (f *fn) placeOf(v *variable) Var {
	if v.fn == f && v.kind == varReg {
		return Var{Name: v.name, Let: v.let, FromReg: true, Index: uint8(v.reg)}
	}
	return Var{Name: v.name, Let: v.let, Index: uint8(f.capture(v))}
}

// env makes the environment of this place in register r.
func (f *fn) env(r int) {
	self := -1
	if v := f.lookup(symSelf); v != nil && !(v.kind == varConst && v.val == f.c.mod.NS.Value()) {
		self = f.varOperand(v)
	}
	f.emit(OpMakeEnv, r, 0, 0, f.add(f.scopeHere(self).Value()))
}
