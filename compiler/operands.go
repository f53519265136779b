package compiler

// What the letters of the opcode table leave open: the Go type behind each
// constant operand, and how many registers a window takes.

// constType is the Go type behind a constant operand.
type constType uint8

const (
	constNone constType = iota // the opcode has no constant operand
	constValue
	constCell
	constSymbol
	constProto
	constSite
	constKeys
	constMacro
	constPattern
	constSpec
	constScope
)

var constTypeNames = [...]string{
	"nothing", "a Gene value", "a cell", "a symbol", "a proto", "a call site",
	"a key list", "a macro site", "a pattern", "a type", "a scope",
}

func (c constType) String() string { return constTypeNames[c] }

// constTypes says what the constant operand of an opcode is; TestConstTypes
// holds it against the letters of the table.
var constTypes = [NumOps]constType{
	OpLoadK: constValue, OpCopyK: constValue,
	OpAddK: constValue, OpSubK: constValue, OpMulK: constValue, OpDivK: constValue,
	OpEqKJF:   constValue,
	OpGetCell: constCell, OpSetCell: constCell, OpDefCell: constCell, OpPeekCell: constCell,
	OpCallCell: constCell, OpTailCallCell: constCell,
	OpMapSet:  constSymbol,
	OpClosure: constProto,
	OpCallM:   constSite, OpCallKw: constSite, OpCallMKw: constSite, OpCallMV: constSite,
	OpCallSuper: constSite, OpTailCallM: constSite, OpNewKw: constSite,
	OpGetMember: constSite, OpGetMemberImplicit: constSite, OpSetMember: constSite,
	OpNewMap:    constKeys,
	OpCallMacro: constMacro,
	OpUnpack:    constPattern,
	OpTypeCheck: constSpec,
	OpMakeEnv:   constScope,
}

// constIndex gives the number of the constant an instruction refers to, or -1.
func constIndex(i Instr) int {
	switch op := i.Op(); {
	case op == OpEqKJF:
		return i.B() | i.C()<<8
	case Ops[op].Operands[3] == 'k':
		return int(i.D())
	}
	return -1
}

// span is the run of registers R[from] … R[from+n-1].
type span struct{ from, n int }

// effects are what an instruction does to the registers of its frame.
type effects struct {
	reads, writes []span
	// clobbers is the first register that is lost while other code runs, the
	// callee's window; -1 when the instruction calls nothing there.
	clobbers int
}

func (e *effects) read(from, n int)  { e.reads = append(e.reads, span{from, n}) }
func (e *effects) write(from, n int) { e.writes = append(e.writes, span{from, n}) }

// effectsOf gives the effects of an instruction whose constant operand has
// been checked.
func effectsOf(p *Proto, i Instr) effects {
	e := effects{clobbers: -1}
	op, a, b, c := i.Op(), i.A(), i.B(), i.C()
	info := &Ops[op]
	for n, reg := range [3]int{a, b, c} {
		switch info.Operands[n] {
		case 'r':
			e.read(reg, 1)
		case 'w':
			e.write(reg, 1)
		case 'a':
			e.write(reg, 1)
			if info.May&MayCall != 0 {
				e.clobbers = reg + 1
			}
		}
	}
	if !windowOfCall(p, i, &e) {
		windowOfRest(p, i, &e)
	}
	return e
}

// windowOfCall adds what calls read above R[a]; false for other opcodes.
func windowOfCall(p *Proto, i Instr, e *effects) bool {
	a, b, c := i.A(), i.B(), i.C()
	switch i.Op() {
	case OpCall, OpTailCall:
		e.read(a, c)
	case OpCallCell, OpTailCallCell, OpIntrinsic:
		e.read(a, b)
	case OpCallM, OpTailCallM, OpNew:
		e.read(a, b+1)
	case OpCallKw, OpCallMKw, OpNewKw:
		e.read(a, b+1+len(siteAt(p, i).Kw))
	case OpCallV, OpCallMV, OpCallSuper, OpNewV:
		e.read(a, 3)
	case OpCallDyn:
		e.read(a, 4)
	case OpCallMacro:
		e.read(a, 2)
	default:
		return false
	}
	return true
}

// windowOfRest adds the registers that the letters of other opcodes leave out.
func windowOfRest(p *Proto, i Instr, e *effects) {
	a, b, c := i.A(), i.B(), i.C()
	switch i.Op() {
	case OpNewBox, OpRepPrep, OpRepNext:
		e.read(a, 1)
	case OpForPrep:
		e.read(a, 1)
		e.write(a, 3)
	case OpForRange:
		e.write(a, 3)
	case OpForNext:
		e.read(a, 3)
		e.writes = e.writes[:0]
		e.clobbers = a + 3
	case OpForCheck:
		e.read(a, 3)
		e.writes = []span{{a + 3, b}}
	case OpNewArray, OpText:
		e.reads = []span{{b, c}}
	case OpArrayPush:
		e.reads = []span{{a, 1}, {b, c}}
	case OpNewMap:
		e.reads = []span{{b, len((*KeyList)(p.K[i.D()].P).Keys)}}
	case OpNewGene:
		e.read(b, 3)
	case OpUnpack:
		e.write(a, len((*Pattern)(p.K[i.D()].P).Params))
	case OpAwaitAll:
		e.read(a, b+min(c, 1))
	case OpVariant:
		e.read(a, 1)
		e.writes = e.writes[:0]
	case OpTypeCheck:
		e.reads = []span{{a, 1}}
		if b != noRegister {
			e.read(b, 1)
		}
	case OpClosure:
		for _, u := range (*Proto)(p.K[i.D()].P).Upvals {
			if u.FromReg {
				e.read(int(u.Index), 1)
			}
		}
	case OpMakeEnv:
		for _, v := range scopeVars((*Scope)(p.K[i.D()].P)) {
			if v.FromReg {
				e.read(int(v.Index), 1)
			}
		}
	}
}

// noRegister in an operand that may be absent.
const noRegister = 255

func siteAt(p *Proto, i Instr) *Site { return (*Site)(p.K[i.D()].P) }

// scopeVars gives all places that a scope refers to.
func scopeVars(s *Scope) []Var {
	vars := s.Vars
	if s.HasSelf {
		vars = append(vars[:len(vars):len(vars)], s.Self)
	}
	if s.HasCaller {
		vars = append(vars[:len(vars):len(vars)], s.Caller)
	}
	return vars
}

// jumpsBack tells whether the jump of an opcode leads backwards; all others
// lead forwards, so that every cycle passes a safepoint.
func jumpsBack(op Op) bool {
	return op >= OpLoop && op <= OpGeILoop || op == OpForNext || op == OpForCheck || op == OpRepNext
}

// ends tells whether the code after an instruction is reached only by jumps.
func ends(op Op) bool {
	switch op {
	case OpJmp, OpLoop, OpRet, OpRetNil, OpThrow, OpRethrow,
		OpTailCall, OpTailCallCell, OpTailCallM, OpHalt:
		return true
	}
	return false
}
