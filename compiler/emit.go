package compiler

import (
	"math"
	"unsafe"

	"gene/value"
)

// Limits of a function.
const (
	regsMax   = 250 // registers: parameters, locals and temporaries
	localsMax = 200 // the part of them that locals may take
	upvalsMax = 255 // captured variables: their number is a byte
)

// fn is a function being compiled.
type fn struct {
	c      *compiler
	parent *fn
	p      *Proto
	scope  *scope
	ctx    *ctx      // loops, handlers and finally blocks around the code being made
	info   *nameInfo // what the body does with names
	pos    value.Pos

	top      int  // next free register
	localTop int  // registers below belong to locals
	adopted  bool // a register has become a local since this was reset

	consts    map[value.Value]int
	strings   map[string]int
	upvals    map[*variable]int
	inOperand bool // the form being compiled is an argument or operand

	generator bool    // its calls make generators
	posts     *fnForm // holds the postconditions
	asyncOf   *fn     // the ^^async function whose body this is
	isMacro   bool
	noTail    bool      // constructors, postconditions: no tail calls
	self      *variable // the variable by which the function can call itself
	returns   *TypeSpec
	epilogue  *label // where returns go when there is something left to check
	retReg    int
	tries     int // depth of try bodies, where tail calls are impossible
}

// dest says where a value goes: into a register, nowhere, or out of the
// function as its result.
type dest int

const (
	dstDrop dest = -1
	dstTail dest = -2
)

func (c *compiler) newFn(parent *fn, name string) *fn {
	f := &fn{c: c, parent: parent, consts: map[value.Value]int{}, strings: map[string]int{}, upvals: map[*variable]int{}}
	f.p = &Proto{Header: value.Header{Kind: value.KindInternal}, Name: name, File: c.mod.File, Fixed: -1}
	if c.o.Prelude {
		f.p.Flags |= FlagHidden
	}
	f.info = &nameInfo{}
	if parent != nil {
		f.pos = parent.pos
	}
	return f
}

// finish completes the proto.
func (f *fn) finish() {
	f.genEpilogue()
	if len(f.p.Code) == 0 || f.reachesEnd() {
		f.emit(OpRetNil, 0, 0, 0, 0)
	}
	threadJumps(f.p)
	f.p.NumRegs = max(f.p.NumRegs, 1)
}

func (f *fn) reachesEnd() bool {
	n := len(f.p.Code)
	if !ends(f.p.Code[n-1].Op()) {
		return true
	}
	for pc, i := range f.p.Code {
		if Ops[i.Op()].Operands[3] == 'j' && pc+1+int(i.D()) >= n {
			return true
		}
	}
	return false
}

// emit appends an instruction and gives its index.
func (f *fn) emit(op Op, a, b, c int, d int) int {
	f.p.Code = append(f.p.Code, Make(op, a, b, c, int32(d)))
	f.p.Pos = append(f.p.Pos, f.pos)
	return len(f.p.Code) - 1
}

// emitS appends an instruction with a 16-bit immediate in b and c.
func (f *fn) emitS(op Op, a int, s int64, d int) int {
	return f.emit(op, a, int(uint8(s)), int(uint8(s>>8)), d)
}

func (f *fn) fail(format string, args ...any) { f.c.errorAt(f.pos, "", format, args...) }

// alloc takes the next register.
func (f *fn) alloc() int { return f.allocN(1) }

func (f *fn) allocN(n int) int {
	r := f.top
	f.top += n
	if f.top > regsMax {
		f.fail("function is too large: it needs more than %d registers", regsMax)
	}
	f.p.NumRegs = max(f.p.NumRegs, f.top)
	return r
}

// release frees the temporaries from mark on; locals declared meanwhile stay.
func (f *fn) release(mark int) { f.top = max(mark, f.localTop) }

// keep makes the registers below f.top locals.
func (f *fn) keep(reg int) {
	f.localTop = max(f.localTop, reg+1)
	if f.localTop > localsMax {
		f.fail("too many local variables in one function (limit %d)", localsMax)
	}
	f.top = max(f.top, f.localTop)
}

// window gives the first register of a call window whose result is to go to d:
// d itself when it is the topmost temporary, so that no move is needed.
func (f *fn) window(d dest) int {
	if d >= 0 && int(d) == f.top-1 && int(d) >= f.localTop {
		f.top--
	}
	return f.alloc()
}

// into makes a value by gen in a register fit for d.
func (f *fn) into(d dest, gen func(r int)) {
	if d >= 0 {
		gen(int(d))
		return
	}
	mark := f.top
	r := f.alloc()
	gen(r)
	f.release(mark)
	if d == dstTail {
		f.ret(r)
	}
}

// result moves the value in register r to where d says.
func (f *fn) result(r int, d dest) {
	switch {
	case d == dstTail:
		f.ret(r)
	case d >= 0 && int(d) != r:
		f.emit(OpMove, int(d), r, 0, 0)
	}
}

// k gives the number of a constant.
func (f *fn) k(v value.Value) int {
	if v.Kind() == value.KindString {
		s := v.AsString()
		if n, ok := f.strings[s]; ok {
			return n
		}
		f.strings[s] = len(f.p.K)
	} else if n, ok := f.consts[v]; ok {
		return n
	} else {
		f.consts[v] = len(f.p.K)
	}
	f.p.K = append(f.p.K, v)
	return len(f.p.K) - 1
}

// load puts a constant of the language into a register.
func (f *fn) load(v value.Value, r int) {
	switch v.Kind() {
	case value.KindNil:
		f.emit(OpLoadNil, r, 0, 0, 0)
	case value.KindVoid:
		f.emit(OpLoadVoid, r, 0, 0, 0)
	case value.KindBool:
		f.emit(OpLoadBool, r, int(v.N), 0, 0)
	case value.KindInt:
		if i := v.AsInt(); i >= math.MinInt32 && i <= math.MaxInt32 {
			f.emit(OpLoadInt, r, 0, 0, int(i))
			return
		}
		fallthrough
	default:
		f.emit(OpLoadK, r, 0, 0, f.k(v))
	}
}

func (f *fn) constant(v value.Value, d dest) {
	switch {
	case d == dstDrop:
	case d == dstTail && v.IsNil() && f.plainReturn():
		f.emit(OpRetNil, 0, 0, 0, 0)
	default:
		f.into(d, func(r int) { f.load(v, r) })
	}
}

// label is a place that jumps lead to before it is known.
type label struct{ refs []int }

func (f *fn) jump(op Op, a, b, c int, l *label) {
	l.refs = append(l.refs, f.emit(op, a, b, c, 0))
}

func (f *fn) jumpS(op Op, a int, s int64, l *label) {
	l.refs = append(l.refs, f.emitS(op, a, s, 0))
}

// place makes the jumps to l lead here.
func (f *fn) place(l *label) {
	for _, pc := range l.refs {
		f.patch(pc, len(f.p.Code))
	}
	l.refs = l.refs[:0]
}

func (f *fn) patch(pc, target int) {
	i := f.p.Code[pc]
	f.p.Code[pc] = i&0xffffffff | Instr(uint32(int32(target-pc-1)))<<32
}

func (f *fn) here() int { return len(f.p.Code) }

// back emits a backward jump.
func (f *fn) back(op Op, a, b, c int, target int) {
	pc := f.emit(op, a, b, c, 0)
	f.patch(pc, target)
}

// intrinsic calls one with the arguments in n registers from a; its result is
// in a.
func (f *fn) intrinsic(in Intrinsic, a, n int) { f.emit(OpIntrinsic, a, n, 0, int(in)) }

// scratch gives a register for a value that is written before the form is
// done: d itself unless it holds a variable that the form might read.
func (f *fn) scratch(d dest) int {
	if d >= 0 && int(d) >= f.localTop {
		return int(d)
	}
	return f.alloc()
}

// ret returns the value of a register, through the checks that are left. A
// check inside a try would run into the handlers of the function itself, so
// there the way out leads to the function's end.
func (f *fn) ret(r int) {
	switch {
	case f.p.Flags&FlagCtor != 0:
		f.emit(OpRet, 0, 0, 0, 0)
	case f.epilogue != nil || f.returns != nil && f.tries > 0:
		if f.epilogue == nil {
			f.epilogue = &label{}
		}
		if f.retReg != r {
			f.emit(OpMove, f.retReg, r, 0, 0)
		}
		f.jump(OpJmp, 0, 0, 0, f.epilogue)
	case f.returns != nil:
		f.typeCheck(r, f.returns)
		f.emit(OpRet, r, 0, 0, 0)
	default:
		f.emit(OpRet, r, 0, 0, 0)
	}
}

func (f *fn) plainReturn() bool {
	return f.p.Flags&FlagCtor == 0 && f.epilogue == nil && f.returns == nil
}

// threadJumps makes jumps to an unconditional jump go to its target at once.
func threadJumps(p *Proto) {
	for pc, i := range p.Code {
		op := i.Op()
		if Ops[op].Operands[3] != 'j' || jumpsBack(op) || op == OpVariant {
			continue
		}
		target := pc + 1 + int(i.D())
		for hops := 0; hops < 100 && target < len(p.Code) && p.Code[target].Op() == OpJmp; hops++ {
			target += 1 + int(p.Code[target].D())
		}
		p.Code[pc] = i&0xffffffff | Instr(uint32(int32(target-pc-1)))<<32
	}
}

func internalOf[T any](p *T) value.Value { return value.Obj(unsafe.Pointer(p)) }

// Value gives m as an internal value, the argument of import and export.
func (m *Module) Value() value.Value {
	m.Kind = value.KindInternal
	return internalOf(m)
}
