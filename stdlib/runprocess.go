package stdlib

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"gene/value"
	"gene/vm"
)

// outputMax bounds what is kept of a child's output.
const outputMax = 1 << 30

// childRun is one call of system/run: a child, or several joined by pipes, that
// runs to its end in a process group of its own, so that a timeout ends what it has
// started, too.
type childRun struct {
	cmd       *exec.Cmd
	out, errs cappedBuffer
	limit     time.Duration
	timedOut  bool
	code      int
}

// cappedBuffer takes up to outputMax bytes.
type cappedBuffer struct{ bytes.Buffer }

var errTooMuchOutput = fmt.Errorf("more than the limit of %d bytes of output", outputMax)

// Write fails beyond the limit, which ends the child.
func (b *cappedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > outputMax {
		return 0, errTooMuchOutput
	}
	return b.Buffer.Write(p)
}

// defineRun defines system/run.
func (l *library) defineRun() {
	l.kwFunctions(l.m.Namespace("system"), []kwEntry{
		{"run", "Runs a program and gives output, error, exit_code and timed_out. Keywords: stdin, cwd, env, timeout, stderr_to_stdout.", l.runChild},
		{"run_async", "Runs a program; a future of output, error, exit_code and timed_out.", Later(l.runChildAsync)},
	})
	l.methods(l.process, []entry{
		{"kill", "Ends it at once, and its group if it has one.", func(m *VM, args []Value) (Value, error) {
			p := processOf(args[0])
			if p.settle() {
				return value.Nil, nil
			}
			err := p.cmd.Process.Kill()
			if p.group {
				err = signalGroup(p.cmd, syscall.SIGKILL)
			}
			if err != nil && !p.settle() {
				return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to send signal: %s", reason(err))
			}
			return value.Nil, nil
		}},
	})
}

// prepareChild reads the operands of run.
func (l *library) prepareChild(m *VM, args []Value, kw *value.Map) (*childRun, error) {
	w, err := words(m, args, "run")
	if err != nil {
		return nil, err
	}
	r := &childRun{cmd: exec.Command(w[0], w[1:]...), limit: math.MaxInt64}
	rest := value.NewMap(0)
	for _, e := range kw.Entries() {
		if e.Key == nil {
			continue
		}
		switch e.Key.Name {
		case "stdin":
			s, ok := contentOf(e.Val)
			if !ok {
				return nil, m.ArgError("system/run requires ^stdin to be a String or Bytes")
			}
			r.cmd.Stdin = strings.NewReader(s)
		case "timeout":
			d, ok := duration(e.Val, time.Second)
			if !ok || d < 0 {
				return nil, m.ArgError("system/run requires ^timeout to be a number of seconds")
			}
			r.limit = d
		default:
			rest.Set(e.Key, e.Val)
		}
	}
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.errs
	if merge := keyword(rest, "stderr_to_stdout"); merge.IsSet() && merge.Truthy() {
		r.cmd.Stderr = &r.out
	}
	ownGroup(r.cmd)
	return r, l.configure(r.cmd, rest)
}

// run waits for the end of the child. It may be called on any goroutine.
func (r *childRun) run(ctx context.Context) error {
	r.cmd.WaitDelay = killDelay // grandchildren may hold the pipes
	if err := r.cmd.Start(); err != nil {
		return err
	}
	var timer <-chan time.Time
	if r.limit < math.MaxInt64 {
		t := time.NewTimer(r.limit)
		defer t.Stop()
		timer = t.C
	}
	ended := make(chan error, 1)
	go func() { ended <- r.cmd.Wait() }()
	var err error
	select {
	case err = <-ended:
	case <-timer:
		r.timedOut = true
		r.end(ended)
	case <-ctx.Done():
		r.end(ended)
		return context.Cause(ctx)
	}
	r.code = exitCode(r.cmd.ProcessState)
	if errors.Is(err, errTooMuchOutput) {
		return err
	}
	return nil
}

// end asks the group to end, and after a while makes it.
func (r *childRun) end(ended <-chan error) {
	signalGroup(r.cmd, syscall.SIGTERM)
	patience := time.NewTimer(killDelay)
	defer patience.Stop()
	select {
	case <-ended:
	case <-patience.C:
		signalGroup(r.cmd, syscall.SIGKILL)
		<-ended
	}
	signalGroup(r.cmd, syscall.SIGKILL) // whoever of the group ignored TERM
}

func (l *library) childResult(r *childRun, err error) (Value, error) {
	var out, errs string
	if err == nil {
		if out, err = checked(r.out.Bytes(), nil); err == nil {
			errs, err = checked(r.errs.Bytes(), nil)
		}
	}
	if err != nil {
		return Value{}, l.execError(err)
	}
	result := value.NewMap(4)
	result.SetText("output", value.Str(out))
	result.SetText("error", value.Str(errs))
	result.SetText("exit_code", value.Int(int64(r.code)))
	result.SetText("timed_out", value.Bool(r.timedOut))
	return result.Value(), nil
}

func (l *library) runChild(m *VM, args []Value, kw *value.Map) (Value, error) {
	r, err := l.prepareChild(m, args, kw)
	if err != nil {
		return Value{}, err
	}
	m.Out().Flush()
	if blockErr := l.block(func(ctx context.Context) { err = r.run(ctx) }); blockErr != nil {
		return Value{}, blockErr
	}
	return l.childResult(r, err)
}

func (l *library) runChildAsync(m *VM, args []Value, kw *value.Map) (Value, error) {
	r, err := l.prepareChild(m, args, kw)
	if err != nil {
		return Value{}, err
	}
	return startFor(l, m.NewEffect(), inPoller, func(ctx context.Context) (*childRun, error) {
		return r, r.run(ctx)
	}, l.childResult), nil
}
