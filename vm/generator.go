package vm

import (
	"unsafe"

	"gene/value"
)

// Generator is a suspended generator function: its registers and where it goes
// on. To resume it, they are copied on top of the consumer's stack, above a
// continuation frame that notices when the body ends; a yield copies them back.
type Generator struct {
	value.Handle
	fn      *Function
	ip      unsafe.Pointer
	regs    []value.Value
	cont    contState   // of the frame below while the body runs
	peeked  value.Value // a value that has_next has taken already
	running bool
	done    bool
}

// Value gives g as a value.
func (g *Generator) Value() value.Value { return value.Obj(unsafe.Pointer(g)) }

// newGenerator makes a generator whose arguments are bound in the window at.
func (vm *VM) newGenerator(f *Function, at *window) value.Value {
	n := f.Proto.NumRegs
	var g *Generator
	if n <= len(generator8{}.store) {
		g8 := &generator8{}
		g = &g8.Generator
		g.regs = g8.store[:n]
	} else {
		g = &Generator{regs: make([]value.Value, n)}
	}
	g.fn, g.ip = f, f.entry
	g.Kind = value.KindGenerator
	g.Text = f.Name()
	g.cont.Kind, g.cont.gen = value.KindInternal, g
	copy(g.regs, at[:min(n, len(f.Proto.Params)+1)])
	return g.Value()
}

// generator8 keeps a generator and up to eight registers in one allocation.
type generator8 struct {
	Generator
	store [8]value.Value
}

func (g *Generator) finish() {
	g.done, g.running = true, false
	g.regs, g.fn = nil, nil
}

// resumeGenerator runs g to its next yield, whose value (or not_found at the
// end) goes to at[0].
func (vm *VM) resumeGenerator(g *Generator, at *window) error {
	if g.peeked.IsSet() {
		at[0] = g.peeked
		g.peeked = value.Value{}
		return nil
	}
	if g.done {
		at[0] = value.NotFound
		return nil
	}
	if g.running {
		return vm.Raise(vm.Errors.Runtime, CodeRuntime, "generator %s is already running", g.Text)
	}
	if err := vm.pushCont(at, &g.cont); err != nil {
		return err
	}
	if err := vm.push(g.fn, vm.fp.sub(1)); err != nil {
		return err
	}
	g.running = true
	copy(vm.fp.ra[:len(g.regs)], g.regs)
	vm.fp.ip = g.ip
	return nil
}

// yield is the instruction: suspend the running generator and hand v to its
// consumer.
func (vm *VM) yield(f *frame, v value.Value) error {
	below := f.at(1)
	if below.fn != vm.contFn || contOf(below).gen == nil {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "yield used outside of generator function")
	}
	g := contOf(below).gen
	f.ra[f.instr().A()] = value.Nil
	copy(g.regs, f.ra[:len(g.regs)])
	g.ip = f.ip
	g.running = false
	below.ra[0] = v
	vm.fp = below.at(1)
	return nil
}

// generatorEnded is called when the body of g has returned.
func (vm *VM) generatorEnded(g *Generator, cont *frame) error {
	g.finish()
	cont.ra[0] = value.NotFound
	vm.fp = cont.at(1)
	return nil
}

func asGenerator(v value.Value) *Generator { return (*Generator)(v.P) }

// generatorMethods adds the methods of 11.2.
func (vm *VM) generatorMethods() {
	c := vm.classes[value.KindGenerator]
	vm.documented(c, "next", "The next value, or not_found at the end.", func(vm *VM, args []value.Value) (value.Value, error) {
		return vm.nextOf(asGenerator(args[0]), nil)
	})
	vm.documented(c, "has_next", "Whether there is a next value.", func(vm *VM, args []value.Value) (value.Value, error) {
		g := asGenerator(args[0])
		if g.peeked.IsSet() {
			return value.True, nil
		}
		if g.done {
			return value.False, nil
		}
		return vm.nextOf(g, func(v value.Value) (value.Value, error) {
			if g.done {
				return value.False, nil
			}
			g.peeked = v
			return value.True, nil
		})
	})
	vm.documented(c, "iter", "Itself.", func(vm *VM, args []value.Value) (value.Value, error) { return args[0], nil })
	vm.documented(c, "next_pair", "The next pair of key and value, or not_found at the end.", func(vm *VM, args []value.Value) (value.Value, error) {
		g := asGenerator(args[0])
		return vm.nextOf(g, func(v value.Value) (value.Value, error) {
			if g.done && v.IsNotFound() {
				return v, nil
			}
			return v, vm.checkPair(v)
		})
	})
}

// nextOf asks for the next value of a generator from a native.
func (vm *VM) nextOf(g *Generator, then func(value.Value) (value.Value, error)) (value.Value, error) {
	return vm.Invoke((&resumption{value.Header{Kind: value.KindInternal}, g}).value(), nil, then)
}

// resumption is a callable that resumes a generator. It is made for one call
// and never reaches the program, for which generators are not callable.
type resumption struct {
	value.Header
	g *Generator
}

func (r *resumption) value() value.Value { return value.Obj(unsafe.Pointer(r)) }

func (vm *VM) checkPair(v value.Value) error {
	if v.Kind() == value.KindArray && len(v.AsArray().Items) == 2 {
		return nil
	}
	return vm.ArgError("Generator.next_pair expects yielded [key value] arrays")
}
