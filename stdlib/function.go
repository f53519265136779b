package stdlib

import (
	"gene/value"
	"gene/vm"
)

// defineFunctions defines the methods of callables and the functions that ask
// for their metadata (4.9).
func (l *library) defineFunctions() {
	m := l.m
	for _, kind := range []value.Kind{value.KindFunction, value.KindBlock, value.KindNative, value.KindVariant} {
		l.kwMethods(m.Class(kind), []kwEntry{{"call", "Calls it.", l.callIt}})
	}
	metadata := []entry{
		{"intent", "What the function is for.", intent},
		{"examples", "Examples of calls.", examples},
	}
	for _, kind := range []value.Kind{value.KindFunction, value.KindBlock, value.KindNative} {
		l.methods(m.Class(kind), metadata)
	}
	l.functions(m.Globals, []entry{
		{"function_intent", "What a function is for.", ofFunction("function_intent", intent)},
		{"function_examples", "Examples of calls of a function.", ofFunction("function_examples", examples)},
	})
}

func (l *library) callIt(m *VM, args []Value, kw *value.Map) (Value, error) {
	if kw.Len() > 0 {
		rest := value.NewArray(clone(args[1:])).Value()
		return m.Invoke(l.prelude("call"), []Value{args[0], rest, kw.Value()}, nil)
	}
	return m.Invoke(args[0], clone(args[1:]), nil)
}

// defineSelectors defines the methods of Selector (5.10).
func (l *library) defineSelectors() {
	l.methods(l.m.Class(value.KindSelector), []entry{
		{"call", "Applies the selector to a value.", func(m *VM, args []Value) (Value, error) {
			if len(args) < 2 {
				return argError(m, "Selector.call expects a target value")
			}
			return m.Invoke(args[0], clone(args[1:]), nil)
		}},
	})
}

func isFunction(v Value) bool {
	switch v.Kind() {
	case value.KindFunction, value.KindBlock, value.KindNative:
		return true
	}
	return false
}

func ofFunction(name string, f vm.NativeFn) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		if !isFunction(arg(args, 0)) {
			return argError(m, "%s requires a function", name)
		}
		return f(m, args)
	}
}

func intent(m *VM, args []Value) (Value, error) {
	if args[0].Kind() == value.KindNative {
		return value.Str((*vm.Native)(args[0].P).Doc), nil
	}
	return value.Str((*vm.Function)(args[0].P).Proto.Intent), nil
}

func examples(m *VM, args []Value) (Value, error) {
	if args[0].Kind() != value.KindNative {
		if ex := (*vm.Function)(args[0].P).Proto.Examples; ex.Kind() == value.KindArray {
			return value.NewArray(clone(items(ex))).Value(), nil
		}
	}
	return value.Arr(), nil
}
