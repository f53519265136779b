package vm

import (
	"fmt"
	"strings"

	"gene/compiler"
	"gene/value"
)

// newEnum makes an enum. variants is an array of arrays [name field…]; types
// has an array of TypeSpecs (or nil) for each.
func newEnum(name string, variants, types []value.Value) *value.Enum {
	e := &value.Enum{Header: value.Header{Kind: value.KindEnum}, Name: name}
	for i, v := range variants {
		parts := v.AsArray().Items
		x := &value.Variant{Header: value.Header{Kind: value.KindVariant}, Enum: e, Name: parts[0].AsSymbol()}
		for j, p := range parts[1:] {
			x.Fields = append(x.Fields, p.AsSymbol())
			t := value.Value{}
			if i < len(types) && types[i].Kind() == value.KindArray && j < len(types[i].AsArray().Items) {
				t = types[i].AsArray().Items[j]
			}
			x.Types = append(x.Types, t)
		}
		e.Variants = append(e.Variants, x)
	}
	return e
}

// makeEnumValue calls a variant as a constructor (2.10).
func (vm *VM) makeEnumValue(x *value.Variant, args []value.Value, kw *value.Map) (value.Value, error) {
	name := x.Enum.Name + "/" + x.Name.Name
	if len(x.Fields) == 0 {
		if n := len(args) + kw.Len(); n > 0 {
			return value.Value{}, vm.ArgError("Unit variant %s expects 0 arguments, got %d", name, n)
		}
		return x.Value(), nil
	}
	if kw.Len() > 0 {
		if len(args) > 0 {
			return value.Value{}, vm.ArgError("Variant %s cannot mix positional and keyword arguments", name)
		}
		var err error
		if args, err = vm.payloadByName(x, name, kw); err != nil {
			return value.Value{}, err
		}
	}
	if len(args) != len(x.Fields) {
		return value.Value{}, vm.ArgError("Variant %s expects %d arguments (%s), got %d", name, len(x.Fields), fieldList(x.Fields), len(args))
	}
	payload := append([]value.Value(nil), args...)
	for i, t := range x.Types {
		if t.Kind() != value.KindInternal || vm.opts.NoTypeCheck {
			continue
		}
		v, err := vm.payloadType((*compiler.TypeSpec)(t.P), payload[i])
		if err != nil {
			return value.Value{}, err
		}
		payload[i] = v
	}
	return value.NewEnumValue(x, payload...), nil
}

// payloadType checks a payload field: nil passes only where the type says so.
func (vm *VM) payloadType(s *compiler.TypeSpec, v value.Value) (value.Value, error) {
	return vm.coerceTo(vm.resolveSpec(s), v, s.Place, true, true)
}

func (vm *VM) payloadByName(x *value.Variant, name string, kw *value.Map) ([]value.Value, error) {
	args := make([]value.Value, len(x.Fields))
	var missing []*value.Symbol
	for i, f := range x.Fields {
		v, ok := kw.Get(f)
		if !ok {
			missing = append(missing, f)
		}
		args[i] = v
	}
	if len(missing) > 0 {
		return nil, vm.ArgError("Variant %s missing keyword argument(s): %s; expected fields: %s", name, fieldList(missing), fieldList(x.Fields))
	}
	var unknown []*value.Symbol
	for _, e := range kw.Entries() {
		if e.Key != nil && !hasField(x, e.Key) {
			unknown = append(unknown, e.Key)
		}
	}
	if len(unknown) > 0 {
		return nil, vm.ArgError("Variant %s got unknown keyword argument(s): %s; expected fields: %s", name, fieldList(unknown), fieldList(x.Fields))
	}
	return args, nil
}

func hasField(x *value.Variant, name *value.Symbol) bool {
	for _, f := range x.Fields {
		if f == name {
			return true
		}
	}
	return false
}

func fieldList(fs []*value.Symbol) string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// matchVariant is the instruction of a case pattern: the payload of R[a] goes
// to the registers behind it when it is a value of the variant.
func (vm *VM) matchVariant(f *frame, a int, variant value.Value, binders int, d int32) error {
	if variant.Kind() != value.KindVariant {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "Enum pattern expected an enum variant, got %s", value.TypeName(variant))
	}
	x := variant.AsVariant()
	if binders != len(x.Fields) {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "%s", fmt.Sprintf("variant %s/%s pattern expects %d binding(s) (%s), got %d",
			x.Enum.Name, x.Name.Name, len(x.Fields), fieldList(x.Fields), binders))
	}
	v := f.ra[a]
	switch {
	case binders == 0 && v.Same(variant):
	case v.Kind() == value.KindEnumValue && v.AsEnumValue().Variant == x:
		copy(f.args(a+1, binders), v.AsEnumValue().Payload)
	default:
		f.jump(d)
	}
	return nil
}

// makeResultAndOption makes the built-in enums of 2.11.
func (vm *VM) makeResultAndOption() {
	sym := func(s string) value.Value { return value.Sym(s) }
	result := newEnum("Result", []value.Value{value.Arr(sym("Ok"), sym("value")), value.Arr(sym("Err"), sym("error"))}, nil)
	option := newEnum("Option", []value.Value{value.Arr(sym("Some"), sym("value")), value.Arr(sym("None"))}, nil)
	vm.okV, vm.errV = result.Variants[0], result.Variants[1]
	vm.someV, vm.noneV = option.Variants[0], option.Variants[1]
	for _, e := range []*value.Enum{result, option} {
		vm.Globals.Set(value.Intern(e.Name), e.Value())
		for _, x := range e.Variants {
			vm.Globals.Set(x.Name, x.Value())
		}
	}
}

// unwrapTry is (expr ?): the payload of Ok or Some, unset for Err and None of
// the built-in enums, everything else itself.
func (vm *VM) unwrapTry(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindEnumValue:
		switch e := v.AsEnumValue(); e.Variant {
		case vm.okV, vm.someV:
			return e.Payload[0]
		case vm.errV:
			return value.Value{}
		}
	case value.KindVariant:
		if v.AsVariant() == vm.noneV {
			return value.Value{}
		}
	}
	return v
}
