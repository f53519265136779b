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
	future *Future // its result
	link   *Task   // on the stack: the task below; parked: the next in the list
	prev   *Task   // parked: the one before in the list
	base   int32   // index of its halt frame while it is on the stack
	flags  taskFlags
	dest   uint8 // register of the await's result
	// Room of regs and frames, for the next park; 0 when it is not kept.
	regsCap, framesCap uint8
	ex                 *value.Instance // its $ex while it is parked; the starter's while it is on the stack

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
	taskQueued                        // in the run queue
	taskFailing                       // wake is an exception to throw
	taskActor                         // belongs to an actor
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

// newTask makes a task with a pending future. A task that has ended is used
// again: what outlives it is its future.
func (vm *VM) newTask() *Task {
	t := vm.sched.free
	if t == nil {
		t = &Task{}
	} else {
		vm.sched.free = t.link
		t.link = nil
	}
	t.future = vm.newFuture()
	t.future.Flags = futureOfTask
	t.future.task = t
	return t
}

// ended takes a task that has left the stack for good out of its future and
// keeps it for the next one.
func (vm *VM) ended(t *Task) {
	t.future.task = nil
	if t == vm.sched.main {
		return
	}
	*t = Task{link: vm.sched.free}
	vm.sched.free = t
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

// CurrentTask is the running task. It is for telling tasks apart and says nothing
// once the task has ended.
func (vm *VM) CurrentTask() *Task { return vm.sched.cur }

// waitChainMax bounds how many tasks that wait for each other WaitsFor looks at.
const waitChainMax = 100

// WaitsFor tells whether t is parked until f is finished: for f itself or for a
// task that is, with no time limit that ends it before.
func (t *Task) WaitsFor(f *Future) bool {
	for range waitChainMax {
		if t == nil || t.waiting == nil {
			return false
		}
		if g := t.group(); g != nil && g.timer != nil {
			return false
		}
		if t.waiting == f {
			return true
		}
		t = t.waiting.task
	}
	return false
}

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
	t.flags = taskDeliver | vm.sched.cur.flags&taskActor
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
	fut := t.future
	if t == vm.sched.main {
		vm.mainEnded(false)
	}
	vm.ended(t)
	vm.settle(fut, FutureSuccess, v)
	return nil
}

// taskFailed ends the running task, whose halt frame is f, with an exception.
func (vm *VM) taskFailed(f *frame, e *Exception) {
	t := vm.sched.cur
	vm.fp = f
	vm.leave(t)
	fut := t.future
	if t.rare != nil && t.rare.callbackOf != nil {
		vm.callbackFailed(t, t.rare.callbackOf, e)
	}
	isMain := t == vm.sched.main
	vm.ended(t)
	vm.settle(fut, FutureFailure, e.Value())
	if isMain {
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

// parkNext parks the running task and, when it was alone on the stack, goes on
// with the next at once.
func (vm *VM) parkNext(dest int) error {
	vm.park(dest)
	if vm.fp.fn == vm.baseFn {
		return vm.schedule()
	}
	return nil
}

func (vm *VM) copyOut(t *Task, top *frame, first, live int) {
	n := vm.frameIndex(top) - int(t.base)
	t.reserve(live, n)
	copy(unsafe.Slice(t.regs, live), vm.st.regs[first:first+live])
	frames := unsafe.Slice(t.frames, n)
	for i := range n {
		f := &vm.st.frames[int(t.base)+1+i]
		frames[i] = savedFrame{f.ip, f.fn, uint32(vm.regIndex(f.ra) - first)}
	}
	t.nregs, t.nframes = uint32(live), uint32(n)
}

// reserve makes room for a segment. A task that parks again and again, as most
// that park at all, uses the room of its last park; a large one is not kept.
func (t *Task) reserve(regs, frames int) {
	if regs > int(t.regsCap) || t.regs == nil {
		t.regs, t.regsCap = unsafe.SliceData(make([]value.Value, regs)), keptRoom(regs)
	}
	if frames > int(t.framesCap) || t.frames == nil {
		t.frames, t.framesCap = unsafe.SliceData(make([]savedFrame, frames)), keptRoom(frames)
	}
}

func keptRoom(n int) uint8 {
	if n > 64 {
		return 0
	}
	return uint8(n)
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
	for vm.frameIndex(vm.fp)+len(frames) >= len(vm.st.frames) {
		if err := vm.growFrames(); err != nil {
			return err
		}
	}
	for _, s := range frames {
		nf := vm.fp.at(-1)
		nf.ip, nf.ra, nf.fn = s.ip, vm.windowAt(int(s.off)), s.fn
		vm.fp = nf
	}
	if t.regsCap == 0 {
		t.regs = nil
	}
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
	if f.Flags&futureOfTask != 0 {
		data(e.Instance).add(traceEntry{awaited: true})
	}
	return e
}

// cancel throws exc at the await where the task is parked, or at its next.
func (t *Task) cancel(exc *Exception) {
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
