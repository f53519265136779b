package vm

import (
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// Function is a closure: a proto and the variables it captured.
//
// The header's Aux holds Fixed+1 for a proto that takes exactly Fixed
// positional arguments, and 0 for one that needs binding, so that the
// interpreter checks kind and arity of a callee in one comparison of the
// header's word. Aux16 is the number of registers.
type Function struct {
	value.Func
	Proto *compiler.Proto
	entry unsafe.Pointer // first instruction
	k     unsafe.Pointer // first constant
	ups   unsafe.Pointer // first captured value
	home  *value.Class   // class that defines the method; for super
}

// closure1 and closure2 keep a function and its captured values in one
// allocation.
type closure1 struct {
	Function
	store [1]value.Value
}

type closure2 struct {
	Function
	store [2]value.Value
}

const valueSize = unsafe.Sizeof(value.Value{})

// The parts of a header word that a call checks: all but flags and registers.
const headerMask = 0xffffffff_0000_00ff

// headerOf gives the header word (masked) that a function callable with n
// positional arguments has.
func headerOf(n int) uint64 { return uint64(value.KindFunction) | uint64(n+1)<<32 }

// takes tells whether the object at p is a function that takes exactly n
// positional arguments without binding. It looks at the header only, since the
// object may be of another kind, and smaller.
func takes(p unsafe.Pointer, n int) bool {
	return *(*uint64)(p)&headerMask == headerOf(n)
}

// need is the size of f's registers in bytes.
func (f *Function) need() uintptr { return uintptr(f.Aux16) * valueSize }

// newFunction makes a closure with room for the captured values of p.
func newFunction(p *compiler.Proto) *Function {
	var f *Function
	switch n := len(p.Upvals); n {
	case 0:
		f = &Function{}
	case 1:
		c := &closure1{}
		f = &c.Function
		f.ups = unsafe.Pointer(&c.store[0])
	case 2:
		c := &closure2{}
		f = &c.Function
		f.ups = unsafe.Pointer(&c.store[0])
	default:
		f = &Function{}
		f.ups = unsafe.Pointer(unsafe.SliceData(make([]value.Value, n)))
	}
	if p.Shape.Kind == 0 {
		prepare(p)
	}
	f.Header = p.Shape
	f.Proto, f.entry, f.k = p, unsafe.Pointer(&p.Code[0]), unsafe.Pointer(unsafe.SliceData(p.K))
	if p.Name != "" {
		f.SetName(&p.Name)
	}
	return f
}

// prepare makes the header that all closures of a proto share. The code gets a
// word behind it, so that the instruction pointer never leaves its object.
func prepare(p *compiler.Proto) {
	p.Code = append(p.Code, 0)[:len(p.Code)]
	p.Shape.Kind = value.KindFunction
	if p.Flags&compiler.FlagBlock != 0 {
		p.Shape.Kind = value.KindBlock
	}
	p.Shape.Aux16 = uint16(p.NumRegs)
	if p.Fixed >= 0 && p.Flags&(compiler.FlagGenerator|compiler.FlagMacro) == 0 {
		p.Shape.Aux = uint32(p.Fixed) + 1
	}
}

// Value gives f as a value.
func (f *Function) Value() value.Value { return value.Obj(unsafe.Pointer(f)) }

func asFunction(v value.Value) *Function { return (*Function)(v.P) }

// up gives the address of captured value i.
func (f *Function) up(i int) *value.Value {
	return (*value.Value)(unsafe.Add(f.ups, uintptr(i)*valueSize))
}

// isCode tells whether v is a function or block of the program.
func isCode(v value.Value) bool {
	k := v.Kind()
	return k == value.KindFunction || k == value.KindBlock
}

// Captured gives the variables that f has captured, in the order of its
// proto's Upvals; one that changes is a cell.
func (f *Function) Captured() []value.Value {
	if f.ups == nil {
		return nil
	}
	return unsafe.Slice(f.up(0), len(f.Proto.Upvals))
}
