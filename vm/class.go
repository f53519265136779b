package vm

import (
	"gene/value"
)

// classAtRunTime is (Class ^name "N" ^parent P ^ctor f ^methods {^m f …}
// ^on_method_missing f): a class without a class form (7.10).
func (vm *VM) classAtRunTime(args []value.Value, kw *value.Map) (value.Value, error) {
	if len(args) > 0 {
		return value.Value{}, vm.ArgError("Class(...) takes keywords only, got %d arguments", len(args))
	}
	name, ok := kw.GetText("name")
	if !ok || name.Kind() != value.KindString && name.Kind() != value.KindSymbol {
		return value.Value{}, vm.ArgError("Class(...) requires ^name")
	}
	parent, _ := kw.GetText("parent")
	c, err := vm.declareClass(textOf(name), parent)
	if err != nil {
		return value.Value{}, err
	}
	for _, e := range kw.Entries() {
		if e.Key == nil {
			continue
		}
		if err := vm.classPart(c, e.Key.Name, e.Val); err != nil {
			return value.Value{}, err
		}
	}
	return c.Value(), nil
}

func (vm *VM) classPart(c *value.Class, part string, v value.Value) error {
	switch part {
	case "name", "parent":
		return nil
	case "methods":
		if v.Kind() != value.KindMap {
			return vm.ArgError("Class(...) ^methods expects a map, got %s", value.TypeName(v))
		}
		for _, m := range v.AsMap().Entries() {
			if m.Key == nil {
				continue
			}
			if !vm.Callable(m.Val) {
				return vm.ArgError("Class(...) method %s must be a function, got %s", m.Key.Name, value.TypeName(m.Val))
			}
			c.Methods[m.Key] = m.Val
		}
		vm.epoch++
		return nil
	case "ctor", "on_method_missing":
		if !vm.Callable(v) {
			return vm.ArgError("Class(...) ^%s must be a function, got %s", part, value.TypeName(v))
		}
		if part == "ctor" {
			c.Ctor = v
		} else {
			c.Missing = v
		}
		return nil
	}
	return vm.ArgError("Class(...) has no part ^%s (want name, parent, ctor, methods, on_method_missing)", part)
}
