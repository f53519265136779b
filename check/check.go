// Package check is the static half of the gradual type system (2.12): it walks
// the forms of a module before they run, infers simple types and reports what
// cannot go well as warnings. Nothing it finds stops or changes a program.
//
// What is not annotated is Any, and where the checker isn't sure it is silent:
// a warning means that no value the expression can have would pass. An
// annotation is believed, though at run time nil passes most boundaries.
//
// It is a package of its own, because it needs nothing of the compiler's state
// and the compiler nothing of its types: the two share only the rules of which
// form is which (compiler.ShapeOf). It imports compiler for those, syntax and
// value. A check keeps its state in a checker value and reads the forms and
// the namespace of built-ins only, so it may run on any goroutine as long as
// nobody changes these.
package check

import (
	"fmt"
	"slices"
	"strings"

	"gene/syntax"
	"gene/value"
)

// Warning is a suspicion about the source text from Pos to just before End.
type Warning struct {
	File string
	Pos  value.Pos
	End  value.Pos
	Msg  string
}

// Options say how to check.
type Options struct {
	// Globals are the built-in names. Without them nothing is said about
	// methods of built-in kinds and classes.
	Globals   *value.Namespace
	StrictNil bool // nil passes a boundary only where the type has it
	// Defined tells of the names that earlier texts of a session have defined;
	// nil when there are none.
	Defined func(name *value.Symbol) bool
}

// warningsMax is where a check gives up: nobody reads more in one go.
const warningsMax = 200

// Module checks the forms of a source file. The warnings come in the order of
// the text.
func Module(file *syntax.File, o Options) []Warning {
	c := &checker{file: file, o: o, names: map[*value.Symbol]*binding{}}
	c.facts.collect(file.Forms)
	c.module()
	slices.SortStableFunc(c.warnings, func(a, b Warning) int { return compare(a.Pos, b.Pos) })
	return slices.CompactFunc(c.warnings, func(a, b Warning) bool { return a.Pos == b.Pos && a.Msg == b.Msg })
}

func compare(a, b value.Pos) int {
	if a.Line != b.Line {
		return int(a.Line) - int(b.Line)
	}
	return int(a.Col) - int(b.Col)
}

// checker is the state of one check.
type checker struct {
	file  *syntax.File
	o     Options
	facts facts

	names    map[*value.Symbol]*binding // what each name means here
	shadowed []shadow                   // what they meant outside, innermost last
	narrowed []narrowing                // types to restore, innermost last

	fn        *function   // the function around, nil at the top level
	outermost *value.Gene // the function around that is in no other
	self      *class      // the class whose method this is
	inClass   bool        // directly in the body of a class
	depth     int

	warnings []Warning
	lines    []int // offsets of the lines, found when first needed
}

// depthMax bounds the recursion; the reader allows no deeper forms, but pairs
// of infix operators nest once more.
const depthMax = 2*syntax.MaxDepth + 100

// warn notes a warning about the form that begins at pos.
func (c *checker) warn(pos value.Pos, format string, args ...any) {
	if pos.Line == 0 || len(c.warnings) >= warningsMax {
		return
	}
	c.warnings = append(c.warnings, Warning{c.file.Name, pos, c.endOf(pos), fmt.Sprintf(format, args...)})
}

// endOf finds where the form that begins at pos ends, by reading it again:
// warnings are rare, and atoms don't carry their places.
func (c *checker) endOf(pos value.Pos) value.Pos {
	at, ok := c.offset(pos)
	if !ok {
		return pos
	}
	r := syntax.NewReader("", c.file.Text[at:])
	if _, _, err := r.Next(); err != nil {
		return pos
	}
	end := pos
	for _, ch := range c.file.Text[at : at+r.Offset()] {
		end.Col++
		if ch == '\n' {
			end.Line, end.Col = end.Line+1, 1
		}
	}
	return end
}

// offset gives the byte at which a place lies; columns count characters.
func (c *checker) offset(pos value.Pos) (int, bool) {
	if c.lines == nil {
		c.lines = []int{0}
		for i := 0; i < len(c.file.Text); i++ {
			if c.file.Text[i] == '\n' {
				c.lines = append(c.lines, i+1)
			}
		}
	}
	if int(pos.Line) > len(c.lines) {
		return 0, false
	}
	at := c.lines[pos.Line-1]
	text := strings.TrimPrefix(c.file.Text[at:], "\ufeff")
	at = len(c.file.Text) - len(text)
	col := uint32(1)
	for i := range text {
		if col == pos.Col {
			return at + i, true
		}
		col++
	}
	return 0, false
}

// module checks the top level: what it declares can be seen from the start.
func (c *checker) module() {
	c.declareTop()
	c.body(c.file.Forms, func(i int) value.Pos { return c.file.Pos[i] }, nil)
}
