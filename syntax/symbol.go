package syntax

import (
	"strings"

	"gene/value"
)

// symCacheSize is the number of slots of a reader's cache of symbols, a power
// of two. Names repeat, and a hit costs a tenth of interning.
const symCacheSize = 128

type cachedSymbol struct {
	name string
	sym  *value.Symbol
}

// intern is value.Intern through the reader's cache.
func (r *Reader) intern(name string) *value.Symbol {
	if name == "" {
		return value.Intern(name)
	}
	n := len(name)
	h := uint(n)*7 ^ uint(name[0])*31 ^ uint(name[n-1])*5 ^ uint(name[n/2])*13
	slot := &r.syms[h%symCacheSize]
	if slot.name != name {
		slot.name, slot.sym = name, value.Intern(name)
	}
	return slot.sym
}

// symbol reads a symbol, a path or one of the five constants.
func (r *Reader) symbol() (value.Value, bool) {
	start, slash := r.off, false
	i := start
	for ; i < len(r.text) && !tokenEnd[r.text[i]]; i++ {
		switch r.text[i] {
		case '/':
			slash = true
		case '\\':
			return r.escapedSymbol()
		}
	}
	r.off = i
	tok := r.text[start:i]
	if slash && tok != "/" && tok != "/=" {
		return value.NewPath(strings.Split(tok, "/")).Value(), true
	}
	switch tok {
	case "nil":
		return value.Nil, true
	case "void":
		return value.Void, true
	case "true":
		return value.True, true
	case "false":
		return value.False, true
	case "not_found":
		return value.NotFound, true
	}
	return r.intern(tok).Value(), true
}

// escapedSymbol reads a symbol or path that contains a backslash.
func (r *Reader) escapedSymbol() (value.Value, bool) {
	start := r.off
	var parts []string
	for {
		part, ok := r.word(start, '/')
		if !ok {
			return value.Value{}, false
		}
		parts = append(parts, part)
		if r.at(r.off) != '/' {
			break
		}
		r.off++
	}
	if len(parts) > 1 {
		return value.NewPath(parts).Value(), true
	}
	return r.intern(parts[0]).Value(), true
}

// word reads the rest of a token up to its end or an unescaped stop byte.
// start is where the token begins.
func (r *Reader) word(start int, stop byte) (string, bool) {
	base, from := len(r.buf), r.off
	for !r.ends(r.off) && r.text[r.off] != stop {
		if r.text[r.off] != '\\' {
			r.off++
			continue
		}
		r.buf = append(r.buf, r.text[from:r.off]...)
		r.off++
		if r.off >= len(r.text) {
			r.endOfText("symbol", r.posAt(start))
			return "", false
		}
		from = r.off
		r.off++ // the rest of a longer code point follows by itself
	}
	if len(r.buf) == base {
		return r.text[from:r.off], true
	}
	r.buf = append(r.buf, r.text[from:r.off]...)
	s := string(r.buf[base:])
	r.buf = r.buf[:base]
	return s, true
}
