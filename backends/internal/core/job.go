package core

import (
	"errors"
	"runtime/debug"

	"gene/backends"
)

// Job is accepted work. Its work runs once, on any goroutine; then the job itself is
// queued, and completes on the VM's.
type Job struct {
	loop     *Loop
	work     func()
	done     backends.Completion
	panicked *backends.WorkPanic
}

var errGoexit = errors.New("work ended its goroutine")

// Run does the work and queues the completion. If work ends the goroutine (runtime.Goexit),
// the completion is queued all the same.
func (j *Job) Run() {
	returned := false
	defer func() {
		if !returned {
			value := recover()
			if value == nil {
				value = errGoexit
			}
			j.panicked = &backends.WorkPanic{Value: value, Stack: debug.Stack()}
		}
		j.work = nil
		j.loop.finish(j)
	}()
	j.work()
	returned = true
}

// Complete is called by Poll.
func (j *Job) Complete() {
	j.loop.queue.done()
	if j.panicked != nil {
		panic(j.panicked)
	}
	j.done.Complete()
}
