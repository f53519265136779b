// Package value says what a Gene value is: the two-word representation, the
// kinds, the objects behind them, equality, hashing and printing.
//
// It imports nothing of ours. Objects are not synchronised: a value belongs to
// the VM that made it, except for frozen values and interned symbols, which
// any goroutine may read.
package value

import (
	"math"
	"unsafe"
)

// Value is one Gene value in two words.
//
// For an immediate (nil, void, not_found, Bool, Int, Float, Char) P is the
// address of a static Header that names the kind and N is the payload. For
// everything else P is the object, whose first field is a Header, and N is 0.
// So the kind of any value is one load behind P, equal words mean identical
// values, the garbage collector sees every pointer, and arithmetic allocates
// nothing. An interface per value would cost an allocation per number.
//
// The zero Value is not a Gene value: it marks what has not been set yet (a
// variable before its var, an argument that was left out).
type Value struct {
	P unsafe.Pointer
	N uint64
}

// Kind tells what a value is.
type Kind uint8

// The kinds. KindUnset is the kind of the zero Value.
const (
	KindUnset Kind = iota
	KindNil
	KindVoid
	KindNotFound
	KindBool
	KindInt
	KindFloat
	KindChar
	KindString
	KindSymbol
	KindPath // a path symbol such as a/b (type name ComplexSymbol)
	KindArray
	KindMap
	KindHashMap
	KindHashSet
	KindGene
	KindRange
	KindRegexp
	KindMatch
	KindDate
	KindDateTime
	KindTime
	KindBytes
	KindSelector
	KindFunction
	KindBlock
	KindNative
	KindClass
	KindInterface
	KindInstance // instances of classes, exceptions and handles of the library
	KindAdapter
	KindNamespace
	KindEnum
	KindVariant
	KindEnumValue
	KindFuture
	KindGenerator
	KindIterator
	KindType
	KindUnquote
	KindCell     // internal: a variable's box
	KindInternal // internal: constants of the compiler and state of natives
	NumKinds
)

// Flags of a Header.
const (
	// FlagSealed marks a collection written as #[…], #{…}, #{{…}} or #(…).
	FlagSealed uint8 = 1 << iota
	// FlagFrozen marks a value made deeply immutable by freeze.
	FlagFrozen
	// FlagASCII marks a string known to hold only ASCII bytes.
	FlagASCII
	// FlagNotASCII marks a string known to hold other bytes too.
	FlagNotASCII
	// FlagPrinting marks a container while it is being walked, so that a
	// cycle is noticed.
	FlagPrinting
)

// Header is the first field of every object.
type Header struct {
	Kind  Kind
	Flags uint8
	// Aux16 and Aux are free for the owner of the kind.
	Aux16 uint16
	Aux   uint32
}

// The static headers that immediates point to.
var (
	nilTag      = Header{Kind: KindNil}
	voidTag     = Header{Kind: KindVoid}
	notFoundTag = Header{Kind: KindNotFound}
	boolTag     = Header{Kind: KindBool}
	intTag      = Header{Kind: KindInt}
	floatTag    = Header{Kind: KindFloat}
	charTag     = Header{Kind: KindChar}
)

// NilTag is the P of nil.
func NilTag() unsafe.Pointer { return unsafe.Pointer(&nilTag) }

// VoidTag is the P of void.
func VoidTag() unsafe.Pointer { return unsafe.Pointer(&voidTag) }

// BoolTag is the P of true and false.
func BoolTag() unsafe.Pointer { return unsafe.Pointer(&boolTag) }

// IntTag is the P of every Int.
func IntTag() unsafe.Pointer { return unsafe.Pointer(&intTag) }

// FloatTag is the P of every Float.
func FloatTag() unsafe.Pointer { return unsafe.Pointer(&floatTag) }

// The constants of the language. They are never assigned.
var (
	Nil      = Value{P: unsafe.Pointer(&nilTag)}
	Void     = Value{P: unsafe.Pointer(&voidTag)}
	NotFound = Value{P: unsafe.Pointer(&notFoundTag)}
	True     = Value{unsafe.Pointer(&boolTag), 1}
	False    = Value{unsafe.Pointer(&boolTag), 0}
)

// Int makes an Int.
func Int(i int64) Value { return Value{unsafe.Pointer(&intTag), uint64(i)} }

// Float makes a Float.
func Float(f float64) Value { return Value{unsafe.Pointer(&floatTag), math.Float64bits(f)} }

// Char makes a Char of one code point.
func Char(r rune) Value { return Value{unsafe.Pointer(&charTag), uint64(uint32(r))} }

// Bool makes a Bool.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// Obj makes a value of an object; p must point to a struct that begins with a
// Header.
func Obj(p unsafe.Pointer) Value { return Value{P: p} }

// Kind tells what v is.
func (v Value) Kind() Kind {
	if v.P == nil {
		return KindUnset
	}
	return (*Header)(v.P).Kind
}

// IsSet tells whether v is a Gene value, that is, not the zero Value.
func (v Value) IsSet() bool { return v.P != nil }

// IsInt tells whether v is an Int.
func (v Value) IsInt() bool { return v.P == unsafe.Pointer(&intTag) }

// IsFloat tells whether v is a Float.
func (v Value) IsFloat() bool { return v.P == unsafe.Pointer(&floatTag) }

// IsNil tells whether v is nil.
func (v Value) IsNil() bool { return v.P == unsafe.Pointer(&nilTag) }

// IsVoid tells whether v is void.
func (v Value) IsVoid() bool { return v.P == unsafe.Pointer(&voidTag) }

// IsNotFound tells whether v is not_found.
func (v Value) IsNotFound() bool { return v.P == unsafe.Pointer(&notFoundTag) }

// Truthy tells whether v counts as true: everything but false, nil and void.
func (v Value) Truthy() bool {
	if v.P == unsafe.Pointer(&boolTag) {
		return v.N != 0
	}
	return v.P != unsafe.Pointer(&nilTag) && v.P != unsafe.Pointer(&voidTag)
}

// AsInt is the payload of an Int.
func (v Value) AsInt() int64 { return int64(v.N) }

// AsFloat is the payload of a Float.
func (v Value) AsFloat() float64 { return math.Float64frombits(v.N) }

// AsChar is the payload of a Char.
func (v Value) AsChar() rune { return rune(uint32(v.N)) }

// AsBool is the payload of a Bool.
func (v Value) AsBool() bool { return v.N != 0 }

// Number gives an Int or Float as a float64.
func (v Value) Number() (f float64, ok bool) {
	switch {
	case v.IsInt():
		return float64(v.AsInt()), true
	case v.IsFloat():
		return v.AsFloat(), true
	}
	return 0, false
}

// Same tells whether v and w are the identical value.
func (v Value) Same(w Value) bool { return v == w }

// Header gives the header of v's object, or the static one of an immediate.
func (v Value) Header() *Header { return (*Header)(v.P) }
