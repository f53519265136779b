package vm

import (
	"unsafe"

	"gene/value"
)

// contState is the state of a native that called back. Its frame runs contFn,
// whose only instruction leads here again each time the called code returns:
// R[0] holds the state, R[1] takes the result of the call. The native's result
// goes to R[0], which is where its caller expects it.
type contState struct {
	value.Header
	then   func(value.Value) (value.Value, error)
	caught func(*Exception) (value.Value, error)
	// effect, instead of then, runs with the caller's frame current; its call
	// has no result of its own.
	effect func(value.Value) error
	// gen is the generator whose body runs above this frame.
	gen *Generator
	// step, instead of all others, is asked again and again what to do until
	// it says that it is done.
	step func() (done bool, err error)
}

func contOf(f *frame) *contState { return (*contState)(f.ra[0].P) }

// pushCont pushes a continuation frame whose window is at.
func (vm *VM) pushCont(at *window, s *contState) error {
	if err := vm.push(vm.contFn, at); err != nil {
		return err
	}
	s.Kind = value.KindInternal
	vm.fp.ra[0] = value.Obj(unsafe.Pointer(s))
	vm.fp.ra[1] = value.Nil
	return nil
}

// startInvocation begins the call that a native asked for; its result goes to
// at[0].
func (vm *VM) startInvocation(at *window) error {
	inv := vm.invocation
	vm.invocation = invocation{}
	if inv.then == nil && inv.caught == nil {
		return vm.invoke(inv, at)
	}
	if err := vm.pushCont(at, &contState{then: inv.then, caught: inv.caught}); err != nil {
		return err
	}
	return vm.invoke(inv, vm.fp.sub(1))
}

func (vm *VM) invoke(inv invocation, at *window) error {
	if inv.method != nil {
		return vm.callMethodArgs(inv.method, at, inv.args, nil)
	}
	return vm.callArgs(inv.fn, at, inv.args, nil)
}

// resumeNative goes on with the continuation frame f after its call returned.
func (vm *VM) resumeNative(f *frame) error {
	s := contOf(f)
	switch {
	case s.step != nil:
		done, err := s.step()
		if done || err != nil {
			vm.fp = f.at(1)
			return err
		}
		// What step started returns to this frame: execute it again.
		f.ip = f.fn.entry
		return nil
	case s.effect != nil:
		r := f.ra[1]
		vm.fp = f.at(1)
		return s.effect(r)
	case s.gen != nil:
		return vm.generatorEnded(s.gen, f)
	case s.then == nil:
		return vm.nativeDone(f, f.ra[1], nil)
	}
	v, err := s.then(f.ra[1])
	return vm.nativeDone(f, v, err)
}

// nativeDone takes what a continuation gave: a result, an error, or a further
// invocation in the same frame.
func (vm *VM) nativeDone(f *frame, v value.Value, err error) error {
	if err == errInvoke {
		inv := vm.invocation
		vm.invocation = invocation{}
		s := contOf(f)
		s.then, s.caught = inv.then, inv.caught
		f.ip = f.fn.entry
		return vm.invoke(inv, f.sub(1))
	}
	vm.fp = f.at(1)
	if err == nil {
		f.ra[0] = v
	}
	return err
}

// callAbove calls fn above all registers of the running frame and runs then,
// with that frame current again, when the result is there.
func (vm *VM) callAbove(fn value.Value, args []value.Value, then func(value.Value) error) error {
	if err := vm.pushCont(vm.top(), &contState{effect: then}); err != nil {
		return err
	}
	return vm.callArgs(fn, vm.fp.sub(1), args, nil)
}

// above runs a native computation, which may invoke, above all registers of
// the running frame, and gives its result to register d of that frame.
func (vm *VM) above(d int, v value.Value, err error) error {
	if err != errInvoke {
		if err == nil {
			vm.fp.ra[d] = v
		}
		return err
	}
	inv := vm.invocation
	vm.invocation = invocation{}
	effect := &contState{effect: func(r value.Value) error { vm.fp.ra[d] = r; return nil }}
	if err := vm.pushCont(vm.top(), effect); err != nil {
		return err
	}
	vm.invocation = inv
	return vm.startInvocation(vm.fp.sub(1))
}
