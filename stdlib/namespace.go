package stdlib

import (
	"gene/value"
	"gene/vm"
)

// defineNamespaces defines the methods of Namespace (8.1) that call nobody
// back; each, map and reduce are in the prelude.
func (l *library) defineNamespaces() {
	l.methods(l.m.Class(value.KindNamespace), []entry{
		{"name", "The name of a namespace.", func(_ *VM, args []Value) (Value, error) {
			return value.Str(args[0].AsNamespace().Name), nil
		}},
		{"keys", "The names of the members as strings, in definition order.", func(_ *VM, args []Value) (Value, error) {
			return members(args[0], func(k *value.Symbol, _ Value) Value { return value.Str(k.Name) }), nil
		}},
		{"values", "The values of the members.", func(_ *VM, args []Value) (Value, error) {
			return members(args[0], func(_ *value.Symbol, v Value) Value { return v }), nil
		}},
		{"pairs", "Pairs of name and value.", func(_ *VM, args []Value) (Value, error) {
			return members(args[0], func(k *value.Symbol, v Value) Value { return value.Arr(value.Str(k.Name), v) }), nil
		}},
		{"size length", "The number of members.", func(_ *VM, args []Value) (Value, error) {
			return value.Int(int64(len(args[0].AsNamespace().Names()))), nil
		}},
		{"empty? empty", "Whether there is no member.", func(_ *VM, args []Value) (Value, error) {
			return value.Bool(len(args[0].AsNamespace().Names()) == 0), nil
		}},
		{"not_empty?", "Whether there is a member.", func(_ *VM, args []Value) (Value, error) {
			return value.Bool(len(args[0].AsNamespace().Names()) > 0), nil
		}},
		{"has", "Whether there is a member of a name.", namespaceHas},
		{"get", "The value of a member, or a default, or void.", namespaceGet},
		{"set", "Gives a member a value, creating it when it is missing.", namespaceSet},
		{"del", "Removes a member and gives its value.", namespaceDel},
		{"clear", "Removes all members.", namespaceClear},
		{"on_member_missing", "Registers a function that is asked for members that are missing.", onMemberMissing},
	})
}

// members gives an array with what of makes of each member.
func members(ns Value, of func(k *value.Symbol, v Value) Value) Value {
	n := ns.AsNamespace()
	names := n.Names()
	out := make([]Value, len(names))
	for i, k := range names {
		out[i] = of(k, n.Cell(k).V)
	}
	return value.NewArray(out).Value()
}

// memberName gives the name that a method of a namespace is called with.
func memberName(m *VM, args []Value, method string) (*value.Symbol, error) {
	k, ok := key(arg(args, 1))
	if !ok || k.Name == "" {
		return nil, m.ArgError("Namespace.%s key must be a string or symbol", method)
	}
	return k, nil
}

func namespaceHas(m *VM, args []Value) (Value, error) {
	k, err := memberName(m, args, "has")
	if err != nil {
		return Value{}, err
	}
	_, ok := args[0].AsNamespace().Get(k)
	return value.Bool(ok), nil
}

func namespaceGet(m *VM, args []Value) (Value, error) {
	k, err := memberName(m, args, "get")
	if err != nil {
		return Value{}, err
	}
	if v, ok := args[0].AsNamespace().Get(k); ok {
		return v, nil
	}
	if d := arg(args, 2); d.IsSet() {
		return d, nil
	}
	return value.Void, nil
}

func namespaceSet(m *VM, args []Value) (Value, error) {
	k, err := memberName(m, args, "set")
	if err != nil {
		return Value{}, err
	}
	if len(args) < 3 {
		return argError(m, "Namespace.set requires key and value")
	}
	args[0].AsNamespace().Set(k, args[2])
	return args[0], nil
}

func namespaceDel(m *VM, args []Value) (Value, error) {
	k, err := memberName(m, args, "del")
	if err != nil {
		return Value{}, err
	}
	return remove(args[0].AsNamespace(), k), nil
}

// remove takes a member away, also from the functions that were compiled
// against its plain name.
func remove(n *value.Namespace, k *value.Symbol) Value {
	c := n.Cell(k)
	v, ok := n.Delete(k)
	if !ok {
		return value.Void
	}
	c.V = Value{}
	return v
}

func namespaceClear(_ *VM, args []Value) (Value, error) {
	n := args[0].AsNamespace()
	for _, k := range n.Names() {
		remove(n, k)
	}
	return args[0], nil
}

func onMemberMissing(m *VM, args []Value) (Value, error) {
	if !m.Callable(arg(args, 1)) {
		return exception(m, vm.CodeRuntime, "on_member_missing callback must be a function")
	}
	n := args[0].AsNamespace()
	n.Hooks = append(n.Hooks, args[1])
	return args[0], nil
}
