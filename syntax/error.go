package syntax

import (
	"fmt"
	"strings"

	"gene/value"
)

// maxErrors is where a read gives up: nobody reads more in one go.
const maxErrors = 20

// Error is one thing wrong with a source text. The span runs from Pos to just
// before End.
type Error struct {
	File string
	Pos  value.Pos
	End  value.Pos
	Msg  string
	Hint string // what to do about it, or ""
	// Incomplete is set when the text ended inside a form, so that more text
	// could mend it.
	Incomplete bool
}

// Error gives `file:line:col: ParseException: message`.
func (e *Error) Error() string {
	file := e.File
	if file == "" {
		file = "<text>"
	}
	return fmt.Sprintf("%s:%d:%d: ParseException: %s", file, e.Pos.Line, e.Pos.Col, e.Msg)
}

// Errors are the errors of one read in the order they were found.
type Errors []*Error

// Error gives one line for each error.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Err gives es as an error, nil when there are none.
func (es Errors) Err() error {
	if len(es) == 0 {
		return nil
	}
	return es
}

// Incomplete tells whether more text could mend the only thing wrong.
func (es Errors) Incomplete() bool {
	return len(es) == 1 && es[0].Incomplete
}
