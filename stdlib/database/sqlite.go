package database

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"gene/stdlib"
	"gene/value"
	"gene/vm"
)

// SQLite is called through the functions of its C interface rather than through
// the package's driver: that one turns the text of date columns into times, from
// which the text can't be had back, and ends no single fetch of a cursor.

var sqliteDialect = &dialect{
	name:   "sqlite",
	undoes: true, // a full disk, a failure to read or write, an interrupted change
	// A transaction of a program mostly writes. If it took its lock at the first
	// write only, another writer could make it fail in its middle.
	begin: map[string]string{"": "BEGIN IMMEDIATE", "immediate": "BEGIN IMMEDIATE", "deferred": "BEGIN", "exclusive": "BEGIN EXCLUSIVE"},
	address: func(h *stdlib.Host, path string, kw *value.Map) (dialer, string, int, error) {
		busyMS := 5000
		if err := options(h.VM(), kw, map[string]func(Value) error{"busy_timeout": intOption(h.VM(), "busy_timeout", &busyMS, 0, 3_600_000)}); err != nil {
			return nil, "", 0, err
		}
		full := path
		if path != "" && path != ":memory:" && !strings.HasPrefix(path, "file:") {
			full = h.Path(path)
		}
		return func(context.Context) (session, error) {
			return openSqlite(full, time.Duration(busyMS)*time.Millisecond)
		}, path, 1, nil
	},
	failure: func(m *vm.VM) (*value.Class, string) { return m.Errors.IO, vm.CodeIO },
}

func init() { sqlite3.PatchIssue199() } // page sizes of linux/arm64; does nothing elsewhere

// sqliteSession is one SQLite connection.
type sqliteSession struct {
	tls      *libc.TLS
	db       uintptr // 0 once closed
	prepared map[string]*sqliteStatement
	cursors  map[*sqliteCursor]struct{}
	busyMax  time.Duration // how long to wait for the lock of another connection

	// What SQLite calls while it works, on the goroutine that works. The fields
	// keep them alive, as SQLite's memory is none that the collector looks at.
	onProgress func(*libc.TLS, uintptr) int32
	onBusy     func(*libc.TLS, uintptr, int32) int32
	done       <-chan struct{} // of the context of the work under way
	busySince  time.Time
}

// progressSteps is how many instructions of SQLite's machine run between two looks
// at whether the work was cancelled: some 10 µs.
const progressSteps = 1000

func openSqlite(path string, busyMax time.Duration) (*sqliteSession, error) {
	if strings.IndexByte(path, 0) >= 0 {
		return nil, errors.New("a path cannot contain the character 0")
	}
	s := &sqliteSession{tls: libc.NewTLS(), prepared: map[string]*sqliteStatement{}, cursors: map[*sqliteCursor]struct{}{}, busyMax: busyMax}
	name, err := libc.CString(path)
	if err != nil {
		s.tls.Close()
		return nil, err
	}
	defer libc.Xfree(s.tls, name)
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_FULLMUTEX | sqlite3.SQLITE_OPEN_URI
	var code int32
	s.db, err = s.pointer(func(to uintptr) { code = sqlite3.Xsqlite3_open_v2(s.tls, name, to, flags, 0) })
	if err == nil && code != sqlite3.SQLITE_OK {
		err = s.failure(code)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	sqlite3.Xsqlite3_extended_result_codes(s.tls, s.db, 1)
	s.onProgress, s.onBusy = s.progress, s.busy
	sqlite3.Xsqlite3_progress_handler(s.tls, s.db, progressSteps, *(*uintptr)(unsafe.Pointer(&s.onProgress)), 0)
	sqlite3.Xsqlite3_busy_handler(s.tls, s.db, *(*uintptr)(unsafe.Pointer(&s.onBusy)), 0)
	return s, nil
}

// pointer calls get with the address of a pointer and gives what was stored there.
func (s *sqliteSession) pointer(get func(to uintptr)) (uintptr, error) {
	var blank [unsafe.Sizeof(uintptr(0))]byte
	at, err := libc.CString(string(blank[:]))
	if err != nil {
		return 0, err
	}
	defer libc.Xfree(s.tls, at)
	get(at)
	return readPointer(at), nil
}

func readPointer(at uintptr) uintptr {
	b := libc.GoBytes(at, int(unsafe.Sizeof(at)))
	if len(b) == 4 {
		return uintptr(binary.NativeEndian.Uint32(b))
	}
	return uintptr(binary.NativeEndian.Uint64(b))
}

// progress ends a statement whose work was cancelled.
func (s *sqliteSession) progress(*libc.TLS, uintptr) int32 {
	select {
	case <-s.done:
		return 1
	default:
		return 0
	}
}

// busy waits a little for the lock of another connection. It gives 0 when it has
// waited long enough.
func (s *sqliteSession) busy(_ *libc.TLS, _ uintptr, tries int32) int32 {
	if tries == 0 {
		s.busySince = time.Now()
	}
	left := s.busyMax - time.Since(s.busySince)
	if left <= 0 {
		return 0
	}
	pause := time.NewTimer(min(left, 50*time.Millisecond, time.Millisecond<<min(tries, 6)))
	defer pause.Stop()
	select {
	case <-s.done:
		return 0
	case <-pause.C:
		return 1
	}
}

// during makes ctx the context of the work until the result is called.
func (s *sqliteSession) during(ctx context.Context) func() {
	s.done = ctx.Done()
	return func() { s.done = nil }
}

// sqliteError is an error of SQLite with its extended result code.
type sqliteError struct {
	code int32
	text string
}

func (e sqliteError) Error() string  { return e.text }
func (e sqliteError) sqlCode() Value { return value.Int(int64(e.code)) }

func (s *sqliteSession) failure(code int32) error {
	if s.db == 0 {
		return sqliteError{code, libc.GoString(sqlite3.Xsqlite3_errstr(s.tls, code))}
	}
	return sqliteError{code, libc.GoString(sqlite3.Xsqlite3_errmsg(s.tls, s.db))}
}

// because gives the error of a step: the context's, if that is why it ended.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// sqliteStatement is a compiled statement.
type sqliteStatement struct {
	s  *sqliteSession
	at uintptr
}

// compile compiles the first statement of the text at sql. It gives nil when there
// is none, and where the rest begins.
func (s *sqliteSession) compile(sql uintptr) (st *sqliteStatement, rest uintptr, err error) {
	var code int32
	var at uintptr
	rest, err = s.pointer(func(tail uintptr) {
		at, err = s.pointer(func(to uintptr) { code = sqlite3.Xsqlite3_prepare_v2(s.tls, s.db, sql, -1, to, tail) })
	})
	switch {
	case err != nil:
		return nil, 0, err
	case code != sqlite3.SQLITE_OK:
		return nil, 0, s.failure(code)
	case at == 0:
		return nil, rest, nil
	}
	return &sqliteStatement{s, at}, rest, nil
}

// withText calls f with a copy of the SQL that SQLite can read.
func (s *sqliteSession) withText(sql string, f func(at uintptr) error) error {
	if strings.IndexByte(sql, 0) >= 0 {
		return errors.New("SQL cannot contain the character 0")
	}
	at, err := libc.CString(sql)
	if err != nil {
		return err
	}
	defer libc.Xfree(s.tls, at)
	return f(at)
}

// compileOne compiles a text of exactly one statement.
func (s *sqliteSession) compileOne(sql string) (st *sqliteStatement, err error) {
	err = s.withText(sql, func(at uintptr) error {
		first, rest, err := s.compileNext(at)
		if err != nil {
			return err
		}
		if first == nil {
			return errors.New("there is no statement")
		}
		second, _, err := s.compileNext(rest)
		if second != nil || err != nil {
			first.finalize()
			if second != nil {
				second.finalize()
			}
			return errors.New("this requires a single statement, got several")
		}
		st = first
		return nil
	})
	return st, err
}

// compileNext is compile that passes over what is no statement: blanks, comments,
// lone semicolons.
func (s *sqliteSession) compileNext(at uintptr) (*sqliteStatement, uintptr, error) {
	for libc.GoBytes(at, 1)[0] != 0 {
		st, rest, err := s.compile(at)
		if st != nil || err != nil {
			return st, rest, err
		}
		at = rest
	}
	return nil, at, nil
}

func (st *sqliteStatement) finalize() error {
	if code := sqlite3.Xsqlite3_finalize(st.s.tls, st.at); code != sqlite3.SQLITE_OK {
		return st.s.failure(code)
	}
	return nil
}

// sqliteLength bounds a text or blob, in bytes: SQLite's own limit.
const sqliteLength = 1_000_000_000

func (st *sqliteStatement) bind(params []any) error {
	if n := int(sqlite3.Xsqlite3_bind_parameter_count(st.s.tls, st.at)); n != len(params) {
		return fmt.Errorf("the statement requires %d parameters, got %d", n, len(params))
	}
	for i, p := range params {
		if err := st.bindOne(int32(i+1), p); err != nil {
			return err
		}
	}
	return nil
}

func (st *sqliteStatement) bindOne(i int32, p any) error {
	tls, code := st.s.tls, int32(sqlite3.SQLITE_OK)
	switch p := p.(type) {
	case nil:
		code = sqlite3.Xsqlite3_bind_null(tls, st.at, i)
	case bool:
		n := int64(0)
		if p {
			n = 1
		}
		code = sqlite3.Xsqlite3_bind_int64(tls, st.at, i, n)
	case int64:
		code = sqlite3.Xsqlite3_bind_int64(tls, st.at, i, p)
	case float64:
		code = sqlite3.Xsqlite3_bind_double(tls, st.at, i, p)
	case string:
		return st.bindBytes(i, p, sqlite3.Xsqlite3_bind_text)
	case []byte:
		return st.bindBytes(i, string(p), sqlite3.Xsqlite3_bind_blob)
	}
	if code != sqlite3.SQLITE_OK {
		return st.s.failure(code)
	}
	return nil
}

func (st *sqliteStatement) bindBytes(i int32, p string, bind func(*libc.TLS, uintptr, int32, uintptr, int32, uintptr) int32) error {
	if len(p) > sqliteLength {
		return fmt.Errorf("parameter %d has %d bytes (limit %d)", i, len(p), sqliteLength)
	}
	at, err := libc.CString(p)
	if err != nil {
		return err
	}
	defer libc.Xfree(st.s.tls, at)
	const transient = ^uintptr(0) // SQLite makes a copy
	if code := bind(st.s.tls, st.at, i, at, int32(len(p)), transient); code != sqlite3.SQLITE_OK {
		return st.s.failure(code)
	}
	return nil
}

// step goes to the next row; false means that there is none.
func (st *sqliteStatement) step(ctx context.Context) (bool, error) {
	switch code := sqlite3.Xsqlite3_step(st.s.tls, st.at); code {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, because(ctx, st.s.failure(code))
	}
}

func (st *sqliteStatement) columns() []string {
	names := make([]string, sqlite3.Xsqlite3_column_count(st.s.tls, st.at))
	for i := range names {
		names[i] = libc.GoString(sqlite3.Xsqlite3_column_name(st.s.tls, st.at, int32(i)))
	}
	return names
}

func (st *sqliteStatement) row(columns []string, typed bool) (row []any, err error) {
	row = make([]any, len(columns))
	for i, name := range columns {
		if row[i], err = st.cell(int32(i), typed); err != nil {
			return nil, fmt.Errorf("column %s %w", name, err)
		}
	}
	return row, nil
}

// cell reads a column of the row, as text unless typed.
func (st *sqliteStatement) cell(i int32, typed bool) (any, error) {
	tls := st.s.tls
	kind := sqlite3.Xsqlite3_column_type(tls, st.at, i)
	switch {
	case kind == sqlite3.SQLITE_NULL:
		return nil, nil
	case typed && kind == sqlite3.SQLITE_INTEGER:
		n := sqlite3.Xsqlite3_column_int64(tls, st.at, i)
		if n>>1 == 0 && st.declaredBool(i) {
			return n == 1, nil
		}
		return n, nil
	case typed && kind == sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(tls, st.at, i), nil
	case typed && kind == sqlite3.SQLITE_BLOB:
		at := sqlite3.Xsqlite3_column_blob(tls, st.at, i)
		return st.bytes(at, i), nil
	}
	at := sqlite3.Xsqlite3_column_text(tls, st.at, i)
	text := st.bytes(at, i)
	if !utf8.Valid(text) {
		return nil, errors.New("holds bytes that are no text (^typed true gives them as Bytes if it is a blob)")
	}
	return string(text), nil
}

// bytes copies a text or blob, which has just been asked for.
func (st *sqliteStatement) bytes(at uintptr, i int32) []byte {
	n := int(sqlite3.Xsqlite3_column_bytes(st.s.tls, st.at, i))
	if at == 0 || n == 0 {
		return []byte{}
	}
	return append([]byte{}, libc.GoBytes(at, n)...)
}

func (st *sqliteStatement) declaredBool(i int32) bool {
	at := sqlite3.Xsqlite3_column_decltype(st.s.tls, st.at, i)
	if at == 0 {
		return false
	}
	t := strings.ToUpper(libc.GoString(at))
	return t == "BOOL" || t == "BOOLEAN"
}

// all runs a bound statement to its end.
func (st *sqliteStatement) all(ctx context.Context, want statement) (*outcome, error) {
	s := st.s
	out := &outcome{columns: st.columns()}
	before := sqlite3.Xsqlite3_total_changes64(s.tls, s.db)
	// What changes rows has changed all of them when it gives the first.
	for !want.first || len(out.rows) == 0 {
		more, err := st.step(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if want.rows {
			row, err := st.row(out.columns, want.typed)
			if err != nil {
				return nil, err
			}
			out.rows = append(out.rows, row)
		}
	}
	if sqlite3.Xsqlite3_total_changes64(s.tls, s.db) != before {
		out.changes = sqlite3.Xsqlite3_changes64(s.tls, s.db)
		out.lastID = sqlite3.Xsqlite3_last_insert_rowid(s.tls, s.db)
	}
	return out, nil
}

func (s *sqliteSession) run(ctx context.Context, want statement) (*outcome, error) {
	defer s.during(ctx)()
	if want.prepared {
		st, err := s.ready(want.sql)
		if err != nil {
			return nil, err
		}
		defer sqlite3.Xsqlite3_clear_bindings(s.tls, st.at)
		defer sqlite3.Xsqlite3_reset(s.tls, st.at)
		if err := st.bind(want.params); err != nil {
			return nil, err
		}
		return st.all(ctx, want)
	}
	if len(want.params) > 0 {
		st, err := s.compileOne(want.sql)
		if err != nil {
			return nil, err
		}
		return s.once(ctx, st, want)
	}
	out := &outcome{}
	err := s.withText(want.sql, func(at uintptr) error {
		for {
			st, rest, err := s.compileNext(at)
			if err != nil || st == nil {
				return err
			}
			if out, err = s.once(ctx, st, want); err != nil {
				return err
			}
			at = rest
		}
	})
	return out, err
}

// once runs a statement and ends it.
func (s *sqliteSession) once(ctx context.Context, st *sqliteStatement, want statement) (*outcome, error) {
	err := st.bind(want.params)
	var out *outcome
	if err == nil {
		out, err = st.all(ctx, want)
	}
	if endErr := st.finalize(); err == nil {
		err = because(ctx, endErr)
	}
	return out, err
}

// ready gives the prepared statement of a text.
func (s *sqliteSession) ready(sql string) (*sqliteStatement, error) {
	if st, ok := s.prepared[sql]; ok {
		return st, nil
	}
	st, err := s.compileOne(sql)
	if err == nil {
		s.prepared[sql] = st
	}
	return st, err
}

func (s *sqliteSession) prepare(ctx context.Context, sql string) error {
	defer s.during(ctx)()
	_, err := s.ready(sql)
	return err
}

func (s *sqliteSession) forget(ctx context.Context, sql string) error {
	st, ok := s.prepared[sql]
	if !ok {
		return nil
	}
	delete(s.prepared, sql)
	return st.finalize()
}

func (s *sqliteSession) inTransaction() bool {
	return s.db != 0 && sqlite3.Xsqlite3_get_autocommit(s.tls, s.db) == 0
}

func (s *sqliteSession) failed() bool { return false }
func (s *sqliteSession) lost() bool   { return s.db == 0 }

func (s *sqliteSession) close() {
	if s.tls == nil {
		return
	}
	for _, st := range s.prepared {
		st.finalize()
	}
	for c := range s.cursors {
		c.end()
	}
	if s.db != 0 {
		sqlite3.Xsqlite3_close_v2(s.tls, s.db)
	}
	s.tls.Close()
	s.db, s.tls = 0, nil
}

// sqliteCursor is a statement that is stepped through piece by piece.
type sqliteCursor struct {
	st            *sqliteStatement // nil once closed
	columns       []string
	typed         bool
	inTransaction bool
}

func (s *sqliteSession) stream(ctx context.Context, want statement) (cursor, error) {
	defer s.during(ctx)()
	st, err := s.compileOne(want.sql)
	if err != nil {
		return nil, err
	}
	if err := st.bind(want.params); err != nil {
		st.finalize()
		return nil, err
	}
	c := &sqliteCursor{st: st, columns: st.columns(), typed: want.typed, inTransaction: s.inTransaction()}
	s.cursors[c] = struct{}{}
	return c, nil
}

func (s *sqliteSession) endStreams() {
	for c := range s.cursors {
		if c.inTransaction {
			c.end()
		}
	}
}

func (c *sqliteCursor) fetch(ctx context.Context, n int) (*outcome, bool, error) {
	if c.st == nil {
		return nil, true, errOver
	}
	defer c.st.s.during(ctx)()
	out := &outcome{columns: c.columns}
	for len(out.rows) < n {
		more, err := c.st.step(ctx)
		if err != nil || !more {
			return out, true, err
		}
		row, err := c.st.row(c.columns, c.typed)
		if err != nil {
			return out, true, err
		}
		out.rows = append(out.rows, row)
	}
	return out, false, nil
}

func (c *sqliteCursor) close(context.Context) error { return c.end() }

// end ends the statement. What it failed with was told when it failed.
func (c *sqliteCursor) end() error {
	if c.st != nil {
		delete(c.st.s.cursors, c)
		c.st.finalize()
		c.st = nil
	}
	return nil
}
