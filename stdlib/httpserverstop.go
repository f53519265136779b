package stdlib

import (
	"slices"
	"time"

	"github.com/coder/websocket"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// stopGraceMax bounds ^grace_ms.
const stopGraceMax = time.Hour

// stop is (stop_server) for all servers, or (stop_server port), with ^grace_ms.
func (s *httpServers) stop(m *VM, args []Value, kw *value.Map) (Value, error) {
	port := arg(args, 0)
	if port.IsSet() && !port.IsInt() {
		return argError(m, "stop_server requires the port to be an Int, got %s", value.TypeName(port))
	}
	grace, err := s.l.stopOptions(kw)
	if err != nil {
		return Value{}, err
	}
	var ends []Value
	for _, srv := range slices.Clone(s.all) {
		if !port.IsSet() || int64(srv.port) == port.AsInt() {
			f := m.NewEffect()
			srv.ended = append(srv.ended, f)
			ends = append(ends, f.Value())
			srv.stop(grace)
		}
	}
	if len(ends) == 1 {
		return ends[0], nil
	}
	done := m.Go(vm.NewNative("stop_server", func(m *VM, _ []Value) (Value, error) { return s.awaitEach(ends) }).Value())
	return done.Value(), nil
}

func (l *library) stopOptions(kw *value.Map) (grace time.Duration, err error) {
	for _, e := range kw.Entries() {
		switch v := e.Val; {
		case e.Key == nil:
		case e.Key.Name != "grace_ms":
			return 0, l.m.ArgError("stop_server has no keyword ^%s", e.Key.Name)
		case !v.IsInt() || v.AsInt() < 0 || v.AsInt() > stopGraceMax.Milliseconds():
			return 0, l.m.ArgError("stop_server ^grace_ms expects an Int from 0 to %d, got %s", stopGraceMax.Milliseconds(), value.Literal(v))
		default:
			grace = time.Duration(v.AsInt()) * time.Millisecond
		}
	}
	return grace, nil
}

func (s *httpServers) awaitEach(ends []Value) (Value, error) {
	if len(ends) == 0 {
		return value.Nil, nil
	}
	return s.l.m.Invoke(s.l.prelude("await"), ends[:1], func(Value) (Value, error) { return s.awaitEach(ends[1:]) })
}

// stop accepts no more connections. What is endless ends once the grace time is
// over; of several such times the last one given counts.
func (srv *httpServer) stop(grace time.Duration) {
	srv.stopped = true
	srv.core.Stop()
	srv.stopGrace()
	if grace > 0 && !srv.over() {
		srv.grace = srv.l.m.Loop().AfterFunc(grace, backends.Func(func() {
			srv.grace = nil
			srv.endEndless()
		}))
		return
	}
	srv.endEndless()
}

func (srv *httpServer) stopGrace() {
	if srv.grace != nil {
		srv.grace.Stop()
		srv.grace = nil
	}
}

// endEndless ends the event streams and the WebSockets.
func (srv *httpServer) endEndless() {
	srv.graceOver = true
	srv.core.EndStreams()
	for c := range srv.sockets {
		c.goAway()
	}
	srv.checkEnd()
}

// goAway ends a connection because the server does.
func (c *wsConnection) goAway() {
	if c.closing == nil && !c.ended {
		c.close(c.l.m.NewEffect(), websocket.CloseError{Code: websocket.StatusGoingAway, Reason: "the server stops"})
	}
}

// over tells whether all connections are closed, for good.
func (srv *httpServer) over() bool { return srv.drained && len(srv.sockets) == 0 }

// checkEnd is called when a connection or WebSocket has ended.
func (srv *httpServer) checkEnd() {
	if !srv.over() || !slices.Contains(srv.of.all, srv) {
		return
	}
	srv.of.all = slices.DeleteFunc(srv.of.all, func(o *httpServer) bool { return o == srv })
	srv.stopGrace()
	m := srv.l.m
	m.KeepAlive(-1)
	for _, f := range srv.ended {
		m.Resolve(f, value.Nil)
	}
}
