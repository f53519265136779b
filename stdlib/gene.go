package stdlib

import (
	"slices"

	"gene/value"
)

// defineGenes defines the methods of Gene values (5.5).
func (l *library) defineGenes() {
	l.methods(l.m.Class(value.KindGene), []entry{
		{"type genetype", "The head.", func(m *VM, args []Value) (Value, error) { return args[0].AsGene().Type, nil }},
		{"props", "A copy of the properties.", func(m *VM, args []Value) (Value, error) {
			return args[0].AsGene().Props.Clone().Value(), nil
		}},
		{"children", "A copy of the children.", func(m *VM, args []Value) (Value, error) {
			return value.NewArray(slices.Clone(args[0].AsGene().Children)).Value(), nil
		}},
		{"size length", "The number of children.", sizeOf},
		{"has", "Whether there is a property of a name.", geneHas},
		{"get", "The value of a property, or a default.", geneGet},
		{"set", "Gives a property a value.", geneSet},
		{"del", "Removes properties and gives the last removed value.", geneDel},
		{"has_child", "Whether there is a child at an index.", geneHasChild},
		{"get_child", "The child at an index, or a default.", geneGetChild},
		{"set_child", "Replaces the child at an index.", geneSetChild},
		{"add_child", "Appends a child.", geneAddChild},
		{"ins_child", "Inserts a child before an index.", geneInsChild},
		{"del_child", "Removes the child at an index and gives it.", geneDelChild},
		{"contains", "Whether an equal child is there.", func(m *VM, args []Value) (Value, error) {
			if len(args) < 2 {
				return argError(m, "Gene.contains requires value")
			}
			children := value.NewArray(args[0].AsGene().Children).Value()
			return l.search(children, args[1], func(i Value) (Value, error) { return value.Bool(i.AsInt() >= 0), nil })
		}},
		{"set_genetype", "Replaces the head.", geneSetType},
		{"immutable?", "Whether it was written as a sealed literal.", isSealed},
	})
}

func geneKey(m *VM, args []Value, method string) (*value.Symbol, error) {
	k, ok := key(arg(args, 1))
	if !ok {
		return nil, m.ArgError("Gene.%s key must be a string or symbol", method)
	}
	return k, nil
}

func geneHas(m *VM, args []Value) (Value, error) {
	k, err := geneKey(m, args, "has")
	if err != nil {
		return Value{}, err
	}
	_, ok := args[0].AsGene().Props.Get(k)
	return value.Bool(ok), nil
}

func geneGet(m *VM, args []Value) (Value, error) {
	k, err := geneKey(m, args, "get")
	if err != nil {
		return Value{}, err
	}
	if v, ok := args[0].AsGene().Props.Get(k); ok {
		return v, nil
	}
	return orNil(arg(args, 2)), nil
}

func geneSet(m *VM, args []Value) (Value, error) {
	k, err := geneKey(m, args, "set")
	if err != nil {
		return Value{}, err
	}
	if len(args) < 3 {
		return argError(m, "Gene.set requires key and value")
	}
	if err := mutable(m, args[0], "set property on"); err != nil {
		return Value{}, err
	}
	g := args[0].AsGene()
	if g.Props == nil {
		g.Props = value.NewMap(1)
	}
	g.Props.Set(k, args[2])
	return args[0], nil
}

func geneDel(m *VM, args []Value) (Value, error) {
	if err := mutable(m, args[0], "delete property from"); err != nil {
		return Value{}, err
	}
	if len(args) < 2 {
		return argError(m, "Gene.del requires a key")
	}
	last := value.Nil
	for i := 1; i < len(args); i++ {
		k, err := geneKey(m, args[i-1:], "del")
		if err != nil {
			return Value{}, err
		}
		if props := args[0].AsGene().Props; props != nil {
			if v, ok := props.Delete(k); ok {
				last = v
			}
		}
	}
	return last, nil
}

// childIndex gives a non-negative index below limit.
func childIndex(v Value, limit int) (int, bool) {
	return int(v.AsInt()), v.IsInt() && v.AsInt() >= 0 && v.AsInt() < int64(limit)
}

func geneHasChild(m *VM, args []Value) (Value, error) {
	_, ok := childIndex(arg(args, 1), len(args[0].AsGene().Children))
	return value.Bool(ok), nil
}

func geneGetChild(m *VM, args []Value) (Value, error) {
	g := args[0].AsGene()
	if i, ok := childIndex(arg(args, 1), len(g.Children)); ok {
		return g.Children[i], nil
	}
	return orNil(arg(args, 2)), nil
}

func geneSetChild(m *VM, args []Value) (Value, error) {
	if len(args) < 3 {
		return argError(m, "Gene.set_child requires index and value")
	}
	if err := mutable(m, args[0], "set child on"); err != nil {
		return Value{}, err
	}
	g := args[0].AsGene()
	i, ok := childIndex(args[1], len(g.Children))
	if !ok {
		return runtimeError(m, "Gene.set_child index out of bounds")
	}
	g.Children[i] = args[2]
	return args[0], nil
}

func geneAddChild(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Gene.add_child requires value")
	}
	if err := mutable(m, args[0], "append child to"); err != nil {
		return Value{}, err
	}
	g := args[0].AsGene()
	g.Children = append(g.Children, args[1])
	return args[0], nil
}

func geneInsChild(m *VM, args []Value) (Value, error) {
	if len(args) < 3 {
		return argError(m, "Gene.ins_child requires index and value")
	}
	if err := mutable(m, args[0], "insert child into"); err != nil {
		return Value{}, err
	}
	g := args[0].AsGene()
	i, ok := childIndex(args[1], len(g.Children)+1)
	if !ok {
		return runtimeError(m, "Gene.ins_child index out of bounds")
	}
	g.Children = slices.Insert(g.Children, i, args[2])
	return args[0], nil
}

func geneDelChild(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Gene.del_child requires index")
	}
	if err := mutable(m, args[0], "delete child from"); err != nil {
		return Value{}, err
	}
	g := args[0].AsGene()
	i, ok := childIndex(args[1], len(g.Children))
	if !ok {
		return runtimeError(m, "Gene.del_child index out of bounds")
	}
	v := g.Children[i]
	g.Children = slices.Delete(g.Children, i, i+1)
	return v, nil
}

func geneSetType(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "Gene.set_genetype requires value")
	}
	if err := mutable(m, args[0], "set type on"); err != nil {
		return Value{}, err
	}
	args[0].AsGene().Type = args[1]
	return args[0], nil
}
