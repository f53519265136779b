// Package compiler turns forms into bytecode, and says what the bytecode is:
// the table of opcodes, the layout of a compiled function, its verifier and its
// disassembler.
//
// A form is compiled in one walk, straight into instructions, with the register
// its value is to go to given from outside (dest). What has to be known before
// is found by walks over the forms themselves (names.go): which names functions
// inside mention, which are assigned, and which a statement declares, so that
// locals get registers below the temporaries of the statement. The rules of
// which form is which (1.12) stand in one place, ShapeOf.
//
// The package imports syntax and value. A compilation keeps its state in a
// compiler value and changes the Module it is given: it may run on any
// goroutine, one at a time for each Module.
package compiler

import (
	"fmt"
	"strings"
	"unsafe"

	"gene/syntax"
	"gene/value"
)

// Options say how to compile.
type Options struct {
	Contracts bool // emit pre- and postconditions
	TypeCheck bool // emit checks of annotations
	StrictNil bool // kept for the VM's type checks; the code is the same
	REPL      bool // every top-level variable outlives the compilation
	// Prelude allows (extend Class (method …)), which adds methods to a
	// built-in class, and marks the functions FlagHidden.
	Prelude bool
}

// Error is a CompileException.
type Error struct {
	File string
	Pos  value.Pos
	Msg  string
	Hint string
}

// Error gives `file:line:col: CompileException: message`.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: CompileException: %s", e.File, e.Pos.Line, e.Pos.Col, e.Msg)
}

// Errors are the errors of one compilation, in source order of the top forms.
type Errors []*Error

// Error gives one line for each error.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Warning is a suspicion that does not stop the program.
type Warning struct {
	File string
	Pos  value.Pos
	Msg  string
}

// nestingMax bounds how deep forms may be nested. The compiler recurses, and
// people don't nest so deep; generated data may.
const nestingMax = 10_000

// compiler is the state of one compilation.
type compiler struct {
	o     Options
	mod   *Module
	locs  map[unsafe.Pointer]*value.Loc
	errs  Errors
	warns []Warning
	depth int
	root  *scope // the module's scope
	facts facts  // what is known of the top level
}

// bail leaves the top-level form being compiled after an error.
type bail struct{}

// CompileModule compiles a source file into the function that runs it. Warnings
// are given with and without an error, which is of type Errors.
func CompileModule(f *syntax.File, m *Module, o Options) (*Proto, []Warning, error) {
	c := newCompiler(m, o)
	c.locs = f.Locs
	p := c.module(f)
	return p, c.warns, c.err()
}

func newCompiler(m *Module, o Options) *compiler {
	if m.Cells == nil {
		m.Cells = map[*value.Symbol]*value.Cell{}
	}
	if m.Lets == nil {
		m.Lets = map[*value.Symbol]bool{}
	}
	return &compiler{o: o, mod: m}
}

func (c *compiler) err() error {
	if len(c.errs) == 0 {
		return nil
	}
	return c.errs
}

// guard runs one piece of the compilation; an error in it is noted and the
// next piece still gets its chance. It tells whether all went well.
func (c *compiler) guard(work func()) (ok bool) {
	depth := c.depth
	defer func() {
		if r := recover(); r != nil {
			if _, mine := r.(bail); !mine {
				panic(r)
			}
			c.depth = depth
		}
	}()
	work()
	return true
}

func (c *compiler) errorAt(pos value.Pos, hint, format string, args ...any) {
	c.errs = append(c.errs, &Error{c.mod.File, pos, fmt.Sprintf(format, args...), hint})
	panic(bail{})
}

func (c *compiler) warn(pos value.Pos, format string, args ...any) {
	c.warns = append(c.warns, Warning{c.mod.File, pos, fmt.Sprintf(format, args...)})
}

// CompileEval compiles a form that is to run where the scope s was taken. The
// function's upvalues are the variables of s in order, then self when s has
// one, then the environment of the macro that runs there.
func CompileEval(form value.Value, s *Scope, o Options) (*Proto, error) {
	return compileIn(s, o, func(f *fn) {
		f.c.analyseTop([]value.Value{form})
		if len(s.Vars) == 0 {
			f.scope = f.c.root
			f.c.declareTop([]value.Value{form}, f)
		}
		f.info = analyse([]value.Value{form})
		f.info.env = true
		f.body([]value.Value{form}, nil, dstTail)
	})
}

// CompileRender compiles a template, as $render takes it, into a function that
// gives the template's value with its unquotes evaluated.
func CompileRender(template value.Value, s *Scope, o Options) (*Proto, error) {
	return compileIn(s, o, func(f *fn) {
		f.c.analyseTop([]value.Value{template})
		f.info = analyse([]value.Value{template})
		f.info.env = true
		f.reserveIn(template)
		f.template(template, dstTail)
	})
}

func compileIn(s *Scope, o Options, gen func(f *fn)) (*Proto, error) {
	m := s.Module
	c := newCompiler(m, o)
	c.root = newScope(nil, nil)
	c.root.module = true
	f := c.newFn(nil, "")
	c.root.fn = f
	f.p.Flags |= FlagModule | FlagHidden
	c.root.set(symSelf, &variable{name: symSelf, kind: varConst, fn: f, val: m.NS.Value()})
	if f.pos = s.Pos; f.pos.Line == 0 {
		f.pos = value.Pos{Line: 1, Col: 1}
	}
	f.scope = newScope(c.root, f)
	for i, v := range s.Vars {
		f.p.Upvals = append(f.p.Upvals, Upval{Name: v.Name})
		if f.scope.vars[v.Name] == nil {
			f.scope.set(v.Name, &variable{name: v.Name, kind: varUp, fn: f, reg: i, boxed: true, let: v.Let, isVar: true, declared: true})
		}
	}
	if s.HasSelf {
		f.scope.set(symSelf, &variable{name: symSelf, kind: varUp, fn: f, reg: len(f.p.Upvals), declared: true})
		f.p.Upvals = append(f.p.Upvals, Upval{Name: symSelf})
	}
	if s.HasCaller {
		f.scope.set(symCaller, &variable{name: symCaller, kind: varUp, fn: f, reg: len(f.p.Upvals), declared: true})
		f.p.Upvals = append(f.p.Upvals, Upval{Name: symCaller})
	}
	c.guard(func() { gen(f); f.finish() })
	return f.p, c.err()
}
