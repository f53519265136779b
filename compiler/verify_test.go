package compiler

import (
	"strings"
	"testing"

	"gene/value"
)

// proto makes a function of the given code with one place for everything.
func proto(regs int, code ...Instr) *Proto {
	p := &Proto{Name: "f", File: "t.gene", NumRegs: regs, Fixed: -1, Code: code}
	p.Kind = value.KindInternal
	for range code {
		p.Pos = append(p.Pos, value.Pos{Line: 1, Col: 1})
	}
	return p
}

func withParams(p *Proto, n int) *Proto {
	for range n {
		p.Params = append(p.Params, Param{Name: value.Intern("p")})
	}
	return p
}

func withConstants(p *Proto, ks ...value.Value) *Proto {
	p.K = ks
	return p
}

var (
	testCell = value.NewCell(value.Intern("area"), value.Nil).Value()
	testSite = NewSite(value.Intern("size"), []*value.Symbol{value.Intern("unit")}).Value()
)

func TestVerifyAccepts(t *testing.T) {
	nested := proto(1, Make(OpGetUp, 0, 0, 0, 0), Make(OpRet, 0, 0, 0, 0))
	nested.Upvals = []Upval{{FromReg: true, Index: 1, Name: value.Intern("x")}}
	guarded := proto(2,
		Make(OpLoadInt, 0, 0, 0, 1),
		Make(OpThrow, 0, 0, 0, 0),
		Make(OpRet, 1, 0, 0, 0))
	guarded.Handlers = []Handler{{Start: 0, End: 2, Target: 2, Reg: 1}}
	for name, p := range map[string]*Proto{
		"parameters": withParams(proto(2, Make(OpAdd, 0, 0, 1, 0), Make(OpRet, 0, 0, 0, 0)), 2),
		"a loop": proto(1,
			Make(OpLoadInt, 0, 0, 0, 3),
			Make(OpRepPrep, 0, 0, 0, 1),
			Make(OpRepNext, 0, 0, 0, -1),
			Make(OpRetNil, 0, 0, 0, 0)),
		"a closure": withConstants(proto(2,
			Make(OpLoadNil, 1, 0, 0, 0),
			Make(OpClosure, 0, 0, 0, 0),
			Make(OpRet, 0, 0, 0, 0)), nested.Value()),
		"a handler": guarded,
		"for": proto(4,
			Make(OpNewArray, 0, 0, 0, 0),
			Make(OpForPrep, 0, 1, 0, 0),
			Make(OpJmp, 0, 0, 0, 1),
			Make(OpMove, 0, 3, 0, 0),
			Make(OpForNext, 0, 1, 0, -2),
			Make(OpForCheck, 0, 1, 0, -3),
			Make(OpRetNil, 0, 0, 0, 0)),
	} {
		if err := Verify(p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerifyRejects(t *testing.T) {
	ret := Make(OpRetNil, 0, 0, 0, 0)
	nowhere := proto(1, Make(OpThrow, 0, 0, 0, 0))
	nowhere.Pos[0] = value.Pos{}
	handlers := func(hs ...Handler) *Proto {
		p := proto(1, Make(OpLoadNil, 0, 0, 0, 0), Make(OpThrow, 0, 0, 0, 0), ret)
		p.Handlers = hs
		return p
	}
	for _, c := range []struct {
		want string
		p    *Proto
	}{
		{"no instructions", proto(1)},
		{"positions", &Proto{NumRegs: 1, Code: []Instr{ret}}},
		{"runs off the end", proto(1, Make(OpLoadNil, 0, 0, 0, 0))},
		{"must not be emitted", proto(1, Make(OpInvalid, 0, 0, 0, 0), ret)},
		{"must not be emitted", proto(1, Instr(255), ret)},
		{"register 3 of 2", proto(2, Make(OpMove, 3, 0, 0, 0), ret)},
		{"registers (limit 256)", proto(300, ret)},
		{"parameters need 2", withParams(proto(1, ret), 2)},
		{"constant 4 of 1", withConstants(proto(1, Make(OpLoadK, 0, 0, 0, 4), ret), value.Int(1))},
		{"is not a cell", withConstants(proto(1, Make(OpGetCell, 0, 0, 0, 0), ret), value.Int(1))},
		{"elsewhere", withConstants(proto(2,
			Make(OpLoadNil, 0, 0, 0, 0),
			Make(OpGetMember, 1, 0, 0, 0),
			Make(OpNewMap, 1, 0, 0, 0), ret), testSite)},
		{"jumps to 9 of 2", proto(1, Make(OpJmp, 0, 0, 0, 8), ret)},
		{"backwards without", proto(1, Make(OpLoadNil, 0, 0, 0, 0), Make(OpJmpT, 0, 0, 0, -1), ret)},
		{"jumps forwards", proto(1, Make(OpLoop, 0, 0, 0, 0), ret)},
		{"upvalue 0 of 0", proto(1, Make(OpGetUp, 0, 0, 0, 0), ret)},
		{"intrinsic 999", proto(1, Make(OpIntrinsic, 0, 0, 0, 999), ret)},
		{"no place in the source", nowhere},
		{"which may hold nothing", proto(1, Make(OpRet, 0, 0, 0, 0))},
		{"forcheck", proto(5, Make(OpNewArray, 0, 0, 0, 0), Make(OpForPrep, 0, 1, 0, 0), Make(OpForNext, 0, 1, 0, -1), ret)},
		{"covers 1 to 1", handlers(Handler{1, 1, 2, 0})},
		{"begins at 1", handlers(Handler{0, 2, 1, 0})},
		{"wants register 7", handlers(Handler{0, 2, 2, 7})},
		{"comes first", handlers(Handler{0, 2, 2, 0}, Handler{1, 2, 2, 0})},
	} {
		err := Verify(c.p)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

// A call's window is the callee's frame: what lies above its first register is
// lost, also on the way to a handler.
func TestVerifyWindowAboveLiveRegisters(t *testing.T) {
	code := func(window int) *Proto {
		return withConstants(proto(4,
			Make(OpLoadInt, 1, 0, 0, 7),
			Make(OpCallCell, window, 0, 0, 0),
			Make(OpRet, 1, 0, 0, 0)), testCell)
	}
	if err := Verify(code(2)); err != nil {
		t.Errorf("window above the live register: %v", err)
	}
	if err := Verify(code(0)); err == nil {
		t.Error("a live register inside the window was not noticed")
	}
	caught := withConstants(proto(3,
		Make(OpLoadInt, 1, 0, 0, 7),
		Make(OpCallCell, 0, 0, 0, 0),
		Make(OpRetNil, 0, 0, 0, 0),
		Make(OpRet, 1, 0, 0, 0)), testCell)
	caught.Handlers = []Handler{{Start: 0, End: 2, Target: 3, Reg: 2}}
	if err := Verify(caught); err == nil {
		t.Error("a handler read a register that the call had overwritten")
	}
}

func TestDisassemble(t *testing.T) {
	inner := proto(1, Make(OpGetUp, 0, 0, 0, 0), Make(OpRet, 0, 0, 0, 0))
	inner.Name = ""
	inner.Upvals = []Upval{{FromReg: true, Index: 0, Name: value.Intern("w")}}
	p := withParams(proto(3,
		Make(OpLtIJF, 0, 0xff, 0xff, 2),
		Make(OpLoadK, 1, 0, 0, 0),
		Make(OpRet, 1, 0, 0, 0),
		Make(OpMove, 1, 0, 0, 0),
		Make(OpCallMKw, 1, 0, 0, 1),
		Make(OpClosure, 1, 0, 0, 2),
		Make(OpIntrinsic, 1, 1, 0, int32(InClass)),
		Make(OpTailCallCell, 1, 0, 0, 3)), 1)
	p.K = []value.Value{value.Str("small"), testSite, inner.Value(), testCell}
	p.Local = []LocalVar{{Name: value.Intern("w"), Reg: 0, Start: 0, End: 8}}
	p.Handlers = []Handler{{Start: 1, End: 3, Target: 3, Reg: 1}}
	var b strings.Builder
	if err := Disassemble(&b, p); err != nil {
		t.Fatal(err)
	}
	want := `function f: 3 registers
  parameters [p]
  0000      1:1  ltijf         r0 -1 -> 0003          ; r0 is w
  0001      1:1  loadk         r1 k0                  ; "small"
  0002      1:1  ret           r1
  0003      1:1  move          r1 r0                  ; r0 is w
  0004      1:1  callmkw       r1 0 k1                ; size ^unit
  0005      1:1  closure       r1 k2                  ; anonymous function
  0006      1:1  intrinsic     r1 1 class
  0007      1:1  tailcallcell  r1 0 k3                ; cell area
  handler of 0001 to 0002: r1, 0003

anonymous function: 1 registers
  upvalue 0 w: register 0 of the maker
  0000      1:1  getup         r0 0
  0001      1:1  ret           r0
`
	if got := b.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Every opcode can be listed, whatever its operands are.
func TestDisassembleEveryOpcode(t *testing.T) {
	for op := OpInvalid; op < NumOps; op++ {
		p := proto(4, Make(op, 1, 2, 3, 0))
		if constTypes[op] == constCell || constTypes[op] == constValue || constTypes[op] == constSymbol {
			p.K = []value.Value{testCell}
		}
		if s := instrText(p, 0); !strings.HasPrefix(s, Ops[op].Name) {
			t.Errorf("%s is listed as %q", Ops[op].Name, s)
		}
	}
}
