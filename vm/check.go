package vm

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"gene/check"
	"gene/compiler"
	"gene/syntax"
	"gene/value"
)

// compileRead checks and compiles what was read for a module. The warnings of
// checker and compiler come in the order of the text.
func (vm *VM) compileRead(m *compiler.Module, file *syntax.File, o compiler.Options) (*compiler.Proto, []check.Warning, error) {
	var all []check.Warning
	if o.TypeCheck {
		// Before the compiler, which declares the text's names in the module.
		all = check.Module(file, check.Options{
			Globals: vm.Globals, StrictNil: vm.opts.StrictNil,
			Defined: func(name *value.Symbol) bool { return m.Cells[name] != nil },
		})
	}
	p, warnings, err := compiler.CompileModule(file, m, o)
	if len(warnings) == 0 {
		return p, all, err
	}
	for _, w := range warnings {
		all = append(all, check.Warning{File: w.File, Pos: w.Pos, End: w.Pos, Msg: w.Msg})
	}
	slices.SortStableFunc(all, func(a, b check.Warning) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	return p, all, err
}

// Check reads, checks and compiles a text as the program of that name, and
// runs nothing of it. The error is a list of syntax or compile errors.
func (vm *VM) Check(name string, text []byte) ([]check.Warning, error) {
	if !utf8.Valid(text) {
		return nil, vm.invalidUTF8(name, text)
	}
	m := vm.NewModule(name, true)
	vm.keepSource(name, string(text))
	if err := vm.enter(m); err != nil {
		return nil, err
	}
	file, errs := syntax.Read(name, string(text))
	if len(errs) > 0 {
		return nil, errs
	}
	_, warnings, err := vm.compileRead(m, file, vm.compileOptions())
	return warnings, err
}

// ReportWarning writes a warning about a text that was checked, with its line,
// on standard error.
func (vm *VM) ReportWarning(w check.Warning) {
	if vm.opts.JSON {
		vm.writeWarning(w.File, w.Pos, w.Msg)
		return
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%swarning: %s\n", heading(w.File, w.Pos), w.Msg)
	vm.writeSource(&b, w.File, w.Pos)
	vm.Err().Write(b.Bytes())
}
