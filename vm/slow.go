package vm

import (
	"unsafe"

	op "gene/compiler"
	"gene/value"
)

// slow executes one instruction of the running frame vm.fp, whose ip is
// already behind it, in full generality. Afterwards vm.fp is the frame to go
// on with (another one after a call, a throw or a switch of tasks).
//
//go:noinline
func (vm *VM) slow(in op.Instr) {
	if err := vm.execute(in); err != nil {
		vm.throwError(err)
	}
}

func (vm *VM) execute(in op.Instr) error {
	f := vm.fp
	a, b, c := in.A(), in.B(), in.C()
	ra := f.ra
	switch o := in.Op(); o {
	case op.OpCopyK:
		ra[a] = copyLiteral(*kconst(f.fn, in.D()))
	case op.OpNewBox:
		ra[a] = value.NewCell(nil, ra[a]).Value()
	case op.OpGetBox:
		return vm.unset(ra[b].AsCell())
	case op.OpGetUpBox:
		return vm.unset(f.fn.up(b).AsCell())
	case op.OpPeekCell:
		ra[a] = kconst(f.fn, in.D()).AsCell().V
	case op.OpGetCell:
		return vm.getCell(kconst(f.fn, in.D()).AsCell(), f.reg(a))

	case op.OpAdd, op.OpSub, op.OpMul, op.OpDiv, op.OpMod, op.OpPow:
		return set(f.reg(a))(vm.arith(o, ra[b], ra[c]))
	case op.OpAddI:
		return set(f.reg(a))(vm.arith(op.OpAdd, ra[b], value.Int(int64(in.D()))))
	case op.OpSubI:
		return set(f.reg(a))(vm.arith(op.OpSub, ra[b], value.Int(int64(in.D()))))
	case op.OpMulI:
		return set(f.reg(a))(vm.arith(op.OpMul, ra[b], value.Int(int64(in.D()))))
	case op.OpModI:
		return set(f.reg(a))(vm.arith(op.OpMod, ra[b], value.Int(int64(in.D()))))
	case op.OpAddK, op.OpMulK, op.OpSubK, op.OpDivK:
		return vm.arithK(o, f, in)
	case op.OpNeg:
		return set(f.reg(a))(vm.negate(ra[b]))
	case op.OpShl, op.OpShr:
		return set(f.reg(a))(vm.shift(o, ra[b], ra[c]))
	case op.OpConcat:
		return set(f.reg(a))(vm.concat(ra[b], ra[c]))
	case op.OpLt, op.OpLe, op.OpGt, op.OpGe:
		r, err := vm.order(o, ra[b], ra[c])
		if err != nil {
			return err
		}
		ra[a] = value.Bool(r)
	case op.OpEq, op.OpNe:
		return vm.equalInto(ra[b], ra[c], o == op.OpNe, a)
	case op.OpIs:
		return set(f.reg(a))(vm.is(ra[b], ra[c]))
	case op.OpNot:
		ra[a] = not(ra[b])
	case op.OpAnd, op.OpOr, op.OpXor:
		return set(f.reg(a))(vm.logical(o, ra[b], ra[c]))

	case op.OpJmpOr:
		if k := ra[a].Kind(); ra[a].Truthy() && k != value.KindInt && k != value.KindBytes {
			f.jump(in.D())
		}
	case op.OpLtJF, op.OpLeJF, op.OpGtJF, op.OpGeJF:
		return vm.orderJump(op.OpLt+(o-op.OpLtJF), ra[a], ra[b], false, in)
	case op.OpLtIJF, op.OpLeIJF, op.OpGtIJF, op.OpGeIJF:
		return vm.orderJump(op.OpLt+(o-op.OpLtIJF), ra[a], value.Int(int64(in.S())), false, in)
	case op.OpLtLoop, op.OpLeLoop, op.OpGtLoop, op.OpGeLoop:
		return vm.orderJump(op.OpLt+(o-op.OpLtLoop), ra[a], ra[b], true, in)
	case op.OpLtILoop, op.OpLeILoop, op.OpGtILoop, op.OpGeILoop:
		return vm.orderJump(op.OpLt+(o-op.OpLtILoop), ra[a], value.Int(int64(in.S())), true, in)
	case op.OpEqJF, op.OpNeJF:
		return vm.equalJump(ra[a], ra[b], o == op.OpNeJF, in.D())
	case op.OpEqIJF, op.OpNeIJF:
		return vm.equalJump(ra[a], value.Int(int64(in.S())), o == op.OpNeIJF, in.D())
	case op.OpEqKJF:
		return vm.equalJump(ra[a], *kconst(f.fn, int32(uint16(in>>16))), false, in.D())
	case op.OpLoop:
		return vm.safepoint()

	case op.OpForIter:
		return vm.forIter(f, a, b)
	case op.OpForRange:
		return vm.forRange(f, a, ra[b], ra[c])
	case op.OpForPrep:
		return vm.forPrep(f, a, b)
	case op.OpForNext:
		return vm.forNext(f, a, b, in.D())
	case op.OpForCheck:
		return vm.forCheck(f, a, b, in.D())
	case op.OpRepPrep:
		return vm.repPrep(f, a, in.D())

	case op.OpCall:
		return vm.call(ra[b], f.sub(a), c)
	case op.OpCallCell:
		return vm.callCell(kconst(f.fn, in.D()).AsCell(), f.sub(a), b)
	case op.OpCallM:
		return vm.callMethod(site(f, in), f.sub(a), b)
	case op.OpCallKw:
		return vm.callKw(site(f, in), f, a, b)
	case op.OpCallMKw:
		return vm.callMethodKw(site(f, in), f, a, b)
	case op.OpCallV:
		return vm.callSpread(f, a)
	case op.OpCallMV:
		return vm.callMethodSpread(site(f, in).Name, f, a)
	case op.OpCallDyn:
		return vm.callDynamic(f, a)
	case op.OpCallSuper:
		return vm.callSuper(site(f, in).Name, f, a)
	case op.OpTailCall:
		return vm.tailCall(ra[b], f, a, c)
	case op.OpTailCallCell:
		return vm.tailCallCell(kconst(f.fn, in.D()).AsCell(), f, a, b)
	case op.OpTailCallM:
		return vm.tailCallMethod(site(f, in), f, a, b)
	case op.OpNew:
		return vm.construct(f, a, f.args(a+1, b), nil)
	case op.OpNewKw:
		s := site(f, in)
		return vm.construct(f, a, f.args(a+1, b), vm.keywords(s.Kw, f.args(a+1+b, len(s.Kw))))
	case op.OpNewV:
		args, kw := spreadArgs(f, a)
		return vm.construct(f, a, args, kw)
	case op.OpClosure:
		ra[a] = f.makeClosure((*op.Proto)(kconst(f.fn, in.D()).P)).Value()
	case op.OpMakeEnv:
		ra[a] = f.makeEnv((*op.Scope)(kconst(f.fn, in.D()).P))
	case op.OpCallMacro:
		return vm.callMacro((*op.MacroSite)(kconst(f.fn, in.D()).P), f, a)
	case op.OpEval:
		return vm.evalIn(f, a, ra[b], ra[c])
	case op.OpRender:
		return vm.renderIn(f, a, ra[b], ra[c])
	case op.OpIntrinsic:
		return vm.intrinsic(op.Intrinsic(in.D()), f, a, b)
	default:
		return vm.executeRest(f, in)
	}
	return nil
}

// executeRest executes what makes values, reads members, and controls tasks.
func (vm *VM) executeRest(f *frame, in op.Instr) error {
	a, b, c := in.A(), in.B(), in.C()
	ra := f.ra
	switch o := in.Op(); o {
	case op.OpNewArray:
		ra[a] = newArray(f.args(b, c))
	case op.OpArrayPush:
		arr := ra[a].AsArray()
		arr.Items = append(arr.Items, f.args(b, c)...)
	case op.OpArraySpread:
		return vm.spreadArray(ra[a].AsArray(), ra[b])
	case op.OpNewMap:
		ra[a] = newMap((*op.KeyList)(kconst(f.fn, in.D()).P).Keys, f, b)
	case op.OpMapSpread:
		return vm.spreadMap(ra[a].AsMap(), ra[b])
	case op.OpMapSet:
		ra[a].AsMap().Set(kconst(f.fn, in.D()).AsSymbol(), ra[b])
	case op.OpNewHashMap:
		return vm.newHashMap(f, a, ra[b].AsArray().Items)
	case op.OpNewGene:
		ra[a] = newGene(ra[b], ra[b+1], ra[b+2])
	case op.OpSeal:
		ra[a].Header().Flags |= value.FlagSealed
	case op.OpText:
		return vm.interpolate(f, a, f.args(b, c))
	case op.OpRange:
		ra[a] = value.NewRange(ra[b], ra[c], value.Int(1)).Value()
	case op.OpUnpack:
		return vm.unpack((*op.Pattern)(kconst(f.fn, in.D()).P), ra[b], f, a)

	case op.OpGetMember:
		return vm.getMemberSite(site(f, in), f, a, ra[b])
	case op.OpGetMemberI:
		return vm.memberInto(f, a, ra[b], value.Int(int64(in.D())))
	case op.OpGetMemberV:
		return vm.getDynamic(f, a, ra[b], ra[c])
	case op.OpGetMemberImplicit:
		return vm.getImplicit(site(f, in), f, a, ra[b], ra[c])
	case op.OpSetMember:
		return vm.setMemberSite(site(f, in), ra[a], ra[b])
	case op.OpSetMemberI:
		return vm.setMember(ra[a], value.Int(int64(in.D())), ra[b])
	case op.OpSetMemberV:
		if err := vm.checkSegment(ra[b]); err != nil {
			return err
		}
		return vm.setMember(ra[a], ra[b], ra[c])
	case op.OpAssertMember:
		return vm.assertMember(ra[a])
	case op.OpTypeCheck:
		return vm.typeCheck((*op.TypeSpec)(kconst(f.fn, in.D()).P), f, a, b)
	case op.OpVariant:
		return vm.matchVariant(f, a, ra[b], c, in.D())

	case op.OpThrow:
		return vm.thrown(ra[a], f)
	case op.OpRethrow:
		return vm.asException(ra[a])
	case op.OpCatchIs:
		return set(f.reg(a))(vm.catches(ra[b], ra[c]))
	case op.OpGetEx:
		ra[a] = value.Nil
		if vm.ex != nil {
			ra[a] = vm.ex.Value()
		}
	case op.OpSetEx:
		vm.ex = nil
		if ra[a].Kind() == value.KindInstance {
			vm.ex = ra[a].AsInstance()
		}
	case op.OpAsync:
		return vm.async(f, a, ra[b])
	case op.OpAwait:
		return vm.await(f, a, ra[b])
	case op.OpAwaitAll:
		return vm.awaitAll(f, a, b, c != 0)
	case op.OpYield:
		return vm.yield(f, ra[b])
	case op.OpNativeCont:
		return vm.resumeNative(f)
	case op.OpHalt:
		return vm.halt(f)
	default:
		return vm.internalError("no code for opcode %s", op.Ops[o].Name)
	}
	return nil
}

// set gives a function that stores a result in a register unless there is an
// error.
func set(d *value.Value) func(value.Value, error) error {
	return func(v value.Value, err error) error {
		if err == nil {
			*d = v
		}
		return err
	}
}

func site(f *frame, in op.Instr) *op.Site { return (*op.Site)(kconst(f.fn, in.D()).P) }

// sub gives the window that begins at register a.
func (f *frame) sub(a int) *window { return (*window)(unsafe.Pointer(&f.ra[uint8(a)])) }

func (f *frame) jump(d int32) { f.ip = unsafe.Add(f.ip, int(d)*8) }

func (vm *VM) arithK(o op.Op, f *frame, in op.Instr) error {
	x, k := f.ra[in.B()], *kconst(f.fn, in.D())
	base := op.OpAdd + (o - op.OpAddK)
	if in.C() != 0 {
		x, k = k, x
	}
	return set(f.reg(in.A()))(vm.arith(base, x, k))
}

// orderJump jumps when x o y gives sense; a jump backwards is a safepoint.
func (vm *VM) orderJump(o op.Op, x, y value.Value, sense bool, in op.Instr) error {
	r, err := vm.order(o, x, y)
	if err != nil {
		return err
	}
	if r == sense {
		vm.fp.jump(in.D())
		if sense && vm.ready.Load() != 0 {
			return vm.safepoint()
		}
	}
	return nil
}

// equalInto puts a == b (or its negation) into register d of the running
// frame. Only an instance on the left can have its own ==.
func (vm *VM) equalInto(a, b value.Value, negate bool, d int) error {
	if m := vm.ownEquals(a); m.IsSet() {
		return vm.callAbove(m, []value.Value{a, b}, func(r value.Value) error {
			vm.fp.ra[d] = value.Bool(r.Truthy() != negate)
			return nil
		})
	}
	vm.fp.ra[d] = value.Bool(value.Equal(a, b) != negate)
	return nil
}

// equalJump jumps by d unless a == b (negated).
func (vm *VM) equalJump(a, b value.Value, negate bool, d int32) error {
	if m := vm.ownEquals(a); m.IsSet() {
		return vm.callAbove(m, []value.Value{a, b}, func(r value.Value) error {
			if r.Truthy() == negate {
				vm.fp.jump(d)
			}
			return nil
		})
	}
	if value.Equal(a, b) == negate {
		vm.fp.jump(d)
	}
	return nil
}

// ownEquals gives the == method of an instance whose class has one.
func (vm *VM) ownEquals(v value.Value) value.Value {
	if v.Kind() != value.KindInstance {
		return value.Value{}
	}
	m, _ := v.AsInstance().Class().Lookup(symEq)
	return m
}

func (vm *VM) concat(a, b value.Value) (value.Value, error) {
	if a.Kind() != value.KindString || b.Kind() != value.KindString {
		return value.Value{}, vm.ArgError("++ expects String arguments, got %s and %s", value.TypeName(a), value.TypeName(b))
	}
	return value.Str(a.AsString() + b.AsString()), nil
}

// unset is the error for a variable that is read before it has a value.
func (vm *VM) unset(c *value.Cell) error {
	name := "variable"
	if c.Name != nil {
		name = c.Name.Name
	} else if l := vm.localName(c); l != "" {
		name = l
	}
	return vm.undefined(name)
}

// localName finds the name of a captured local whose cell is still unset.
func (vm *VM) localName(c *value.Cell) string {
	f := vm.fp
	for _, l := range f.fn.Proto.Local {
		if v := f.ra[l.Reg]; l.Boxed && v.Kind() == value.KindCell && v.AsCell() == c {
			return l.Name.Name
		}
	}
	for i, u := range f.fn.Proto.Upvals {
		if v := f.fn.up(i); v.Kind() == value.KindCell && v.AsCell() == c && u.Name != nil {
			return u.Name.Name
		}
	}
	return ""
}

// getCell reads a module's variable that was unset when its function was
// compiled: it may be a built-in that came later.
func (vm *VM) getCell(c *value.Cell, d *value.Value) error {
	v, err := vm.cellValue(c)
	if err == nil {
		*d = v
	}
	return err
}

func (vm *VM) cellValue(c *value.Cell) (value.Value, error) {
	if c.V.IsSet() {
		return c.V, nil
	}
	if c.Name != nil {
		if v, ok := vm.Globals.Get(c.Name); ok {
			return v, nil
		}
	}
	return value.Value{}, vm.unset(c)
}
