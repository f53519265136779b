package vm

import (
	"gene/value"
)

// makeFutures makes the class Future and its methods (10.4).
func (vm *VM) makeFutures() {
	c := vm.classes[value.KindFuture]
	vm.documented(c, "state", "pending, success, failure or cancelled.", futureState)
	vm.documented(c, "value", "The value, or nil while there is none.", futureValue)
	vm.documented(c, "complete", "Finishes the future with a value and runs its callbacks.", futureComplete)
	vm.documented(c, "fail", "Finishes the future with an exception.", futureFail)
	vm.documented(c, "cancel", "Cancels the future and the task behind it.", futureCancel)
	vm.documented(c, "on_success", "Calls a function with the value, once there is one.", futureOn(true))
	vm.documented(c, "on_failure", "Calls a function with the exception, if it comes to one.", futureOn(false))
}

// constructFuture is (new Future) or (new Future v).
func (vm *VM) constructFuture(args []value.Value) value.Value {
	f := vm.newFuture()
	if len(args) > 0 {
		vm.finish(f, FutureSuccess, args[0])
	}
	return f.Value()
}

func self(args []value.Value) *Future { return (*Future)(args[0].P) }

func futureState(vm *VM, args []value.Value) (value.Value, error) {
	f := self(args)
	f.Flags |= futureObserved
	return value.Sym(f.State().String()), nil
}

func futureValue(vm *VM, args []value.Value) (value.Value, error) {
	f := self(args)
	f.Flags |= futureObserved
	if f.State() == FuturePending {
		return value.Nil, nil
	}
	return f.val, nil
}

func (vm *VM) terminal(f *Future, verb string) error {
	return vm.Raise(vm.Errors.Concurrency, CodeTerminal, "%s: cannot %s a future in state %s", CodeTerminal, verb, f.State())
}

func futureComplete(vm *VM, args []value.Value) (value.Value, error) {
	if len(args) < 2 {
		return value.Value{}, vm.ArgError("Future.complete requires a future and a value")
	}
	f := self(args)
	if f.State() != FuturePending {
		return value.Value{}, vm.terminal(f, "complete")
	}
	return vm.settleNow(f, FutureSuccess, args[1], value.Nil)
}

func futureFail(vm *VM, args []value.Value) (value.Value, error) {
	if len(args) < 2 {
		return value.Value{}, vm.ArgError("Future.fail requires a future and an error value")
	}
	f := self(args)
	if f.State() != FuturePending {
		return value.Value{}, vm.terminal(f, "fail")
	}
	exc := vm.normalise(args[1])
	d := data(exc.Instance)
	if d.file == "" {
		d.file, d.pos = vm.fp.fn.Proto.File, vm.fp.pos()
	}
	vm.abort(f, vm.cancellation(exc.Value()))
	return vm.settleNow(f, FutureFailure, exc.Value(), f.Value())
}

func futureCancel(vm *VM, args []value.Value) (value.Value, error) {
	f := self(args)
	if f.State() != FuturePending {
		return value.Value{}, vm.terminal(f, "cancel")
	}
	reason := value.Value{}
	if len(args) > 1 {
		reason = args[1]
	}
	exc := vm.cancellation(reason)
	vm.abort(f, exc)
	return vm.settleNow(f, FutureCancelled, exc.Value(), f.Value())
}

// cancellation makes the exception of a cancellation from its reason.
func (vm *VM) cancellation(reason value.Value) *Exception {
	if !reason.IsSet() {
		return vm.makeException(vm.Errors.Cancellation, CodeCancelled, "Future cancelled")
	}
	if reason.Kind() == value.KindInstance && reason.AsInstance().Class().IsA(vm.Errors.Exception) {
		return &Exception{reason.AsInstance()}
	}
	msg := literalText(reason)
	if reason.Kind() == value.KindString {
		msg = reason.AsString()
	}
	exc := vm.makeException(vm.Errors.Cancellation, CodeCancelled, msg)
	exc.Instance.Set(symCause, reason)
	return exc
}

// settleNow finishes f from Gene code: its callbacks run here and now, in
// order, before the call returns result.
func (vm *VM) settleNow(f *Future, s FutureState, v, result value.Value) (value.Value, error) {
	callbacks := vm.finish(f, s, v)
	return vm.runCallbacks(f, callbacks, result)
}

func (vm *VM) runCallbacks(f *Future, fns []value.Value, result value.Value) (value.Value, error) {
	if len(fns) == 0 {
		vm.wakeWaiters(f)
		return result, nil
	}
	return vm.InvokeTry(fns[0], []value.Value{f.val},
		func(value.Value) (value.Value, error) { return vm.runCallbacks(f, fns[1:], result) },
		func(e *Exception) (value.Value, error) {
			f.Flags |= futureObserved
			f.flip(e)
			vm.wakeWaiters(f)
			return value.Value{}, e
		})
}

// flip turns a success into a failure, because one of its callbacks threw.
func (f *Future) flip(e *Exception) {
	if f.State() == FutureSuccess {
		f.Aux, f.val = uint32(FutureFailure), e.Value()
	}
	f.Flags |= futureFlipped
}

func futureOn(success bool) NativeFn {
	name := "on_failure"
	if success {
		name = "on_success"
	}
	return func(vm *VM, args []value.Value) (value.Value, error) {
		if len(args) < 2 {
			return value.Value{}, vm.ArgError("Future.%s requires 2 arguments (self and callback)", name)
		}
		if !vm.Callable(args[1]) {
			return value.Value{}, vm.ArgError("%s callback must be a function or block", name)
		}
		f := self(args)
		if !success {
			f.Flags |= futureObserved
		}
		vm.register(f, callback{args[1], success})
		return args[0], nil
	}
}

// register adds a callback; on a finished future it runs at the next scheduler
// point.
func (vm *VM) register(f *Future, c callback) {
	if f.State() == FuturePending {
		r := f.more()
		r.callbacks = append(r.callbacks, c)
		f.hold()
		return
	}
	if c.success == (f.State() == FutureSuccess) {
		vm.sched.dispatch.push(dispatch{future: f, fn: c.fn, late: true})
		vm.loop.Interrupt()
	}
}
