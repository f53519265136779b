//go:build genenosafe

package vm

// due is never true in builds without safepoints (tag genenosafe), which exist
// to measure what safepoints cost. Completions run at awaits only.
func (vm *VM) due() bool { return false }
