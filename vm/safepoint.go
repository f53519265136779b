//go:build !genenosafe

package vm

// due tells whether a safepoint has something to do. It is a plain load and a
// branch that is hardly ever taken.
func (vm *VM) due() bool { return vm.ready.Load() != 0 }
