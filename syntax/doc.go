// Package syntax turns source text into values and values back into source
// text.
//
// It imports package value alone. Reading is one pass over the bytes by hand
// written scanners: every error has a source span, and after most errors the
// reader goes on, so that one run shows several. A Reader belongs to one
// goroutine; the functions may be called from any.
//
// Syntax that is not plain data is read as Gene expressions with heads that
// only an escaped symbol could have (value.SymQuote, value.SymInterp and
// value.SymHashMap):
//
//	`x          ("`" x)
//	#"a#{x}b"   ("#\"" "a" x "b")
//	{{k v}}     ("{{" k v)
package syntax
