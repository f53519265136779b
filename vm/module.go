package vm

import (
	"gene/compiler"
	"gene/value"
)

// moduleIntrinsic is export and import. Modules are loaded by the library; the
// core knows only the built-in namespaces.
func (vm *VM) moduleIntrinsic(n compiler.Intrinsic, f *frame, a int, args []value.Value) error {
	if n == compiler.InExport {
		return nil
	}
	return vm.Raise(vm.Errors.Exception, CodeImport, "import of files is not available")
}
