package database

import (
	"context"
	"fmt"
	"runtime"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// shape says how the program wants its rows.
type shape struct {
	maps  bool // by the names of the columns; else arrays
	typed bool
}

// value makes the value of a row. Columns of one name would get lost in a map.
func (sh shape) value(columns []string, row []any) Value {
	items := make([]Value, len(row))
	for i, c := range row {
		items[i] = sh.cell(c)
	}
	if !sh.maps {
		return value.NewArray(items).Value()
	}
	m := value.NewMap(len(row))
	for i, c := range columns {
		m.SetText(c, items[i])
	}
	return m.Value()
}

func (sh shape) cell(c any) Value {
	switch c := c.(type) {
	case string:
		return value.Str(c)
	case int64:
		return value.Int(c)
	case float64:
		return value.Float(c)
	case bool:
		return value.Bool(c)
	case []byte:
		return value.NewBytes(c)
	}
	if sh.typed {
		return value.Nil
	}
	return value.Str("")
}

func (sh shape) values(out *outcome) ([]Value, error) {
	if sh.maps {
		if err := distinct(out.columns); err != nil {
			return nil, err
		}
	}
	rows := make([]Value, len(out.rows))
	for i, r := range out.rows {
		rows[i] = sh.value(out.columns, r)
	}
	return rows, nil
}

func distinct(columns []string) error {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c] {
			return fmt.Errorf("two columns are named %s; rows as maps require AS to tell them apart", c)
		}
		seen[c] = true
	}
	return nil
}

// batchRows is how many rows a stream fetches at a time unless the program says
// otherwise: enough to make the turn cheap, few enough to hold in memory.
const (
	batchRows    = 256
	batchRowsMax = 100_000
)

// stream is a query whose rows the program takes one by one. It is tied to the
// session that runs it.
type stream struct {
	handle *streamHandle
	shape  shape
	batch  int
}

// streamHandle is the part of a stream that closes it, for when the program has
// dropped the stream.
type streamHandle struct {
	scope   *scope
	lane    *lane
	session session
	cursor  cursor // nil once closed; the lane's work owns it
	ended   bool   // nothing more to fetch, or closed
}

// GeneText is the printed form.
func (st *stream) GeneText() string { return "<" + st.handle.scope.db.dialect.name + " rows>" }

// stream is a future of the rows of a query.
func (s *scope) stream(st statement, sh shape, batch int) Value {
	h := &streamHandle{scope: s}
	j := &job{
		work: func(ctx context.Context, l *lane) (err error) {
			h.lane, h.session = l, l.session
			h.cursor, err = l.session.stream(ctx, st)
			return err
		},
		finish: func() (Value, error) {
			rows := &stream{handle: h, shape: sh, batch: batch}
			runtime.AddCleanup(rows, func(h *streamHandle) {
				h.scope.db.m.Loop().Post(backends.Func(func() { h.close() }))
			}, h)
			return s.db.classes.instance(s.db.classes.rows, rows), nil
		},
	}
	j.after = func() {
		s.release(j.lane)
		if j.over && h.cursor != nil { // cancelled meanwhile: nobody has it
			h.close()
		}
	}
	return s.submit(j)
}

// turn is the scope whose turn it is on the lane, if the running task may use it
// there; otherwise the stream waits in the scope it belongs to.
func (h *streamHandle) turn() *scope {
	for s := h.lane.holder; s != nil && s != h.scope; s = s.parent {
		if s.owner == h.scope.db.m.CurrentTask() {
			return h.lane.holder
		}
	}
	return h.scope
}

// next is a future of an array of further rows, or nil at the end.
func (st *stream) next() Value {
	h := st.handle
	var out *outcome
	j := &job{
		need: h.lane,
		work: func(ctx context.Context, l *lane) (err error) {
			if h.cursor == nil {
				return nil
			}
			if l.session != h.session {
				return errLost
			}
			var done bool
			if out, done, err = h.cursor.fetch(ctx, st.batch); done || err != nil {
				h.shut(ctx, l)
			}
			return err
		},
	}
	j.finish = func() (Value, error) {
		if out == nil || len(out.rows) == 0 {
			h.ended = true
			return value.Nil, nil
		}
		rows, err := st.shape.values(out)
		return value.NewArray(rows).Value(), err
	}
	if h.ended {
		return resolved(h.scope.db.m)
	}
	return h.turn().submit(j)
}

// shut closes the cursor. It is called by the lane's work. A failure to close
// what has failed or is over tells nothing new.
func (h *streamHandle) shut(ctx context.Context, l *lane) error {
	c := h.cursor
	h.cursor = nil
	if c == nil || l.session != h.session {
		return nil
	}
	return c.close(ctx)
}

// close is a future of the end of a stream. What ends with the transaction or the
// connection needs no closing any more.
func (h *streamHandle) close() Value {
	if h.ended || h.scope.closed {
		h.ended = true
		return resolved(h.scope.db.m)
	}
	h.ended = true
	return h.turn().submit(&job{need: h.lane, ends: true, work: func(ctx context.Context, l *lane) error { return h.shut(ctx, l) }})
}

// resolved is a future of nil that is finished already.
func resolved(m *vm.VM) Value {
	f := m.NewFuture()
	m.Resolve(f, value.Nil)
	return f.Value()
}
