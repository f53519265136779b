package database

import (
	"context"
	"fmt"

	"gene/stdlib"
	"gene/value"
	"gene/vm"
)

// classes are the classes of one namespace in one VM, and what is open there.
type classes struct {
	m                                                 *vm.VM
	connection, transaction, rows, prepared, listener *value.Class
	databases                                         map[*database]struct{}
}

// open notes a database that the VM has to close and gives what forgets it.
func (c *classes) open(db *database) (forget func()) {
	c.databases[db] = struct{}{}
	return func() { delete(c.databases, db) }
}

func (c *classes) closeAll() {
	for db := range c.databases {
		for _, l := range db.lanes {
			l.shutdown()
		}
	}
}

func (c *classes) instance(class *value.Class, data any) Value {
	i := value.NewInstance(class)
	i.Data = data
	return i.Value()
}

// poolMax bounds the sessions of one connection; servers allow some hundred for
// all their clients.
const poolMax = 100

// load defines the namespace of a dialect.
func (d *dialect) load(h *stdlib.Host, ns *value.Namespace) error {
	m := h.VM()
	c := &classes{m: m, databases: map[*database]struct{}{}}
	m.OnClose(c.closeAll)
	class := func(name string, parent *value.Class) *value.Class {
		cl := value.NewClass(name, parent)
		ns.Set(value.Intern(name), cl.Value())
		return cl
	}
	c.connection = class("Connection", m.Object())
	c.transaction = class("Transaction", c.connection)
	c.rows = class("Rows", m.Object())
	c.prepared = class("Statement", m.Object())
	for _, cl := range []*value.Class{c.connection, c.rows, c.prepared} {
		cl.Ctor = vm.NewNative("ctor", func(m *vm.VM, args []Value) (Value, error) {
			return Value{}, m.ArgError("%s cannot be made with new; use genex/%s/open", value.TypeName(args[0]), d.name)
		}).Value()
	}
	h.Functions(ns, []stdlib.Native{
		{Names: "open_async", Doc: "A future of a connection to a database.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return d.open(h, c, args, kw)
		})},
		{Names: "%begin", Doc: "Private: a future of a transaction.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			mode, ok := stdlib.Word(args[1])
			if !ok {
				return Value{}, m.ArgError("^mode requires a String, got %s", value.TypeName(args[1]))
			}
			return scopeOf(args[0]).route().begin(mode), nil
		})},
		{Names: "%end", Doc: "Private: a future of the end of a transaction that may have begun.", Fn: endBegun},
		{Names: "%control", Doc: "Private: a future of BEGIN, COMMIT or ROLLBACK.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return scopeOf(args[0]).route().control(args[1].AsString()), nil
		})},
		{Names: "%drop", Doc: "Private: cancels a future that is pending.", Fn: func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			if f, ok := m.AsFuture(args[0]); ok && f.State() == vm.FuturePending {
				return m.InvokeMethod(args[0], "cancel", nil, nil)
			}
			return value.Nil, nil
		}},
		{Names: "%batch", Doc: "Private: a future of some more rows.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return args[0].AsInstance().Data.(*stream).next(), nil
		})},
	})
	h.Methods(c.connection, statements(connected))
	h.Methods(c.connection, []stdlib.Native{
		{Names: "prepare_async", Doc: "A future of a prepared statement.", Fn: stdlib.Later(prepare)},
		{Names: "rows_async", Doc: "A future of the rows of a query, fetched while they are taken.", Fn: stdlib.Later(streamed)},
		{Names: "close_async", Doc: "Closes the connection when what was asked of it is done.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return scopeOf(args[0]).shutAll(), nil
		})},
		{Names: "closed?", Doc: "Whether the connection is closed.", Fn: func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return value.Bool(scopeOf(args[0]).closed), nil
		}},
	})
	h.Methods(c.prepared, statements(ready))
	h.Methods(c.prepared, []stdlib.Native{{Names: "close_async", Doc: "Ends the statement.", Fn: stdlib.Later(forget)}})
	h.Methods(c.rows, []stdlib.Native{{Names: "close_async", Doc: "Ends the query, when not all rows are wanted.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
		return args[0].AsInstance().Data.(*stream).handle.close(), nil
	})}})
	if d.pools {
		d.loadListener(h, c, class)
	}
	return nil
}

func scopeOf(v Value) *scope { return v.AsInstance().Data.(*scope) }

// options reads keyword operands: each known one by its function. Others are an
// error.
func options(m *vm.VM, kw *value.Map, known map[string]func(v Value) error) error {
	for _, e := range kw.Entries() {
		read, ok := known[e.Key.Name]
		if !ok {
			return m.Raise(m.Errors.Exception, vm.CodeArguments, "Unexpected keyword argument: %s", e.Key.Name)
		}
		if err := read(e.Val); err != nil {
			return err
		}
	}
	return nil
}

// intOption reads an Int between two limits.
func intOption(m *vm.VM, name string, to *int, least, most int) func(Value) error {
	return func(v Value) error {
		if !v.IsInt() || v.AsInt() < int64(least) || v.AsInt() > int64(most) {
			return m.ArgError("^%s requires an Int from %d to %d, got %s", name, least, most, value.Print(v))
		}
		*to = int(v.AsInt())
		return nil
	}
}

// shapeOptions are the options of what gives rows.
func shapeOptions(m *vm.VM, sh *shape) map[string]func(Value) error {
	return map[string]func(Value) error{
		"as": func(v Value) error {
			word, _ := stdlib.Word(v)
			if word != "map" && word != "array" {
				return m.ArgError("^as requires \"array\" or \"map\", got %s", value.Print(v))
			}
			sh.maps = word == "map"
			return nil
		},
		"typed": func(v Value) error {
			sh.typed = v.Truthy()
			return nil
		},
	}
}

// open is a future of a connection.
func (d *dialect) open(h *stdlib.Host, c *classes, args []Value, kw *value.Map) (Value, error) {
	m := h.VM()
	if len(args) == 0 || args[0].Kind() != value.KindString {
		return Value{}, m.ArgError("database path must be a string")
	}
	dial, name, size, err := d.address(h, args[0].AsString(), kw)
	if err != nil {
		return Value{}, err
	}
	s := newDatabase(m, h.Context(), d, c, dial, args[0].AsString(), name, size)
	return s.opening(func() Value { return c.instance(c.connection, s) }), nil
}

// opening is a future of the first session and then of what made gives.
func (s *scope) opening(made func() Value) Value {
	j := &job{
		work:   func(context.Context, *lane) error { return nil },
		finish: func() (Value, error) { return made(), nil },
	}
	j.after = func() {
		s.release(j.lane)
		if j.err != nil || j.over { // nobody has it
			s.shutAll()
		}
	}
	return s.submit(j)
}

// target finds what a statement is asked of, and the SQL and parameters among the
// operands.
type target func(m *vm.VM, args []Value) (s *scope, sql string, prepared bool, operands []Value, err error)

func connected(m *vm.VM, args []Value) (*scope, string, bool, []Value, error) {
	if len(args) < 2 || args[1].Kind() != value.KindString {
		got := "nothing"
		if len(args) > 1 {
			got = value.TypeName(args[1])
		}
		return nil, "", false, nil, m.ArgError("SQL must be a string, got %s", got)
	}
	return scopeOf(args[0]).route(), args[1].AsString(), false, args[2:], nil
}

// statements are the methods that run a statement.
func statements(of target) []stdlib.Native {
	method := func(rows, first bool, result func(m *vm.VM, out *outcome, sh shape) (Value, error)) vm.NativeKwFn {
		return stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			s, sql, prepared, operands, err := of(m, args)
			if err != nil {
				return Value{}, err
			}
			var sh shape
			known := map[string]func(Value) error{}
			if rows {
				known = shapeOptions(m, &sh)
			}
			if err := options(m, kw, known); err != nil {
				return Value{}, err
			}
			return params(m, operands, func(ps []any) (Value, error) {
				return s.run(statement{sql: sql, params: ps, prepared: prepared, rows: rows, first: first, typed: sh.typed}, func(out *outcome) (Value, error) { return result(m, out, sh) }), nil
			})
		})
	}
	return []stdlib.Native{
		{Names: "query_async", Doc: "A future of the rows of a query.", Fn: method(true, false, func(m *vm.VM, out *outcome, sh shape) (Value, error) {
			rows, err := sh.values(out)
			return value.NewArray(rows).Value(), err
		})},
		{Names: "query_one_async", Doc: "A future of the first row of a query, or nil.", Fn: method(true, true, func(m *vm.VM, out *outcome, sh shape) (Value, error) {
			rows, err := sh.values(out)
			if err != nil || len(rows) == 0 {
				return value.Nil, err
			}
			return rows[0], nil
		})},
		{Names: "exec_async", Doc: "Runs a statement, or several without parameters; a future of nil.", Fn: method(false, false, func(*vm.VM, *outcome, shape) (Value, error) {
			return value.Nil, nil
		})},
		{Names: "run_async", Doc: "Runs a statement; a future of a map of what it changed.", Fn: method(false, false, func(m *vm.VM, out *outcome, _ shape) (Value, error) {
			changed := value.NewMap(2)
			changed.SetText("changes", value.Int(out.changes))
			if out.lastID != 0 {
				changed.SetText("last_id", value.Int(out.lastID))
			}
			return changed.Value(), nil
		})},
	}
}

// run is a future of what result makes of the outcome of a statement.
func (s *scope) run(st statement, result func(*outcome) (Value, error)) Value {
	var out *outcome
	return s.submit(&job{
		work: func(ctx context.Context, l *lane) (err error) {
			out, err = l.session.run(ctx, st)
			return err
		},
		finish: func() (Value, error) { return result(out) },
	})
}

// streamed is (db .rows sql p… ^as ^typed ^batch).
func streamed(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
	s, sql, _, operands, err := connected(m, args)
	if err != nil {
		return Value{}, err
	}
	var sh shape
	batch := batchRows
	known := shapeOptions(m, &sh)
	known["batch"] = intOption(m, "batch", &batch, 1, batchRowsMax)
	if err := options(m, kw, known); err != nil {
		return Value{}, err
	}
	return params(m, operands, func(ps []any) (Value, error) {
		return s.stream(statement{sql: sql, params: ps, rows: true, typed: sh.typed}, sh, batch), nil
	})
}

// prepared is a statement that is compiled once and run often. The sessions of a
// connection compile it when they first run it.
type prepared struct {
	scope  *scope
	sql    string
	closed bool
}

// GeneText is the printed form.
func (p *prepared) GeneText() string { return fmt.Sprintf("<%s statement>", p.scope.db.dialect.name) }

func prepare(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
	s, sql, _, _, err := connected(m, args)
	if err != nil {
		return Value{}, err
	}
	return s.submit(&job{
		work: func(ctx context.Context, l *lane) error { return l.session.prepare(ctx, sql) },
		finish: func() (Value, error) {
			return s.db.classes.instance(s.db.classes.prepared, &prepared{scope: s, sql: sql}), nil
		},
	}), nil
}

func ready(m *vm.VM, args []Value) (*scope, string, bool, []Value, error) {
	p := args[0].AsInstance().Data.(*prepared)
	if p.closed {
		return nil, "", false, nil, p.scope.db.exception(errStatement)
	}
	return p.scope.route(), p.sql, true, args[1:], nil
}

// forget ends a statement. Each session drops it before its next work.
func forget(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
	p := args[0].AsInstance().Data.(*prepared)
	if !p.closed {
		p.closed = true
		for _, l := range p.scope.db.lanes {
			l.mu.Lock()
			l.stale = append(l.stale, p.sql)
			l.mu.Unlock()
		}
	}
	return resolved(m), nil
}

// endBegun ends the transaction of a future: commits it if asked to, and rolls
// back otherwise. One that has not begun doesn't any more.
func endBegun(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
	f, _ := m.AsFuture(args[0])
	switch f.State() {
	case vm.FuturePending:
		return m.InvokeMethod(args[0], "cancel", nil, func(Value) (Value, error) { return resolved(m), nil })
	case vm.FutureSuccess:
		commit := args[1].Truthy()
		return m.InvokeMethod(args[0], "value", nil, func(t Value) (Value, error) { return scopeOf(t).end(commit), nil })
	}
	return resolved(m), nil
}
