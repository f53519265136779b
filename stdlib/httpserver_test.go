package stdlib_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// serves runs a program that serves and asks itself, on every loop.
func serves(t *testing.T, program, want string, complains ...string) {
	t.Helper()
	for _, loop := range loops {
		t.Run(loop, func(t *testing.T) {
			source := `(import genex/http)
(fn serving [handler ^options...]
  (start_server 0 handler ^... options)
  #"http://127.0.0.1:#{((http_server_status) .get "port")}")
(fn show [f] (var r (await f)) (println r/status r/body))
(fn why [f] (try (println (f)) catch e (println #"#{(typeof e)}: #{e/message}")))
` + program + "\n(await (stop_server))\n"
			mustPrint(t, loop, source, want, complains...)
		})
	}
}

func TestServerRequest(t *testing.T) {
	serves(t, `
(var base (serving (fn [req]
  (case req/path
    when "/q" #"#{(req .method)} #{req/url} #{req/params/a} #{req/params/b} #{req/headers/x-one} #{req/body}"
    when "/json" #"#{req/body_params}"
    when "/bytes" #"#{((req .bytes) .to_array)}"
    when "/map" (respond {^a 1})
    when "/none" (respond 204)
    when "/twice" (respond 201 "x" {^X-T ["a" "b"]})
    when "/away" (redirect "/q?a=r" 307)
    when "/later" (async (do (await (gene/sleep_async 5)) "later"))
    else nil))))
(show (http_get #"#{base}/q?a=x%20y&b=2&a=z" {^X-One "h"}))
(show (http_post #"#{base}/q" "body"))
(show (http_post #"#{base}/json" {^a [1 2]}))
(show (http_post #"#{base}/json" "a=1&b=x+y" {^Content-Type "application/x-www-form-urlencoded"}))
(show (http_post #"#{base}/json" "{bad" {^Content-Type "application/json"}))
(show (http_post #"#{base}/bytes" (255 .to_s)))
(show (http_get #"#{base}/map"))
(show (http_get #"#{base}/none"))
(var r (await (http_get #"#{base}/twice")))
(println r/status r/headers/x-t)
(show (http_get #"#{base}/away"))
(show (http_get #"#{base}/later"))
(show (http_get #"#{base}/x"))
`, `200 GET /q x y 2 h 
200 POST /q void void void body
200 {^a [1 2]}
200 {^a "1" ^b "x y"}
200 nil
200 [50 53 53]
200 {^a 1}
204 
201 [a b]
200 GET /q r void void 
200 later
404 Not Found
`)
}

func TestServerFailures(t *testing.T) {
	serves(t, `
(class App (method call [req] (if (req/path == "/slow") (await (new Future)) else (throw #"bad #{req/path}"))))
(var base (serving App ^request_timeout_ms 50))
(show (http_get #"#{base}/a"))
(show (http_get #"#{base}/slow"))
(var st (http_server_status))
(println st/status st/in_flight st/requests st/failed st/timeouts)
(await (stop_server))
(println ((http_server_status) .get "status"))
(base = (serving (fn [req] (throw "seen")) ^^debug))
(var r (await (http_get base)))
(println r/status (r/body .contains "seen"))
`, "500 Internal Server Error\n504 Gateway Timeout\nok 0 2 1 1\nstopped\n500 true\n", "bad /a", "seen")
}

func TestServerOverload(t *testing.T) {
	serves(t, `
(var gate (new Future))
(var base (serving (fn [req] (await gate) "done") ^max_in_flight 2 ^overload_status 429))
(var a (http_get #"#{base}/1"))
(var b (http_get #"#{base}/2"))
(while (((http_server_status) .get "in_flight") < 2) (await (gene/sleep_async 1)))
(println ((http_server_status) .get "status"))
(show (http_get #"#{base}/3"))
(gate .complete nil)
(show a)
(show b)
`, "degraded\n429 Service overloaded\n200 done\n200 done\n")
}

func TestServerOperands(t *testing.T) {
	serves(t, `
(fn f [req] "x")
(why (fn [] (respond)))
(why (fn [] (respond 99)))
(why (fn [] (redirect 5)))
(why (fn [] (redirect "/" "x")))
(why (fn [] (redirect "/\r\nA: b")))
(why (fn [] (start_server "x" f)))
(why (fn [] (start_server 0 5)))
(why (fn [] (start_server 0 f ^workers 0)))
(why (fn [] (start_server 0 f ^queue_limit "x")))
(why (fn [] (start_server 0 f ^overload_status 200)))
(why (fn [] (start_server 0 f ^^concurrent)))
(why (fn [] (start_server 0 f ^websocket 5)))
(why (fn [] (start_server 0 f ^cake 5)))
(why (fn [] (respond_sse 1)))
(println ((http_server_status) .get "status"))
`, `ArgumentException: respond requires at least status or body
ArgumentException: respond requires a status from 200 to 599, got 99
ArgumentException: redirect destination must be a string
ArgumentException: redirect status must be an integer
ArgumentException: redirect destination must not have control characters: "/\r\nA: b"
ArgumentException: start_server requires a port from 0 to 65535
ArgumentException: start_server requires a handler: a function, or an instance or class with a method call, got Int
ArgumentException: start_server ^workers must be positive
ArgumentException: start_server ^queue_limit expects an integer
ArgumentException: start_server ^overload_status expects an HTTP error status from 400 to 599
Exception: start_server ^concurrent requires gene/actor/enable first
ArgumentException: start_server ^websocket expects a map {^path ^handler}, got Int
ArgumentException: start_server has no keyword ^cake
ArgumentException: respond_sse requires a ServerRequest, got Int
stopped
`)
}

func TestServerEvents(t *testing.T) {
	serves(t, `
(var streams [])
(var base (serving (fn [req]
  (var s (respond_sse req))
  (streams .push s)
  (if (req/path == "/open") (s .send "data: first\n\n")
   else
    (for i in [1 2 3] (s .send #"event: tick\ndata: #{i}\n\n"))
    (s .close))
  s)))
(var r (await (http_get #"#{base}/" {} ^^stream)))
(println r/headers/content-type)
(for e in (r .events) (println e/event e/data))
(println (streams/0 .send "late") (streams/0 .closed?))
(r = (await (http_get #"#{base}/open" {} ^^stream)))
(println (await (r .read_line)))
(r .close)
(while (! (streams/1 .closed?)) (await (gene/sleep_async 1)))
(println (streams/1 .send "late"))
`, "text/event-stream\ntick 1\ntick 2\ntick 3\nfalse true\ndata: first\nfalse\n")
}

func TestServerWebSocket(t *testing.T) {
	serves(t, `
(fn talk [c]
  (for m in c
    (case m
      when "throw" (throw "oops")
      when "bye" (c .close 4000 "as you wish")
      else (c .send #"<#{m}>"))))
(var base (serving (fn [req] "plain") ^websocket {^path "/ws" ^handler talk}))
(var ws (base .replace "http" "ws"))
(var c (await (ws_connect #"#{ws}/ws")))
(c .send "a")
(c .send ("b" .repeat 100000))
(println (await (c .recv)) ((await (c .recv)) .size))
(c .send "bye")
(println (await (c .recv)) c/close_code c/close_reason)
(show (http_get base))
(var r (await (http_get #"#{base}/ws")))
(println r/status)
(c = (await (ws_connect #"#{ws}/ws")))
(c .send "throw")
(try (println (await (c .recv))) catch e (println (typeof e)))
`, "<a> 100002\nnil 4000 as you wish\n200 plain\n426\nNetworkException\n", "oops")
}

func TestServerConcurrent(t *testing.T) {
	serves(t, `
(gene/actor/enable)
(var base (serving (fn [req] (await (gene/sleep_async 2)) req/path) ^^concurrent ^workers 2))
(var all (["/1" "/2" "/3" "/4"] .map (fn [p] (http_get (++ base p)))))
(for f in all (show f))
`, "200 /1\n200 /2\n200 /3\n200 /4\n")
}

func TestServerFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"site/a.txt": "0123456789", "site/index.html": "<p>home</p>", "site/.secret": "x", "outside.txt": "x"} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "outside.txt"), filepath.Join(dir, "site", "link")); err != nil {
		t.Fatal(err)
	}
	serves(t, fmt.Sprintf(`
(var dir %q)
(fn code [f] (var r (await f)) (println r/status))
(var files (serve_files #"#{dir}/site"))
(var base (serving (fn [req]
  (case req/path
    when "/one" (respond_file #"#{dir}/outside.txt")
    when "/gone" (respond_file #"#{dir}/missing")
    else (files req)))))
(var r (await (http_get #"#{base}/a.txt")))
(println r/status r/body r/headers/content-type)
(var tag r/headers/etag)
(var date r/headers/last-modified)
(code (http_get #"#{base}/a.txt" {^If-None-Match tag}))
(code (http_get #"#{base}/a.txt" {^If-Modified-Since date}))
(r = (await (http_get #"#{base}/a.txt" {^Range "bytes=2-4"})))
(println r/status r/body r/headers/content-range)
(code (http_get #"#{base}/a.txt" {^Range "bytes=20-"}))
(r = (await ((new gene/Request #"#{base}/a.txt" "HEAD") .send)))
(println r/status r/body r/headers/content-length)
(for p in ["/" "/one" "/gone" "/.secret" "/link" "/../outside.txt" "/%%2e%%2e/outside.txt" "/..%%2foutside.txt" "/a.txt/" "/a%%00b"]
  (show (http_get (++ base p))))
(show (http_post #"#{base}/a.txt" "x"))
(why (fn [] (serve_files 5)))
(why (fn [] (await (respond_file 5))))
`, dir), `200 0123456789 text/plain; charset=utf-8
304
304
206 234 bytes 2-4/10
416
200  10
200 <p>home</p>
200 x
404 Not Found
404 Not Found
404 Not Found
404 Not Found
404 Not Found
404 Not Found
404 Not Found
404 Not Found
405 Method Not Allowed
ArgumentException: serve_files requires the path of a directory, got Int
ArgumentException: respond_file requires the path of a file, got Int
`)
}

func TestServerTLS(t *testing.T) {
	cert, key := certificateText(t)
	serves(t, fmt.Sprintf(`
(var base (serving (fn [req] "secret") ^tls {^cert %q ^key %q}))
(show (http_get (base .replace "http:" "https:") {} ^^insecure))
(var st (http_server_status))
(try (start_server st/port (fn [req] "x")) catch e (println (typeof e)))
(println ((http_server_status) .get "status"))
(why (fn [] (start_server 0 (fn [req] "x") ^tls {^cert 1})))
`, cert, key), "200 secret\nNetworkException\nstartup-failed\nArgumentException: start_server ^tls expects ^cert to be a PEM text or the name of its file\n")
}
