package vm

import "gene/value"

// PostCall queues a call of fn, which gets one operand that means nothing. It
// starts as a task of its own at the next scheduler point, after what was
// queued before, and at the latest when the program has ended, which waits for
// it. What it throws is reported as a failure that nobody looked at.
func (vm *VM) PostCall(fn value.Value) {
	f := vm.newFuture()
	vm.finish(f, FutureSuccess, value.Nil)
	vm.sched.dispatch.push(dispatch{future: f, fn: fn, late: true})
	vm.loop.Interrupt() // a safepoint looks at the queue
}

// CallerFile gives the name of the source file whose code called the running
// native, "" when it was called by no code of the program.
func (vm *VM) CallerFile() string {
	for f := vm.fp; f != nil && f.fn != vm.haltFn && f.fn != vm.baseFn; f = f.at(1) {
		if f.fn != vm.contFn {
			return f.fn.Proto.File
		}
	}
	return ""
}
