package vm

import (
	"slices"

	"gene/compiler"
	"gene/value"
)

// What the actors of 10.7 need of the VM: tasks that may be parked where others
// block, futures that only Gene code finishes, and functions whose variables
// are their own.

// NewPromise makes a pending future that other tasks of the program finish,
// through Resolve or Fail. It doesn't keep the program alive, so that a wait
// for a task that can't go on is found to be a deadlock.
func (vm *VM) NewPromise() *Future { return vm.newFuture() }

// EnterActor says that the running task, and the tasks that it starts with
// async, belong to an actor.
func (vm *VM) EnterActor() { vm.sched.cur.flags |= taskActor }

// InActor tells whether the running task belongs to an actor.
func (vm *VM) InActor() bool { return vm.sched.cur.has(taskActor) }

// IsInterruption tells whether an exception is that of an interrupt, which is
// meant for the program and not for the task that it was thrown in.
func IsInterruption(e *Exception) bool { return data(e.Instance).interrupt }

// ReplyFailure makes the exception by which the sender of a message learns that
// the handler threw e. It has the trace of e but not e itself: instances stay
// with their actor.
func (vm *VM) ReplyFailure(e *Exception) *Exception {
	r := vm.makeException(vm.Errors.Thread, CodeReply, "Actor handler failed: "+e.Message())
	from, to := data(e.Instance), data(r.Instance)
	to.thrown, to.file, to.pos, to.hint = from.thrown, from.file, from.pos, from.hint
	to.trace, to.lost = slices.Clone(from.trace), from.lost
	return r
}

// Variable is a variable that a function uses from outside.
type Variable struct {
	Name string
	Val  value.Value // unset when its var has not run yet
	// Module is set for one of the module; the others are captured.
	Module bool
}

// Mentions gives the variables that f really uses, those of the functions in it
// included. One that a path only might mean (5.8, second rule), or that an eval
// could reach, is none.
func (f *Function) Mentions() []Variable {
	m := mentionsOf(f.Proto)
	var vars []Variable
	for i, v := range f.Captured() {
		if !m.ups[i] {
			continue
		}
		if v.Kind() == value.KindCell {
			v = v.AsCell().V
		}
		name := ""
		if s := f.Proto.Upvals[i].Name; s != nil {
			name = s.Name
		}
		vars = append(vars, Variable{Name: name, Val: v})
	}
	for _, c := range m.cells {
		vars = append(vars, Variable{Name: c.Name.Name, Val: c.V, Module: true})
	}
	return vars
}

// mentions are the upvalues and cells that the code of a proto uses.
type mentions struct {
	ups   []bool
	cells []*value.Cell // in order of their first use
}

func mentionsOf(p *compiler.Proto) mentions {
	m := mentions{ups: make([]bool, len(p.Upvals))}
	for i, in := range p.Code {
		switch in.Op() {
		case compiler.OpGetUp, compiler.OpGetUpBox:
			m.ups[in.B()] = m.ups[in.B()] || !mightMean(p, i)
		case compiler.OpSetUpBox:
			m.ups[in.A()] = true
		case compiler.OpGetCell, compiler.OpPeekCell, compiler.OpSetCell, compiler.OpDefCell,
			compiler.OpCallCell, compiler.OpTailCallCell:
			if !mightMean(p, i) {
				m.addCell(p.K[in.D()].AsCell())
			}
		case compiler.OpClosure:
			m.addNested((*compiler.Proto)(p.K[in.D()].P))
		}
	}
	return m
}

// mightMean tells whether instruction i reads a variable only because a segment
// of a path has its name.
func mightMean(p *compiler.Proto, i int) bool {
	if i+1 >= len(p.Code) {
		return false
	}
	next := p.Code[i+1]
	return next.Op() == compiler.OpGetMemberImplicit && next.C() == p.Code[i].A()
}

func (m *mentions) addCell(c *value.Cell) {
	if !slices.Contains(m.cells, c) {
		m.cells = append(m.cells, c)
	}
}

func (m *mentions) addNested(p *compiler.Proto) {
	in := mentionsOf(p)
	for i, u := range p.Upvals {
		if !u.FromReg && in.ups[i] {
			m.ups[u.Index] = true
		}
	}
	for _, c := range in.cells {
		m.addCell(c)
	}
}

// Isolation makes copies of functions that have their own variables, with the
// values that these have when the copy is made: what a copy assigns, the
// original doesn't see, and the other way round. Captured functions are copied
// too; those of modules are not.
type Isolation struct {
	cells  map[*value.Cell]*value.Cell
	protos map[*compiler.Proto]*compiler.Proto
	fns    map[*Function]*Function
	late   []LateVariable
}

// LateVariable is a variable of an isolated function that had no value when the
// function was copied.
type LateVariable struct {
	Name     string
	original *value.Cell
	own      *value.Cell
}

// NewIsolation makes an isolation without functions.
func NewIsolation() *Isolation {
	return &Isolation{
		cells:  map[*value.Cell]*value.Cell{},
		protos: map[*compiler.Proto]*compiler.Proto{},
		fns:    map[*Function]*Function{},
	}
}

// Function gives the copy of f.
func (s *Isolation) Function(f *Function) *Function {
	if c := s.fns[f]; c != nil {
		return c
	}
	m := mentionsOf(f.Proto)
	c := newFunction(s.proto(f.Proto, m))
	c.Flags, c.home = f.Flags, f.home
	s.fns[f] = c
	for i, v := range f.Captured() {
		if v.Kind() == value.KindCell {
			name := ""
			if sym := f.Proto.Upvals[i].Name; sym != nil {
				name = sym.Name
			}
			v = s.cell(v.AsCell(), name, m.ups[i]).Value()
		} else {
			v = s.content(v, false)
		}
		*c.up(i) = v
	}
	return c
}

// proto gives the copy of a proto: the cells among its constants, and those of
// the protos in it, are replaced.
func (s *Isolation) proto(p *compiler.Proto, m mentions) *compiler.Proto {
	if c := s.protos[p]; c != nil {
		return c
	}
	c := *p
	s.protos[p] = &c
	c.K = slices.Clone(p.K)
	for i, k := range c.K {
		if k.Kind() == value.KindCell {
			cell := k.AsCell()
			c.K[i] = s.cell(cell, cell.Name.Name, slices.Contains(m.cells, cell)).Value()
		}
	}
	for _, in := range p.Code {
		if in.Op() == compiler.OpClosure {
			nested := (*compiler.Proto)(p.K[in.D()].P)
			c.K[in.D()] = s.proto(nested, m).Value()
		}
	}
	return &c
}

// cell gives the copy of a variable.
func (s *Isolation) cell(c *value.Cell, name string, mentioned bool) *value.Cell {
	if own := s.cells[c]; own != nil {
		return own
	}
	own := value.NewCell(c.Name, value.Value{})
	s.cells[c] = own
	switch {
	case c.V.IsSet():
		own.V = s.content(c.V, c.Name != nil)
	case mentioned:
		s.late = append(s.late, LateVariable{name, c, own})
	}
	return own
}

// content gives what the copy of a variable holds.
func (s *Isolation) content(v value.Value, module bool) value.Value {
	if !isCode(v) {
		return v
	}
	f := asFunction(v)
	if module && s.fns[f] == nil {
		return v
	}
	return s.Function(f).Value()
}

// BindLate gives the variables that had no value before, and have one now, to
// allow; those that it accepts get their value in the copies. The first error
// ends it.
func (s *Isolation) BindLate(allow func(Variable) error) error {
	for i := 0; i < len(s.late); {
		l := s.late[i]
		if !l.original.V.IsSet() {
			i++
			continue
		}
		module := l.original.Name != nil
		if err := allow(Variable{l.Name, l.original.V, module}); err != nil {
			return err
		}
		s.late = slices.Delete(s.late, i, i+1)
		l.own.V = s.content(l.original.V, module)
	}
	return nil
}

// FunctionOf gives the function or block of the program behind a value.
func FunctionOf(v value.Value) (*Function, bool) {
	if !isCode(v) {
		return nil, false
	}
	return asFunction(v), true
}
