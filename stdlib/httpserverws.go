package stdlib

import (
	"bufio"
	"bytes"
	"net"
	"net/http"

	"github.com/coder/websocket"

	"gene/stdlib/internal/http1"
	"gene/value"
	"gene/vm"
)

// upgrade is the answer to a request for a WebSocket, as websocket.Accept wants
// to write it: an error, or the head of an upgrade and then the connection.
type upgrade struct {
	srv    *httpServer
	r      *http1.Request
	header http.Header
	status int
	body   bytes.Buffer
	taken  bool
}

// Header is http.ResponseWriter's.
func (u *upgrade) Header() http.Header { return u.header }

// WriteHeader is http.ResponseWriter's.
func (u *upgrade) WriteHeader(status int) { u.status = status }

// Write is http.ResponseWriter's.
func (u *upgrade) Write(b []byte) (int, error) { return u.body.Write(b) }

// Hijack is http.Hijacker's.
func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c := http1.NewNetConn(u.srv.l.m.Loop().Post)
	conn, err := u.r.Upgrade(u.header, c)
	if err != nil {
		return nil, nil, err
	}
	u.taken = true
	c.Attach(conn)
	return c, bufio.NewReadWriter(bufio.NewReader(c), bufio.NewWriter(c)), nil
}

// acceptWebSocket makes a request a WebSocket, and hands it to the handler in a
// task of its own. The connection stays open when the handler returns.
func (srv *httpServer) acceptWebSocket(r *http1.Request) {
	if srv.graceOver {
		srv.send(r, plainAnswer(http.StatusServiceUnavailable, "Service Unavailable"))
		return
	}
	u := &upgrade{srv: srv, r: r, header: http.Header{}, status: http.StatusOK}
	conn, err := websocket.Accept(u, r.Request, nil)
	if err != nil {
		if !u.taken {
			srv.send(r, &http1.Answer{Status: u.status, Header: u.header, Body: u.body.Bytes()})
		}
		return
	}
	object := srv.l.newWsConnection(conn)
	c := object.AsInstance().Data.(*wsConnection)
	srv.sockets[c] = struct{}{}
	c.onEnd = func() {
		delete(srv.sockets, c)
		srv.checkEnd()
	}
	srv.l.m.Go(vm.NewNative("websocket", func(m *VM, _ []Value) (Value, error) {
		return m.InvokeTry(srv.options.wsHandler, []Value{object}, func(Value) (Value, error) { return value.Nil, nil },
			func(e *vm.Exception) (Value, error) {
				c.cancel()
				if vm.IsInterruption(e) {
					m.Interrupt()
					return value.Nil, nil
				}
				srv.counts.failed++
				m.ReportError(e)
				return value.Nil, nil
			})
	}).Value())
}
