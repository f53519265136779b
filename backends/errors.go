package backends

import (
	"errors"
	"fmt"
)

// ErrClosed is returned for work that is started after Close.
var ErrClosed = errors.New("event loop is closed")

// ErrTooManyPending is wrapped by the error for work beyond Options.MaxPending, which tells the
// limit and the value.
var ErrTooManyPending = errors.New("too many pending operations")

// WorkPanic is raised on the VM's goroutine when work panicked on another.
type WorkPanic struct {
	Value any    // what was passed to panic
	Stack []byte // of the goroutine that panicked
}

// Error tells the value and the stack.
func (p *WorkPanic) Error() string {
	return fmt.Sprintf("internal error: panic in background work: %v\n%s", p.Value, p.Stack)
}

// Unwrap returns the panic's value if it is an error.
func (p *WorkPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
