package vm

import (
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// window is what a frame sees of the register stack. A uint8 index needs no
// bounds check.
type window = [256]value.Value

// frame is the activation of a function. ip is current only while the function
// is not the running one, or has just been saved for a slow path.
type frame struct {
	ip unsafe.Pointer
	ra *window
	fn *Function
}

const frameSize = unsafe.Sizeof(frame{})

// Sizes of a fresh stack, in registers and frames.
const (
	stackInitial  = 1024
	framesInitial = 128
	// framesMax bounds the depth of calls; the default of Options.MaxFrames.
	framesMax = 400_000
	// registersMax bounds the register stack: 16 bytes each.
	registersMax = 16 << 20
)

// stack is a register stack and its frames. All tasks that are running or were
// started by running ones share one, each in a segment above its starter's.
type stack struct {
	regs   []value.Value
	frames []frame
}

func newStack() stack {
	return stack{make([]value.Value, stackInitial+windowSlack), make([]frame, framesInitial)}
}

// pc gives the index of the instruction before f.ip, which is the one that is
// being executed.
func (f *frame) pc() int {
	return int(uintptr(f.ip)-uintptr(f.fn.entry))/8 - 1
}

// pos gives the place of the instruction being executed.
func (f *frame) pos() value.Pos {
	p := f.fn.Proto
	if pc := f.pc(); pc >= 0 && pc < len(p.Pos) {
		return p.Pos[pc]
	}
	return value.Pos{}
}

// setPC makes the instruction at pc the next one.
func (f *frame) setPC(pc int) { f.ip = unsafe.Add(f.fn.entry, pc*8) }

// instr gives the instruction being executed.
func (f *frame) instr() compiler.Instr {
	return *(*compiler.Instr)(unsafe.Add(f.ip, -8))
}

// reg gives the address of register i.
func (f *frame) reg(i int) *value.Value { return &f.ra[uint8(i)] }

// args gives n registers from a as a slice.
func (f *frame) args(a, n int) []value.Value {
	return unsafe.Slice(&f.ra[uint8(a)], n)
}

// at gives the frame that is n below (negative: above) f.
func (f *frame) at(n int) *frame {
	return (*frame)(unsafe.Add(unsafe.Pointer(f), -n*int(frameSize)))
}

// frameIndex gives f's place in the frame stack.
func (vm *VM) frameIndex(f *frame) int {
	return int((uintptr(unsafe.Pointer(f)) - uintptr(unsafe.Pointer(&vm.st.frames[0]))) / frameSize)
}

// regIndex gives a window's place in the register stack.
func (vm *VM) regIndex(w *window) int {
	return int((uintptr(unsafe.Pointer(w)) - uintptr(unsafe.Pointer(&vm.st.regs[0]))) / valueSize)
}

// windowAt gives the window that begins at register i of the stack.
func (vm *VM) windowAt(i int) *window {
	return (*window)(unsafe.Pointer(&vm.st.regs[i]))
}

// useStack makes s the stack that the interpreter runs on.
func (vm *VM) useStack(s stack) {
	vm.st = s
	vm.setLimits()
}

func (vm *VM) setLimits() {
	n := len(vm.st.regs) - windowSlack
	vm.regLimit = uintptr(unsafe.Pointer(&vm.st.regs[0])) + uintptr(n)*valueSize
	vm.frameLimit = uintptr(unsafe.Pointer(&vm.st.frames[0])) + uintptr(len(vm.st.frames)-1)*frameSize
}

// room makes sure that a frame can be pushed above vm.fp whose window begins at
// ra and needs so many bytes. It gives the window, which moves when the stack
// grows; all windows of frames are rebuilt then, and vm.fp moves too.
func (vm *VM) room(ra *window, need uintptr) (*window, error) {
	if uintptr(unsafe.Pointer(ra))+need > vm.regLimit || stressMove {
		at := vm.regIndex(ra)
		if err := vm.growRegs(at + int(need/valueSize)); err != nil {
			return ra, err
		}
		ra = vm.windowAt(at)
	}
	if uintptr(unsafe.Pointer(vm.fp)) >= vm.frameLimit {
		if err := vm.growFrames(); err != nil {
			return ra, err
		}
	}
	return ra, nil
}

func (vm *VM) growRegs(need int) error {
	size := 2 * (len(vm.st.regs) - windowSlack)
	if stressMove && need < size/2 {
		size /= 2
	}
	for size < need {
		size *= 2
	}
	if size > registersMax {
		return vm.stackOverflow()
	}
	old := vm.st.regs
	regs := make([]value.Value, size+windowSlack)
	copy(regs, old)
	vm.st.regs = regs
	from, to := uintptr(unsafe.Pointer(&old[0])), unsafe.Pointer(&regs[0])
	for i := range vm.frameIndex(vm.fp) + 1 {
		f := &vm.st.frames[i]
		f.ra = (*window)(unsafe.Add(to, uintptr(unsafe.Pointer(f.ra))-from))
	}
	if stressMove {
		clear(old) // whoever still holds a window of it fails at once
	}
	vm.setLimits()
	return nil
}

func (vm *VM) growFrames() error {
	n := len(vm.st.frames)
	if n >= vm.opts.MaxFrames {
		return vm.stackOverflow()
	}
	at := vm.frameIndex(vm.fp)
	frames := make([]frame, min(2*n, vm.opts.MaxFrames+16))
	copy(frames, vm.st.frames)
	vm.st.frames = frames
	vm.fp = &frames[at]
	vm.setLimits()
	return nil
}

// push pushes a frame of f whose window is ra (its arguments are in place).
func (vm *VM) push(f *Function, ra *window) error {
	ra, err := vm.room(ra, f.need())
	if err != nil {
		return err
	}
	nf := vm.fp.at(-1)
	nf.ip, nf.ra, nf.fn = f.entry, ra, f
	vm.fp = nf
	return nil
}

// top gives the window above all registers of the running function, where
// implicit calls are made.
func (vm *VM) top() *window {
	f := vm.fp
	return (*window)(unsafe.Add(unsafe.Pointer(f.ra), f.fn.need()))
}
