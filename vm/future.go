package vm

import (
	"slices"
	"time"
	"unsafe"

	"gene/backends"
	"gene/value"
)

// FutureState is where a future stands. It leaves FuturePending once.
type FutureState uint32

// The states of a future.
const (
	FuturePending FutureState = iota
	FutureSuccess
	FutureFailure
	FutureCancelled
)

// String is the state's name in the language.
func (s FutureState) String() string { return value.FutureStates[s] }

// Flags in the header of a future.
const (
	// futureExternal: something outside of Gene code will finish it.
	futureExternal uint8 = 1 << iota
	// futureHolding: it is counted in scheduler.holding.
	futureHolding
	// futureObserved: somebody awaited it, asked for its state or registered
	// on_failure, so its failure is not lost.
	futureObserved
	// futureFlipped: a callback of its success threw; the callbacks that
	// follow are skipped.
	futureFlipped
	// futureEffect: it keeps the program alive whether or not it is observed.
	futureEffect
	// futureOfTask: it is the result of a task.
	futureOfTask
)

// Future is a value that comes later. A million may be pending at once, so what
// few of them have is in rest.
type Future struct {
	value.Header // Aux holds the FutureState
	vm           *VM
	val          value.Value // value or exception, once finished
	waiter       *Task       // the first task that waits
	task         *Task       // the task whose result this is
	rest         *futureRest
}

type futureRest struct {
	waiters   []*Task // the others, in order
	callbacks []callback
	onCancel  func()
}

type callback struct {
	fn      value.Value
	success bool
}

// NewFuture makes a pending future that an operation outside of Gene code will
// finish through Resolve or Fail. While somebody waits for it or has callbacks
// on it, it keeps the program alive.
func (vm *VM) NewFuture() *Future {
	f := vm.newFuture()
	f.Flags = futureExternal
	return f
}

// NewEffect is NewFuture for an operation with an effect, such as a write: it
// keeps the program alive whether or not somebody looks at it.
func (vm *VM) NewEffect() *Future {
	f := vm.NewFuture()
	f.Flags |= futureEffect
	f.hold()
	return f
}

// NewQueued makes a pending future for an operation that waits for its turn
// behind others of the program. Until Begin it doesn't keep the program alive, so
// that a turn that never comes is a deadlock and not an endless wait.
func (vm *VM) NewQueued() *Future { return vm.newFuture() }

// Begin says that the operation behind a future of NewQueued has begun: from now
// on f is like one of NewFuture.
func (f *Future) Begin() {
	f.Flags |= futureExternal
	if f.waiter != nil || f.rest != nil && len(f.rest.waiters)+len(f.rest.callbacks) > 0 {
		f.hold()
	}
}

func (vm *VM) newFuture() *Future {
	return &Future{Header: value.Header{Kind: value.KindFuture}, vm: vm}
}

// Value gives f as a value.
func (f *Future) Value() value.Value { return value.Obj(unsafe.Pointer(f)) }

// State tells where f stands.
func (f *Future) State() FutureState { return FutureState(f.Aux) }

// OnCancel sets what stops the operation when the program cancels f or a
// timeout fails it. It runs on the VM's goroutine, at most once.
func (f *Future) OnCancel(stop func()) { f.more().onCancel = stop }

func (f *Future) more() *futureRest {
	if f.rest == nil {
		f.rest = &futureRest{}
	}
	return f.rest
}

// AsFuture gives the future behind a value.
func (vm *VM) AsFuture(v value.Value) (*Future, bool) {
	if v.Kind() != value.KindFuture {
		return nil, false
	}
	return (*Future)(v.P), true
}

// hold makes an external future keep the program alive.
func (f *Future) hold() {
	if f.Flags&futureExternal != 0 && f.Flags&futureHolding == 0 && f.State() == FuturePending {
		f.Flags |= futureHolding
		f.vm.sched.holding++
	}
}

// removeWaiter forgets a task that was cancelled while it waited. A future that
// nobody looks at any more does not keep the program alive.
func (f *Future) removeWaiter(t *Task) {
	if f.waiter == t {
		f.waiter = nil
	}
	if f.rest != nil {
		f.rest.waiters = slices.DeleteFunc(f.rest.waiters, func(w *Task) bool { return w == t })
		if len(f.rest.waiters)+len(f.rest.callbacks) > 0 {
			return
		}
	}
	if f.waiter == nil && f.Flags&futureHolding != 0 && f.Flags&futureEffect == 0 {
		f.Flags &^= futureHolding
		f.vm.sched.holding--
	}
}

func (f *Future) addWaiter(t *Task) {
	f.hold()
	if f.waiter == nil {
		f.waiter = t
		return
	}
	r := f.more()
	r.waiters = append(r.waiters, t)
}

// Resolve finishes f with a value, unless it is finished already. It must be
// called on the VM's goroutine, inside a completion of the loop.
func (vm *VM) Resolve(f *Future, v value.Value) { vm.settle(f, FutureSuccess, v) }

// Fail is Resolve for an error.
func (vm *VM) Fail(f *Future, err error) {
	vm.settle(f, FutureFailure, vm.Exception(err).Value())
}

// Failed gives a future that has failed, for natives that must not throw.
func (vm *VM) Failed(err error) value.Value {
	f := vm.newFuture()
	vm.Fail(f, err)
	return f.Value()
}

// settle finishes f from the scheduler's side: its callbacks and then its
// waiters are queued.
func (vm *VM) settle(f *Future, s FutureState, v value.Value) {
	if f.State() != FuturePending {
		return
	}
	callbacks := vm.finish(f, s, v)
	for _, c := range callbacks {
		vm.sched.dispatch.push(dispatch{future: f, fn: c})
	}
	if len(callbacks) > 0 {
		vm.sched.dispatch.push(dispatch{future: f})
		return
	}
	vm.wakeWaiters(f)
}

// finish moves f out of pending and gives the callbacks that apply.
func (vm *VM) finish(f *Future, s FutureState, v value.Value) []value.Value {
	f.Aux, f.val = uint32(s), v
	if f.Flags&futureHolding != 0 {
		f.Flags &^= futureHolding
		vm.sched.holding--
	}
	if s == FutureFailure && f.Flags&futureObserved == 0 && f.waiter == nil {
		vm.sched.failed = append(vm.sched.failed, f)
	}
	if f.rest == nil {
		return nil
	}
	var fns []value.Value
	for _, c := range f.rest.callbacks {
		if c.success == (s == FutureSuccess) {
			fns = append(fns, c.fn)
		}
	}
	f.rest.callbacks = nil
	return fns
}

func (vm *VM) wakeWaiters(f *Future) {
	if f.waiter != nil {
		f.waiter.futureDone(f)
		f.waiter = nil
	}
	if f.rest != nil {
		for _, t := range f.rest.waiters {
			t.futureDone(f)
		}
		f.rest.waiters = nil
	}
}

// sleeper is a future that a timer finishes; the conversion saves a closure.
type sleeper Future

// Complete finishes the future when its time has come.
func (s *sleeper) Complete() {
	f := (*Future)(s)
	f.vm.Resolve(f, value.Nil)
}

// SleepFuture gives a future that a timer finishes with nil.
func (vm *VM) SleepFuture(d time.Duration) value.Value {
	f := vm.NewFuture()
	vm.loop.AfterFunc(d, backends.Completion((*sleeper)(f)))
	return f.Value()
}

// abort finishes a pending future against the will of whoever computes it: the
// operation is stopped, the task gets exc thrown at its await.
func (vm *VM) abort(f *Future, exc *Exception) {
	if f.rest != nil && f.rest.onCancel != nil {
		stop := f.rest.onCancel
		f.rest.onCancel = nil
		stop()
	}
	if f.task != nil {
		f.task.cancel(exc)
	}
}
