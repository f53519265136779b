package stdlib

import (
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/coder/websocket"

	"gene/value"
	"gene/vm"
)

// defineHTTPClient defines the client's half of genex/http. No function of it
// throws: errors arrive in the futures.
func (l *library) defineHTTPClient(ns *value.Namespace) {
	l.http = newHTTPPool()
	l.m.OnClose(l.http.close)
	l.httpResponse = l.httpClass(ns, "Response")
	l.defineResponse(ns)
	l.defineRequest(ns)
	l.defineBodyFeed(ns)
	table := []kwEntry{
		{"http_get", "A future of the response to a GET.", l.httpGet},
		{"http_post", "A future of the response to a POST; a map or array is sent as JSON.", l.httpPost},
		{"ws_connect", "A future of a WebSocket connection.", l.wsConnect},
	}
	l.kwFunctions(l.m.Globals, table)
	l.kwFunctions(ns, append(table, kwEntry{"%request", "Private: a future of the response to a request.", func(m *VM, args []Value, kw *value.Map) (Value, error) {
		who, _ := text(args[0])
		return l.request(requestParts{who: who, method: args[1], url: args[2], body: args[3], headers: args[4]}, kw)
	}}))
}

func (l *library) httpGet(m *VM, args []Value, kw *value.Map) (Value, error) {
	return l.request(requestParts{who: "http_get", method: value.Str("GET"), url: arg(args, 0), headers: arg(args, 1)}, kw)
}

func (l *library) httpPost(m *VM, args []Value, kw *value.Map) (Value, error) {
	return l.request(requestParts{who: "http_post", method: value.Str("POST"), url: arg(args, 0), body: arg(args, 1), headers: arg(args, 2)}, kw)
}

// defineRequest defines gene/Request.
func (l *library) defineRequest(ns *value.Namespace) {
	c := l.httpClass(ns, "Request")
	fields := []string{"url", "method", "headers", "body"}
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		for i, name := range fields {
			args[0].AsInstance().Set(value.Intern(name), orNil(arg(args, i+1)))
		}
		if method := responseField(args[0], "method"); method.IsNil() {
			args[0].AsInstance().Set(value.Intern("method"), value.Str("GET"))
		}
		return args[0], nil
	})
	l.kwMethods(c, []kwEntry{{"send", "A future of the response.", func(m *VM, args []Value, kw *value.Map) (Value, error) {
		f := func(name string) Value { return responseField(args[0], name) }
		return l.request(requestParts{who: "Request.send", method: f("method"), url: f("url"), body: f("body"), headers: f("headers")}, kw)
	}}})
}

// requestParts are the operands of a request.
type requestParts struct {
	who                        string
	method, url, body, headers Value
}

// request reads the operands of a request and sends it.
func (l *library) request(p requestParts, kw *value.Map) (Value, error) {
	r, err := l.newRequest(p, kw)
	if err != nil {
		return l.m.Failed(err), nil
	}
	switch body := p.body; {
	case !body.IsSet() || body.IsNil():
	case body.Kind() == value.KindString || body.Kind() == value.KindBytes:
		r.body, _ = contentOf(body)
		r.hasBody = true
	case body.Kind() == value.KindMap || body.Kind() == value.KindHashMap || body.Kind() == value.KindArray:
		return l.sendJSON(r, body)
	case isPieces(body):
		return l.sendPieces(r, body)
	default:
		return l.m.Failed(l.m.ArgError("%s requires the body to be a String, Bytes, a map or array (sent as JSON) or a generator of pieces, got %s", p.who, value.TypeName(body))), nil
	}
	return l.send(r), nil
}

func (l *library) newRequest(p requestParts, kw *value.Map) (*httpRequest, error) {
	r := &httpRequest{who: p.who}
	if !p.url.IsSet() {
		return nil, l.m.ArgError("%s requires at least a URL", p.who)
	}
	address, ok := text(p.url)
	if !ok {
		return nil, l.m.ArgError("URL must be a string")
	}
	method, ok := name(p.method)
	if r.method = strings.ToUpper(method); !ok || !slices.Contains(httpMethods, r.method) {
		return nil, l.m.ArgError("Unsupported HTTP method: %s", value.Print(p.method))
	}
	var err error
	if r.url, err = l.parseURL(address, "http", "https"); err != nil {
		return nil, err
	}
	if r.headers, err = l.httpHeaders(p.who, p.headers); err != nil {
		return nil, err
	}
	return r, l.httpOptions(r, kw)
}

// sendJSON sends a value as JSON, for which its parts may be asked for their
// text.
func (l *library) sendJSON(r *httpRequest, body Value) (Value, error) {
	stringify := vm.NewNativeKw("stringify", stringifyJSON(r.who)).Value()
	return l.m.InvokeTry(stringify, []Value{body}, func(s Value) (Value, error) {
		r.body, r.hasBody = s.AsString(), true
		if r.headers.Get("Content-Type") == "" {
			r.headers.Set("Content-Type", "application/json")
		}
		return l.send(r), nil
	}, func(e *vm.Exception) (Value, error) { return l.m.Failed(e), nil })
}

// bodyFeed brings the pieces of a request's body from a task of the program to
// the connection. A piece is taken when there is room for it.
type bodyFeed struct {
	reader *io.PipeReader
	writer *io.PipeWriter
	thrown error // by the source; it belongs to the VM's goroutine
}

// GeneText is the printed form.
func (*bodyFeed) GeneText() string { return "<request body>" }

var errSourceThrew = errors.New("the source of the body has thrown")

// defineBodyFeed defines what http.gene feeds a request with.
func (l *library) defineBodyFeed(ns *value.Namespace) {
	l.feedClass = value.NewClass("RequestBody", l.m.Object())
	feed := func(v Value) *bodyFeed { return v.AsInstance().Data.(*bodyFeed) }
	l.functions(ns, []entry{
		{"%pump_is", "Private: tells the library the function that feeds a request.", func(m *VM, args []Value) (Value, error) {
			l.pump = args[0]
			return value.Nil, nil
		}},
		{"%feed", "Private: a future of whether more of a body is wanted.", asyncNative(func(m *VM, args []Value) (Value, error) {
			piece, ok := contentOf(args[1])
			if !ok {
				return argError(m, "a piece of a request's body must be a String or Bytes, got %s", value.TypeName(args[1]))
			}
			w := feed(args[0]).writer
			return startFor(l, m.NewEffect(), inPoller, func(context.Context) (bool, error) {
				_, err := io.WriteString(w, piece)
				return err == nil, nil
			}, func(more bool, err error) (Value, error) { return value.Bool(more), err }), nil
		})},
		{"%finish", "Private: ends a body, or tells why it doesn't go on.", func(m *VM, args []Value) (Value, error) {
			b := feed(args[0])
			if args[1].IsNil() {
				return value.Nil, b.writer.Close()
			}
			b.thrown = &vm.Exception{Instance: args[1].AsInstance()}
			return value.Nil, b.writer.CloseWithError(errSourceThrew)
		}},
	})
}

// isPieces tells whether a body comes in pieces.
func isPieces(body Value) bool {
	return body.Kind() == value.KindGenerator || body.Kind() == value.KindIterator
}

// sendPieces sends a body that comes in pieces from a generator.
func (l *library) sendPieces(r *httpRequest, source Value) (Value, error) {
	b := &bodyFeed{}
	b.reader, b.writer = io.Pipe()
	r.feed = b
	i := value.NewInstance(l.feedClass)
	i.Data = b
	future := l.send(r)
	return l.m.Invoke(l.pump, []Value{i.Value(), source}, func(Value) (Value, error) { return future, nil })
}

// netError is the NetworkException of what went wrong in a connection, in the
// system's words.
func (l *library) netError(what string, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, context.Canceled) {
		return l.m.Raise(l.m.Errors.Cancellation, vm.CodeCancelled, "%s: cancelled", what)
	}
	return l.m.Raise(l.m.Errors.Network, vm.CodeNet, "%s: %s", what, err.Error())
}

// wsConnect is (ws_connect url headers ^timeout ^protocols ^insecure ^ca ^proxy).
func (l *library) wsConnect(m *VM, args []Value, kw *value.Map) (Value, error) {
	protocols, rest := keyword(kw, "protocols"), value.NewMap(0)
	for _, e := range kw.Entries() {
		if e.Key != nil && e.Key.Name != "protocols" {
			rest.Set(e.Key, e.Val)
		}
	}
	r, offered, err := l.newHandshake(args, protocols, rest)
	if err != nil {
		return m.Failed(err), nil
	}
	return l.dialWebSocket(r, offered), nil
}

// newHandshake reads the operands of ws_connect.
func (l *library) newHandshake(args []Value, protocols Value, kw *value.Map) (r *httpRequest, offered []string, err error) {
	r = &httpRequest{who: "ws_connect", method: "GET"}
	if len(args) == 0 {
		return nil, nil, l.m.ArgError("ws_connect requires a URL")
	}
	address, ok := text(args[0])
	if !ok {
		return nil, nil, l.m.ArgError("URL must be a string")
	}
	if r.url, err = l.parseURL(address, "ws", "wss", "http", "https"); err != nil {
		return nil, nil, err
	}
	if r.headers, err = l.httpHeaders(r.who, arg(args, 1)); err != nil {
		return nil, nil, err
	}
	if protocols.IsSet() {
		if protocols.Kind() != value.KindArray {
			return nil, nil, l.m.ArgError("ws_connect requires ^protocols to be an array of names, got %s", value.TypeName(protocols))
		}
		for _, v := range protocols.AsArray().Items {
			p, ok := name(v)
			if !ok || !headerName(p) {
				return nil, nil, l.m.ArgError("ws_connect requires ^protocols to be an array of names, got %s in it", value.Literal(v))
			}
			offered = append(offered, p)
		}
	}
	for _, key := range []string{"stream", "max_body"} {
		if keyword(kw, key).IsSet() {
			return nil, nil, l.m.ArgError("Unexpected keyword argument: %s", key)
		}
	}
	err = l.httpOptions(r, kw)
	r.dialer.http1 = true
	return r, offered, err
}

// dialWebSocket connects within the timeout of the request.
func (l *library) dialWebSocket(r *httpRequest, offered []string) Value {
	x := &exchange{l: l, req: r, future: l.m.NewFuture()}
	var conn *websocket.Conn
	x.work = func(ctx context.Context) error {
		client, err := r.client(l.http)
		if err == nil {
			conn, _, err = websocket.Dial(ctx, r.url.String(), &websocket.DialOptions{HTTPClient: client, HTTPHeader: r.headers, Subprotocols: offered})
		}
		return err
	}
	x.result = func() Value { return l.newWsConnection(conn) }
	x.drop = func() {
		if conn != nil {
			conn.CloseNow()
		}
	}
	return x.start()
}
