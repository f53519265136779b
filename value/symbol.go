package value

import (
	"hash/maphash"
	"unique"
	"unsafe"
)

// Symbol is an interned name. Two symbols of one name are the same object, in
// every VM of the process, so comparing symbols is comparing pointers.
//
// Interning goes through the standard library's weak canonical map: a name
// that nothing refers to any more is freed, so a server that makes symbols of
// foreign text (keys of JSON objects) does not grow for ever.
type Symbol struct {
	Header
	Hash uint32 // hash of Name, as hashText gives it
	Name string
}

var hashSeed = maphash.MakeSeed()

func hashText(s string) uint32 {
	h := maphash.String(hashSeed, s)
	return uint32(h ^ h>>32)
}

// Intern gives the symbol of a name. Any goroutine may call it.
func Intern(name string) *Symbol {
	h := unique.Make(Symbol{Header: Header{Kind: KindSymbol}, Hash: hashText(name), Name: name})
	// A handle is one pointer to the canonical copy; TestInternIdentity
	// guards this layout.
	return *(**Symbol)(unsafe.Pointer(&h))
}

// Sym gives the symbol value of a name.
func Sym(name string) Value { return Intern(name).Value() }

// Value gives s as a value.
func (s *Symbol) Value() Value { return Value{P: unsafe.Pointer(s)} }

// AsSymbol is the symbol behind a value of KindSymbol.
func (v Value) AsSymbol() *Symbol { return (*Symbol)(v.P) }

// Path is a path symbol such as a/b/c: a token with an unescaped slash. A
// leading slash gives an empty first part.
type Path struct {
	Header
	Parts []string
}

// NewPath makes a path symbol of its parts.
func NewPath(parts []string) *Path { return &Path{Header{Kind: KindPath}, parts} }

// Value gives p as a value.
func (p *Path) Value() Value { return Value{P: unsafe.Pointer(p)} }

// AsPath is the path behind a value of KindPath.
func (v Value) AsPath() *Path { return (*Path)(v.P) }

// The heads of forms that the reader makes of special syntax. Only an escaped
// token could name them, and it would mean the same.
var (
	SymQuote   = Intern("`")  // (SymQuote x) is `x
	SymInterp  = Intern(`#"`) // (SymInterp "a" x) is #"a#{x}"
	SymHashMap = Intern("{{") // (SymHashMap k v) is {{k v}}
)

// What printing compares with.
var (
	symQuoteValue   = SymQuote.Value()
	symInterpValue  = SymInterp.Value()
	symHashMapValue = SymHashMap.Value()
	symMessage      = Intern("message")
)
