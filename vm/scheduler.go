package vm

import (
	"fmt"
	"slices"
	"strings"

	"gene/compiler"
	"gene/value"
)

// scheduler is what decides which task runs. Tasks change only at an await;
// callbacks run at scheduler points (10.5).
type scheduler struct {
	cur      *Task // the running task
	main     *Task // the program
	runq     queue[*Task]
	dispatch queue[dispatch]
	// dispatching is set while callbacks are being started, so that a
	// callback's own safepoints don't start the next ones in its middle.
	dispatching bool
	// holding counts what keeps the program alive besides tasks that can run:
	// observed external futures, effects, and what KeepAlive was told.
	holding int
	parked  *Task // list of parked tasks, newest first
	nparked int
	failed  []*Future // failures that nobody had looked at when they came
	spare   *stack
	free    *Task // tasks that have ended, for reuse
	fatal   *Exception
	// mainDone is set when the program's last form is done; what is pending
	// is drained then.
	mainDone bool
	forever  *Future // what run_forever waits for
}

// dispatch is a callback to run; without fn, the time to wake the future's
// waiters.
type dispatch struct {
	future *Future
	fn     value.Value
	late   bool // registered on a finished future: not skipped with the others
}

func (s *scheduler) ready(t *Task) {
	t.flags |= taskQueued
	s.runq.push(t)
}

func (s *scheduler) addParked(t *Task) {
	s.nparked++
	t.link = s.parked
	if s.parked != nil {
		s.parked.prev = t
	}
	s.parked = t
}

func (s *scheduler) removeParked(t *Task) {
	s.nparked--
	if t.prev != nil {
		t.prev.link = t.link
	} else {
		s.parked = t.link
	}
	if t.link != nil {
		t.link.prev = t.prev
	}
	t.prev, t.link = nil, nil
}

// KeepAlive adds to (or takes from) the count of things that keep the program
// running after its last form: listeners, running servers.
func (vm *VM) KeepAlive(n int) { vm.sched.holding += n }

// schedule is what happens when the stack is empty. One turn:
//
//  1. an interrupt goes to the program's await, or ends a draining program;
//  2. completions that are ready run (they finish futures);
//  3. callbacks of finished futures are started, in order;
//  4. else the task that became ready first is resumed;
//  5. else the program is over, or deadlocked, or the VM sleeps in Poll.
func (vm *VM) schedule() error {
	vm.resetBase()
	s := &vm.sched
	for {
		if vm.killed.Load() {
			return vm.Exit(exitInterrupted)
		}
		if vm.interrupted.Load() && vm.interruptMain() {
			return nil
		}
		if vm.ready.Load() != 0 {
			vm.loop.Poll(0)
		}
		if s.dispatch.len() > 0 {
			return vm.startDispatch(vm.windowAt(0))
		}
		if s.runq.len() > 0 {
			vm.fp.ip = vm.baseFn.entry
			return vm.resume(s.runq.pop())
		}
		if s.holding > 0 {
			if vm.out.Buffered() > 0 {
				vm.out.Flush()
			}
			vm.loop.Poll(-1)
			continue
		}
		if s.mainDone {
			vm.fp = nil
			return nil
		}
		if vm.loop.Poll(0) > 0 {
			continue
		}
		vm.deadlock()
	}
}

// interruptMain throws the interruption at the program's await; a program that
// only drains ends.
func (vm *VM) interruptMain() (stop bool) {
	s := &vm.sched
	if s.mainDone {
		vm.exit = &exitRequest{exitInterrupted}
		vm.fp = nil
		return true
	}
	if !s.main.has(taskQueued) && s.main.waiting != nil {
		vm.interrupted.Store(false)
		s.main.cancel(vm.interruption())
	}
	return false
}

func (vm *VM) interruption() *Exception {
	exc := vm.makeException(vm.Errors.Cancellation, CodeCancelled, "interrupted")
	data(exc.Instance).interrupt = true
	return exc
}

// safepoint lets completions and callbacks run in the middle of a running
// task.
func (vm *VM) safepoint() error {
	if vm.killed.Load() {
		return vm.Exit(exitInterrupted)
	}
	if vm.interrupted.Load() && !vm.sched.mainDone {
		vm.interrupted.Store(false)
		return vm.interruption()
	}
	vm.loop.Poll(0)
	if vm.sched.dispatch.len() > 0 && !vm.sched.dispatching {
		return vm.startDispatch(vm.top())
	}
	return nil
}

// startDispatch pushes a frame that starts the queued callbacks one after the
// other, each as a task of its own, above the running frame.
func (vm *VM) startDispatch(at *window) error {
	vm.sched.dispatching = true
	return vm.pushCont(at, &contState{step: vm.dispatchNext})
}

func (vm *VM) dispatchNext() (done bool, err error) {
	for vm.sched.dispatch.len() > 0 {
		d := vm.sched.dispatch.pop()
		if !d.fn.IsSet() {
			vm.wakeWaiters(d.future)
			continue
		}
		if d.future.Flags&futureFlipped != 0 && !d.late {
			continue
		}
		t := vm.newTask()
		t.more().callbackOf = d.future
		return false, vm.startTask(t, d.fn, []value.Value{d.future.val}, vm.fp.sub(1))
	}
	vm.sched.dispatching = false
	return true, nil
}

// deadlock ends the wait of a program for which nothing can ever come.
func (vm *VM) deadlock() {
	exc := vm.makeException(vm.Errors.Concurrency, CodeDeadlock, "deadlock: "+vm.whoWaits())
	t := vm.sched.main
	t.stopWaiting()
	t.fail(exc)
	vm.sched.ready(t)
}

// whoWaits names every parked task and the place of its await, the oldest
// first.
func (vm *VM) whoWaits() string {
	var parts []string
	const most = 20
	for t := vm.sched.parked; t != nil; t = t.link {
		who := "a task"
		if t == vm.sched.main {
			who = "the program"
		}
		parts = append([]string{fmt.Sprintf("%s waits at %s", who, t.place())}, parts...)
	}
	if n := len(parts); n > most {
		parts = append(parts[:most], fmt.Sprintf("and %d more", n-most))
	}
	return strings.Join(parts, ", ") + ", and nothing can come"
}

// place is where a parked task waits: in the innermost code of the program.
func (t *Task) place() string {
	var p value.Pos
	file := ""
	for _, f := range t.waitingFrames() {
		if file == "" || f.fn.Proto.Flags&compiler.FlagHidden == 0 {
			file, p = f.fn.Proto.File, f.pos()
		}
		if f.fn.Proto.Flags&compiler.FlagHidden == 0 {
			break
		}
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Col)
}

// waitingFrames gives the frames of a parked task, the innermost first.
func (t *Task) waitingFrames() []frame {
	var frames []frame
	if t.rare != nil && t.rare.own != nil {
		frames = append(frames, t.rare.own.frames...)
	} else {
		for _, s := range t.saved() {
			frames = append(frames, frame{ip: s.ip, fn: s.fn})
		}
	}
	slices.Reverse(frames)
	return frames
}

// RunForever parks the calling task until StopScheduler; natives use the
// future.
func (vm *VM) RunForever() *Future {
	if vm.sched.forever == nil || vm.sched.forever.State() != FuturePending {
		vm.sched.forever = vm.newFuture()
	}
	return vm.sched.forever
}

// StopScheduler ends the wait of run_forever, if there is one.
func (vm *VM) StopScheduler() {
	if f := vm.sched.forever; f != nil {
		vm.settle(f, FutureSuccess, value.Nil)
	}
}
