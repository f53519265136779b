//go:build !race

package vm

// windowSlack is the number of registers that lie behind the last usable one.
// A window claims 256 of them whatever it needs; only the pointer checks of
// race builds care.
const windowSlack = 0
