package vm

import (
	"slices"
	"unsafe"

	"gene/value"
)

// Go queues a task that calls fn with args, and gives its future. It starts when the running task
// parks or ends, after those that are ready before it; from a completion, when the scheduler
// comes to it. What it throws is reported like any failure that nobody looked at.
func (vm *VM) Go(fn value.Value, args ...value.Value) *Future {
	args = slices.Clone(args)
	start := &contState{effect: func(value.Value) error { return vm.callArgs(fn, vm.fp.ra, args, nil) }}
	start.Kind = value.KindInternal
	// The task looks like one that was parked in a native: the register of its
	// halt frame, then the two of the native's continuation.
	regs := []value.Value{value.Nil, value.Obj(unsafe.Pointer(start)), value.Nil}
	t := vm.newTask()
	t.regs, t.nregs = unsafe.SliceData(regs), uint32(len(regs))
	t.frames, t.nframes = &savedFrame{vm.contFn.entry, vm.contFn, 1}, 1
	t.dest, t.wake = 1, value.Nil
	vm.sched.addParked(t)
	vm.sched.ready(t)
	return t.future
}

// Cancel ends the wait for f as Future.cancel does, with why as the reason: its task gets it thrown
// at its next await. A future that is finished stays as it is. It must be called inside a completion.
func (vm *VM) Cancel(f *Future, why error) {
	if f.State() != FuturePending {
		return
	}
	exc := vm.Exception(why)
	vm.abort(f, exc)
	vm.settle(f, FutureCancelled, exc.Value())
}
