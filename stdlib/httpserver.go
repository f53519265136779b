package stdlib

import (
	"net"
	"net/http"
	"strconv"

	"gene/backends"
	"gene/stdlib/internal/http1"
	"gene/value"
	"gene/vm"
)

// httpServers are the servers that a program has started.
type httpServers struct {
	l        *library
	all      []*httpServer // those that have not been stopped
	last     *httpServer   // the one that http_server_status tells of
	failed   bool          // the last start_server could not listen
	instance Value         // makes the instance of a handler's class
	pump     Value         // sends what a generator gives
	request  *value.Class
	fields   [len(serverFields)]*value.Symbol // of request
	answer   *value.Class
	stream   *value.Class
}

// httpServer is one listener with its handler. While it is open it keeps the
// program alive.
type httpServer struct {
	of      *httpServers
	l       *library
	core    *http1.Server
	handler Value
	options serverOptions
	port    int
	running int // handlers
	pending []*httpJob
	stopped bool
	ended   []*vm.Future // of stop_server
	counts  serverCounts

	sockets   map[*wsConnection]struct{} // the WebSockets that are open
	drained   bool                       // all other connections are closed, for good
	grace     backends.Timer             // nil when none is pending
	graceOver bool                       // nothing endless goes on
}

// serverCounts is what http_server_status tells.
type serverCounts struct {
	inFlight                              int // accepted and not answered
	waiting                               int // of them, those whose handler has not begun
	requests, overloaded, failed, timeout int64
}

// defineHTTPServer defines the server's half of genex/http.
func (l *library) defineHTTPServer(ns *value.Namespace) {
	s := &httpServers{l: l}
	l.httpServers = s
	s.request, s.stream = l.httpClass(ns, "ServerRequest"), l.httpClass(ns, "ServerStream")
	s.answer = value.NewClass("ServerResponse", l.m.Object())
	for c, advice := range map[*value.Class]string{s.request: "the handler gets it", s.answer: "use respond", s.stream: "use respond_sse"} {
		constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
			return argError(m, "%s cannot be made with new; %s", c.Name, advice)
		})
	}
	s.defineRequestMethods()
	s.defineStreams(ns)
	table := []entry{
		{"http_server_status", "How the server is doing: a map.", s.status},
		{"respond", "An answer of a status, a body and headers.", s.respond},
		{"redirect", "An answer that sends the client elsewhere.", s.redirect},
		{"respond_file", "A future of an answer with a file.", asyncNative(s.respondFile)},
		{"serve_files", "A handler that answers with the files of a directory.", s.serveFiles},
		{"respond_sse", "Begins an answer of server-sent events; its stream.", s.respondSSE},
	}
	l.functions(l.m.Globals, table)
	l.functions(ns, append(table, entry{"%server_is", "Private: tells what makes an instance, and what sends the pieces of an answer.", func(m *VM, args []Value) (Value, error) {
		s.instance, s.pump = args[0], args[1]
		return value.Nil, nil
	}}))
	start := []kwEntry{
		{"start_server", "Serves HTTP on a port.", s.start},
		{"stop_server", "Stops serving; a future of the end of the last connection.", s.stop},
	}
	l.kwFunctions(l.m.Globals, start)
	l.kwFunctions(ns, start)
}

// start is (start_server port handler …).
func (s *httpServers) start(m *VM, args []Value, kw *value.Map) (Value, error) {
	port, handler := arg(args, 0), orNil(arg(args, 1))
	if !port.IsInt() || port.AsInt() < 0 || port.AsInt() > 65535 {
		return argError(m, "start_server requires a port from 0 to 65535")
	}
	o, err := s.l.serverOptions(kw)
	if err != nil {
		return Value{}, err
	}
	if handler.Kind() == value.KindClass {
		return m.Invoke(s.instance, []Value{handler}, func(v Value) (Value, error) { return s.open(port.AsInt(), v, o) })
	}
	return s.open(port.AsInt(), handler, o)
}

func (s *httpServers) open(port int64, handler Value, o serverOptions) (Value, error) {
	m := s.l.m
	if !m.Callable(handler) {
		return argError(m, "start_server requires a handler: a function, or an instance or class with a method call, got %s", value.TypeName(handler))
	}
	if o.concurrent {
		z := &freezer{seen: map[Value]bool{}, modules: true}
		if err := z.freeze(m, &step{v: handler}); err != nil {
			return Value{}, err
		}
	}
	srv := &httpServer{of: s, l: s.l, handler: handler, options: o, sockets: map[*wsConnection]struct{}{}}
	srv.core = http1.NewServer(m.Loop(), o.limits, srv.serve)
	srv.core.Timeout = srv.timeOut
	srv.core.StreamBodies = o.streamBody
	srv.core.Context = s.l.ctx
	srv.core.OnDrained = func() {
		srv.drained = true
		srv.checkEnd()
	}
	address := net.JoinHostPort(o.host, strconv.FormatInt(port, 10))
	srv.core.OnTrouble = func(err error) { m.ReportError(s.l.socketError(err, "accept on", address)) }
	ln, err := srv.listen(address)
	if err != nil {
		s.failed = true
		return Value{}, err
	}
	s.failed = false
	srv.core.Listening(ln)
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		srv.port = a.Port
	}
	s.all, s.last = append(s.all, srv), srv
	m.KeepAlive(1)
	return value.Nil, nil
}

func (srv *httpServer) listen(address string) (ln backends.Listener, err error) {
	network := "tcp"
	if srv.options.tls != nil {
		network = "tls"
	}
	at, err := srv.l.numeric(network, address)
	if err != nil {
		return nil, err
	}
	if ln, err = srv.l.m.Loop().Listen(network, at, backends.ListenOptions{TLS: srv.options.tls}, srv.core); err != nil {
		return nil, srv.l.socketError(err, "listen on", address)
	}
	return ln, nil
}

// status is (http_server_status).
func (s *httpServers) status(m *VM, args []Value) (Value, error) {
	out := value.NewMap(12)
	srv := s.last
	state, port := "stopped", value.Nil
	if srv == nil {
		srv = &httpServer{stopped: true, core: http1.NewServer(m.Loop(), http1.Limits{}, nil)}
	} else {
		port = value.Int(int64(srv.port))
	}
	switch {
	case s.failed:
		state = "startup-failed"
	case srv.stopped:
	case srv.full():
		state = "degraded"
	default:
		state = "ok"
	}
	out.SetText("status", value.Str(state))
	out.SetText("port", port)
	c := &srv.counts
	for _, n := range []struct {
		name  string
		count int64
	}{
		{"in_flight", int64(c.inFlight)}, {"waiting", int64(c.waiting)}, {"connections", int64(srv.core.Connections())},
		{"requests", c.requests}, {"overloaded", c.overloaded}, {"failed", c.failed}, {"timeouts", c.timeout},
		{"rejected", srv.core.Rejected()}, {"websockets", int64(len(srv.sockets))},
	} {
		out.SetText(n.name, value.Int(n.count))
	}
	return out.Value(), nil
}

// full tells whether one more request would be turned away.
func (srv *httpServer) full() bool {
	o, c := &srv.options, &srv.counts
	return o.maxInFlight > 0 && c.inFlight >= o.maxInFlight || c.waiting >= o.queueLimit
}

// serve takes a request from a connection.
func (srv *httpServer) serve(r *http1.Request) {
	srv.counts.requests++
	if srv.options.wsPath != "" && r.URL.Path == srv.options.wsPath {
		srv.acceptWebSocket(r)
		return
	}
	if srv.full() {
		srv.counts.overloaded++
		srv.send(r, plainAnswer(srv.options.overloadStatus, "Service overloaded"))
		return
	}
	j := &httpJob{srv: srv, r: r}
	r.Owner = j
	srv.counts.inFlight++
	srv.counts.waiting++
	srv.pending = append(srv.pending, j)
	srv.next()
}

// next begins handlers as far as there are workers.
func (srv *httpServer) next() {
	for len(srv.pending) > 0 && (!srv.options.concurrent || srv.running < srv.options.workers) {
		j := srv.pending[0]
		srv.pending[0] = nil
		srv.pending = srv.pending[1:]
		srv.running++
		j.task = srv.l.m.Go(vm.NewNative("serve", j.run).Value())
	}
}

// timeOut answers a request whose handler takes too long, and ends the handler
// at its next await.
func (srv *httpServer) timeOut(r *http1.Request) {
	srv.counts.timeout++
	srv.send(r, plainAnswer(http.StatusGatewayTimeout, "Gateway Timeout"))
	j, ok := r.Owner.(*httpJob)
	if !ok {
		return
	}
	j.answered()
	if m := srv.l.m; j.task != nil {
		m.Cancel(j.task, m.Raise(m.Errors.Timeout, vm.CodeTimeout, "the request took longer than %v", srv.options.limits.RequestTime))
	}
}

// send answers a request. One whose connection is gone needs no answer.
func (srv *httpServer) send(r *http1.Request, a *http1.Answer) error { return r.Respond(a) }

func plainAnswer(status int, text string) *http1.Answer {
	return &http1.Answer{Status: status, Body: []byte(text), Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}}
}
