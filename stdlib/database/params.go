package database

import (
	"gene/value"
	"gene/vm"
)

// params turns operands into parameters and calls then with them: nil is NULL,
// what has no counterpart in SQL goes as its text, which an object's to_s may have
// to be asked for.
func params(m *vm.VM, operands []Value, then func([]any) (Value, error)) (Value, error) {
	out := make([]any, len(operands))
	var texts []Value
	var at []int
	for i, v := range operands {
		p, ok := param(v)
		if out[i] = p; !ok {
			texts = append(texts, v)
			at = append(at, i)
		}
	}
	if texts == nil {
		return then(out)
	}
	render := vm.NewNative("texts", func(m *vm.VM, args []Value) (Value, error) {
		return m.Texts(args, vm.TextToS, func(ts []string) (Value, error) {
			for i, t := range ts {
				out[at[i]] = t
			}
			return value.Nil, nil
		})
	})
	return m.InvokeTry(render.Value(), texts, func(Value) (Value, error) { return then(out) },
		func(e *vm.Exception) (Value, error) { return m.Failed(e), nil })
}

// param gives the parameter for a value that needs no text.
func param(v Value) (any, bool) {
	switch v.Kind() {
	case value.KindNil, value.KindVoid:
		return nil, true
	case value.KindBool:
		return v.AsBool(), true
	case value.KindInt:
		return v.AsInt(), true
	case value.KindFloat:
		return v.AsFloat(), true
	case value.KindString:
		return v.AsString(), true
	case value.KindBytes:
		return append([]byte{}, v.AsBytes()...), true
	}
	return nil, false
}
