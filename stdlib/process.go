package stdlib

import (
	"context"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
	"weak"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// process is a child with pipes. It runs from start until done is closed, which
// a goroutine does that waits for it, so that none becomes a zombie. The fields
// but code belong to the VM's goroutine; code is set before done is closed.
//
// A child that is still running when the VM is closed loses its pipes and goes
// on alone.
type process struct {
	cmd    *exec.Cmd
	in     *os.File // nil once closed
	out    *pipe
	errs   *pipe // nil when merged into out
	group  bool  // it is the head of a process group of its own
	done   chan struct{}
	code   int
	object *value.Instance
}

// defineProcesses defines system/Process (13.7). Times are in seconds.
func (l *library) defineProcesses() {
	m := l.m
	c := m.NewClass("Process", nil)
	l.process = c
	m.Namespace("system").Set(value.Intern("Process"), c.Value())
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		return argError(m, "Process cannot be made with new; use system/Process/start")
	})
	l.kwFunctions(c.Members, []kwEntry{{"start", "Starts a program with pipes to it.", l.startProcess}})
	l.methods(c, []entry{
		{"pid", "The process number.", field("pid")},
		{"exit_code", "The exit code, or nil while it runs.", func(m *VM, args []Value) (Value, error) {
			p := processOf(args[0])
			p.settle()
			return field("exit_code")(m, args)
		}},
		{"alive?", "Whether it is running.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(!processOf(args[0]).settle()), nil
		}},
		{"write", "Writes to its standard input.", l.processWrite("")},
		{"write_line", "Writes a line to its standard input.", l.processWrite("\n")},
		{"close_stdin", "Ends its standard input.", func(m *VM, args []Value) (Value, error) {
			processOf(args[0]).closeInput()
			return value.Nil, nil
		}},
		{"read_available", "What it has printed and nobody has read.", l.processAvailable},
		{"signal", "Sends it TERM, INT or KILL.", l.processSignal},
		{"wait_async", "A future of its exit code.", l.waitAsync},
		{"read_line_async", "A future of its next line of output, nil at the end.", l.readLineAsync},
		{"read_async", "A future of the rest of its output.", l.readRestAsync},
	})
	l.kwMethods(c, []kwEntry{
		{"read_line", "Its next line of output; nil at the end or when the time is over.", l.processReadLine},
		{"read_until", "Its output up to and including a mark.", l.processReadUntil},
		{"read_stderr", "Its error output.", l.processReadStderr},
		{"wait", "Its exit code; nil when the time is over.", l.processWait},
		{"shutdown", "Ends it: closes its input, then TERM, then KILL.", l.processShutdown},
	})
}

func processOf(v Value) *process { return v.AsInstance().Data.(*process) }

// GeneText is the printed form.
func (p *process) GeneText() string {
	return "<process " + strconv.Itoa(p.cmd.Process.Pid) + ">"
}

func field(name string) vm.NativeFn {
	sym := value.Intern(name)
	return func(m *VM, args []Value) (Value, error) {
		v, _ := args[0].AsInstance().Get(sym)
		return orNil(v), nil
	}
}

// startProcess is (system/Process/start cmd arg… ^cwd dir ^env map ^stderr_to_stdout bool).
func (l *library) startProcess(m *VM, args []Value, kw *value.Map) (Value, error) {
	w, err := words(m, args, "Process/start")
	if err != nil {
		return Value{}, err
	}
	cmd := exec.Command(w[0], w[1:]...)
	if err := l.configure(cmd, kw); err != nil {
		return Value{}, err
	}
	merge := keyword(kw, "stderr_to_stdout")
	p := &process{cmd: cmd, done: make(chan struct{}), object: value.NewInstance(l.process)}
	if group := keyword(kw, "group"); group.IsSet() && group.Truthy() {
		ownGroup(cmd)
		p.group = true
	}
	if err := p.launch(merge.IsSet() && merge.Truthy()); err != nil {
		return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to start process: %s", commandReason(err))
	}
	p.object.Data = p
	p.object.Set(value.Intern("pid"), value.Int(int64(cmd.Process.Pid)))
	p.object.Set(value.Intern("exit_code"), value.Nil)
	p.watch(l)
	return p.object.Value(), nil
}

// configure reads the keywords of start.
func (l *library) configure(cmd *exec.Cmd, kw *value.Map) error {
	m := l.m
	for _, e := range kw.Entries() {
		switch {
		case e.Key == nil || e.Key.Name == "stderr_to_stdout" || e.Key.Name == "group":
		case e.Key.Name == "cwd":
			dir, ok := text(e.Val)
			if !ok {
				return m.ArgError("Process/start requires ^cwd to be a string")
			}
			cmd.Dir = l.path(dir)
		case e.Key.Name == "env":
			if e.Val.Kind() != value.KindMap {
				return m.ArgError("Process/start requires ^env to be a map")
			}
		default:
			return m.ArgError("Unexpected keyword argument: %s", e.Key.Name)
		}
	}
	if cmd.Dir == "" {
		cmd.Dir = l.dir
	}
	cmd.Env = l.env.list()
	env := keyword(kw, "env")
	if !env.IsSet() {
		return nil
	}
	for _, e := range env.AsMap().Entries() {
		if e.Key == nil {
			continue
		}
		s, ok := plainText(e.Val)
		if !ok {
			return m.ArgError("Process/start requires texts and numbers in ^env")
		}
		cmd.Env = append(cmd.Env, e.Key.Name+"="+s)
	}
	return nil
}

// plainText is the text of a value that needs no code of the program for it.
func plainText(v Value) (string, bool) {
	switch v.Kind() {
	case value.KindString, value.KindSymbol:
		return name(v)
	case value.KindInt:
		return itoa(v.AsInt()), true
	case value.KindFloat:
		return string(value.AppendFloat(nil, v.AsFloat())), true
	case value.KindBool:
		return strconv.FormatBool(v.AsBool()), true
	}
	return "", false
}

// launch makes the pipes and starts the child. Descriptors are closed on exec,
// so that no other child inherits them.
func (p *process) launch(merge bool) error {
	var child, ours []*os.File
	closeAll := func(files []*os.File) {
		for _, f := range files {
			f.Close()
		}
	}
	open := func() (r, w *os.File, err error) {
		if r, w, err = os.Pipe(); err == nil {
			child, ours = append(child, w), append(ours, r)
		}
		return r, w, err
	}
	inR, inW, err := os.Pipe()
	if err != nil {
		return err
	}
	child, ours = append(child, inR), append(ours, inW)
	outR, outW, err := open()
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = inR, outW, outW
		if !merge {
			var errR, errW *os.File
			if errR, errW, err = open(); err == nil {
				p.cmd.Stderr = errW
				p.errs = newPipe(errR)
			}
		}
	}
	if err == nil {
		err = p.cmd.Start()
	}
	closeAll(child)
	if err != nil {
		closeAll(ours)
		return err
	}
	p.in, p.out = inW, newPipe(outR)
	return nil
}

// watch waits for the child beside the program and notes its exit code.
func (p *process) watch(l *library) {
	loop := l.m.Loop()
	weakly := weak.Make(p) // a program that starts many and forgets them must not keep their pipes
	context.AfterFunc(l.ctx, func() {
		if p := weakly.Value(); p != nil {
			p.closePipes()
		}
	})
	go func() {
		p.cmd.Wait()
		p.code = exitCode(p.cmd.ProcessState)
		close(p.done)
		loop.Post(backends.Func(func() { p.settle() }))
	}()
}

// closePipes runs when the VM is closed; nobody reads any more.
func (p *process) closePipes() {
	p.closeInput()
	p.out.file.Close()
	if p.errs != nil {
		p.errs.file.Close()
	}
}

// settle puts the exit code into the object if the child has ended.
func (p *process) settle() (ended bool) {
	select {
	case <-p.done:
		p.object.Set(value.Intern("exit_code"), value.Int(int64(p.code)))
		p.closeInput()
		return true
	default:
		return false
	}
}

func (p *process) closeInput() {
	if p.in != nil {
		p.in.Close()
		p.in = nil
	}
}

// timeout reads ^timeout in seconds; the default is for a missing one.
func timeout(m *VM, kw *value.Map, method string, required bool) (time.Duration, error) {
	v := keyword(kw, "timeout")
	if !v.IsSet() {
		if required {
			return 0, m.ArgError("Process.%s requires ^timeout", method)
		}
		return math.MaxInt64, nil
	}
	d, ok := duration(v, time.Second)
	switch {
	case !ok:
		return 0, m.ArgError("Process.%s requires ^timeout to be an int or float", method)
	case d < 0:
		return 0, m.ArgError("Process.%s requires a non-negative ^timeout", method)
	}
	return d, nil
}

// within runs a read while the program stands still, for at most d; what has
// not come by then stays in the pipe, and the result is not ok.
func (l *library) within(d time.Duration, read func(context.Context) (piece, error)) (got piece, err error) {
	blockErr := l.block(func(ctx context.Context) {
		if d < math.MaxInt64 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, d)
			defer cancel()
		}
		got, err = read(ctx)
	})
	switch {
	case blockErr != nil:
		return piece{}, blockErr
	case isTimeout(err):
		return piece{}, nil
	}
	return got, err
}

// outputText makes a value of what a child printed.
func (l *library) outputText(got piece, err error) (Value, error) {
	if err == nil && got.ok {
		got.text, err = checked([]byte(got.text), nil)
	}
	switch {
	case err != nil && isException(err):
		return Value{}, err
	case err != nil:
		return Value{}, l.m.Raise(l.m.Errors.IO, vm.CodeIO, "Failed to read from process: %s", reason(err))
	case !got.ok:
		return value.Nil, nil
	}
	return value.Str(got.text), nil
}

func trimLine(got piece, err error) (piece, error) {
	got.text = strings.TrimSuffix(strings.TrimSuffix(got.text, "\n"), "\r")
	return got, err
}

func (p *process) line(ctx context.Context) (piece, error) { return trimLine(p.out.until(ctx, "\n")) }

func (l *library) processReadLine(m *VM, args []Value, kw *value.Map) (Value, error) {
	d, err := timeout(m, kw, "read_line", false)
	if err != nil {
		return Value{}, err
	}
	return l.outputText(l.within(d, processOf(args[0]).line))
}

func (l *library) processReadUntil(m *VM, args []Value, kw *value.Map) (Value, error) {
	mark, ok := text(arg(args, 1))
	if !ok || mark == "" {
		return argError(m, "Process.read_until requires a mark")
	}
	d, err := timeout(m, kw, "read_until", false)
	if err != nil {
		return Value{}, err
	}
	p := processOf(args[0])
	return l.outputText(l.within(d, func(ctx context.Context) (piece, error) { return p.out.until(ctx, mark) }))
}

func (l *library) processReadStderr(m *VM, args []Value, kw *value.Map) (Value, error) {
	d, err := timeout(m, kw, "read_stderr", false)
	if err != nil {
		return Value{}, err
	}
	p := processOf(args[0])
	if p.errs == nil {
		return runtimeError(m, "stderr is merged into stdout for this Process")
	}
	return l.outputText(l.within(d, p.errs.rest))
}

func (l *library) processAvailable(m *VM, args []Value) (Value, error) {
	s, err := processOf(args[0]).out.available()
	return l.outputText(piece{s, true}, err)
}

func (l *library) processWrite(end string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p := processOf(args[0])
		return m.Texts(args[1:], vm.TextToS, func(texts []string) (Value, error) {
			switch {
			case p.settle():
				return runtimeError(m, "Process is no longer running")
			case p.in == nil:
				return runtimeError(m, "Process stdin is closed")
			}
			return value.Nil, l.feed(p, strings.Join(texts, "")+end)
		})
	}
}

// feed writes to the child's input while the program stands still.
func (l *library) feed(p *process, s string) (err error) {
	in := p.in
	blockErr := l.block(func(ctx context.Context) {
		stop := context.AfterFunc(ctx, func() { in.SetWriteDeadline(time.Unix(1, 0)) })
		defer stop()
		_, err = in.WriteString(s)
	})
	switch {
	case blockErr != nil:
		return blockErr
	case err != nil:
		return l.m.Raise(l.m.Errors.IO, vm.CodeIO, "Failed to write to process: %s", reason(err))
	}
	return nil
}

// ended waits for the child's end.
func (p *process) ended(ctx context.Context) (piece, error) {
	select {
	case <-p.done:
		return piece{ok: true}, nil
	case <-ctx.Done():
		return piece{}, context.Cause(ctx)
	}
}

func (l *library) processWait(m *VM, args []Value, kw *value.Map) (Value, error) {
	d, err := timeout(m, kw, "wait", true)
	if err != nil {
		return Value{}, err
	}
	return l.exitWithin(processOf(args[0]), d)
}

// exitWithin gives the exit code, or nil when the time is over.
func (l *library) exitWithin(p *process, d time.Duration) (Value, error) {
	if !p.settle() {
		if got, err := l.within(d, p.ended); err != nil || !got.ok {
			return value.Nil, err
		}
		p.settle()
	}
	return value.Int(int64(p.code)), nil
}

var signals = map[string]syscall.Signal{
	"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "KILL": syscall.SIGKILL,
}

func (l *library) processSignal(m *VM, args []Value) (Value, error) {
	s, _ := name(arg(args, 1))
	sig, ok := signals[strings.TrimPrefix(s, "SIG")]
	if !ok {
		return argError(m, "Unsupported signal: %s", s)
	}
	p := processOf(args[0])
	if p.settle() {
		return runtimeError(m, "Process is no longer running")
	}
	if err := p.signal(sig); err != nil && err != os.ErrProcessDone {
		return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to send signal: %s", reason(err))
	}
	return value.Nil, nil
}

// signal reaches the child, or its group.
func (p *process) signal(sig syscall.Signal) error {
	if p.group {
		return signalGroup(p.cmd, sig)
	}
	return p.cmd.Process.Signal(sig)
}

// processShutdown gives the child its time after each step.
func (l *library) processShutdown(m *VM, args []Value, kw *value.Map) (Value, error) {
	d, err := timeout(m, kw, "shutdown", true)
	if err != nil {
		return Value{}, err
	}
	p := processOf(args[0])
	p.closeInput()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if code, err := l.exitWithin(p, d); err != nil || !code.IsNil() {
			return code, err
		}
		if err := p.signal(sig); err != nil && err != os.ErrProcessDone {
			return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to send signal: %s", reason(err))
		}
	}
	return l.exitWithin(p, math.MaxInt64)
}

func (l *library) waitAsync(m *VM, args []Value) (Value, error) {
	p := processOf(args[0])
	return start(l, inPoller, p.ended, func(_ piece, err error) (Value, error) {
		if err != nil {
			return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to wait for process: %s", reason(err))
		}
		p.settle()
		return value.Int(int64(p.code)), nil
	}), nil
}

func (l *library) readLineAsync(m *VM, args []Value) (Value, error) {
	return start(l, inPoller, processOf(args[0]).line, l.outputText), nil
}

func (l *library) readRestAsync(m *VM, args []Value) (Value, error) {
	return start(l, inPoller, processOf(args[0]).out.rest, l.outputText), nil
}
