package stdlib

import (
	"os"
	"os/signal"
	"slices"
	"strings"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// osSignals is what a program wants to know of the signals sent to the process.
// It belongs to the VM's goroutine; another one waits on the channel and posts.
//
// The command line interrupts the program at INT. A program that takes INT over
// takes it from there too: while it has neither handler nor waiter for it,
// the library does the interrupting.
type osSignals struct {
	l        *library
	ch       chan os.Signal // nil until the first one is wanted
	handlers map[string][]Value
	waiters  map[string][]*vm.Future
	taken    map[string]bool
}

// defineSignals defines system/on_signal and its like.
func (l *library) defineSignals() {
	s := &osSignals{l: l, handlers: map[string][]Value{}, waiters: map[string][]*vm.Future{}, taken: map[string]bool{}}
	l.functions(l.m.Namespace("system"), []entry{
		{"on_signal", "Calls a function with the name of a signal each time it comes.", s.onSignal},
		{"signal", "A future of the name of a signal, when it comes next.", s.next},
		{"reset_signal", "Forgets the handlers of a signal, so that it does again what it does without.", s.reset},
		{"send_signal", "Sends a signal to a process: its number, then the name.", sendSignal},
		{"pid", "The number of this process.", func(m *VM, args []Value) (Value, error) { return value.Int(int64(os.Getpid())), nil }},
	})
}

// signalName checks the operand that names a signal.
func signalName(m *VM, v Value) (string, os.Signal, error) {
	n, _ := name(v)
	n = strings.TrimPrefix(strings.ToUpper(n), "SIG")
	sig, ok := osSignalNames[n]
	if !ok {
		return "", nil, m.ArgError("Unsupported signal: %s", value.Print(orNil(v)))
	}
	return n, sig, nil
}

func (s *osSignals) onSignal(m *VM, args []Value) (Value, error) {
	n, sig, err := signalName(m, arg(args, 0))
	if err != nil {
		return Value{}, err
	}
	if !m.Callable(orNil(arg(args, 1))) {
		return exception(m, vm.CodeNotCallable, "on_signal callback must be a function, got %s", value.TypeName(orNil(arg(args, 1))))
	}
	s.handlers[n] = append(s.handlers[n], args[1])
	s.take(n, sig)
	return value.Nil, nil
}

func (s *osSignals) next(m *VM, args []Value) (Value, error) {
	n, sig, err := signalName(m, arg(args, 0))
	if err != nil {
		return m.Failed(err), nil
	}
	f := m.NewFuture()
	s.waiters[n] = append(s.waiters[n], f)
	f.OnCancel(func() {
		s.waiters[n] = slices.DeleteFunc(s.waiters[n], func(g *vm.Future) bool { return g == f })
		s.release(n)
	})
	s.take(n, sig)
	return f.Value(), nil
}

func (s *osSignals) reset(m *VM, args []Value) (Value, error) {
	n, _, err := signalName(m, arg(args, 0))
	if err != nil {
		return Value{}, err
	}
	delete(s.handlers, n)
	s.release(n)
	return value.Nil, nil
}

// take begins to listen for a signal.
func (s *osSignals) take(n string, sig os.Signal) {
	if s.taken[n] {
		return
	}
	if s.ch == nil {
		s.ch = make(chan os.Signal, 16)
		go s.listen(s.ch)
	}
	if n == "INT" {
		signal.Reset(os.Interrupt)
	}
	s.taken[n] = true
	signal.Notify(s.ch, sig)
}

// release stops listening for a signal that nobody waits for. INT stays.
func (s *osSignals) release(n string) {
	if n == "INT" || !s.taken[n] || len(s.handlers[n])+len(s.waiters[n]) > 0 {
		return
	}
	delete(s.taken, n)
	signal.Stop(s.ch)
	for other := range s.taken {
		signal.Notify(s.ch, osSignalNames[other])
	}
}

// listen runs until the VM is closed.
func (s *osSignals) listen(ch chan os.Signal) {
	defer signal.Stop(ch)
	for {
		select {
		case sig := <-ch:
			s.l.m.Loop().Post(backends.Func(func() { s.deliver(sig) }))
		case <-s.l.ctx.Done():
			return
		}
	}
}

// deliver hands a signal to those that wait for it and to the handlers.
func (s *osSignals) deliver(sig os.Signal) {
	n := ""
	for candidate, known := range osSignalNames {
		if known == sig {
			n = candidate
		}
	}
	m := s.l.m
	waiters := s.waiters[n]
	delete(s.waiters, n)
	if len(waiters)+len(s.handlers[n]) == 0 {
		if n == "INT" {
			m.Interrupt()
		}
		return
	}
	for _, f := range waiters {
		m.Resolve(f, value.Str(n))
	}
	for _, fn := range s.handlers[n] {
		m.PostCall(vm.NewNative("signal", func(m *VM, args []Value) (Value, error) {
			return m.Invoke(fn, []Value{value.Str(n)}, nil)
		}).Value())
	}
	s.release(n)
}

func sendSignal(m *VM, args []Value) (Value, error) {
	pid := arg(args, 0)
	// 0 and negative numbers mean groups of processes, ours among them.
	if !pid.IsInt() || pid.AsInt() < 1 || pid.AsInt() > 1<<30 {
		return argError(m, "send_signal requires the number of a process")
	}
	_, sig, err := signalName(m, arg(args, 1))
	if err != nil {
		return Value{}, err
	}
	p, err := os.FindProcess(int(pid.AsInt()))
	if err == nil {
		err = p.Signal(sig)
		p.Release()
	}
	if err != nil {
		return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "Failed to send signal: %s", reason(err))
	}
	return value.Nil, nil
}
