package vm

import (
	"time"

	"gene/backends"
	"gene/value"
)

// await is the instruction for one future: a finished one is used on the spot,
// a pending one parks the task.
func (vm *VM) await(f *frame, a int, v value.Value) error {
	fut, err := vm.awaitable(v)
	if err != nil {
		return err
	}
	if exc := vm.sched.cur.takeDoom(); exc != nil {
		return exc
	}
	switch fut.State() {
	case FuturePending:
		return vm.wait(fut, a)
	case FutureSuccess:
		f.ra[a] = fut.val
		return nil
	}
	return fut.awaited()
}

func (vm *VM) awaitable(v value.Value) (*Future, error) {
	fut, ok := vm.AsFuture(v)
	if !ok {
		return nil, vm.ArgError("await expects a Future, got %s", value.TypeName(v))
	}
	fut.Flags |= futureObserved
	return fut, nil
}

// wait parks the running task until fut is finished.
func (vm *VM) wait(fut *Future, dest int) error {
	t := vm.sched.cur
	t.waiting = fut
	fut.addWaiter(t)
	return vm.parkNext(dest)
}

// waitGroup is an await of several futures, or of one with a timeout. It waits
// for them in order, for the next one that is pending at a time.
type waitGroup struct {
	vm      *VM
	futures []*Future
	next    int
	single  bool
	timer   backends.Timer
}

// awaitAll is the instruction for futures R[a..a+n-1]; with timed, R[a+n] is
// the time limit.
func (vm *VM) awaitAll(f *frame, a, n int, timed bool) error {
	g := &waitGroup{vm: vm, single: n == 1}
	for _, v := range f.args(a, n) {
		fut, err := vm.awaitable(v)
		if err != nil {
			return err
		}
		g.futures = append(g.futures, fut)
	}
	if exc := vm.sched.cur.takeDoom(); exc != nil {
		return exc
	}
	if timed {
		limit, err := vm.Duration(f.ra[a+n])
		if err != nil {
			return err
		}
		if limit <= 0 {
			g.expire()
		} else if g.pending() {
			g.timer = vm.loop.AfterFunc(limit, backends.Func(g.expire))
			vm.KeepAlive(1) // the time limit will come, whatever else doesn't
		}
	}
	t := vm.sched.cur
	if g.proceed(t) {
		if exc := t.takeFailure(); exc != nil {
			return exc
		}
		f.ra[a] = t.wake
		return nil
	}
	t.more().group = g
	return vm.parkNext(a)
}

// Duration reads a time as the language gives it: Int milliseconds or Float
// seconds.
func (vm *VM) Duration(v value.Value) (time.Duration, error) {
	const most = float64(1<<62) / float64(time.Second)
	switch {
	case v.IsInt():
		ms := v.AsInt()
		if ms > int64(1<<62)/int64(time.Millisecond) {
			return 1 << 62, nil
		}
		return time.Duration(max(ms, -1)) * time.Millisecond, nil
	case v.IsFloat():
		s := v.AsFloat()
		if s != s {
			break
		}
		return time.Duration(min(max(s, -1), most) * float64(time.Second)), nil
	}
	return 0, vm.ArgError("await ^timeout must be int milliseconds or float seconds, got %s", value.TypeName(v))
}

func (g *waitGroup) pending() bool {
	for _, f := range g.futures {
		if f.State() == FuturePending {
			return true
		}
	}
	return false
}

// proceed looks at the futures in order. It tells whether the await is over,
// its outcome being in the task; otherwise the task waits for the next one.
func (g *waitGroup) proceed(t *Task) bool {
	for ; g.next < len(g.futures); g.next++ {
		f := g.futures[g.next]
		if f.State() == FuturePending {
			t.waiting = f
			f.addWaiter(t)
			return false
		}
		if t.take(f); t.has(taskFailing) {
			g.stop()
			return true
		}
	}
	g.stop()
	if !g.single {
		vals := make([]value.Value, len(g.futures))
		for i, f := range g.futures {
			vals[i] = f.val
		}
		t.wake = value.NewArray(vals).Value()
	}
	return true
}

func (g *waitGroup) stop() {
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
		g.vm.KeepAlive(-1)
	}
}

// expire fails all futures of the group that are still pending.
func (g *waitGroup) expire() {
	for _, f := range g.futures {
		if f.State() != FuturePending {
			continue
		}
		exc := g.vm.makeException(g.vm.Errors.Timeout, CodeTimeout, "await timed out")
		f.Flags |= futureObserved
		g.vm.abort(f, g.vm.cancellation(exc.Value()))
		g.vm.settle(f, FutureFailure, exc.Value())
	}
}
