package stdlib

import (
	"gene/value"
	"gene/vm"
)

// mutable raises the error of changing a sealed or frozen collection; what is
// done to it, "append to" for instance, begins the message.
func mutable(m *VM, v Value, doing string) error {
	flags := v.Header().Flags
	switch {
	case flags&value.FlagFrozen != 0:
		return m.Raise(m.Errors.Exception, vm.CodeFrozen, "cannot mutate frozen %s", value.TypeName(v))
	case flags&value.FlagSealed != 0:
		return m.Raise(m.Errors.Exception, vm.CodeFrozen, "Cannot %s sealed %s", doing, sealedNames[v.Kind()])
	}
	return nil
}

var sealedNames = map[value.Kind]string{
	value.KindArray: "array", value.KindMap: "map", value.KindHashMap: "hash map",
	value.KindHashSet: "hash set", value.KindGene: "gene",
}

// isSealed is `immutable?`.
func isSealed(m *VM, args []Value) (Value, error) {
	return value.Bool(args[0].Header().Flags&value.FlagSealed != 0), nil
}

// isEmpty and notEmpty serve every kind that has parts.
func isEmpty(m *VM, args []Value) (Value, error) { return value.Bool(length(args[0]) == 0), nil }

func notEmpty(m *VM, args []Value) (Value, error) { return value.Bool(length(args[0]) != 0), nil }

func sizeOf(m *VM, args []Value) (Value, error) { return value.Int(int64(length(args[0]))), nil }
