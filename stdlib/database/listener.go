package database

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"gene/stdlib"
	"gene/value"
	"gene/vm"
)

// listener hears what is notified on a channel of a server. It has a session of
// its own, which reads only while somebody waits: what isn't asked for yet waits
// on the server.
type listener struct {
	scope   *scope
	channel string
	waiting []*job
	closed  bool
}

// GeneText is the printed form.
func (ls *listener) GeneText() string { return "<postgres listener " + ls.channel + ">" }

// listening is the session of a listener.
type listening struct {
	postgresSession
	heard []*pgconn.Notification
}

// dialListening gives a session whose wait can be cancelled without an end of the
// connection, as only nothing is under way then.
func dialListening(ctx context.Context, address, channel string) (session, error) {
	c, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	s := &listening{}
	c.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { s.heard = append(s.heard, n) }
	if s.conn, err = pgconn.ConnectConfig(ctx, c); err != nil {
		return nil, err
	}
	sql := `LISTEN "` + strings.ReplaceAll(channel, `"`, `""`) + `"`
	if _, err := s.run(ctx, statement{sql: sql}); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// next waits for a notification.
func (s *listening) next(ctx context.Context) (*pgconn.Notification, error) {
	for len(s.heard) == 0 {
		if err := s.conn.WaitForNotification(ctx); err != nil {
			return nil, s.because(ctx, err)
		}
	}
	n := s.heard[0]
	s.heard = slices.Delete(s.heard, 0, 1)
	return n, nil
}

// loadListener defines what is of PostgreSQL alone.
func (d *dialect) loadListener(h *stdlib.Host, c *classes, class func(string, *value.Class) *value.Class) {
	c.listener = class("Listener", h.VM().Object())
	c.listener.Ctor = c.connection.Ctor
	h.Methods(c.connection, []stdlib.Native{
		{Names: "%listen", Doc: "Private: a future of a listener.", Fn: stdlib.Later(listen)},
		{Names: "notify_async", Doc: "Notifies the listeners of a channel; a future of nil.", Fn: stdlib.Later(notify)},
	})
	h.Methods(c.listener, []stdlib.Native{
		{Names: "recv", Doc: "A future of the next notification, a map of channel, payload and pid; nil once closed.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return args[0].AsInstance().Data.(*listener).recv(), nil
		})},
		{Names: "close_async", Doc: "Ends the listening.", Fn: stdlib.Later(func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return args[0].AsInstance().Data.(*listener).close(), nil
		})},
		{Names: "channel", Doc: "The name of the channel.", Fn: func(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
			return value.Str(args[0].AsInstance().Data.(*listener).channel), nil
		}},
	})
}

// channelOf reads the name of a channel, whose length the server limits.
func channelOf(m *vm.VM, args []Value) (string, error) {
	if len(args) > 1 {
		if name, ok := stdlib.Word(args[1]); ok && name != "" && len(name) < 64 && strings.IndexByte(name, 0) < 0 {
			return name, nil
		}
	}
	return "", m.ArgError("channel must be a string of 1 to 63 bytes")
}

func listen(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
	of := scopeOf(args[0])
	channel, err := channelOf(m, args)
	if err != nil {
		return Value{}, err
	}
	if of.closed {
		return Value{}, of.db.exception(errClosed)
	}
	address := of.db.path
	dial := func(ctx context.Context) (session, error) { return dialListening(ctx, address, channel) }
	s := newDatabase(m, of.db.ctx, of.db.dialect, of.db.classes, dial, address, "listener", 1)
	ls := &listener{scope: s, channel: channel}
	return s.opening(func() Value { return s.db.classes.instance(s.db.classes.listener, ls) }), nil
}

func notify(m *vm.VM, args []Value, kw *value.Map) (Value, error) {
	channel, err := channelOf(m, args)
	if err != nil {
		return Value{}, err
	}
	to := scopeOf(args[0])
	return params(m, args[2:min(len(args), 3)], func(ps []any) (Value, error) {
		payload := ""
		if len(ps) > 0 && ps[0] != nil {
			payload = string(postgresTexts(ps)[0])
		}
		return to.route().run(statement{sql: "SELECT pg_notify($1, $2)", params: []any{channel, payload}, rows: true},
			func(*outcome) (Value, error) { return value.Nil, nil }), nil
	})
}

// recv is a future of the next notification. By itself it doesn't keep the
// program alive.
func (ls *listener) recv() Value {
	m := ls.scope.db.m
	if ls.closed {
		return resolved(m)
	}
	var n *pgconn.Notification
	j := &job{loose: true, work: func(ctx context.Context, l *lane) (err error) {
		n, err = l.session.(*listening).next(ctx)
		return err
	}}
	j.finish = func() (Value, error) {
		heard := value.NewMap(3)
		heard.SetText("channel", value.Str(n.Channel))
		heard.SetText("payload", value.Str(n.Payload))
		heard.SetText("pid", value.Int(int64(n.PID)))
		return heard.Value(), nil
	}
	ls.waiting = slices.DeleteFunc(ls.waiting, func(w *job) bool { return w.done || w.over })
	ls.waiting = append(ls.waiting, j)
	return ls.scope.submit(j)
}

// close ends the listening; those who wait get nil.
func (ls *listener) close() Value {
	if !ls.closed {
		ls.closed = true
		for _, j := range ls.waiting {
			if !j.done && !j.over {
				j.abandon()
				ls.scope.db.m.Resolve(j.future, value.Nil)
			}
		}
	}
	return ls.scope.shutAll()
}
