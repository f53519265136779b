package database

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"gene/stdlib"
	"gene/value"
	"gene/vm"
)

// Parameters and rows travel as text: the server knows the types and reads and
// writes each in its own form, so nothing is lost between its types and ours.

var postgresDialect = &dialect{
	name: "postgres",
	begin: map[string]string{
		"": "BEGIN", "read_only": "BEGIN READ ONLY", "serializable": "BEGIN ISOLATION LEVEL SERIALIZABLE",
		"repeatable_read": "BEGIN ISOLATION LEVEL REPEATABLE READ",
	},
	parks: true,
	pools: true,
	address: func(h *stdlib.Host, path string, kw *value.Map) (dialer, string, int, error) {
		size := 1
		if err := options(h.VM(), kw, map[string]func(Value) error{"pool": intOption(h.VM(), "pool", &size, 1, poolMax)}); err != nil {
			return nil, "", 0, err
		}
		return func(ctx context.Context) (session, error) { return openPostgres(ctx, path) }, "connection", size, nil
	},
	failure: func(m *vm.VM) (*value.Class, string) { return m.Errors.Network, vm.CodeNet },
}

const (
	// connectTimeout holds unless the address has a connect_timeout.
	connectTimeout = 30 * time.Second
	// cancelTimeout is how long a server may take to end a cancelled statement
	// before its connection is given up.
	cancelTimeout = 5 * time.Second
	// closeTimeout is for the farewell to a server.
	closeTimeout = time.Second
)

// postgresConfig reads an address.
func postgresConfig(address string) (*pgconn.Config, error) {
	c, err := pgconn.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	c.RuntimeParams["client_encoding"] = "UTF8"
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	return c, nil
}

// postgresSession is one connection to a server.
type postgresSession struct {
	conn     *pgconn.PgConn
	prepared map[string]string   // SQL → name of its statement
	serial   int                 // of names
	cursors  map[string]struct{} // that end with the transaction
}

func openPostgres(ctx context.Context, address string) (*postgresSession, error) {
	c, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	// Ask the server to end a cancelled statement: the connection outlives it.
	c.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelTimeout}
	}
	conn, err := pgconn.ConnectConfig(ctx, c)
	if err != nil {
		return nil, err
	}
	return &postgresSession{conn: conn, prepared: map[string]string{}, cursors: map[string]struct{}{}}, nil
}

// postgresError is an error of the server with its SQLSTATE.
type postgresError struct{ *pgconn.PgError }

func (e postgresError) Error() string {
	text := e.Message
	for _, more := range []string{e.Detail, e.Hint} {
		if more != "" {
			text += " (" + more + ")"
		}
	}
	return text
}

func (e postgresError) sqlCode() Value { return value.Str(e.Code) }

// because gives the error that the program sees.
func (s *postgresSession) because(ctx context.Context, err error) error {
	var p *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &p):
		return postgresError{p}
	}
	return err
}

// postgresTexts are the parameters as the server reads them.
func postgresTexts(params []any) [][]byte {
	out := make([][]byte, len(params))
	for i, p := range params {
		switch p := p.(type) {
		case bool:
			out[i] = strconv.AppendBool([]byte{}, p)
		case int64:
			out[i] = strconv.AppendInt([]byte{}, p, 10)
		case float64:
			out[i] = []byte(floatText(p))
		case string:
			out[i] = []byte(p)
		case []byte:
			out[i] = []byte(`\x` + hex.EncodeToString(p))
		}
	}
	return out
}

func floatText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// The types that are more than their text to us, by their numbers.
const (
	oidBool, oidBytes                 = 16, 17
	oidInt8, oidInt2, oidInt4, oidOid = 20, 21, 23, 26
	oidFloat4, oidFloat8              = 700, 701
)

// postgresCell reads a column, as text unless typed. Numeric stays text, as no
// type of ours holds all of it.
func postgresCell(text []byte, oid uint32, typed bool) (any, error) {
	if text == nil {
		return nil, nil
	}
	s := string(text)
	if !typed {
		return s, nil
	}
	switch oid {
	case oidBool:
		return s == "t", nil
	case oidInt2, oidInt4, oidInt8, oidOid:
		return strconv.ParseInt(s, 10, 64)
	case oidFloat4, oidFloat8:
		return strconv.ParseFloat(s, 64)
	case oidBytes:
		return hex.DecodeString(strings.TrimPrefix(s, `\x`))
	}
	return s, nil
}

// check refuses what the protocol can't carry.
func check(sql string) error {
	if strings.IndexByte(sql, 0) >= 0 {
		return errors.New("SQL cannot contain the character 0")
	}
	return nil
}

// read reads a result to its end.
func read(r *pgconn.ResultReader, want statement) (*outcome, error) {
	fields := r.FieldDescriptions()
	out := &outcome{columns: make([]string, len(fields))}
	for i, f := range fields {
		out.columns[i] = f.Name
	}
	var err error
	for r.NextRow() {
		if !want.rows || err != nil || want.first && len(out.rows) == 1 {
			continue
		}
		row := make([]any, len(fields))
		for i, text := range r.Values() {
			if row[i], err = postgresCell(text, fields[i].DataTypeOID, want.typed); err != nil {
				err = fmt.Errorf("column %s: %w", fields[i].Name, err)
			}
		}
		out.rows = append(out.rows, row)
	}
	tag, endErr := r.Close()
	if tag.Insert() || tag.Update() || tag.Delete() || strings.HasPrefix(tag.String(), "MERGE") {
		out.changes = tag.RowsAffected()
	}
	if endErr != nil {
		err = endErr
	}
	return out, err
}

func (s *postgresSession) run(ctx context.Context, want statement) (out *outcome, err error) {
	if err := check(want.sql); err != nil {
		return nil, err
	}
	switch {
	case want.prepared:
		out, err = s.runPrepared(ctx, want)
	case len(want.params) == 0 && !want.rows:
		out, err = s.script(ctx, want)
	default:
		out, err = read(s.conn.ExecParams(ctx, want.sql, postgresTexts(want.params), nil, nil, nil), want)
	}
	if s.conn.TxStatus() == 'I' {
		clear(s.cursors)
	}
	return out, s.because(ctx, err)
}

// script runs statements without parameters.
func (s *postgresSession) script(ctx context.Context, want statement) (*outcome, error) {
	out := &outcome{}
	results := s.conn.Exec(ctx, want.sql)
	var err error
	for err == nil && results.NextResult() {
		out, err = read(results.ResultReader(), want)
	}
	if endErr := results.Close(); endErr != nil {
		err = endErr
	}
	return out, err
}

func (s *postgresSession) runPrepared(ctx context.Context, want statement) (*outcome, error) {
	if err := s.prepare(ctx, want.sql); err != nil {
		return nil, err
	}
	out, err := read(s.conn.ExecPrepared(ctx, s.prepared[want.sql], postgresTexts(want.params), nil, nil), want)
	var p *pgconn.PgError
	if errors.As(err, &p) && (p.Code == "0A000" || p.Code == "26000") {
		delete(s.prepared, want.sql) // its tables have changed, or DISCARD was run
	}
	return out, err
}

func (s *postgresSession) prepare(ctx context.Context, sql string) error {
	if _, ok := s.prepared[sql]; ok {
		return nil
	}
	if err := check(sql); err != nil {
		return err
	}
	name := s.name("statement")
	if _, err := s.conn.Prepare(ctx, name, sql, nil); err != nil {
		return s.because(ctx, err)
	}
	s.prepared[sql] = name
	return nil
}

func (s *postgresSession) name(kind string) string {
	s.serial++
	return fmt.Sprintf("gene_%s_%d", kind, s.serial)
}

func (s *postgresSession) forget(ctx context.Context, sql string) error {
	name, ok := s.prepared[sql]
	if !ok || s.failed() { // a failed transaction refuses; it is asked again
		return nil
	}
	delete(s.prepared, sql)
	return s.because(ctx, s.conn.Deallocate(ctx, name))
}

func (s *postgresSession) inTransaction() bool { return s.conn.TxStatus() != 'I' }
func (s *postgresSession) failed() bool        { return s.conn.TxStatus() == 'E' }
func (s *postgresSession) lost() bool          { return s.conn.IsClosed() }
func (s *postgresSession) endStreams()         {} // the server ends them

func (s *postgresSession) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	s.conn.Close(ctx) // says good-bye; whether that arrives changes nothing
	select {
	case <-s.conn.CleanupDone():
	case <-ctx.Done():
	}
}

// postgresCursor is a cursor of the server. Outside of a transaction it is one
// with hold, for which the server keeps the whole result: so the session serves
// others between two fetches.
type postgresCursor struct {
	s     *postgresSession
	name  string
	hold  bool
	typed bool
}

func (s *postgresSession) stream(ctx context.Context, want statement) (cursor, error) {
	if err := check(want.sql); err != nil {
		return nil, err
	}
	c := &postgresCursor{s: s, name: s.name("cursor"), hold: !s.inTransaction(), typed: want.typed}
	hold := ""
	if c.hold {
		hold = "WITH HOLD "
	}
	sql := "DECLARE " + c.name + " NO SCROLL CURSOR " + hold + "FOR " + want.sql
	if _, err := read(s.conn.ExecParams(ctx, sql, postgresTexts(want.params), nil, nil, nil), statement{}); err != nil {
		return nil, s.because(ctx, err)
	}
	if !c.hold {
		s.cursors[c.name] = struct{}{}
	}
	return c, nil
}

// gone tells whether the cursor has ended with its transaction.
func (c *postgresCursor) gone() bool {
	_, ok := c.s.cursors[c.name]
	return !c.hold && !ok
}

func (c *postgresCursor) fetch(ctx context.Context, n int) (*outcome, bool, error) {
	if c.gone() {
		return nil, true, errOver
	}
	out, err := read(c.s.conn.ExecParams(ctx, fmt.Sprintf("FETCH %d FROM %s", n, c.name), nil, nil, nil, nil), statement{rows: true, typed: c.typed})
	return out, len(out.rows) < n, c.s.because(ctx, err)
}

func (c *postgresCursor) close(ctx context.Context) error {
	if c.gone() || c.s.failed() {
		return nil
	}
	delete(c.s.cursors, c.name)
	_, err := c.s.run(ctx, statement{sql: "CLOSE " + c.name})
	return err
}
