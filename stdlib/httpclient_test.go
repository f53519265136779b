package stdlib_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gene/vm"
)

// loops are the event loops the client is tried on.
var loops = []string{"goroutine", "sim"}

// against runs a program on every loop against a server whose address it finds
// in base, and compares what it prints.
func against(t *testing.T, handler http.HandlerFunc, program, want string) {
	t.Helper()
	for _, loop := range loops {
		t.Run(loop, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			defer server.CloseClientConnections()
			ask(t, loop, server.URL, program, want)
		})
	}
}

// ask runs one program against the server at base.
func ask(t *testing.T, loop, base, program, want string) {
	t.Helper()
	source := fmt.Sprintf("(import genex/http)\n(var base %q)\n(fn body [f] (var r (await f)) r/body)\n(fn status [f] (var r (await f)) r/status)\n(fn why [f] (try (println (await f)) catch e (println #\"#{(typeof e)} #{e/code}: #{e/message}\")))\n%s", base, program)
	done := make(chan result, 1)
	go func() { done <- runOn(t, loop, source, vm.Options{}) }()
	select {
	case r := <-done:
		got := strings.NewReplacer(base, "BASE", strings.Replace(base, "http", "ws", 1), "WS").Replace(r.out)
		if r.code != 0 || got != want {
			t.Errorf("exit code %d\n%s\ngot:\n%s\nwant:\n%s", r.code, r.err, got, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the program hangs")
	}
}

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Add("X-Twice", "a")
	w.Header().Add("X-Twice", "b")
	w.Header().Set("X-Once", r.Header.Get("X-Once"))
	if r.URL.Path == "/missing" {
		w.WriteHeader(404)
	}
	fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), body)
}

func TestHTTPRequests(t *testing.T) {
	against(t, echo, `
(var r (await (http_get #"#{base}/a?b=c" {^X-Once 7})))
(println r/status r/body r/headers/x-once r/headers/x-twice (r .ok?))
(println (status (http_get #"#{base}/missing")))
(println (body (http_post #"#{base}/p" "text" {^Content-Type "text/plain"})))
(println (body (http_post #"#{base}/p" {^a [1 nil "x"]})))
(for m in ["get" "POST" "PUT" "DELETE" "PATCH" "OPTIONS" "HEAD"]
  (println (body ((new gene/Request base m) .send))))
(why ((new gene/Request base "BREW") .send))
(println (genex/http/get base))
(println (genex/http/put base [1 2]))
(println (genex/http/post base "x") (genex/http/delete base))
`, `200 GET /a?b=c   7 [a b] true
404
POST /p text/plain text
POST /p application/json {"a":[1,null,"x"]}
GET /  
POST /  
PUT /  
DELETE /  
PATCH /  
OPTIONS /  

ArgumentException GENE.CALL.ARGUMENTS: Unsupported HTTP method: BREW
GET /  
PUT / application/json [1,2]
POST /  x DELETE /  
`)
}

func TestHTTPOperands(t *testing.T) {
	against(t, echo, `
(why (http_get))
(why (http_get 5))
(why (http_get "http://[::1"))
(why (http_get "nowhere"))
(why (http_get "http:///x"))
(why (http_get base "no map"))
(why (http_get base {^X "a\r\nY: b"}))
(why (http_get base {^X {}}))
(why (http_post base 5))
(why (http_get base ^timeout 0))
(why (http_get base ^redirects -1))
(why (http_get base ^max_body "x"))
(why (http_get base ^ca 5))
(why (http_get base ^proxy "::"))
(why (http_get base ^unknown 1))
`, `ArgumentException GENE.CALL.ARGUMENTS: http_get requires at least a URL
ArgumentException GENE.CALL.ARGUMENTS: URL must be a string
ArgumentException GENE.CALL.ARGUMENTS: invalid URL "http://[::1": missing ']' in host
ArgumentException GENE.CALL.ARGUMENTS: invalid URL "nowhere": want it to begin with http:// or https://
ArgumentException GENE.CALL.ARGUMENTS: invalid URL "http:///x": the host is missing
ArgumentException GENE.CALL.ARGUMENTS: http_get requires the headers to be a map, got String
ArgumentException GENE.CALL.ARGUMENTS: invalid header "X": "a\r\nY: b"
ArgumentException GENE.CALL.ARGUMENTS: header X must be a text, a number or an array of them, got Map
ArgumentException GENE.CALL.ARGUMENTS: http_post requires the body to be a String, Bytes, a map or array (sent as JSON) or a generator of pieces, got Int
ArgumentException GENE.CALL.ARGUMENTS: http_get requires ^timeout to be a positive number: Int milliseconds or Float seconds, got 0
ArgumentException GENE.CALL.ARGUMENTS: http_get requires ^redirects to be an Int from 0 to 100, got -1
ArgumentException GENE.CALL.ARGUMENTS: http_get requires ^max_body to be an Int of bytes from 0 to 1073741824, got "x"
ArgumentException GENE.CALL.ARGUMENTS: http_get requires ^ca to be a PEM text or the path of one, got 5
NetworkException GENE.NET.ERROR: GET BASE: ^proxy is no URL of a proxy: "::"
ArgumentException GENE.CALL.ARGUMENTS: Unexpected keyword argument: unknown
`)
}

func TestHTTPAnswers(t *testing.T) {
	var mu sync.Mutex
	connections := 0
	for _, loop := range loops {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/json":
				body, _ := io.ReadAll(r.Body)
				fmt.Fprintf(w, `{"method": %q, "sent": %q}`, r.Method, body)
			case "/zip":
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				io.WriteString(z, "unzipped")
				z.Close()
			case "/moved":
				http.Redirect(w, r, "/json", http.StatusFound)
			case "/connections":
				mu.Lock()
				fmt.Fprint(w, connections)
				mu.Unlock()
			}
		}))
		server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
			if s == http.StateNew {
				mu.Lock()
				connections++
				mu.Unlock()
			}
		}
		connections = 0
		server.Start()
		ask(t, loop, server.URL, `
(println (genex/http/get_json #"#{base}/json") (genex/http/post_json #"#{base}/json" {^a 1} {^X "y"} ^timeout 60000))
(println (body (http_get #"#{base}/zip")))
(var r (await (http_get #"#{base}/moved")))
(println r/status r/url r/body)
(println ((new gene/Response 201 "[1]" {^a "b"}) .json))
(try (new gene/Response "x") catch e (println e/message))
(try ((new gene/Response 200 nil) .json) catch e (println e/message))
(try (genex/http/get_json "nowhere") catch e (println (typeof e)))
(for i in (range 0 20) (body (http_get #"#{base}/json")))
(println "connections" (genex/http/get #"#{base}/connections"))
`, `{^method GET ^sent } {^method POST ^sent {"a":1}}
unzipped
200 BASE/json {"method": "GET", "sent": ""}
[1]
Response requires an Int as status
Failed to parse JSON: the body is no text but Nil
ArgumentException
connections 1
`)
		server.Close()
	}
}

// TestHTTPForgottenStream: a streamed response that the program lets go of ends
// its request when it is collected.
func TestHTTPForgottenStream(t *testing.T) {
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/endless" {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			close(ended)
			return
		}
		for {
			runtime.GC()
			select {
			case <-ended:
				io.WriteString(w, "ended")
				return
			case <-time.After(time.Millisecond):
			}
		}
	}))
	defer server.Close()
	ask(t, "goroutine", server.URL, `
(fn forget [] (var r (await (http_get #"#{base}/endless" ^^stream))) r/status)
(println (await (async (forget))))
(println (body (http_get base)))
`, "200\nended\n")
}
