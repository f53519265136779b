package database

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gene/value"
)

// begin is a future of a transaction in scope s that belongs to the running task.
func (s *scope) begin(mode string) Value {
	m := s.db.m
	sql, ok := s.db.dialect.begin[mode]
	if !ok {
		return m.Failed(m.ArgError("unknown transaction mode %q (known: %s)", mode, s.db.dialect.modes()))
	}
	t := &scope{db: s.db, parent: s, owner: m.CurrentTask(), depth: s.depth + 1, size: 1}
	if s.parent != nil {
		if mode != "" {
			return m.Failed(m.ArgError("a transaction inside of another has no mode of its own"))
		}
		sql = "SAVEPOINT " + t.savepoint()
	}
	j := &job{
		work: func(ctx context.Context, l *lane) error {
			_, err := l.session.run(ctx, statement{sql: sql})
			return err
		},
		finish: func() (Value, error) { return s.db.classes.instance(s.db.classes.transaction, t), nil },
	}
	j.after = func() {
		if j.err != nil {
			s.release(j.lane)
			return
		}
		s.children = append(s.children, t)
		t.release(j.lane)
		if j.over { // cancelled meanwhile: nobody has it
			t.end(false)
		}
	}
	return s.submit(j)
}

func (d *dialect) modes() string {
	return strings.TrimPrefix(strings.Join(slices.Sorted(maps.Keys(d.begin)), ", "), ", ")
}

func (s *scope) savepoint() string { return fmt.Sprintf("gene_%d", s.depth) }

// end is a future of the end of a transaction, which cancelling doesn't stop. A
// rollback never fails: the loss of the session undoes as well.
func (s *scope) end(commit bool) Value {
	j := &job{resets: !commit, ends: true, work: func(ctx context.Context, l *lane) error {
		if l.session == nil {
			return nil
		}
		if s.depth == 1 {
			l.session.endStreams()
		}
		if !commit {
			s.rollback(ctx, l.session)
			return nil
		}
		err := s.commit(ctx, l.session)
		if err != nil {
			s.rollback(ctx, l.session)
		}
		return err
	}}
	j.after = func() {
		s.parent.children = slices.DeleteFunc(s.parent.children, func(c *scope) bool { return c == s })
		s.parent.release(j.lane)
	}
	future := s.submit(j)
	s.closed = true
	j.future.OnCancel(func() { j.over = true })
	return future
}

func (s *scope) commit(ctx context.Context, to session) error {
	if !to.inTransaction() {
		return errUndone
	}
	if to.failed() {
		return errors.New("the transaction is rolled back, as a statement in it has failed")
	}
	sql := "COMMIT"
	if s.depth > 1 {
		sql = "RELEASE SAVEPOINT " + s.savepoint()
	}
	_, err := to.run(ctx, statement{sql: sql})
	return err
}

// rollback undoes the transaction. When the statement for it fails, the session
// isn't in a state that anybody knows, so it ends.
func (s *scope) rollback(ctx context.Context, in session) {
	if !in.inTransaction() {
		return
	}
	sql := "ROLLBACK"
	if s.depth > 1 {
		sql = "ROLLBACK TO SAVEPOINT " + s.savepoint() + "; RELEASE SAVEPOINT " + s.savepoint()
	}
	if _, err := in.run(ctx, statement{sql: sql}); err != nil {
		in.close()
	}
}

// control is a future of BEGIN, COMMIT or ROLLBACK as a plain statement, for
// connections of one session.
func (s *scope) control(sql string) Value {
	m := s.db.m
	switch {
	case s.parent != nil:
		return m.Failed(m.ArgError("%s is not for the inside of a transaction, which ends with its function", sql))
	case s.size > 1:
		return m.Failed(m.ArgError("%s requires a connection of one session, this one has %d; use transaction", sql, s.size))
	}
	rollback := sql == "ROLLBACK"
	return s.submit(&job{resets: rollback, work: func(ctx context.Context, l *lane) error {
		if rollback && l.begun != nil {
			l.begun = nil
			return nil
		}
		if l.session == nil {
			return nil
		}
		_, err := l.session.run(ctx, statement{sql: sql})
		return err
	}})
}

// shutAll is a future of the end of a connection, after what was asked of it.
func (s *scope) shutAll() Value {
	m := s.db.m
	if s.parent != nil || s.route() != s {
		return m.Failed(m.ArgError("cannot close a connection inside of its transaction"))
	}
	if s.closed {
		f := m.NewFuture()
		m.Resolve(f, value.Nil)
		return f.Value()
	}
	j := &job{resets: true, work: func(context.Context, *lane) error {
		for _, l := range s.db.lanes {
			l.shutdown()
		}
		return nil
	}}
	j.after = s.db.forget
	j.enter(s)
	j.future.OnCancel(func() { j.over = true }) // the close itself goes on
	s.closed, s.closer = true, j
	s.pump()
	return j.future.Value()
}
