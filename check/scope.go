package check

import (
	"gene/value"
)

// binding is what a name means in a scope.
type binding struct {
	name *value.Symbol
	typ  *typ // of its value, as far as it is known where we are
	want *typ // its annotation, which guards assignments
	// stable is set when nothing assigns the name, so that what a test tells
	// of its value stays true.
	stable  bool
	isVar   bool // var, let, parameter: not a definition
	guessed bool // typ is that of the only value

	class   *class
	enum    *enum
	alias   value.Value // a type expression; unset when the name is no alias
	open    bool        // the alias is being resolved
	variant bool        // a variable that holds a variant
}

// shadow is what a name meant before a declaration; b is nil for nothing.
type shadow struct {
	name *value.Symbol
	b    *binding
}

// narrowing is the type that a variable had before a test told more.
type narrowing struct {
	b   *binding
	typ *typ
}

// mark is a state of the scopes to return to.
type mark struct{ shadowed, narrowed int }

func (c *checker) mark() mark { return mark{len(c.shadowed), len(c.narrowed)} }

// leave ends the scope that began at a mark.
func (c *checker) leave(m mark) {
	c.widen(m.narrowed)
	for len(c.shadowed) > m.shadowed {
		last := c.shadowed[len(c.shadowed)-1]
		c.shadowed = c.shadowed[:len(c.shadowed)-1]
		if last.b == nil {
			delete(c.names, last.name)
		} else {
			c.names[last.name] = last.b
		}
	}
}

// widen forgets what tests have told since there were n narrowings.
func (c *checker) widen(n int) {
	for len(c.narrowed) > n {
		last := c.narrowed[len(c.narrowed)-1]
		c.narrowed = c.narrowed[:len(c.narrowed)-1]
		last.b.typ = last.typ
	}
}

// bind gives a name a meaning in the current scope.
func (c *checker) bind(name *value.Symbol, b *binding) *binding {
	b.name = name
	c.shadowed = append(c.shadowed, shadow{name, c.names[name]})
	c.names[name] = b
	return b
}

// variable binds a variable with the type that its annotation, or its only
// value, tells.
func (c *checker) variable(name *value.Symbol, want, init *typ) *binding {
	b := &binding{want: want, typ: want, isVar: true, stable: !c.assigned(name) && !c.facts.dynamic}
	if want == nil && b.stable && !c.ambiguous(name) {
		b.typ, b.guessed = init, init != nil
	}
	if c.ambiguous(name) {
		b.typ, b.want = nil, nil
	}
	return c.bind(name, b)
}

// assigned tells whether something assigns a variable that is declared here: of
// a function's own variables only the function's text can.
func (c *checker) assigned(name *value.Symbol) bool {
	if c.fn != nil {
		return c.facts.local[local{c.outermost, name}]
	}
	return c.facts.assigned[name]
}

// ambiguous tells whether a name stands for several things of the module.
// Functions see the first of them, wherever they stand (3.2).
func (c *checker) ambiguous(name *value.Symbol) bool { return c.fn == nil && c.facts.defined[name] > 1 }

// unknown binds a name of which nothing is known.
func (c *checker) unknown(name *value.Symbol) { c.bind(name, &binding{isVar: true}) }

// narrow notes the type that a variable has from here on.
func (c *checker) narrow(b *binding, t *typ) {
	if b.typ == t {
		return
	}
	c.narrowed = append(c.narrowed, narrowing{b, b.typ})
	b.typ = t
}

// builtinName tells whether a name can only be that of a built-in.
func (c *checker) builtinName(name *value.Symbol) bool {
	return c.names[name] == nil && c.facts.defined[name] == 0 && !c.facts.assigned[name] &&
		(c.o.Defined == nil || !c.o.Defined(name))
}
