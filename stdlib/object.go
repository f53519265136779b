package stdlib

import (
	"gene/value"
	"gene/vm"
)

// defineObject defines what every value can do, and nil and void (2.2).
func (l *library) defineObject() {
	m := l.m
	l.methods(m.Object(), []entry{
		{"to_s", "The printed form as a String.", toS},
		{"class", "The class of the value.", classOf},
		{"is", "Whether the value belongs to a class.", isA},
	})
	l.methods(m.Class(value.KindNil), []entry{
		{"empty? empty", "True.", constant(value.True)},
		{"not_empty?", "False.", constant(value.False)},
	})
	l.methods(m.Class(value.KindVoid), []entry{
		{"empty? empty", "True.", constant(value.True)},
		{"not_empty?", "False.", constant(value.False)},
	})
	l.methods(m.Class(value.KindClass), []entry{
		{"name", "The name of the class.", func(m *VM, args []Value) (Value, error) {
			return value.Str(args[0].AsClass().Name), nil
		}},
		{"parent", "The class it inherits from, or nil.", func(m *VM, args []Value) (Value, error) {
			if p := args[0].AsClass().Parent; p != nil {
				return p.Value(), nil
			}
			return value.Nil, nil
		}},
		{"to_s", "The name of the class.", func(m *VM, args []Value) (Value, error) {
			return value.Str(args[0].AsClass().Name), nil
		}},
	})
	l.methods(m.Class(value.KindNamespace), []entry{
		{"name to_s", "The name of the namespace.", func(m *VM, args []Value) (Value, error) {
			return value.Str(args[0].AsNamespace().Name), nil
		}},
	})
	l.methods(m.Class(value.KindInterface), []entry{
		{"name to_s", "The name of the interface.", func(m *VM, args []Value) (Value, error) {
			return value.Str(args[0].AsInterface().Name), nil
		}},
	})
}

func constant(v Value) vm.NativeFn {
	return func(*VM, []Value) (Value, error) { return v, nil }
}

func toS(m *VM, args []Value) (Value, error) {
	return m.Text(args[0], vm.TextToS, textResult)
}

// textResult ends a native whose result is a text.
func textResult(s string) (Value, error) { return value.Str(s), nil }

func classOf(m *VM, args []Value) (Value, error) { return m.ClassOf(args[0]).Value(), nil }

func isA(m *VM, args []Value) (Value, error) {
	c := arg(args, 1)
	if c.Kind() != value.KindClass {
		return argError(m, "is requires a class")
	}
	return value.Bool(m.ClassOf(args[0]).IsA(c.AsClass())), nil
}
