package compiler

// Intrinsic is an operation that is too rare for an opcode: the VM implements
// it as a native with the window R[a..a+b-1] as its arguments.
type Intrinsic int32

// The intrinsics.
const (
	InClass      Intrinsic = iota // name, parent (class or nil): a new class
	InMethod                      // class, name, function
	InCtor                        // class, function; a second one throws
	InMissing                     // class, function
	InField                       // class, name, TypeSpec or nil
	InImplements                  // class, interface…: check the promises of the header
	InInterface                   // name, spec (array of [name count]), fields (array)
	InImplement                   // interface, class: the class that takes the methods of adapters
	InEnum                        // name, array of [name field… ], array of arrays of TypeSpecs
	InNamespace                   // name: a new namespace
	InTypeOf                      // value: its type name
	InType                        // TypeSpec: the type value
	InContract                    // name, "precondition" or "postcondition", number, text, names (array), values (array), result (or unset)
	InSelector                    // array of segments: a selector value
	InSet                         // target, selector, value: $set
	InTry                         // value: the payload of Ok or Some, or unset for Err and None of the built-in enums (?)
	InExport                      // module, names (array of symbols)
	InImport                      // module, spec (see below): loads a module and sets the cells of the names
	InObject                      // class: its only instance, constructed
	InUndefined                   // name: throw 'x is not defined'
	InFail                        // class name, code, message: throw it
	InAbsent                      // container, key: what an augmented assignment reads where the container has no such member: nil of an instance, else throw 'key not found: k'.
	NumIntrinsics
)

// The spec of InImport is an array [from of path items]:
//
//	from   module path, a String, or nil
//	of     package name, a String, or nil
//	path   directory of the package (^path of the import or of a $dep), or nil
//	items  array of [names alias]: names is an array of Strings, the way to the
//	       member; alias is the Symbol it gets, whose cell stands in
//	       Module.Cells. Where names ends in "*", alias is nil and every member
//	       gets the cell of its own name, which is made when it is missing.
//
// The module is an internal value, a *Module.

// IntrinsicNames are the printed names, for the disassembler.
var IntrinsicNames = [NumIntrinsics]string{
	"class", "method", "ctor", "missing", "field", "implements", "interface",
	"implement", "enum", "namespace", "typeof", "type", "contract", "selector",
	"set", "try", "export", "import", "object", "undefined", "fail", "absent",
}
