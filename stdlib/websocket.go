package stdlib

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/coder/websocket"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// wsReadLimit bounds a message, in bytes; a longer one ends the connection.
const wsReadLimit = 16 << 20

// wsConnection is one end of a WebSocket. One read is always under way, so that
// pings and the end are noticed, until a message waits that nobody has taken:
// so a program that doesn't read slows its peer down. Messages are written one
// by one. All fields belong to the VM's goroutine; conn may be used anywhere.
type wsConnection struct {
	l      *library
	conn   *websocket.Conn
	ctx    context.Context // ends with the VM and when the connection is closed
	cancel context.CancelFunc
	object *value.Instance

	waiters []*vm.Future // of recv, in order
	message *wsMessage   // came, and nobody has taken it
	outbox  []*wsSend    // the first is being written
	lost    error        // why no more messages come, if the peer didn't close; told once
	closing error        // the program's own close, once it has begun
	ended   bool         // no more messages come
	onEnd   func()       // when set, hears of that
}

// wsMessage is what a read gave.
type wsMessage struct {
	kind websocket.MessageType
	data []byte
}

// wsSend is one message to be written.
type wsSend struct {
	c       *wsConnection
	future  *vm.Future
	message wsMessage
	err     error // of the write
	refused error // the loop's, which didn't begin it
}

// GeneText is the printed form.
func (c *wsConnection) GeneText() string { return "<websocket>" }

// defineWebSocket defines gene/WsConnection.
func (l *library) defineWebSocket(ns *value.Namespace) {
	l.wsClass = l.httpClass(ns, "WsConnection")
	constructor(l.wsClass, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		return argError(m, "WsConnection cannot be made with new; use ws_connect")
	})
	l.methods(l.wsClass, []entry{
		{"recv", "A future of the next message, nil when the connection is closed.", asyncNative(l.wsRecv)},
		{"closed?", "Whether the connection has ended.", func(m *VM, args []Value) (Value, error) {
			c, err := wsOf(m, args[0])
			return value.Bool(err == nil && c.ended), err
		}},
	})
	l.functions(ns, []entry{
		{"%ws_send", "Private: a future of whether a message was sent.", asyncNative(l.wsSend)},
		{"%ws_close", "Private: a future of the end of a connection.", asyncNative(l.wsClose)},
	})
}

// wsOf is the connection of an object, which a subclass's constructor may lack.
func wsOf(m *VM, v Value) (*wsConnection, error) {
	if v.Kind() == value.KindInstance {
		if c, ok := v.AsInstance().Data.(*wsConnection); ok {
			return c, nil
		}
	}
	return nil, m.ArgError("a connection made by ws_connect is wanted, got %s", value.TypeName(v))
}

// newWsConnection makes the object of a connection, of which either end may be
// ours, and begins to read. It must be called on the VM's goroutine. The
// connection ends with the VM at the latest.
func (l *library) newWsConnection(conn *websocket.Conn) Value {
	conn.SetReadLimit(wsReadLimit)
	c := &wsConnection{l: l, conn: conn, object: value.NewInstance(l.wsClass)}
	c.ctx, c.cancel = context.WithCancel(l.ctx)
	context.AfterFunc(c.ctx, func() { conn.CloseNow() })
	c.object.Data = c
	c.object.Set(value.Intern("protocol"), value.Str(conn.Subprotocol()))
	c.object.Set(value.Intern("close_code"), value.Nil)
	c.object.Set(value.Intern("close_reason"), value.Nil)
	c.read()
	return c.object.Value()
}

// read begins to wait for the next message.
func (c *wsConnection) read() {
	r := &wsRead{c: c}
	err := c.l.m.Loop().Background(r.run, r)
	if err != nil {
		c.end(err)
	}
}

// wsRead is a read under way.
type wsRead struct {
	c *wsConnection
	wsMessage
	err error
}

var errWSText = errors.New("the peer sent text that is not valid UTF-8")

// run waits for a message, away from the VM.
func (r *wsRead) run() {
	conn := r.c.conn
	r.kind, r.data, r.err = conn.Read(r.c.ctx)
	if r.err == nil && r.kind == websocket.MessageText && !utf8.Valid(r.data) {
		r.err = errWSText
		conn.Close(websocket.StatusInvalidFramePayloadData, "not UTF-8") // as RFC 6455, 8.1 wants it
	}
}

// Complete hands the message to the first who waits. The loop calls it.
func (r *wsRead) Complete() {
	c := r.c
	if r.err != nil {
		c.end(r.err)
		return
	}
	if len(c.waiters) == 0 {
		c.message = &r.wsMessage
		return
	}
	f := c.waiters[0]
	c.waiters = c.waiters[1:]
	c.l.m.Resolve(f, r.wsMessage.value())
	c.read()
}

// value is the message as the program gets it.
func (m *wsMessage) value() Value {
	if m.kind == websocket.MessageText {
		return value.Str(string(m.data))
	}
	return value.NewBytes(m.data)
}

// end notes that no more messages come, and why. A close of either side is no
// error; the first who waits is told of all else.
func (c *wsConnection) end(err error) {
	if c.ended {
		return
	}
	c.ended = true
	c.cancel()
	if c.onEnd != nil {
		defer c.onEnd()
	}
	if c.closing != nil {
		err = c.closing
	}
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		c.noteClose(int(closed.Code), closed.Reason)
	} else if !errors.Is(err, context.Canceled) {
		c.lost = c.l.netError("WebSocket", err)
	}
	for _, f := range c.waiters {
		c.finish(f)
	}
	c.waiters = nil
}

func (c *wsConnection) noteClose(code int, reason string) {
	c.object.Set(value.Intern("close_code"), value.Int(int64(code)))
	c.object.Set(value.Intern("close_reason"), value.Str(reason))
}

// finish settles a recv after the end.
func (c *wsConnection) finish(f *vm.Future) {
	if lost := c.lost; lost != nil {
		c.lost = nil
		c.l.m.Fail(f, lost)
		return
	}
	c.l.m.Resolve(f, value.Nil)
}

func (l *library) wsRecv(m *VM, args []Value) (Value, error) {
	c, err := wsOf(m, args[0])
	if err != nil {
		return Value{}, err
	}
	f := m.NewFuture()
	switch {
	case c.message != nil:
		m.Resolve(f, c.message.value())
		c.message = nil
		if !c.ended {
			c.read()
		}
	case c.ended:
		c.finish(f)
	default:
		c.waiters = append(c.waiters, f)
		f.OnCancel(func() {
			c.waiters = slices.DeleteFunc(c.waiters, func(g *vm.Future) bool { return g == f })
		})
	}
	return f.Value(), nil
}

// wsSend queues a message; its future is an effect.
func (l *library) wsSend(m *VM, args []Value) (Value, error) {
	c, err := wsOf(m, args[0])
	if err != nil {
		return Value{}, err
	}
	message, ok := outgoing(arg(args, 1))
	if !ok {
		return argError(m, "WsConnection.send requires a String or Bytes, got %s", value.TypeName(arg(args, 1)))
	}
	if message.kind == websocket.MessageText && !utf8.Valid(message.data) {
		return argError(m, "WsConnection.send requires text that is valid UTF-8; send Bytes")
	}
	s := &wsSend{c: c, future: m.NewEffect(), message: message}
	if c.ended {
		m.Resolve(s.future, value.False)
		return s.future.Value(), nil
	}
	c.outbox = append(c.outbox, s)
	if len(c.outbox) == 1 {
		s.begin()
	}
	return s.future.Value(), nil
}

// outgoing is the message of a String or Bytes.
func outgoing(v Value) (wsMessage, bool) {
	s, ok := contentOf(v)
	kind := websocket.MessageText
	if ok && v.Kind() == value.KindBytes {
		kind = websocket.MessageBinary
	}
	return wsMessage{kind, []byte(s)}, ok
}

// begin writes the message.
func (s *wsSend) begin() {
	s.refused = s.c.l.m.Loop().Background(func() { s.err = s.c.conn.Write(s.c.ctx, s.message.kind, s.message.data) }, s)
	if s.refused != nil {
		s.c.l.m.Loop().Post(backends.Func(s.Complete)) // not within the caller's call
	}
}

// Complete tells whether the message is on its way and goes on with the next.
// A message that was cancelled while it waited is left out.
func (s *wsSend) Complete() {
	c := s.c
	if m := c.l.m; s.refused != nil {
		m.Fail(s.future, m.Raise(m.Errors.Runtime, vm.CodeRuntime, "%s", s.refused.Error()))
	} else {
		m.Resolve(s.future, value.Bool(s.err == nil))
	}
	c.outbox = c.outbox[1:]
	for len(c.outbox) > 0 && c.outbox[0].future.State() != vm.FuturePending {
		c.outbox = c.outbox[1:]
	}
	if len(c.outbox) > 0 {
		c.outbox[0].begin()
	}
}

// wsClose ends a connection: the close handshake comes first.
func (l *library) wsClose(m *VM, args []Value) (Value, error) {
	c, err := wsOf(m, args[0])
	if err != nil {
		return Value{}, err
	}
	code, reason := arg(args, 1), arg(args, 2)
	why, ok := text(reason)
	if !code.IsInt() || !ok || !closeCode(code.AsInt()) || len(why) > 123 {
		return argError(m, "WsConnection.close requires a code (1000 to 1003, 1007 to 1014 or 3000 to 4999) and a reason of up to 123 bytes")
	}
	f := m.NewEffect()
	if c.ended {
		m.Resolve(f, value.Nil)
		return f.Value(), nil
	}
	return c.close(f, websocket.CloseError{Code: websocket.StatusCode(code.AsInt()), Reason: why}), nil
}

// close begins the program's own close; f is resolved by its end.
func (c *wsConnection) close(f *vm.Future, why websocket.CloseError) Value {
	c.closing = why
	return startFor(c.l, f, inPoller, func(context.Context) (struct{}, error) {
		// An error says that the peer was gone already: the end is the same.
		c.conn.Close(why.Code, why.Reason)
		return struct{}{}, nil
	}, func(struct{}, error) (Value, error) {
		c.end(why)
		return value.Nil, nil
	})
}

// closeCode tells whether a program may close with a code.
func closeCode(code int64) bool {
	return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999
}
