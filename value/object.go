package value

import "unsafe"

// Func is the part that all callables made of code share; functions of the VM
// begin with it.
type Func struct {
	Header
	name *string // nil when anonymous
}

// SetName sets the name that the function is shown by. The string stays
// shared, so that a closure does not hold a copy.
func (f *Func) SetName(name *string) { f.name = name }

// Name is the function's name, "" when it is anonymous.
func (f *Func) Name() string {
	if f.name == nil {
		return ""
	}
	return *f.name
}

// AsFunc gives the shared part of a function, block or native.
func (v Value) AsFunc() *Func { return (*Func)(v.P) }

// Class is a class. Methods are looked up along Parent; Epoch of the owning
// VM changes with every change of a method table, which invalidates method
// caches.
type Class struct {
	Header
	Name    string
	Parent  *Class // nil for Object
	Methods map[*Symbol]Value
	Ctor    Value // unset when the class has none of its own
	Missing Value // on_method_missing, unset when none
	Members *Namespace
	Fields  map[*Symbol]*Field // declared fields, nil when none
	Root    *Shape             // the shape of a fresh instance
	// Implements lists the interfaces promised in the header.
	Implements []*Interface
	// ForKind is set on the classes of built-in kinds.
	ForKind Kind
	// IsException is set on Exception and, by NewClass, on what descends from
	// it. Instances then print as <Name "message">.
	IsException bool
}

// Field is a declared field.
type Field struct {
	Name *Symbol
	Type Value // a type value; unset when it is documentation only
}

// NewClass makes a class without members.
func NewClass(name string, parent *Class) *Class {
	c := &Class{Header: Header{Kind: KindClass}, Name: name, Parent: parent,
		Methods: map[*Symbol]Value{}}
	c.IsException = parent != nil && parent.IsException
	c.Root = &Shape{Class: c}
	c.Members = NewNamespace(name, nil)
	return c
}

// Value gives c as a value.
func (c *Class) Value() Value { return Value{P: unsafe.Pointer(c)} }

// AsClass is the class behind a value of KindClass.
func (v Value) AsClass() *Class { return (*Class)(v.P) }

// Lookup finds a method along the chain of parents; the result is unset when
// there is none. Home is the class that defines it.
func (c *Class) Lookup(name *Symbol) (m Value, home *Class) {
	for ; c != nil; c = c.Parent {
		if m, ok := c.Methods[name]; ok {
			return m, c
		}
	}
	return Value{}, nil
}

// FindCtor finds the nearest constructor along the chain of parents.
func (c *Class) FindCtor() (m Value, home *Class) {
	for ; c != nil; c = c.Parent {
		if c.Ctor.IsSet() {
			return c.Ctor, c
		}
	}
	return Value{}, nil
}

// FindField finds a declared field along the chain of parents.
func (c *Class) FindField(name *Symbol) *Field {
	for ; c != nil; c = c.Parent {
		if f, ok := c.Fields[name]; ok {
			return f
		}
	}
	return nil
}

// IsA tells whether c is k or descends from it.
func (c *Class) IsA(k *Class) bool {
	for ; c != nil; c = c.Parent {
		if c == k {
			return true
		}
	}
	return false
}

// Shape is a hidden class: the names of an instance's fields in order of
// first assignment. Instances that got the same fields in the same order share
// one, so a field read at a call site is a compare of shapes and an indexed
// load.
type Shape struct {
	Class  *Class
	Names  []*Symbol
	parent *Shape
	next   map[*Symbol]*Shape
	slots  map[*Symbol]int // made when there are more than mapLinearMax fields
}

// Slot gives the index of a field, or -1.
func (s *Shape) Slot(name *Symbol) int {
	if s.slots != nil {
		if i, ok := s.slots[name]; ok {
			return i
		}
		return -1
	}
	for i, n := range s.Names {
		if n == name {
			return i
		}
	}
	return -1
}

// With gives the shape that has one more field at the end.
func (s *Shape) With(name *Symbol) *Shape {
	if n, ok := s.next[name]; ok {
		return n
	}
	n := &Shape{Class: s.Class, parent: s, Names: append(s.Names[:len(s.Names):len(s.Names)], name)}
	if len(n.Names) > mapLinearMax {
		n.slots = make(map[*Symbol]int, len(n.Names))
		for i, k := range n.Names {
			n.slots[k] = i
		}
	}
	if s.next == nil {
		s.next = map[*Symbol]*Shape{}
	}
	s.next[name] = n
	return n
}

// Instance is an object of a class. Handles of the library are instances whose
// Data holds the Go side.
type Instance struct {
	Header
	Shape *Shape
	Slots []Value
	Data  any
}

// Texter is what the Data of an instance implements when the instance prints
// in its own way, for example <actor 3>.
type Texter interface{ GeneText() string }

// inst4 keeps an instance and its first four fields in one allocation.
type inst4 struct {
	Instance
	store [4]Value
}

// NewInstance makes an instance without fields.
func NewInstance(c *Class) *Instance {
	i := &inst4{}
	i.Kind, i.Shape = KindInstance, c.Root
	i.Slots = i.store[:0:4]
	return &i.Instance
}

// Value gives i as a value.
func (i *Instance) Value() Value { return Value{P: unsafe.Pointer(i)} }

// AsInstance is the instance behind a value of KindInstance.
func (v Value) AsInstance() *Instance { return (*Instance)(v.P) }

// Class is the class of i.
func (i *Instance) Class() *Class { return i.Shape.Class }

// Get reads a field; ok is false when it is absent.
func (i *Instance) Get(name *Symbol) (v Value, ok bool) {
	if s := i.Shape.Slot(name); s >= 0 {
		return i.Slots[s], true
	}
	return Value{}, false
}

// Set writes a field, creating it when absent. It does not check types.
func (i *Instance) Set(name *Symbol, v Value) {
	if s := i.Shape.Slot(name); s >= 0 {
		i.Slots[s] = v
		return
	}
	i.Shape = i.Shape.With(name)
	i.Slots = append(i.Slots, v)
}

// Method is a signature in an interface.
type Method struct {
	Name   *Symbol
	Params int
}

// Interface is a set of signatures; it is callable and gives adapters.
type Interface struct {
	Header
	Name    string
	Methods []Method
	Fields  []*Symbol
	// Impls maps a class to the class of adapters that `implement` made.
	Impls map[*Class]*Class
}

// Value gives i as a value.
func (i *Interface) Value() Value { return Value{P: unsafe.Pointer(i)} }

// AsInterface is the interface behind a value of KindInterface.
func (v Value) AsInterface() *Interface { return (*Interface)(v.P) }

// Adapter presents a value through an interface.
type Adapter struct {
	Header
	Iface *Interface
	Impl  *Class
	Inner Value
	Store *Map
}

// Value gives a as a value.
func (a *Adapter) Value() Value { return Value{P: unsafe.Pointer(a)} }

// AsAdapter is the adapter behind a value of KindAdapter.
func (v Value) AsAdapter() *Adapter { return (*Adapter)(v.P) }

// Namespace maps names to cells and keeps definition order. The cell is shared
// with the code that was compiled against the name. Aux counts the changes
// after which a name may have another cell than before.
type Namespace struct {
	Header
	Name    string
	Parent  *Namespace // where lookups go on, for classes' members
	members map[*Symbol]*Cell
	order   []*Symbol
	// Hooks are the on_member_missing functions, in order.
	Hooks []Value
}

// NewNamespace makes an empty namespace.
func NewNamespace(name string, parent *Namespace) *Namespace {
	return &Namespace{Header: Header{Kind: KindNamespace}, Name: name, Parent: parent}
}

// Value gives n as a value.
func (n *Namespace) Value() Value { return Value{P: unsafe.Pointer(n)} }

// AsNamespace is the namespace behind a value of KindNamespace.
func (v Value) AsNamespace() *Namespace { return (*Namespace)(v.P) }

// Cell gives the member's cell, or nil.
func (n *Namespace) Cell(name *Symbol) *Cell { return n.members[name] }

// Get reads a member, also along Parent.
func (n *Namespace) Get(name *Symbol) (v Value, ok bool) {
	for ; n != nil; n = n.Parent {
		if c := n.members[name]; c != nil && c.V.IsSet() {
			return c.V, true
		}
	}
	return Value{}, false
}

// Bind makes a cell a member, replacing an older one.
func (n *Namespace) Bind(name *Symbol, c *Cell) {
	if n.members == nil {
		n.members = map[*Symbol]*Cell{}
	}
	if _, ok := n.members[name]; !ok {
		n.order = append(n.order, name)
	} else {
		n.Aux++
	}
	n.members[name] = c
}

// Set writes a member, creating it when absent.
func (n *Namespace) Set(name *Symbol, v Value) {
	if c := n.members[name]; c != nil {
		c.V = v
		return
	}
	n.Bind(name, NewCell(name, v))
}

// Delete removes a member and gives its value.
func (n *Namespace) Delete(name *Symbol) (v Value, ok bool) {
	c := n.members[name]
	if c == nil {
		return Value{}, false
	}
	delete(n.members, name)
	n.Aux++
	for i, k := range n.order {
		if k == name {
			n.order = append(n.order[:i:i], n.order[i+1:]...)
			break
		}
	}
	return c.V, c.V.IsSet()
}

// Names gives the names of the members that are set, in definition order.
func (n *Namespace) Names() []*Symbol {
	names := make([]*Symbol, 0, len(n.order))
	for _, k := range n.order {
		if n.members[k].V.IsSet() {
			names = append(names, k)
		}
	}
	return names
}

// Enum is an enumeration type.
type Enum struct {
	Header
	Name     string
	Variants []*Variant
}

// Value gives e as a value.
func (e *Enum) Value() Value { return Value{P: unsafe.Pointer(e)} }

// AsEnum is the enum behind a value of KindEnum.
func (v Value) AsEnum() *Enum { return (*Enum)(v.P) }

// Variant gives the variant of a name, or nil.
func (e *Enum) Variant(name *Symbol) *Variant {
	for _, v := range e.Variants {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Variant is one variant of an enum. A unit variant is its own value; one with
// fields is a constructor.
type Variant struct {
	Header
	Enum   *Enum
	Name   *Symbol
	Fields []*Symbol
	Types  []Value // a type value per field, unset when unannotated
}

// Value gives v as a value.
func (v *Variant) Value() Value { return Value{P: unsafe.Pointer(v)} }

// AsVariant is the variant behind a value of KindVariant.
func (v Value) AsVariant() *Variant { return (*Variant)(v.P) }

// EnumValue is a variant with its payload.
type EnumValue struct {
	Header
	Variant *Variant
	Payload []Value
}

// NewEnumValue makes a value of a variant that owns payload.
func NewEnumValue(v *Variant, payload ...Value) Value {
	return Value{P: unsafe.Pointer(&EnumValue{Header{Kind: KindEnumValue}, v, payload})}
}

// AsEnumValue is the object behind a value of KindEnumValue.
func (v Value) AsEnumValue() *EnumValue { return (*EnumValue)(v.P) }

// TypeOp tells how a type value is built.
type TypeOp uint8

// The ways to build a type value.
const (
	TypeNamed   TypeOp = iota // a built-in or unknown name
	TypeAny                   // Any, and generic parameters
	TypeClass                 // a class of the program
	TypeEnum                  // an enum
	TypeUnion                 // (A | B)
	TypeApplied               // (Array Int): only the head is checked
	TypeFn                    // (Fn [A B] R)
)

// Type is a type as a value: what annotations, aliases and `is` use.
type Type struct {
	Header
	Op    TypeOp
	Name  string    // TypeNamed, TypeAny of a generic parameter, TypeApplied's head
	Class *Class    // TypeClass
	Enum  *Enum     // TypeEnum
	Args  []*Type   // members of a union, arguments of an application or function (keywords last)
	Kw    []*Symbol // TypeFn: names of the last arguments
	Ret   *Type     // TypeFn
}

// Value gives t as a value.
func (t *Type) Value() Value { return Value{P: unsafe.Pointer(t)} }

// AsType is the type behind a value of KindType.
func (v Value) AsType() *Type { return (*Type)(v.P) }

// FutureStates are the names of a future's states; the Aux of its header is the
// index.
var FutureStates = [4]string{"pending", "success", "failure", "cancelled"}

// Handle is the shared head of generators and iterators: what
// printing needs to know of an object that belongs to the VM.
type Handle struct {
	Header
	Text string // "<…>" form, or a generator's name
}
