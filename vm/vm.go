// Package vm runs compiled Gene code: the interpreter, its frames and tasks,
// futures and the scheduler, exceptions, classes and the calls into natives.
//
// One VM is one thread of control. All of its methods must be called on the
// goroutine that runs it, except for Interrupt. VMs share nothing but symbols
// and frozen data; the package has no mutable state of its own.
//
// Invariants worth knowing before changing anything:
//
//   - There is never a Go frame between two Gene frames. A native that calls
//     back leaves an invocation behind (see native.go) and is continued by a
//     frame of its own (see cont.go), so any Gene function may await.
//   - Everything the interpreter needs of a frame is in vm.st once ip has been
//     saved; slow paths work on vm.fp and return whether the interpreter may go
//     on with the registers it holds in locals (true) or has to reload (false).
//   - A window (pointer into the register stack) dies when the stack may grow.
package vm

//go:generate go run ./internal/gencounting

import (
	"bufio"
	"io"
	"os"
	"sync/atomic"
	"unsafe"

	"gene/backends"
	"gene/compiler"
	"gene/value"
)

// VM is one Gene virtual machine.
type VM struct {
	// Hot state, read by the interpreter.
	fp          *frame // the running frame, when saved
	regLimit    uintptr
	frameLimit  uintptr
	ready       *atomic.Uint32
	countdown   int // instructions to the next poll, with Options.PollEvery
	arrayClass  *value.Class
	futureClass *value.Class
	epoch       uint32 // changes with every change of a method table
	st          stack

	opts    Options
	loop    backends.EventLoop
	out     *bufio.Writer
	classes [value.NumKinds]*value.Class

	// Errors are the exception classes of 9.4.
	Errors errorClasses
	// Globals is the namespace gene, whose members have bare names.
	Globals *value.Namespace
	// Dollar holds the $ names.
	Dollar *value.Namespace
	object *value.Class

	invocation invocation
	ex         *value.Instance // the exception being handled, for $ex outside of handlers
	uncaught   *Exception      // what ended the program
	builtins   []string        // paths of RegisterBuiltin

	sched  scheduler
	haltFn *Function
	contFn *Function
	baseFn *Function

	module       *compiler.Module // of the program
	modules      modules
	packageClass *value.Class
	sources      map[string]string
	onClose      []func()

	okV, errV, someV, noneV *value.Variant
	exit                    *exitRequest
	killed                  atomic.Bool
	interrupted             atomic.Bool
	closed                  bool
}

// New makes a VM with the core classes and no library.
func New(o Options) *VM {
	setDefaults(&o)
	vm := &VM{opts: o, loop: o.Loop, out: bufio.NewWriterSize(o.Stdout, 1<<16)}
	vm.ready = o.Loop.Ready()
	vm.useStack(newStack())
	vm.makeStubs()
	vm.makeCore()
	vm.makeFutures()
	vm.makeModules()
	vm.fp = &vm.st.frames[0]
	vm.resetBase()
	return vm
}

func setDefaults(o *Options) {
	if o.Stdin == nil {
		o.Stdin = os.Stdin
	}
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Stderr == nil {
		o.Stderr = os.Stderr
	}
	if o.Env == nil {
		o.Env = os.Environ()
	}
	if o.MaxFrames == 0 {
		o.MaxFrames = framesMax
	}
}

// stub makes a function of one instruction that the VM itself pushes.
func stub(name string, op compiler.Op, regs int) *Function {
	p := &compiler.Proto{Name: name, Code: []compiler.Instr{compiler.Make(op, 0, 0, 0, 0)},
		NumRegs: regs, Fixed: 0, Flags: compiler.FlagHidden}
	return newFunction(p)
}

func (vm *VM) makeStubs() {
	vm.haltFn = stub("halt", compiler.OpHalt, 1)
	vm.baseFn = stub("base", compiler.OpHalt, 1)
	vm.contFn = stub("native", compiler.OpNativeCont, 2)
}

// runLoop runs vm.fp to the end with the interpreter that the options ask for.
func (vm *VM) runLoop() {
	if vm.opts.PollEvery > 0 {
		vm.countdown = vm.opts.PollEvery
		vm.interpretCounting()
		return
	}
	vm.interpret()
}

// resetBase empties the stack down to the base frame, which leads to the
// scheduler.
func (vm *VM) resetBase() {
	b := &vm.st.frames[0]
	b.fn, b.ra, b.ip = vm.baseFn, vm.windowAt(0), vm.baseFn.entry
	vm.fp = b
}

// Loop is the event loop.
func (vm *VM) Loop() backends.EventLoop { return vm.loop }

// Out is standard output, buffered.
func (vm *VM) Out() *bufio.Writer { return vm.out }

// Err is standard error. Output is flushed first, so that what was printed
// before stands before.
func (vm *VM) Err() io.Writer {
	vm.out.Flush()
	return vm.opts.Stderr
}

// Options gives the options that the VM runs with.
func (vm *VM) Options() *Options { return &vm.opts }

// Close flushes the output and closes the loop.
func (vm *VM) Close() error {
	if vm.closed {
		return nil
	}
	vm.closed = true
	for _, f := range vm.onClose {
		f()
	}
	flushErr := vm.out.Flush()
	if err := vm.loop.Close(); err != nil {
		return err
	}
	return flushErr
}

// Interrupt asks the running program to stop: the current form gets a
// CancellationException at its next safepoint or await. Any goroutine may call
// it.
func (vm *VM) Interrupt() {
	vm.interrupted.Store(true)
	vm.loop.Interrupt()
}

func kconst(f *Function, d int32) *value.Value {
	return (*value.Value)(unsafe.Add(f.k, uintptr(uint32(d))*valueSize))
}

// Kill ends the running program at its next safepoint or await, whatever it
// catches and without running finally bodies; its exit code is that of an
// interrupt. Any goroutine may call it.
func (vm *VM) Kill() {
	vm.killed.Store(true)
	vm.loop.Interrupt()
}

// Interrupted tells whether Interrupt was called and the program has not been
// told yet; natives that block look at it. Any goroutine may call it.
func (vm *VM) Interrupted() bool { return vm.interrupted.Load() }
