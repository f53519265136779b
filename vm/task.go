package vm

import (
	"unsafe"

	"gene/value"
)

// Task is a thread of Gene code: the program, or one started by async.
//
// A running task occupies a segment of the VM's stack above the task that
// started it, beginning with a halt frame. A task that parks is copied out to
// just its live registers and frames, and the task below goes on; so a parked
// task costs what it holds, starting a task that never waits costs no
// allocation but its future, and a generator is the same thing with one frame.
// A segment of more than swapMin registers keeps its stack instead and the VM
// takes another.
type Task struct {
	future Future // its result
	link   *Task  // on the stack: the task below; parked: the next in the list
	prev   *Task  // parked: the one before in the list
	base   int32  // index of its halt frame while it is on the stack
	flags  taskFlags
	dest   uint8           // register of the await's result
	ex     *value.Instance // its $ex while it is parked; the starter's while it is on the stack

	// While parked: the segment, and what it waits for.
	regs    *value.Value
	frames  *savedFrame
	nregs   uint32
	nframes uint32
	waiting *Future
	wake    value.Value // what the await gives when it resumes, or throws
	rare    *taskRare   // what few tasks have
}

type taskFlags uint8

const (
	taskDeliver taskFlags = 1 << iota // on leaving, its future goes to the window's first register
	taskDead
	taskQueued  // in the run queue
	taskFailing // wake is an exception to throw
)

type taskRare struct {
	own        *stack
	group      *waitGroup // of an await with several futures or a timeout
	doomed     *Exception // the cancellation to throw at the next await
	callbackOf *Future    // set for a callback that the scheduler runs
}

func (t *Task) more() *taskRare {
	if t.rare == nil {
		t.rare = &taskRare{}
	}
	return t.rare
}

func (t *Task) group() *waitGroup {
	if t.rare == nil {
		return nil
	}
	return t.rare.group
}

func (t *Task) has(f taskFlags) bool { return t.flags&f != 0 }

// newTask makes a task with a pending future.
func (vm *VM) newTask() *Task {
	t := &Task{}
	t.future.Kind, t.future.vm, t.future.task = value.KindFuture, vm, t
	return t
}

// savedFrame is a frame of a parked task; off is its window's place relative
// to the segment.
type savedFrame struct {
	ip  unsafe.Pointer
	fn  *Function
	off uint32
}

// swapMin is the number of registers above which a parking task keeps its
// stack: copying that many costs about as much as taking another stack.
const swapMin = 512

// startTask pushes a task that calls fn with args in the window at. When the
// task leaves the stack, the frame that was running goes on.
func (vm *VM) startTask(t *Task, fn value.Value, args []value.Value, at *window) error {
	if err := vm.push(vm.haltFn, at); err != nil {
		return err
	}
	t.base, t.link, t.ex = int32(vm.frameIndex(vm.fp)), vm.sched.cur, vm.ex
	vm.sched.cur = t
	vm.ex = nil
	if err := vm.callArgs(fn, vm.fp.ra, args, nil); err != nil {
		vm.throwError(err)
	}
	return nil
}

// async is the instruction: start a task for the function fn; R[a] gets its
// future once the task parks or ends.
func (vm *VM) async(f *frame, a int, fn value.Value) error {
	t := vm.newTask()
	t.flags = taskDeliver
	return vm.startTask(t, fn, nil, f.sub(a))
}

// halt is the instruction of the halt frame: the task has ended with R[0].
func (vm *VM) halt(f *frame) error {
	if f.fn == vm.baseFn {
		return vm.schedule()
	}
	t := vm.sched.cur
	v := f.ra[0]
	vm.leave(t)
	t.flags |= taskDead
	if t == vm.sched.main {
		vm.mainEnded(false)
	}
	vm.settle(&t.future, FutureSuccess, v)
	return nil
}

// taskFailed ends the running task, whose halt frame is f, with an exception.
func (vm *VM) taskFailed(f *frame, e *Exception) {
	t := vm.sched.cur
	vm.fp = f
	vm.leave(t)
	t.flags |= taskDead
	if t.rare != nil && t.rare.callbackOf != nil {
		vm.callbackFailed(t, t.rare.callbackOf, e)
	}
	vm.settle(&t.future, FutureFailure, e.Value())
	if t == vm.sched.main {
		vm.mainEnded(true)
	}
}

// callbackFailed turns the future whose callback threw into a failure.
func (vm *VM) callbackFailed(t *Task, src *Future, e *Exception) {
	if src.Flags&futureFlipped != 0 || src.State() != FutureSuccess {
		return
	}
	src.flip(e)
	if src.Flags&futureObserved == 0 {
		vm.sched.failed = append(vm.sched.failed, src)
		t.future.Flags |= futureObserved
	}
}

// leave takes the running task off the stack; the one below goes on.
func (vm *VM) leave(t *Task) {
	halt := &vm.st.frames[t.base]
	if t.has(taskDeliver) {
		t.flags &^= taskDeliver
		halt.ra[0] = t.future.Value()
	}
	vm.fp = halt.at(1)
	vm.sched.cur = t.link
	vm.ex = t.ex
	t.link = nil
}

// park suspends the running task. Its await's register is dest; everything
// from there up in the topmost frame is dead.
func (vm *VM) park(dest int) {
	t := vm.sched.cur
	t.dest = uint8(dest)
	top := vm.fp
	halt := &vm.st.frames[t.base]
	first := vm.regIndex(halt.ra)
	live := vm.regIndex(top.ra) + dest - first
	ex := vm.ex
	if t.base == 1 && live > swapMin {
		t.more().own = &stack{vm.st.regs, vm.st.frames[:vm.frameIndex(top)+1]}
		vm.swapOut(t)
	} else {
		vm.copyOut(t, top, first, live)
		vm.leave(t)
	}
	t.ex = ex
	vm.sched.addParked(t)
}

func (vm *VM) copyOut(t *Task, top *frame, first, live int) {
	n := vm.frameIndex(top) - int(t.base)
	regs := make([]value.Value, live)
	copy(regs, vm.st.regs[first:first+live])
	frames := make([]savedFrame, n)
	for i := range n {
		f := &vm.st.frames[int(t.base)+1+i]
		frames[i] = savedFrame{f.ip, f.fn, uint32(vm.regIndex(f.ra) - first)}
	}
	t.regs, t.nregs = unsafe.SliceData(regs), uint32(live)
	t.frames, t.nframes = unsafe.SliceData(frames), uint32(n)
}

// saved gives the frames of a task that was copied out.
func (t *Task) saved() []savedFrame { return unsafe.Slice(t.frames, t.nframes) }

// swapOut leaves the whole stack to the task, which is alone on it, and goes on
// with another.
func (vm *VM) swapOut(t *Task) {
	halt := &vm.st.frames[t.base]
	if t.has(taskDeliver) {
		t.flags &^= taskDeliver
		halt.ra[0] = t.future.Value()
	}
	s := newStack()
	if vm.sched.spare != nil {
		s, vm.sched.spare = *vm.sched.spare, nil
	}
	vm.useStack(s)
	vm.resetBase()
	vm.sched.cur = t.link
	t.link = nil
}

// resume puts a parked task on the empty stack and makes it the running one.
func (vm *VM) resume(t *Task) error {
	vm.sched.removeParked(t)
	t.flags &^= taskQueued
	vm.sched.cur = t
	t.waiting = nil
	t.ex, vm.ex = vm.ex, t.ex
	if t.rare != nil {
		t.rare.group = nil
	}
	if t.rare != nil && t.rare.own != nil {
		vm.swapIn(t)
	} else if err := vm.copyIn(t); err != nil {
		return err
	}
	if exc := t.takeFailure(); exc != nil {
		return exc
	}
	vm.fp.ra[t.dest] = t.wake
	t.wake = value.Value{}
	return nil
}

// takeFailure gives what the await must throw, if anything.
func (t *Task) takeFailure() *Exception {
	exc := t.takeDoom()
	if t.has(taskFailing) && exc == nil {
		exc = &Exception{t.wake.AsInstance()}
	}
	if exc != nil {
		t.wake = value.Value{}
	}
	t.flags &^= taskFailing
	return exc
}

func (t *Task) takeDoom() *Exception {
	if t.rare == nil {
		return nil
	}
	exc := t.rare.doomed
	t.rare.doomed = nil
	return exc
}

func (t *Task) fail(exc *Exception) {
	t.wake = exc.Value()
	t.flags |= taskFailing
}

func (vm *VM) swapIn(t *Task) {
	own := t.rare.own
	used := len(own.frames)
	if len(vm.st.regs) <= 1<<16 {
		old := vm.st
		vm.sched.spare = &old
	}
	vm.useStack(stack{own.regs, own.frames[:cap(own.frames)]})
	t.rare.own = nil
	vm.fp = &vm.st.frames[used-1]
}

func (vm *VM) copyIn(t *Task) error {
	if err := vm.push(vm.haltFn, vm.windowAt(0)); err != nil {
		return err
	}
	t.base = int32(vm.frameIndex(vm.fp))
	frames := t.saved()
	last := frames[len(frames)-1]
	if _, err := vm.room(vm.windowAt(0), uintptr(last.off)*valueSize+last.fn.need()); err != nil {
		return err
	}
	copy(vm.st.regs, unsafe.Slice(t.regs, t.nregs))
	for _, s := range frames {
		if _, err := vm.room(vm.windowAt(0), 0); err != nil {
			return err
		}
		nf := vm.fp.at(-1)
		nf.ip, nf.ra, nf.fn = s.ip, vm.windowAt(int(s.off)), s.fn
		vm.fp = nf
	}
	t.regs, t.frames = nil, nil
	return nil
}

// futureDone tells a parked task that f, which it waits for, is finished.
func (t *Task) futureDone(f *Future) {
	if t.waiting != f || t.has(taskQueued) {
		return // it was cancelled meanwhile
	}
	if g := t.group(); g != nil {
		if !g.proceed(t) {
			return
		}
	} else {
		t.take(f)
	}
	f.vm.sched.ready(t)
}

// take makes the outcome of f what the task's await gives.
func (t *Task) take(f *Future) {
	f.Flags |= futureObserved
	if f.State() == FutureSuccess {
		t.wake = f.val
	} else {
		t.fail(f.awaited())
	}
}

// awaited gives the exception of a failed future, with a mark in its trace
// that what follows is the task that awaited.
func (f *Future) awaited() *Exception {
	e := &Exception{f.val.AsInstance()}
	if f.task != nil {
		data(e.Instance).add(traceEntry{awaited: true})
	}
	return e
}

// cancel throws exc at the await where the task is parked, or at its next.
func (t *Task) cancel(exc *Exception) {
	if t.has(taskDead) {
		return
	}
	t.more().doomed = exc
	if t.waiting != nil && !t.has(taskQueued) {
		t.stopWaiting()
		t.future.vm.sched.ready(t)
	}
}

func (t *Task) stopWaiting() {
	if g := t.group(); g != nil {
		g.stop()
	}
	if t.waiting != nil {
		t.waiting.removeWaiter(t)
		t.waiting = nil
	}
}
