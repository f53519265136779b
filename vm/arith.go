package vm

import (
	"math"
	"math/bits"

	"gene/compiler"
	"gene/value"
)

func fbits(f float64) uint64  { return math.Float64bits(f) }
func ffloat(n uint64) float64 { return math.Float64frombits(n) }

// mulInt multiplies; ok is false on overflow.
func mulInt(a, b int64) (p int64, ok bool) {
	p = a * b
	if uint64(a+1<<31) < 1<<32 && uint64(b+1<<31) < 1<<32 {
		return p, true
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	hi -= uint64((a>>63)&b) + uint64((b>>63)&a)
	return p, int64(hi) == int64(lo)>>63
}

// arithOp is one of the binary operators, with its words for messages.
type arithOp struct {
	overflow string // "addition"
	verb     string // "add"
	single   string // message for operands of which the left alone is wrong
}

var arithOps = map[compiler.Op]arithOp{
	compiler.OpAdd: {"addition", "add", "Cannot add values of type: %s"},
	compiler.OpSub: {"subtraction", "subtract", "Cannot subtract from values of type: %s"},
	compiler.OpMul: {"multiplication", "multiply", "Cannot multiply values of type: %s"},
	compiler.OpDiv: {"division", "divide", "Cannot divide values of type: %s"},
	compiler.OpMod: {"modulo", "modulo", "Cannot modulo values of type: %s"},
	compiler.OpPow: {"exponentiation", "raise", "Cannot raise values of type: %s"},
}

// arith is a op b for one of OpAdd … OpPow.
func (vm *VM) arith(op compiler.Op, a, b value.Value) (value.Value, error) {
	if a.IsInt() && b.IsInt() {
		return vm.intArith(op, a.AsInt(), b.AsInt())
	}
	x, ok := a.Number()
	y, ok2 := b.Number()
	if !ok || !ok2 {
		return value.Value{}, vm.operandError(op, a, b)
	}
	switch op {
	case compiler.OpAdd:
		return value.Float(x + y), nil
	case compiler.OpSub:
		return value.Float(x - y), nil
	case compiler.OpMul:
		return value.Float(x * y), nil
	case compiler.OpDiv:
		return value.Float(x / y), nil
	case compiler.OpMod:
		return value.Float(math.Mod(x, y)), nil
	}
	return value.Float(math.Pow(x, y)), nil
}

func (vm *VM) intArith(op compiler.Op, a, b int64) (value.Value, error) {
	switch op {
	case compiler.OpAdd:
		if s := a + b; (s^a)&(s^b) >= 0 {
			return value.Int(s), nil
		}
	case compiler.OpSub:
		if s := a - b; (a^b)&(a^s) >= 0 {
			return value.Int(s), nil
		}
	case compiler.OpMul:
		if p, ok := mulInt(a, b); ok {
			return value.Int(p), nil
		}
	case compiler.OpDiv:
		return value.Float(float64(a) / float64(b)), nil
	case compiler.OpMod:
		if b == 0 {
			return value.Value{}, vm.Raise(vm.Errors.Runtime, CodeDivZero, "Modulo by zero")
		}
		if b == -1 {
			return value.Int(0), nil
		}
		return value.Int(a % b), nil
	case compiler.OpPow:
		if b < 0 {
			return value.Float(math.Pow(float64(a), float64(b))), nil
		}
		if p, ok := powInt(a, b); ok {
			return value.Int(p), nil
		}
	}
	return value.Value{}, vm.Raise(vm.Errors.Runtime, CodeOverflow, "Integer overflow in %s", arithOps[op].overflow)
}

// powInt is a to the power of b >= 0 by squaring; ok is false on overflow.
func powInt(a, b int64) (p int64, ok bool) {
	p = 1
	for {
		if b&1 != 0 {
			if p, ok = mulInt(p, a); !ok {
				return 0, false
			}
		}
		if b >>= 1; b == 0 {
			return p, true
		}
		if a, ok = mulInt(a, a); !ok {
			return 0, false
		}
	}
}

func isNumber(v value.Value) bool { return v.IsInt() || v.IsFloat() }

// operandError is the error of an operator that doesn't take these operands:
// when the left one is a number, both types are named, else the left one.
func (vm *VM) operandError(op compiler.Op, a, b value.Value) error {
	o := arithOps[op]
	if isNumber(a) {
		return vm.Raise(vm.Errors.Exception, CodeOperand, "Cannot %s %s and %s", o.verb, value.TypeName(a), value.TypeName(b))
	}
	return vm.Raise(vm.Errors.Exception, CodeOperand, o.single, value.TypeName(a))
}

func (vm *VM) negate(v value.Value) (value.Value, error) {
	switch {
	case v.IsInt():
		if v.AsInt() == math.MinInt64 {
			return value.Value{}, vm.Raise(vm.Errors.Runtime, CodeOverflow, "Integer overflow in negation")
		}
		return value.Int(-v.AsInt()), nil
	case v.IsFloat():
		return value.Float(-v.AsFloat()), nil
	}
	return value.Value{}, vm.Raise(vm.Errors.Exception, CodeOperand, "Cannot negate value of type: %s", value.TypeName(v))
}

func (vm *VM) shift(op compiler.Op, a, b value.Value) (value.Value, error) {
	name := "<<"
	if op == compiler.OpShr {
		name = ">>"
	}
	if !b.IsInt() || !a.IsInt() && a.Kind() != value.KindBytes {
		return value.Value{}, vm.Raise(vm.Errors.Exception, CodeOperand, "Cannot shift %s %s %s", value.TypeName(a), name, value.TypeName(b))
	}
	n := b.AsInt()
	if a.IsInt() {
		if n < 0 || n > 63 {
			return value.Value{}, vm.Raise(vm.Errors.Exception, CodeOperand, "Invalid shift amount: %d (want 0 to 63)", n)
		}
		if op == compiler.OpShl {
			return value.Int(a.AsInt() << uint(n)), nil
		}
		return value.Int(a.AsInt() >> uint(n)), nil
	}
	if n < 0 {
		return value.Value{}, vm.Raise(vm.Errors.Exception, CodeOperand, "Invalid shift amount: %d", n)
	}
	return value.NewBytes(shiftBytes(a.AsBytes(), n, op == compiler.OpShl)), nil
}

// shiftBytes shifts a big-endian bit string, keeping its size.
func shiftBytes(b []byte, n int64, left bool) []byte {
	out := make([]byte, len(b))
	if n >= int64(len(b))*8 {
		return out
	}
	whole, part := int(n/8), uint(n%8)
	for i := range out {
		if left {
			if j := i + whole; j < len(b) {
				out[i] = b[j] << part
				if j+1 < len(b) {
					out[i] |= b[j+1] >> (8 - part)
				}
			}
		} else if j := i - whole; j >= 0 {
			out[i] = b[j] >> part
			if j > 0 {
				out[i] |= b[j-1] << (8 - part)
			}
		}
	}
	return out
}

// bitwise is && || &|& on two Ints or two Bytes; ok is false for other kinds.
func (vm *VM) bitwise(name string, a, b value.Value, f func(x, y uint64) uint64) (v value.Value, ok bool, err error) {
	if a.IsInt() && b.IsInt() {
		return value.Int(int64(f(a.N, b.N))), true, nil
	}
	if a.Kind() != value.KindBytes || b.Kind() != value.KindBytes {
		return value.Value{}, false, nil
	}
	x, y := a.AsBytes(), b.AsBytes()
	if len(x) != len(y) {
		return value.Value{}, false, vm.ArgError("Bitwise %s requires same-size bytes (got %d and %d)", name, len(x), len(y))
	}
	out := make([]byte, len(x))
	for i := range x {
		out[i] = byte(f(uint64(x[i]), uint64(y[i])))
	}
	return value.NewBytes(out), true, nil
}

func (vm *VM) logical(op compiler.Op, a, b value.Value) (value.Value, error) {
	var v value.Value
	var ok bool
	var err error
	switch op {
	case compiler.OpAnd:
		if v, ok, err = vm.bitwise("AND", a, b, func(x, y uint64) uint64 { return x & y }); !ok {
			v = b
			if !a.Truthy() {
				v = a
			}
		}
	case compiler.OpOr:
		if v, ok, err = vm.bitwise("OR", a, b, func(x, y uint64) uint64 { return x | y }); !ok {
			v = a
			if !a.Truthy() {
				v = b
			}
		}
	default:
		if v, ok, err = vm.bitwise("XOR", a, b, func(x, y uint64) uint64 { return x ^ y }); !ok {
			v = value.Bool(a.Truthy() != b.Truthy())
		}
	}
	return v, err
}

func not(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindInt:
		return value.Int(^v.AsInt())
	case value.KindBytes:
		out := make([]byte, len(v.AsBytes()))
		for i, b := range v.AsBytes() {
			out[i] = ^b
		}
		return value.NewBytes(out)
	}
	return value.Bool(!v.Truthy())
}

// relation of the ordering instructions: the operator's sign for messages.
var relationSigns = map[compiler.Op]string{
	compiler.OpLt: "<", compiler.OpLe: "<=", compiler.OpGt: ">", compiler.OpGe: ">=",
}

// order is a op b for one of OpLt, OpLe, OpGt, OpGe.
func (vm *VM) order(op compiler.Op, a, b value.Value) (bool, error) {
	if c, ok := value.Compare(a, b); ok {
		return c != value.Unordered && holds(op, c), nil
	}
	if a.Kind() == value.KindDateTime && b.Kind() == value.KindDateTime {
		return false, vm.Raise(vm.Errors.Type, CodeOperand, "Cannot compare naive and offset-aware datetimes")
	}
	return false, vm.Raise(vm.Errors.Type, CodeOperand, "Cannot compare %s %s %s",
		value.TypeName(a), relationSigns[op], value.TypeName(b))
}

// holds tells whether an order of -1, 0 or 1 satisfies a relation.
func holds(op compiler.Op, c int) bool {
	switch op {
	case compiler.OpLt:
		return c < 0
	case compiler.OpLe:
		return c <= 0
	case compiler.OpGt:
		return c > 0
	}
	return c >= 0
}
