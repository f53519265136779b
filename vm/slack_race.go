//go:build race

package vm

// windowSlack keeps the pointer checks of race builds content: a window claims
// 256 registers whatever it needs.
const windowSlack = 256
