// Package database is genex/sqlite and genex/postgres (13.12): it registers them
// with stdlib, and a program that imports neither pays nothing for them.
//
// A database has sessions, the connections proper, in lanes. What the program
// asks for are jobs; scopes, a connection or a transaction, let jobs take turns
// on the lanes they hold, in the order they were asked for. Everything but the
// work of a job, which runs on a worker of the event loop and owns its lane's
// session meanwhile, belongs to the VM's goroutine.
//
// What waits or calls back is written in Gene, in database.gene.
package database

import (
	_ "embed"

	"context"
	"errors"

	"gene/stdlib"
	"gene/value"
	"gene/vm"
)

// Value is one Gene value.
type Value = value.Value

//go:embed database.gene
var source []byte

//go:embed listener.gene
var listenerSource []byte

func init() {
	stdlib.Register(stdlib.Extension{Name: "sqlite", Load: sqliteDialect.load, Source: source})
	stdlib.Register(stdlib.Extension{Name: "postgres", Load: postgresDialect.load, Source: append(source[:len(source):len(source)], listenerSource...)})
}

// dialect is what differs between the kinds of databases.
type dialect struct {
	name string
	// begin gives, by the ^mode of a transaction, what begins it; "" is the default.
	begin map[string]string
	// parks says that work waits in Go's poller for a server and so needs no worker.
	parks bool
	pools bool // one connection may have several sessions
	// undoes says that an error may end the transaction it happens in, undone.
	undoes bool
	// address turns the operands of open into what dials, a name for texts, and
	// how many sessions there may be.
	address func(h *stdlib.Host, path string, kw *value.Map) (dial dialer, name string, sessions int, err error)
	failure func(m *vm.VM) (*value.Class, string) // class and code of a failed open
}

// dialer opens a session. It runs on a worker.
type dialer func(ctx context.Context) (session, error)

// session is one connection to a database. Its methods run on workers, one at
// a time.
type session interface {
	// run executes a statement, or several without parameters, and gives the
	// outcome of the last.
	run(ctx context.Context, st statement) (*outcome, error)
	// prepare checks a statement and keeps it ready until forget.
	prepare(ctx context.Context, sql string) error
	forget(ctx context.Context, sql string) error
	// stream begins a query whose rows are fetched piece by piece.
	stream(ctx context.Context, st statement) (cursor, error)
	// endStreams closes the cursors that were opened in the transaction about to end.
	endStreams()
	inTransaction() bool
	failed() bool // in a transaction that can only be rolled back
	lost() bool   // the connection is gone
	close()       // closing again does nothing
}

// cursor is a query under way.
type cursor interface {
	// fetch gives at most n further rows; done says that there are no more, and
	// the cursor is closed then.
	fetch(ctx context.Context, n int) (out *outcome, done bool, err error)
	close(ctx context.Context) error
}

// statement is SQL with its parameters: nil, bool, int64, float64, string or []byte.
type statement struct {
	sql      string
	params   []any
	prepared bool // prepare has been called
	rows     bool // the rows are wanted
	first    bool // and only the first of them; the statement may end there
	typed    bool // as bool, int64, float64, string, []byte or nil; else as string or nil
}

// outcome is what a statement gave.
type outcome struct {
	columns []string
	rows    [][]any
	changes int64 // rows inserted, changed or deleted
	lastID  int64 // of the last row inserted; sqlite only
}

var (
	errClosed    = errors.New("Connection is closed")
	errOver      = errors.New("The transaction is over")
	errStatement = errors.New("Statement is closed")
	errLost      = lostError{errors.New("the connection was lost in the middle of the transaction")}
	errUndone    = errors.New("the transaction is undone already, as a statement in it has failed or was cancelled, or has ended it")
	errBegun     = errors.New("the transaction is undone already, as a statement in it has failed or was cancelled; call rollback to go on")
	errItself    = errors.New("deadlock: the function of a transaction waits for this task, which waits for the end of the transaction; use the transaction that the function got")
	errLostBegun = lostError{errors.New("the connection was lost in the middle of the transaction; call rollback to go on")}
)

// lostError says that the connection is gone.
type lostError struct{ error }

func (e lostError) Unwrap() error { return e.error }

// openError is the failure of a dialer.
type openError struct{ error }

func (e openError) Unwrap() error { return e.error }

// coded is an error with the database's own code.
type coded interface {
	error
	sqlCode() Value
}

// exception turns an error of a session into the program's.
func (d *database) exception(err error) error {
	m := d.m
	var thrown *vm.Exception
	var lost lostError
	var open openError
	switch {
	case errors.As(err, &thrown):
		return err
	case errors.Is(err, errClosed), errors.Is(err, errOver), errors.Is(err, errStatement):
		return m.Raise(m.Errors.Exception, vm.CodeRuntime, "%s", err.Error())
	case errors.As(err, &open):
		class, code := d.dialect.failure(m)
		return m.Raise(class, code, "Failed to open database: %s", open.Error())
	case errors.As(err, &lost):
		return m.Raise(m.Errors.Network, vm.CodeNet, "SQL execution failed: %s", lost.Error())
	case errors.Is(err, context.Canceled):
		return m.Raise(m.Errors.Cancellation, vm.CodeCancelled, "SQL execution cancelled")
	}
	raised := m.Raise(m.Errors.Exception, vm.CodeRuntime, "SQL execution failed: %s", err.Error())
	var c coded
	if errors.As(err, &c) {
		m.Exception(raised).Instance.Set(value.Intern("sql_code"), c.sqlCode())
	}
	return raised
}
