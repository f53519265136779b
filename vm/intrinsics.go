package vm

import (
	"unsafe"

	"gene/compiler"
	"gene/value"
)

// intrinsic is the instruction: operation n with R[a..a+count-1].
func (vm *VM) intrinsic(n compiler.Intrinsic, f *frame, a, count int) error {
	args := f.args(a, count)
	switch n {
	case compiler.InTypeOf:
		f.ra[a] = value.Str(value.TypeName(args[0]))
	case compiler.InType:
		f.ra[a] = vm.resolveSpec((*compiler.TypeSpec)(args[0].P)).Value()
	case compiler.InTry:
		f.ra[a] = vm.unwrapTry(args[0])
	case compiler.InSelector:
		f.ra[a] = value.NewSelector(append([]value.Value(nil), args[0].AsArray().Items...)).Value()
	case compiler.InSet:
		v := args[2]
		if err := vm.setSelector(args[0], args[1], v); err != nil {
			return err
		}
		f.ra[a] = v
	case compiler.InNamespace:
		f.ra[a] = value.NewNamespace(textOf(args[0]), nil).Value()
	case compiler.InEnum:
		f.ra[a] = newEnum(textOf(args[0]), args[1].AsArray().Items, args[2].AsArray().Items).Value()
	case compiler.InContract:
		return vm.contractBroken(f, a, append([]value.Value(nil), args...))
	case compiler.InUndefined:
		return vm.undefined(textOf(args[0]))
	case compiler.InFail:
		return vm.fail(textOf(args[0]), textOf(args[1]), textOf(args[2]))
	case compiler.InAbsent:
		if args[0].Kind() != value.KindInstance {
			return vm.Raise(vm.Errors.Exception, CodeRuntime, "key not found: %s", textOf(args[1]))
		}
		f.ra[a] = value.Nil
	case compiler.InExport, compiler.InImport:
		return vm.moduleIntrinsic(n, f, a, args)
	default:
		return vm.classIntrinsic(n, f, a, args)
	}
	return nil
}

// textOf is the text of a String or Symbol operand of an intrinsic.
func textOf(v value.Value) string {
	if v.Kind() == value.KindSymbol {
		return v.AsSymbol().Name
	}
	return v.AsString()
}

// nameOf is the symbol of a String or Symbol operand of an intrinsic.
func nameOf(v value.Value) *value.Symbol {
	if v.Kind() == value.KindSymbol {
		return v.AsSymbol()
	}
	return value.Intern(v.AsString())
}

// fail throws what the compiler found can only fail when it is reached.
func (vm *VM) fail(class, code, msg string) error {
	cls := vm.Errors.Exception
	if v, ok := vm.Globals.Get(value.Intern(class)); ok && v.Kind() == value.KindClass {
		cls = v.AsClass()
	}
	return vm.Raise(cls, code, "%s", msg)
}

func (vm *VM) classIntrinsic(n compiler.Intrinsic, f *frame, a int, args []value.Value) error {
	switch n {
	case compiler.InClass:
		c, err := vm.declareClass(textOf(args[0]), args[1])
		if err != nil {
			return err
		}
		f.ra[a] = c.Value()
		return nil
	case compiler.InMethod:
		vm.addMethod(args[0].AsClass(), nameOf(args[1]), args[2])
	case compiler.InCtor:
		c := args[0].AsClass()
		if c.Ctor.IsSet() {
			return vm.Raise(vm.Errors.Exception, CodeRuntime, "Class '%s' already has a constructor", c.Name)
		}
		c.Ctor = args[1]
		setHome(args[1], c)
	case compiler.InMissing:
		args[0].AsClass().Missing = args[1]
		setHome(args[1], args[0].AsClass())
	case compiler.InField:
		declareField(args[0].AsClass(), nameOf(args[1]), args[2])
	case compiler.InObject:
		return vm.newInstance(args[0].AsClass(), f.sub(a), nil, nil)
	case compiler.InImplements:
		return vm.checkImplements(args[0].AsClass(), args[1:])
	case compiler.InInterface:
		f.ra[a] = newInterface(textOf(args[0]), args[1], args[2]).Value()
	case compiler.InImplement:
		return set(f.reg(a))(vm.implement(args[0], args[1]))
	default:
		return vm.internalError("no code for intrinsic %d", n)
	}
	return nil
}

// declareClass makes the class of a class form.
func (vm *VM) declareClass(name string, parent value.Value) (*value.Class, error) {
	p := vm.object
	switch parent.Kind() {
	case value.KindClass:
		p = parent.AsClass()
	case value.KindNil, value.KindUnset:
	default:
		return nil, vm.Raise(vm.Errors.Exception, CodeRuntime, "Invalid superclass: %s is no class", value.TypeName(parent))
	}
	c := value.NewClass(name, p)
	c.IsException = p.IsException
	c.Members.Parent = nil
	vm.epoch++
	return c, nil
}

func (vm *VM) addMethod(c *value.Class, name *value.Symbol, fn value.Value) {
	setHome(fn, c)
	c.Methods[name] = fn
	vm.epoch++
}

// setHome tells a method the class that defines it, for super.
func setHome(fn value.Value, c *value.Class) {
	if isCode(fn) {
		asFunction(fn).home = c
	}
}

func declareField(c *value.Class, name *value.Symbol, spec value.Value) {
	if c.Fields == nil {
		c.Fields = map[*value.Symbol]*value.Field{}
	}
	fld := &value.Field{Name: name}
	if spec.Kind() == value.KindInternal {
		fld.Type = spec
	}
	c.Fields[name] = fld
}

// contractBroken throws the error of a failed pre- or postcondition. args:
// name, which, number, condition, names, values, result (unset for none).
func (vm *VM) contractBroken(f *frame, a int, args []value.Value) error {
	names, vals := args[4].AsArray().Items, args[5].AsArray().Items
	vals = append([]value.Value(nil), vals...)
	hasResult := len(args) > 6 && args[6].IsSet()
	if hasResult {
		vals = append(vals, args[6])
	}
	r, err := vm.texts(vals, TextLiteral, func(ts []string) (value.Value, error) {
		msg := "ContractViolation: " + textOf(args[0]) + " " + textOf(args[1]) + " #" + value.Print(args[2]) +
			" failed: " + textOf(args[3]) + " | args=["
		for i, n := range names {
			if i > 0 {
				msg += ", "
			}
			msg += textOf(n) + "=" + ts[i]
		}
		msg += "]"
		if hasResult {
			msg += " | result=" + ts[len(ts)-1]
		}
		return value.Value{}, vm.Raise(vm.Errors.Exception, CodeContract, "%s", msg)
	})
	return vm.above(a, r, err)
}

// setSelector is $set: one segment of a selector names what is set.
func (vm *VM) setSelector(target, sel, v value.Value) error {
	if sel.Kind() != value.KindSelector || len(sel.AsSelector().Segs) != 1 {
		return vm.Raise(vm.Errors.Exception, CodeRuntime, "$set selector must have exactly one property")
	}
	seg := sel.AsSelector().Segs[0]
	if err := vm.checkSegment(seg); err != nil {
		return err
	}
	return vm.setMember(target, seg, v)
}

// namespaceOf gives the members of a namespace or class.
func namespaceOf(v value.Value) *value.Namespace {
	if v.Kind() == value.KindClass {
		return v.AsClass().Members
	}
	return (*value.Namespace)(unsafe.Pointer(v.P))
}
