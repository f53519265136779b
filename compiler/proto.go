package compiler

import (
	"unsafe"

	"gene/value"
)

// Flags of a Proto.
type Flags uint16

const (
	// FlagMethod: R[0] is self, the parameters follow.
	FlagMethod Flags = 1 << iota
	// FlagCtor: a constructor; its code returns self on every way out.
	FlagCtor
	// FlagMacro: the name ends in '!'; EnvReg takes the caller's environment.
	FlagMacro
	// FlagGenerator: a call makes a generator.
	FlagGenerator
	// FlagBlock: (x -> …); its type name is Block.
	FlagBlock
	// FlagIgnoreExtra: a function with an empty parameter list takes any
	// number of positional arguments.
	FlagIgnoreExtra
	// FlagModule: the top level of a module, an eval or a namespace body.
	FlagModule
	// FlagHidden: left out of stack traces (prelude, expansions).
	FlagHidden
)

// ParamKind tells how a parameter gets its argument.
type ParamKind uint8

// The kinds of parameters.
const (
	ParamRequired ParamKind = iota
	ParamOptional           // unset when missing; the code then evaluates the default
	ParamRest               // array of what the others don't need
	ParamKw
	ParamKwOptional
	ParamKwRest // map of the unclaimed keywords
)

// Param is one parameter. Parameters stand in registers in declaration order,
// from R[0], or R[1] in methods.
type Param struct {
	Name *value.Symbol
	Kind ParamKind
	Type *TypeSpec // nil when unannotated; for (Fn …) checks and tools
}

// Upval says where a closure finds the value to capture when it is made: in a
// register of the function that makes it, or among that function's upvalues.
// A variable that changes after capture is a cell in both places.
type Upval struct {
	FromReg bool
	Index   uint8
	Name    *value.Symbol
}

// Handler says where an exception goes that is raised at a pc in [Start, End).
// Handlers are sorted so that the innermost comes first.
type Handler struct {
	Start, End, Target int32
	Reg                uint8 // gets the exception
}

// Proto is a compiled function. It belongs to one VM: its sites cache what the
// VM has seen.
type Proto struct {
	value.Header // KindInternal: protos are constants of other protos

	Name     string // "" when anonymous
	File     string
	Code     []Instr
	Pos      []value.Pos // one per instruction
	K        []value.Value
	Upvals   []Upval
	Handlers []Handler
	Params   []Param
	NumRegs  int // window size, parameters and temporaries included
	// Fixed is the number of required positional parameters (self not
	// counted) when there are no others, so that a call with as many needs no
	// binding; else -1.
	Fixed    int
	Flags    Flags
	EnvReg   int  // register of the macro's environment, with FlagMacro
	UsesHome bool // closures made inside a method keep its home class for super

	Returns  *TypeSpec
	Intent   string
	Examples value.Value  // array, unset when absent
	Shape    value.Header // the header of its closures; made by the VM at the first
	Closure  value.Value  // the only closure of a proto that captures nothing; kept by the VM
	Def      value.Pos    // where the definition stands
	Local    []LocalVar   // names of registers, for the disassembler and debuggers
}

// LocalVar says which variable a register holds between two pcs.
type LocalVar struct {
	Name       *value.Symbol
	Reg        uint8
	Start, End int32
	Boxed      bool
}

// Value gives p as an internal value, to stand among constants.
func (p *Proto) Value() value.Value { return internal(unsafe.Pointer(p)) }

func internal(p unsafe.Pointer) value.Value { return value.Obj(p) }

// Site is the state of one call or member access: what to look for, and a
// cache of what was found last. The VM owns the cache fields.
type Site struct {
	value.Header
	Name *value.Symbol
	Kw   []*value.Symbol // keywords of the call, in register order

	Epoch  uint32       // of the VM's method tables when the cache was filled
	Class  *value.Class // class that Target was found for
	Shape  *value.Shape // shape that Slot was found for
	Next   *value.Shape // shape after the write added the field
	Slot   int
	Target unsafe.Pointer // the method object, or the cell of a namespace's member
	Owner  unsafe.Pointer // the namespace that Target was found in
}

// NewSite makes a site.
func NewSite(name *value.Symbol, kw []*value.Symbol) *Site {
	return &Site{Header: value.Header{Kind: value.KindInternal}, Name: name, Kw: kw}
}

// Value gives s as an internal value.
func (s *Site) Value() value.Value { return internal(unsafe.Pointer(s)) }

// KeyList is the keys of a map literal.
type KeyList struct {
	value.Header
	Keys []*value.Symbol
}

// Value gives l as an internal value.
func (l *KeyList) Value() value.Value { return internal(unsafe.Pointer(l)) }

// MacroSite is the call of a macro: the arguments as they were read.
type MacroSite struct {
	value.Header
	Args []value.Value
	Kw   *value.Map // nil when there are none
}

// Value gives s as an internal value.
func (s *MacroSite) Value() value.Value { return internal(unsafe.Pointer(s)) }

// Pattern is a destructuring pattern: the parameters' rules of 4.2, applied to
// the parts of a value. Slots are consecutive registers.
type Pattern struct {
	value.Header
	Params []Param
}

// Value gives p as an internal value.
func (p *Pattern) Value() value.Value { return internal(unsafe.Pointer(p)) }

// TypeSpec is an annotation. The VM resolves Expr when it is first checked;
// names are looked up in Scope.
type TypeSpec struct {
	value.Header
	Expr    value.Value // the type expression as read
	Place   string      // for the message: "x", "return value of f", "variable" …
	Convert bool        // Int and Float convert into each other here
	Scope   *Module
	Generic []*value.Symbol // names that match anything
	Type    *value.Type     // resolved; nil before
}

// Value gives t as an internal value.
func (t *TypeSpec) Value() value.Value { return internal(unsafe.Pointer(t)) }

// Var is a variable as an environment sees it.
type Var struct {
	Name    *value.Symbol
	Let     bool // may not be reassigned
	FromReg bool
	Index   uint8 // register, or upvalue number, that holds the cell
}

// Scope lists the variables visible at an eval, $render or macro call,
// innermost first. All of them live in cells.
type Scope struct {
	value.Header
	Vars   []Var
	Module *Module
	// Pos is the place of the eval: of code that was not read from a text.
	Pos value.Pos
	// Self tells where self is, Index being a register or upvalue that holds
	// the value itself; HasSelf is false at a module's top level.
	Self    Var
	HasSelf bool
	// Caller tells where the environment of the macro that is running is.
	Caller    Var
	HasCaller bool
}

// Value gives s as an internal value.
func (s *Scope) Value() value.Value { return internal(unsafe.Pointer(s)) }

// Module is one source file (or eval, REPL session) while it is compiled and
// run: its top-level names and its namespace.
type Module struct {
	value.Header
	Name  string // as in __module_name__
	File  string // for messages
	NS    *value.Namespace
	Cells map[*value.Symbol]*value.Cell // every top-level name, importable or not
	// Globals are the built-in names (the namespace gene), Dollar the $ names.
	Globals *value.Namespace
	Dollar  *value.Namespace
	Main    bool
	// Pkg is the package that the file belongs to, the value of $pkg.
	Pkg value.Value
	// Lets are the top-level names bound by let.
	Lets map[*value.Symbol]bool
}
