package stdlib

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"gene/value"
	"gene/vm"
)

// defineSystem defines the namespace system but for processes (13.7).
func (l *library) defineSystem() {
	m := l.m
	ns := m.Namespace("system")
	cwd := entry{"cwd", "The working directory.", l.cwd}
	l.functions(ns, []entry{
		{"os", "The name of the operating system.", func(m *VM, args []Value) (Value, error) {
			if runtime.GOOS == "darwin" {
				return value.Str("macos"), nil
			}
			return value.Str(runtime.GOOS), nil
		}},
		{"arch", "The name of the processor's architecture.", func(m *VM, args []Value) (Value, error) {
			return value.Str(runtime.GOARCH), nil
		}},
		cwd,
		{"cd", "Changes the working directory.", l.changeDir},
		{"args", "The command line after the program's name.", func(m *VM, args []Value) (Value, error) {
			return stringArray(m.Options().Args), nil
		}},
		{"exec", "Runs a program and gives its output.", l.exec},
		{"shell", "Runs a line of shell and gives its output and exit code.", l.shell},
		{"exit", "Ends the program.", exit},
		{"exec_async", "Runs a program; a future of its output.", asyncNative(l.execAsync)},
		{"shell_async", "Runs a line of shell; a future of its output and exit code.", asyncNative(l.shellAsync)},
	})
	l.functions(m.Globals, []entry{cwd})
	l.functions(m.Namespace("gene/os"), []entry{
		{"exec", "Runs a line of shell and gives its output.", func(m *VM, args []Value) (Value, error) {
			line, err := shellLine(m, args, "exec")
			if err != nil {
				return Value{}, err
			}
			return l.execOutput([]string{"sh", "-c", line})
		}},
	})
}

func (l *library) cwd(m *VM, args []Value) (Value, error) {
	if l.dir != "" {
		return value.Str(l.dir), nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to get working directory: %s", reason(err))
	}
	return value.Str(dir), nil
}

// changeDir changes the directory of this VM alone.
func (l *library) changeDir(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "cd")
	if err != nil {
		return Value{}, err
	}
	full, err := filepath.Abs(l.path(p))
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(full); err == nil && !info.IsDir() {
			err = syscall.ENOTDIR
		}
	}
	if err != nil {
		return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to change directory: %s: %s", p, reason(err))
	}
	l.dir = full
	return value.Nil, nil
}

// words checks operands that are all strings, the first being a command.
func words(m *VM, args []Value, what string) ([]string, error) {
	if len(args) == 0 {
		return nil, m.ArgError("%s requires at least 1 argument (command)", what)
	}
	out := make([]string, len(args))
	for i, v := range args {
		s, ok := text(v)
		if !ok || strings.IndexByte(s, 0) >= 0 {
			return nil, m.ArgError("%s requires string arguments", what)
		}
		out[i] = s
	}
	return out, nil
}

func shellLine(m *VM, args []Value, what string) (string, error) {
	line, ok := text(arg(args, 0))
	if !ok {
		return "", m.ArgError("%s requires a command line", what)
	}
	return line, nil
}

// killDelay is how long a child whose wait was cancelled may take to end after
// TERM before it is killed.
const killDelay = 2 * time.Second

// run is a child process that runs to its end.
type run struct {
	cmd  *exec.Cmd
	out  bytes.Buffer
	code int
}

// command prepares a child process in the VM's present directory and
// environment. What it gives may be called on any goroutine.
func (l *library) command(words []string) func(context.Context) *exec.Cmd {
	dir, env := l.dir, l.env.list()
	return func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, words[0], words[1:]...)
		cmd.Dir, cmd.Env = dir, env
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = killDelay
		return cmd
	}
}

// finish runs a prepared child. A failing exit code is no error.
func (r *run) finish() error {
	err := r.cmd.Run()
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) {
		r.code = exitCode(r.cmd.ProcessState)
		return nil
	}
	return err
}

// exitCode is the exit code of an ended child, 128 + n after signal n.
func exitCode(s *os.ProcessState) int {
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return s.ExitCode()
}

// output is what the child printed, ending with a newline if anything.
func (r *run) output() (string, error) {
	s, err := checked(r.out.Bytes(), nil)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s, err
}

func (l *library) execError(err error) error {
	if isException(err) {
		return err
	}
	return l.m.Raise(l.m.Errors.IO, vm.CodeIO, "Failed to execute command: %s", commandReason(err))
}

// commandReason says why a program could not be started.
func commandReason(err error) string {
	var e *exec.Error
	if errors.As(err, &e) {
		if errors.Is(err, exec.ErrNotFound) {
			return e.Name + ": command not found"
		}
		return e.Name + ": " + reason(e.Err)
	}
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Path + ": " + reason(err)
	}
	return reason(err)
}

// runNow runs a child while the program stands still.
func (l *library) runNow(words []string, merge bool) (*run, error) {
	if err := l.m.Out().Flush(); err != nil { // the child may share our output
		return nil, l.flushed(err)
	}
	r := &run{}
	var err error
	prepare := l.command(words)
	blockErr := l.block(func(ctx context.Context) {
		r.cmd = prepare(ctx)
		r.attach(l, merge)
		err = r.finish()
	})
	if blockErr != nil {
		return nil, blockErr
	}
	return r, err
}

// attach connects the child's outputs; without merge its errors go to ours.
func (r *run) attach(l *library, merge bool) {
	r.cmd.Stdout = &r.out
	r.cmd.Stderr = l.m.Options().Stderr
	if merge {
		r.cmd.Stderr = &r.out
	}
}

func (l *library) execOutput(words []string) (Value, error) {
	r, err := l.runNow(words, false)
	if err != nil {
		return Value{}, l.execError(err)
	}
	return l.execResult(r, nil)
}

func (l *library) execResult(r *run, err error) (Value, error) {
	var out string
	if err == nil {
		out, err = r.output()
	}
	if err != nil {
		return Value{}, l.execError(err)
	}
	return value.Str(out), nil
}

func (l *library) shellResult(r *run, err error) (Value, error) {
	v, err := l.execResult(r, err)
	if err != nil {
		return Value{}, err
	}
	result := value.NewMap(2)
	result.SetText("output", v)
	result.SetText("exit_code", value.Int(int64(r.code)))
	return result.Value(), nil
}

func (l *library) exec(m *VM, args []Value) (Value, error) {
	w, err := words(m, args, "exec")
	if err != nil {
		return Value{}, err
	}
	return l.execOutput(w)
}

func (l *library) shell(m *VM, args []Value) (Value, error) {
	line, err := shellLine(m, args, "shell")
	if err != nil {
		return Value{}, err
	}
	return l.shellResult(l.runNow([]string{"sh", "-c", line}, true))
}

// runLater runs a child beside the program; cancelling the future ends it.
func (l *library) runLater(words []string, merge bool, result func(*run, error) (Value, error)) Value {
	prepare := l.command(words)
	return startFor(l, l.m.NewEffect(), inPoller, func(ctx context.Context) (*run, error) {
		r := &run{cmd: prepare(ctx)}
		r.attach(l, merge)
		return r, r.finish()
	}, result)
}

func (l *library) execAsync(m *VM, args []Value) (Value, error) {
	w, err := words(m, args, "exec_async")
	if err != nil {
		return Value{}, err
	}
	return l.runLater(w, false, l.execResult), nil
}

func (l *library) shellAsync(m *VM, args []Value) (Value, error) {
	line, err := shellLine(m, args, "shell_async")
	if err != nil {
		return Value{}, err
	}
	return l.runLater([]string{"sh", "-c", line}, true, l.shellResult), nil
}
