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
// header's word.
type Function struct {
	value.Func
	Proto *compiler.Proto
	entry unsafe.Pointer // first instruction
	k     unsafe.Pointer // first constant
	ups   unsafe.Pointer // first captured value
	home  *value.Class   // class that defines the method; for super
	need  uintptr        // bytes of registers
}

// closure2 keeps a function and up to two captured values in one allocation.
type closure2 struct {
	Function
	store [2]value.Value
}

const valueSize = unsafe.Sizeof(value.Value{})

// headerOf gives the header word that a function callable with n positional
// arguments has.
func headerOf(n int) uint64 { return uint64(value.KindFunction) | uint64(n+1)<<32 }

// newFunction makes a closure with room for the captured values of p.
func newFunction(p *compiler.Proto) *Function {
	var f *Function
	if n := len(p.Upvals); n > 2 {
		f = &Function{}
		ups := make([]value.Value, n)
		f.ups = unsafe.Pointer(&ups[0])
	} else if n > 0 {
		c := &closure2{}
		f = &c.Function
		f.ups = unsafe.Pointer(&c.store[0])
	} else {
		f = &Function{}
	}
	f.init(p)
	return f
}

func (f *Function) init(p *compiler.Proto) {
	f.Kind = value.KindFunction
	if p.Flags&compiler.FlagBlock != 0 {
		f.Kind = value.KindBlock
	}
	f.Name = p.Name
	f.Proto = p
	f.entry = unsafe.Pointer(&p.Code[0])
	if len(p.K) > 0 {
		f.k = unsafe.Pointer(&p.K[0])
	}
	f.need = uintptr(p.NumRegs) * valueSize
	if p.Fixed >= 0 && p.Flags&(compiler.FlagGenerator|compiler.FlagMacro) == 0 {
		f.Aux = uint32(p.Fixed) + 1
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
