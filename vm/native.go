package vm

import (
	"fmt"
	"unsafe"

	"gene/value"
)

// NativeFn is a function written in Go. args is a window of the caller's
// registers: read it before calling anything that may run Gene code, and don't
// keep it. For a method args[0] is the receiver. An error must be one that
// Raise made (or an Exception), else it is reported as an internal error.
//
// A native that has to call Gene code returns what Invoke gives; it never runs
// the interpreter itself, so that the code it calls may await, yield or throw.
type NativeFn func(vm *VM, args []value.Value) (value.Value, error)

// NativeKwFn is a native that takes keywords; kw is nil when there are none.
type NativeKwFn func(vm *VM, args []value.Value, kw *value.Map) (value.Value, error)

// Native is a function written in Go, as a value.
type Native struct {
	value.Func
	Fn   NativeFn
	KwFn NativeKwFn // instead of Fn
	Doc  string     // one sentence of help
}

// NewNative makes a native function.
func NewNative(name string, fn NativeFn) *Native {
	n := &Native{Fn: fn}
	n.Kind = value.KindNative
	n.SetName(&name)
	return n
}

// NewNativeKw makes a native function that takes keywords.
func NewNativeKw(name string, fn NativeKwFn) *Native {
	n := &Native{KwFn: fn}
	n.Kind = value.KindNative
	n.SetName(&name)
	return n
}

// Value gives n as a value.
func (n *Native) Value() value.Value { return value.Obj(unsafe.Pointer(n)) }

// Define binds a native in a namespace; the namespace Globals makes it visible
// by its bare name.
func (vm *VM) Define(ns *value.Namespace, name string, fn NativeFn) {
	ns.Set(value.Intern(name), NewNative(name, fn).Value())
}

// DefineKw is Define for a native that takes keywords.
func (vm *VM) DefineKw(ns *value.Namespace, name string, fn NativeKwFn) {
	ns.Set(value.Intern(name), NewNativeKw(name, fn).Value())
}

// Method adds a native method to a class under one or more names.
func (vm *VM) Method(c *value.Class, fn NativeFn, names ...string) {
	for _, name := range names {
		c.Methods[value.Intern(name)] = NewNative(name, fn).Value()
	}
	vm.epoch++
}

// MethodKw is Method for a native that takes keywords.
func (vm *VM) MethodKw(c *value.Class, fn NativeKwFn, names ...string) {
	for _, name := range names {
		c.Methods[value.Intern(name)] = NewNativeKw(name, fn).Value()
	}
	vm.epoch++
}

// invocation is what a native leaves behind when it wants Gene code called.
type invocation struct {
	fn     value.Value
	method *value.Symbol // call this method of args[0] instead of fn
	args   []value.Value
	then   func(value.Value) (value.Value, error)
	caught func(*Exception) (value.Value, error)
}

// errInvoke tells the interpreter to look at vm.invocation.
var errInvoke = fmt.Errorf("invoke")

// Invoke asks the interpreter to call a Gene function (or any callable) once
// the native has returned, and to go on with then, which may Invoke again. The
// native's result is what the last then gives. A nil then passes the result on.
//
//	return vm.Invoke(fn, []value.Value{x}, func(r value.Value) (value.Value, error) { … })
func (vm *VM) Invoke(fn value.Value, args []value.Value, then func(value.Value) (value.Value, error)) (value.Value, error) {
	vm.invocation = invocation{fn: fn, args: args, then: then}
	return value.Value{}, errInvoke
}

// InvokeMethod is Invoke for a method of recv.
func (vm *VM) InvokeMethod(recv value.Value, name string, args []value.Value, then func(value.Value) (value.Value, error)) (value.Value, error) {
	vm.invocation = invocation{method: value.Intern(name), args: append([]value.Value{recv}, args...), then: then}
	return value.Value{}, errInvoke
}

// InvokeTry is Invoke with a handler for what the called code throws.
func (vm *VM) InvokeTry(fn value.Value, args []value.Value, then func(value.Value) (value.Value, error), caught func(*Exception) (value.Value, error)) (value.Value, error) {
	vm.invocation = invocation{fn: fn, args: args, then: then, caught: caught}
	return value.Value{}, errInvoke
}

// Callable tells whether v can be called: functions, natives, blocks,
// selectors, variant constructors, interfaces, and instances whose class has
// a method call.
func (vm *VM) Callable(v value.Value) bool {
	switch v.Kind() {
	case value.KindFunction, value.KindBlock, value.KindNative, value.KindSelector,
		value.KindVariant, value.KindInterface:
		return true
	case value.KindInstance:
		m, _ := v.AsInstance().Class().Lookup(symCall)
		return m.IsSet()
	}
	return false
}

// Text gives the text of v as print shows it ("bare" strings) or, with literal
// set, as literal text, and calls then with it. Instances that define to_s are
// asked first, which may run Gene code, hence the continuation.
func (vm *VM) Text(v value.Value, mode TextMode, then func(string) (value.Value, error)) (value.Value, error) {
	return vm.texts([]value.Value{v}, mode, func(ts []string) (value.Value, error) { return then(ts[0]) })
}

// Texts is Text for several values.
func (vm *VM) Texts(vs []value.Value, mode TextMode, then func([]string) (value.Value, error)) (value.Value, error) {
	return vm.texts(vs, mode, then)
}

// TextMode chooses one of the renderings of 2.6.
type TextMode uint8

// The renderings.
const (
	TextPrint   TextMode = iota // print, println
	TextLiteral                 // inside Gene values
	TextToS                     // .to_s, $, join
	TextInterp                  // #"#{…}"
)
