package stdlib_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// accept makes a handler of the server's side of a WebSocket.
func accept(t *testing.T, serve func(ctx context.Context, r *http.Request, c *websocket.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/plain" {
			io.WriteString(w, "no WebSocket here")
			return
		}
		if r.URL.Path == "/stall" {
			<-r.Context().Done()
			return
		}
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"chat"}})
		if err != nil {
			t.Error(err)
			return
		}
		defer c.CloseNow()
		c.SetReadLimit(1 << 20)
		serve(r.Context(), r, c)
	}
}

func TestWebSocketClient(t *testing.T) {
	against(t, accept(t, func(ctx context.Context, r *http.Request, c *websocket.Conn) {
		for {
			kind, data, err := c.Read(ctx)
			switch {
			case err != nil:
				return
			case string(data) == "bye":
				c.Close(4001, "as you wish")
				return
			case string(data) == "vanish":
				c.CloseNow()
				return
			case string(data) == "latin":
				c.Write(ctx, websocket.MessageText, []byte("caf\xe9"))
			case string(data) == "long":
				c.Write(ctx, kind, []byte(strings.Repeat("x", 17<<20)))
			case string(data) == "header":
				c.Write(ctx, kind, []byte(r.Header.Get("X-Who")))
			default:
				c.Write(ctx, kind, data)
			}
		}
	}), `
(var ws (base .replace "http" "ws"))
(fn dial [opts] (await (ws_connect ws {^X-Who "me"} ^... opts)))
(var c (dial {^protocols ["chat"]}))
(println c c/protocol (c .closed?))
(println (c .send "hi") (await (c .recv)))
(println (c .send "header") (await (c .recv)))
(c .send ("ab" .bytes))
(println ((await (c .recv)) .to_array))
(var early (c .recv))
(var cancelled (c .recv))
(cancelled .cancel)
(c .send "one")
(c .send "two")
(println (await early) (await (c .recv)))
(try (c .send 5) catch e (println e/message))
(try (c .close 5) catch e (println (typeof e)))
(c .send "x")
(c .send "y")
(c .send "bye")
(for message in c (println "got" message))
(println (await (c .recv)) (c .send "late") (c .closed?) c/close_code c/close_reason (c .close))
(c = (dial {}))
(println (c .close 1000 "done") (await (c .recv)) c/close_code (c .send "x"))
(c = (dial {}))
(c .send "vanish")
(try (await (c .recv)) catch e (println (typeof e) e/code))
(println (await (c .recv)))
(c = (dial {}))
(c .send "long")
(try (await (c .recv)) catch e (println (typeof e) (e/message .contain "limit")))
(c = (dial {}))
(c .send "latin")
(try (await (c .recv)) catch e (println (typeof e) e/message))
(why (ws_connect #"#{ws}/stall" ^timeout 0.05))
(fn failing [f] (try (await f) catch e (println (typeof e) e/code)))
(failing (ws_connect #"#{base}/plain"))
(failing (ws_connect "ws://127.0.0.1:1"))
(why (ws_connect))
(why (ws_connect 5))
(why (ws_connect "file:///x"))
(why (ws_connect ws ^protocols "chat"))
(why (ws_connect ws ^^stream))
(try (new gene/WsConnection) catch e (println e/message))
(class Fake < gene/WsConnection (ctor [] nil))
(why ((new Fake) .recv))
(try ((new Fake) .send "x") catch e (println (typeof e)))
(var left (dial {}))
`, `<websocket> chat false
true hi
true me
[97 98]
one two
WsConnection.send requires a String or Bytes, got Int
ArgumentException
got x
got y
nil false true 4001 as you wish nil
nil nil 1000 false
NetworkException GENE.NET.ERROR
nil
NetworkException true
NetworkException WebSocket: the peer sent text that is not valid UTF-8
TimeoutException GENE.ASYNC.TIMEOUT: ws_connect timed out after 50ms: WS/stall
NetworkException GENE.NET.ERROR
NetworkException GENE.NET.ERROR
ArgumentException GENE.CALL.ARGUMENTS: ws_connect requires a URL
ArgumentException GENE.CALL.ARGUMENTS: URL must be a string
ArgumentException GENE.CALL.ARGUMENTS: invalid URL "file:///x": want it to begin with ws:// or wss:// or http:// or https://
ArgumentException GENE.CALL.ARGUMENTS: ws_connect requires ^protocols to be an array of names, got String
ArgumentException GENE.CALL.ARGUMENTS: Unexpected keyword argument: stream
WsConnection cannot be made with new; use ws_connect
ArgumentException GENE.CALL.ARGUMENTS: a connection made by ws_connect is wanted, got Fake
ArgumentException
`)
}
