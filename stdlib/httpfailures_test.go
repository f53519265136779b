package stdlib_test

import (
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gene/vm"
)

// hijacked answers with bytes of its own and ends the connection, by a reset
// when abrupt.
func hijacked(t *testing.T, answer string, abrupt bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(conn, answer)
		if abrupt {
			conn.(*net.TCPConn).SetLinger(0)
		}
		conn.Close()
	}
}

// each failure is followed by a request to see that the rest goes on.
func TestHTTPFailures(t *testing.T) {
	failures := map[string]http.HandlerFunc{
		"/reset":   hijacked(t, "", true),
		"/vanish":  hijacked(t, "", false),
		"/garbage": hijacked(t, "what?\r\n\r\n", false),
		"/short":   hijacked(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", false),
		"/loop":    func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/huge": func(w http.ResponseWriter, r *http.Request) {
			for range 1 << 10 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		},
		"/bomb": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write(make([]byte, 1<<20))
			z.Close()
		},
		"/head":  hijacked(t, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 2<<20)+"\r\n\r\n", false),
		"/latin": func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("caf\xe9")) },
		"/json":  func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "{\n oops") },
		"/stall": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/fine":  func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "fine") },
	}
	against(t, func(w http.ResponseWriter, r *http.Request) { failures[r.URL.Path](w, r) }, `
(fn bad [f text]
  (try
    (await f)
    (println "no failure")
   catch e
    (println (typeof e) e/code (ifel (e/message .contain text) text e/message)))
  (println (body (http_get #"#{base}/fine"))))
(bad (http_post #"#{base}/reset" "x") "connection reset by peer")
(bad (http_post #"#{base}/vanish" "x") "EOF")
(bad (http_get #"#{base}/garbage") "malformed HTTP")
(bad (http_get #"#{base}/short") "the body ends after 5 bytes")
(bad (http_get #"#{base}/loop") "too many redirects (limit 10, see ^redirects)")
(bad (http_get #"#{base}/loop" ^redirects 2) "too many redirects (limit 2, see ^redirects)")
(bad (http_get #"#{base}/huge" ^max_body 1000000) "the body is larger than the limit of 1000000 bytes")
(bad (http_get #"#{base}/bomb" ^max_body 1000000) "the body is larger than the limit of 1000000 bytes")
(bad (http_get #"#{base}/head") "server response headers exceeded 1048576 bytes")
(bad (http_get #"#{base}/stall" ^timeout 0.05) "http_get timed out after 50ms: ")
(bad (http_get "http://127.0.0.1:1/") "connection refused")
(bad (http_get "https://user:secret@127.0.0.1:1/") "GET https://user:xxxxx@127.0.0.1:1/: ")
(println (status (http_get #"#{base}/loop" ^redirects 0)))
(var latin (await (http_get #"#{base}/latin")))
(println latin/body ((latin .bytes) .to_array))
(var json (await (http_get #"#{base}/json")))
(try (json .json) catch e (println e/code (e/message .start_with? "Failed to parse JSON: body(2, 2)")))
(println (((await (http_get #"#{base}/huge" ^max_body 1048576)) .bytes) .size))
`, `NetworkException GENE.NET.ERROR connection reset by peer
fine
NetworkException GENE.NET.ERROR EOF
fine
NetworkException GENE.NET.ERROR malformed HTTP
fine
NetworkException GENE.NET.ERROR the body ends after 5 bytes
fine
NetworkException GENE.NET.ERROR too many redirects (limit 10, see ^redirects)
fine
NetworkException GENE.NET.ERROR too many redirects (limit 2, see ^redirects)
fine
NetworkException GENE.NET.ERROR the body is larger than the limit of 1000000 bytes
fine
NetworkException GENE.NET.ERROR the body is larger than the limit of 1000000 bytes
fine
NetworkException GENE.NET.ERROR server response headers exceeded 1048576 bytes
fine
TimeoutException GENE.ASYNC.TIMEOUT http_get timed out after 50ms: 
fine
NetworkException GENE.NET.ERROR connection refused
fine
NetworkException GENE.NET.ERROR GET https://user:xxxxx@127.0.0.1:1/: 
fine
302
caf� [99 97 102 233]
GENE.JSON.ERROR true
1048576
`)
}

func TestHTTPSCertificates(t *testing.T) {
	for _, loop := range loops {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "hello over %s", r.Proto)
		}))
		server.Config.ErrorLog = quiet()
		server.EnableHTTP2 = true
		server.StartTLS()
		ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		ask(t, loop, server.URL, fmt.Sprintf(`
(why (http_get base))
(println (body (http_get base ^^insecure)))
(println (body (http_get base ^ca %q)))
(why (http_get base ^ca "absent.pem"))
(why (http_get base ^ca "-----BEGIN nothing"))
`, ca), `NetworkException GENE.NET.ERROR: GET BASE: tls: failed to verify certificate: x509: certificate signed by unknown authority
hello over HTTP/2.0
hello over HTTP/2.0
NetworkException GENE.NET.ERROR: GET BASE: ^ca: open absent.pem: no such file or directory
NetworkException GENE.NET.ERROR: GET BASE: ^ca holds no certificate in PEM form
`)
		server.CloseClientConnections()
		server.Close()
	}
}

// TestHTTPIsConcurrent answers none of three requests before all have come.
func TestHTTPIsConcurrent(t *testing.T) {
	var mu sync.Mutex
	waiting := []chan struct{}{}
	against(t, func(w http.ResponseWriter, r *http.Request) {
		mine := make(chan struct{})
		mu.Lock()
		waiting = append(waiting, mine)
		if len(waiting) == 3 {
			for _, c := range waiting {
				close(c)
			}
			waiting = nil
		}
		mu.Unlock()
		select {
		case <-mine:
			io.WriteString(w, r.URL.Path)
		case <-r.Context().Done():
		}
	}, `
(var fs [])
(for p in ["/a" "/b" "/c"] (fs .push (http_get #"#{base}#{p}")))
(for f in fs (println (body f)))
`, "/a\n/b\n/c\n")
}

// TestHTTPCancelEndsTheRequest sees the server's side of a cancelled request.
func TestHTTPCancelEndsTheRequest(t *testing.T) {
	for _, loop := range loops {
		for how, end := range map[string]string{
			"cancel":  `(f .cancel)`,
			"timeout": `(try (await f ^timeout 0.01) catch e (println "late"))`,
			"exit":    `(exit)`,
		} {
			t.Run(loop+"/"+how, func(t *testing.T) {
				arrived, gone := make(chan struct{}), make(chan struct{})
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/arrived" {
						<-arrived
						return
					}
					close(arrived)
					<-r.Context().Done()
					close(gone)
				}))
				defer server.Close()
				r := runOn(t, loop, fmt.Sprintf("(import genex/http)\n(var f (http_get %q))\n(await (http_get %q))\n%s", server.URL, server.URL+"/arrived", end), vm.Options{})
				if r.err != "" {
					t.Error(r.err)
				}
				select {
				case <-gone:
				case <-time.After(20 * time.Second):
					t.Fatal("the server still has the request")
				}
			})
		}
	}
}

// TestHTTPHolds tells what keeps a program alive: effects do, a GET that nobody
// looks at and idle connections don't.
func TestHTTPHolds(t *testing.T) {
	for _, loop := range loops {
		t.Run(loop, func(t *testing.T) {
			var mu sync.Mutex
			var posted []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == "GET" && r.URL.Path == "/stall" {
					<-r.Context().Done()
					return
				}
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				posted = append(posted, string(body))
				mu.Unlock()
			}))
			defer server.Close()
			ask(t, loop, server.URL, `
(http_get #"#{base}/stall")
(http_post base "kept")
`, "")
			mu.Lock()
			defer mu.Unlock()
			if len(posted) != 1 || posted[0] != "kept" {
				t.Errorf("posted %q", posted)
			}
		})
	}
}

// TestHTTPStream reads answers that come in pieces. The server writes the next
// piece when the program has got the one before.
func TestHTTPStream(t *testing.T) {
	for _, loop := range loops {
		t.Run(loop, func(t *testing.T) {
			next := make(chan struct{}, 1)
			ended := make(chan struct{}, 2)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				flush := w.(http.Flusher).Flush
				switch r.URL.Path {
				case "/next":
					next <- struct{}{}
				case "/pieces":
					for i := range 3 {
						fmt.Fprintf(w, "piece %d\r\n", i)
						flush()
						select {
						case <-next:
						case <-r.Context().Done():
							return
						}
					}
				case "/events":
					io.WriteString(w, ": hello\n\nevent: tick\ndata: 1\nid: 7\n\ndata:a\ndata:  b\n\ndata: cut off")
				case "/endless":
					for r.Context().Err() == nil {
						w.Write(make([]byte, 1<<16))
					}
					ended <- struct{}{}
				case "/broken":
					io.WriteString(w, "begin")
					flush()
					hijacked(t, "", false)(w, r)
				case "/stall":
					io.WriteString(w, "begin")
					flush()
					<-r.Context().Done()
					ended <- struct{}{}
				}
			}))
			defer server.Close()
			ask(t, loop, server.URL, `
(var r (await (http_get #"#{base}/pieces" ^^stream)))
(println r/status r/body)
(for line in (r .lines)
  (println line)
  (await (http_get #"#{base}/next")))
(println (await (r .read)))
(r = (await (http_get #"#{base}/pieces" ^^stream)))
(for piece in (r .chunks) (println (piece .size)) (await (http_get #"#{base}/next")))
(for e in ((await (http_get #"#{base}/events" ^^stream)) .events) (println e/event e/data e/id))
(r = (await (http_get #"#{base}/endless" ^^stream)))
(println ((await (r .read 10)) .size))
(r .close)
(println (await (r .read)))
(for path in ["/broken" "/stall"]
  (r = (await (http_get #"#{base}#{path}" ^^stream)))
  (println ((await (r .read 3)) .size) ((await (r .read)) .size))
  (try (await (r .read) ^timeout 0.05) catch e (println (typeof e) e/code)))
(var made (new gene/Response 200 "a\nb"))
(for line in (made .lines) (println line))
(why (made .read 0))
`, `200 nil
piece 0
piece 1
piece 2
nil
9
9
9
tick 1 7
message a
 b 7
10
nil
3 2
NetworkException GENE.NET.ERROR
3 2
TimeoutException GENE.ASYNC.TIMEOUT
a
b
ArgumentException GENE.CALL.ARGUMENTS: Response.read requires a number of bytes from 1 to 1073741824
`)
			for range 2 {
				select {
				case <-ended:
				case <-time.After(20 * time.Second):
					t.Error("closing a response or giving up a read didn't end the request")
				}
			}
		})
	}
}

// TestHTTPBackpressure: a server can't write what the program doesn't read.
func TestHTTPBackpressure(t *testing.T) {
	const total = 64 << 20
	var written int
	stuck := make(chan int, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stuck" {
			fmt.Fprint(w, <-stuck < total)
			return
		}
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
		for written < total {
			n, err := w.Write(make([]byte, 1<<16))
			written += n
			if err != nil {
				break
			}
		}
		stuck <- written
	}))
	defer server.Close()
	ask(t, "goroutine", server.URL, `
(var r (await (http_get base ^^stream)))
(await (r .read))
(println (body (http_get #"#{base}/stuck")))
(r .close)
`, "true\n")
}

// TestHTTPRequestBodyInPieces sends what a generator gives, and tells of its
// exception.
func TestHTTPRequestBodyInPieces(t *testing.T) {
	against(t, echo, `
(fn pieces* [n] (var i 0) (while (i < n) (yield #"<#{i}>") (await (gene/sleep_async 1)) (i += 1)))
(fn bad* [] (yield "x") (throw (new ArgumentException "no more")))
(fn text* [] (yield "x") (throw "just text"))
(fn worse* [] (yield 5))
(println (body (http_post base (pieces* 3))))
(try (await (http_post base (bad*))) catch e (println (typeof e) e/message))
(try (await (http_post base (text*))) catch e (println (typeof e) e/message))
(try (await (http_post base (worse*))) catch e (println (typeof e) e/message))
(try (await (http_post base (pieces* 3) ^proxy "::")) catch e (println (typeof e)))
(try (await (http_post "http://127.0.0.1:1" (pieces* 3))) catch e (println (typeof e)))
(try (await (http_post base (pieces* 1000000) ^timeout 50)) catch e (println (typeof e)))
(println (body (http_post base "still")))
`, `POST /  <0><1><2>
ArgumentException no more
Exception just text
ArgumentException a piece of a request's body must be a String or Bytes, got Int
NetworkException
NetworkException
TimeoutException
POST /  still
`)
}

func TestHTTPProxyOnlyWhenAsked(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "proxy for %s", r.URL)
	}))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	ask(t, "goroutine", proxy.URL, `
(println (body (http_get base)))
(println (body (http_get "http://example.test/x" ^proxy base)))
`, "proxy for /\nproxy for http://example.test/x\n")
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
