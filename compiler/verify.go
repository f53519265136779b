package compiler

import (
	"fmt"

	"gene/value"
)

// VerifyError is one thing wrong with a compiled function: a bug of the
// compiler, never of the program.
type VerifyError struct {
	Proto *Proto
	PC    int // -1 when no instruction is to blame
	Msg   string
}

// Error names the function, the instruction and what is wrong with it.
func (e *VerifyError) Error() string {
	where := protoTitle(e.Proto)
	if e.PC >= 0 && e.PC < len(e.Proto.Code) {
		where += fmt.Sprintf(" at %04d %s", e.PC, plainText(e.Proto.Code[e.PC], e.PC))
	}
	return "internal error: bad code of " + where + ": " + e.Msg
}

// Verify checks what the interpreter takes for granted of p and of the
// functions inside it: operands in range and of the right type, jumps that stay
// in the code and go backwards only through a safepoint, places for everything
// that can throw, call windows above all live registers, and no read of a
// register that may not have been written.
func Verify(p *Proto) error {
	v := &verifier{p: p, pc: -1}
	v.frame()
	v.constants = make([]constType, len(p.K))
	for pc, i := range p.Code {
		v.pc = pc
		if v.err != nil {
			return v.err
		}
		v.instruction(i)
	}
	v.pc = -1
	v.handlers()
	if v.err == nil {
		v.assignment()
	}
	if v.err != nil {
		return v.err
	}
	return verifyNested(p, v.constants)
}

func verifyNested(p *Proto, constants []constType) error {
	for n, t := range constants {
		if t == constProto {
			if err := Verify((*Proto)(p.K[n].P)); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifier checks one function; the first error stays.
type verifier struct {
	p         *Proto
	pc        int
	constants []constType // how each constant is used
	err       error
}

func (v *verifier) fail(format string, args ...any) {
	if v.err == nil {
		v.err = &VerifyError{v.p, v.pc, fmt.Sprintf(format, args...)}
	}
}

// frame checks what concerns the function as a whole.
func (v *verifier) frame() {
	p := v.p
	if len(p.Code) == 0 {
		v.fail("no instructions")
		return
	}
	if len(p.Pos) != len(p.Code) {
		v.fail("%d positions for %d instructions", len(p.Pos), len(p.Code))
	}
	if p.NumRegs < 0 || p.NumRegs > 256 {
		v.fail("%d registers (limit 256)", p.NumRegs)
	}
	if n := paramSpan(p); n.from+n.n > p.NumRegs {
		v.fail("parameters need %d registers of %d", n.from+n.n, p.NumRegs)
	}
	if p.Fixed > len(p.Params) {
		v.fail("%d fixed parameters of %d", p.Fixed, len(p.Params))
	}
	if p.Flags&FlagMacro != 0 && (p.EnvReg < 0 || p.EnvReg >= p.NumRegs) {
		v.fail("environment in register %d of %d", p.EnvReg, p.NumRegs)
	}
	if op := p.Code[len(p.Code)-1].Op(); op < NumOps && !ends(op) {
		v.pc = len(p.Code) - 1
		v.fail("runs off the end")
	}
}

// paramSpan gives the registers that a call fills.
func paramSpan(p *Proto) span {
	n := len(p.Params)
	if p.Flags&(FlagMethod|FlagCtor) != 0 {
		n++
	}
	return span{0, n}
}

func (v *verifier) instruction(i Instr) {
	op := i.Op()
	if op == OpInvalid || op >= NumOps || op == OpNativeCont {
		v.fail("opcode %d must not be emitted", uint8(op))
		return
	}
	v.constant(i)
	if v.err != nil {
		return
	}
	v.numbers(i)
	v.jump(i)
	if Ops[op].May&MayThrow != 0 && v.p.Pos[v.pc].Line == 0 {
		v.fail("may throw and has no place in the source")
	}
	e := effectsOf(v.p, i)
	for _, s := range append(e.reads, e.writes...) {
		if s.n > 0 && s.from+s.n > v.p.NumRegs {
			v.fail("register %d of %d", s.from+s.n-1, v.p.NumRegs)
		}
	}
}

// constant checks the constant operand. Internal objects don't say what they
// are, so two opcodes that take one constant for different things are caught,
// and one that is wrong in its only use is not.
func (v *verifier) constant(i Instr) {
	n := constIndex(i)
	if n < 0 {
		if Ops[i.Op()].Operands[3] == 'k' {
			v.fail("constant %d", n)
		}
		return
	}
	if n >= len(v.p.K) {
		v.fail("constant %d of %d", n, len(v.p.K))
		return
	}
	want, kind := constTypes[i.Op()], v.p.K[n].Kind()
	if got := v.constants[n]; got != constNone && got != want {
		v.fail("constant %d is %v elsewhere, here %v", n, got, want)
	}
	v.constants[n] = want
	var ok bool
	switch want {
	case constValue:
		// The arguments of intrinsics may be internal: types, the module.
		ok = (kind != value.KindInternal || i.Op() == OpLoadK) && kind != value.KindCell
	case constCell:
		ok = kind == value.KindCell
	case constSymbol:
		ok = kind == value.KindSymbol
	default:
		ok = kind == value.KindInternal
	}
	if !ok {
		v.fail("constant %d is not %v", n, want)
	}
}

// numbers checks operands that are neither registers nor constants.
func (v *verifier) numbers(i Instr) {
	up := -1
	switch i.Op() {
	case OpGetUp, OpGetUpBox:
		up = i.B()
	case OpSetUpBox:
		up = i.A()
	case OpIntrinsic:
		if d := Intrinsic(i.D()); d < 0 || d >= NumIntrinsics {
			v.fail("intrinsic %d of %d", d, NumIntrinsics)
		}
	case OpModI:
		if i.D() == 0 {
			v.fail("modulo by the constant 0")
		}
	case OpForNext, OpForCheck:
		if i.B() != 1 && i.B() != 2 {
			v.fail("%d targets of a for", i.B())
		}
	case OpClosure:
		v.captures(i)
	case OpMakeEnv:
		for _, s := range scopeVars((*Scope)(v.p.K[i.D()].P)) {
			if !s.FromReg && int(s.Index) >= len(v.p.Upvals) {
				v.fail("upvalue %d of %d in the scope", s.Index, len(v.p.Upvals))
			}
		}
	}
	if up >= len(v.p.Upvals) {
		v.fail("upvalue %d of %d", up, len(v.p.Upvals))
	}
}

func (v *verifier) captures(i Instr) {
	for _, u := range (*Proto)(v.p.K[i.D()].P).Upvals {
		if !u.FromReg && int(u.Index) >= len(v.p.Upvals) {
			v.fail("captures upvalue %d of %d", u.Index, len(v.p.Upvals))
		}
	}
}

// jump checks where an instruction may go.
func (v *verifier) jump(i Instr) {
	op := i.Op()
	if Ops[op].Operands[3] != 'j' {
		return
	}
	target := v.pc + 1 + int(i.D())
	if target < 0 || target >= len(v.p.Code) {
		v.fail("jumps to %d of %d", target, len(v.p.Code))
		return
	}
	if back := target <= v.pc; back && !jumpsBack(op) {
		v.fail("jumps backwards without a safepoint")
	} else if !back && jumpsBack(op) {
		v.fail("jumps forwards")
	}
	if op == OpForNext && (v.pc+2 >= len(v.p.Code) || v.p.Code[v.pc+1].Op() != OpForCheck) {
		v.fail("is not followed by forcheck and an exit")
	}
}

// handlers checks the handler table: ranges inside the code, the innermost
// first, and no handler inside its own range.
func (v *verifier) handlers() {
	hs := v.p.Handlers
	for n, h := range hs {
		if h.Start < 0 || h.Start >= h.End || int(h.End) > len(v.p.Code) {
			v.fail("handler %d covers %d to %d of %d", n, h.Start, h.End, len(v.p.Code))
		}
		if h.Target < 0 || int(h.Target) >= len(v.p.Code) || h.Target >= h.Start && h.Target < h.End {
			v.fail("handler %d for %d to %d begins at %d", n, h.Start, h.End, h.Target)
		}
		if int(h.Reg) >= v.p.NumRegs {
			v.fail("handler %d wants register %d of %d", n, h.Reg, v.p.NumRegs)
		}
		for m, outer := range hs[n+1:] {
			if h.Start < outer.End && outer.Start < h.End && (outer.Start > h.Start || outer.End < h.End) {
				v.fail("handler %d lies inside or across handler %d, which comes first", n+1+m, n)
			}
		}
	}
}
