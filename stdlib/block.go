package stdlib

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// interruptEvery is how soon a blocking native notices an Interrupt.
const interruptEvery = 50 * time.Millisecond

// block runs work on a goroutine of its own and waits for it: the whole program
// stands still, but an Interrupt ends the wait by ending work's context. Work
// must not touch the VM.
func (l *library) block(work func(context.Context)) error {
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	done := make(chan struct{})
	var panicked any
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		work(ctx)
	}()
	tick := time.NewTicker(interruptEvery)
	defer tick.Stop()
	stopped := false
	for {
		select {
		case <-done:
			if panicked != nil {
				panic(panicked)
			}
			if stopped {
				return l.m.Raise(l.m.Errors.Cancellation, vm.CodeCancelled, "Interrupted")
			}
			return nil
		case <-tick.C:
			if l.m.Interrupted() {
				stopped = true
				cancel()
				if !l.ends(done) {
					// Work that can't be ended, a read of a foreign
					// io.Reader, is left behind.
					return l.m.Raise(l.m.Errors.Cancellation, vm.CodeCancelled, "Interrupted")
				}
			}
		}
	}
}

func (l *library) ends(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-time.After(interruptEvery):
		return false
	}
}

// job is asynchronous work with its future. All fields belong to the VM's
// goroutine but ctx, which work may use.
type job[T any] struct {
	l      *library
	future *vm.Future
	ctx    context.Context
	cancel context.CancelFunc
	over   bool // the future is finished or cancelled
	result T
	err    error
	finish func(T, error) (Value, error)
}

// Complete hands the result to the future. The loop calls it.
func (j *job[T]) Complete() {
	j.cancel()
	if j.over {
		return
	}
	j.over = true
	v, err := j.finish(j.result, j.err)
	if err != nil {
		j.l.m.Fail(j.future, err)
		return
	}
	j.l.m.Resolve(j.future, v)
}

// how says where work runs.
type how uint8

const (
	onWorker   how = iota // a bounded worker: files and directories
	inPoller              // a goroutine that parks in the poller: FIFOs, pipes, children
	onResolver            // a bounded worker of its own pool: name look-ups
)

// start runs work away from the VM and gives the future of what finish makes
// of its result. Cancelling the future ends work's context.
func start[T any](l *library, where how, work func(context.Context) (T, error), finish func(T, error) (Value, error)) Value {
	return startFor(l, l.m.NewFuture(), where, work, finish)
}

// startFor is start for a future that the caller has made.
func startFor[T any](l *library, future *vm.Future, where how, work func(context.Context) (T, error), finish func(T, error) (Value, error)) Value {
	j := &job[T]{l: l, future: future, finish: finish}
	j.ctx, j.cancel = context.WithCancel(l.ctx)
	j.future.OnCancel(func() {
		j.over = true
		j.cancel()
	})
	run := func() {
		if j.err = context.Cause(j.ctx); j.err == nil {
			j.result, j.err = work(j.ctx)
		}
	}
	var err error
	switch where {
	case onWorker:
		err = l.m.Loop().Offload(backends.PoolFiles, run, j)
	case onResolver:
		err = l.m.Loop().Offload(backends.PoolNames, run, j)
	default:
		err = l.m.Loop().Background(run, j)
	}
	if err != nil {
		j.over = true
		j.cancel()
		l.m.Fail(j.future, l.m.Raise(l.m.Errors.Runtime, vm.CodeRuntime, "%s", err.Error()))
	}
	return j.future.Value()
}

// Later makes a native whose errors arrive in the future it gives, but those that
// no program can catch.
func Later(fn vm.NativeKwFn) vm.NativeKwFn {
	return func(m *VM, args []Value, kw *value.Map) (Value, error) {
		v, err := fn(m, args, kw)
		if err != nil && isException(err) {
			return m.Failed(err), nil
		}
		return v, err
	}
}

// asyncNative is Later for a native without keywords.
func asyncNative(fn vm.NativeFn) vm.NativeFn {
	later := Later(func(m *VM, args []Value, _ *value.Map) (Value, error) { return fn(m, args) })
	return func(m *VM, args []Value) (Value, error) { return later(m, args, nil) }
}

// isException tells whether an error is one the program may catch already.
func isException(err error) bool {
	var e *vm.Exception
	return errors.As(err, &e)
}

// utf8Error says that bytes are no text.
type utf8Error struct{ at int }

func (e utf8Error) Error() string { return fmt.Sprintf("not valid UTF-8 at byte %d", e.at) }

// reason is the system's own words for an error, without the path, which our
// messages name already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		err = link.Err
	}
	var sys *os.SyscallError
	if errors.As(err, &sys) {
		err = sys.Err
	}
	if errors.Is(err, syscall.EPIPE) {
		return "broken pipe"
	}
	return err.Error()
}
