package stdlib_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestServerStreamsBodies(t *testing.T) {
	serves(t, `
(fn app [req]
  (case req/path
    when "/length"
      (var n 0)
      (for piece in (req .chunks) (n += (piece .size)))
      #"#{n} #{req/body}"
    when "/lines"
      (var out [])
      (for line in (req .lines) (out .push line))
      (out .join "|")
    when "/read" (var first (await (req .read 2))) (respond #"#{(first .to_array)}")
    when "/bytes" (try (req .bytes) catch e #"#{e/message}")
    when "/twice" (for piece in (req .chunks)) (respond #"#{(await (req .read))}")
    else "unread"))
(var base (serving app ^^stream_body ^max_body 3000000))
(fn pieces ^^generator [n] (var piece ("x" .repeat 1000)) (for i in (0 .. (n - 1)) (yield piece)))
(show (http_post #"#{base}/length" (pieces 2000)))
(show (http_post #"#{base}/length" ("y" .repeat 100000)))
(show (http_get #"#{base}/length"))
(show (http_post #"#{base}/lines" "a\nb\r\n\nc"))
(show (http_post #"#{base}/read" "hello"))
(show (http_post #"#{base}/bytes" "hello"))
(show (http_post #"#{base}/twice" "hello"))
(show (http_post #"#{base}/unread" "hello"))
(show (http_post #"#{base}/length" (pieces 3001)))
`, "200 2000000 nil\n200 100000 nil\n200 0 nil\n200 a|b||c\n200 [104 101]\n"+
		"200 the server was started with ^stream_body: the body is read with .read\n200 nil\n200 unread\n"+
		"413 Request Entity Too Large: the body is too large\n")
}

func TestServerSendsPieces(t *testing.T) {
	serves(t, `
(fn pieces ^^generator [n]
  (for i in (0 .. (n - 1))
    (await (gene/sleep_async 1))
    (yield #"#{i},")))
(fn breaking ^^generator [] (yield "begun") (throw "broken"))
(var base (serving (fn [req]
  (case req/path
    when "/three" (respond 201 (pieces 3) {^X-A "b"})
    when "/breaks" (respond (breaking))
    else (respond 200 [1 2])))))
(var r (await (http_get #"#{base}/three")))
(println r/status r/body r/headers/x-a r/headers/content-type r/headers/transfer-encoding)
(var head (await ((new gene/Request #"#{base}/three" "HEAD") .send)))
(println head/status (head/body .size))
(println (typeof (try (await (http_get #"#{base}/breaks")) catch e e)))
(show (http_get #"#{base}/other"))
`, "201 0,1,2, b application/octet-stream void\n201 0\nNetworkException\n200 [1 2]\n", "broken")
}

func TestServerLongFiles(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("0123456789abcdef", 3<<20/16)
	if err := os.WriteFile(filepath.Join(dir, "long.txt"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	serves(t, fmt.Sprintf(`
(var base (serving (serve_files %q)))
(var r (await (http_get #"#{base}/long.txt")))
(println r/status (r/body .size) r/headers/content-length r/headers/content-type)
(var tag r/headers/etag)
(r = (await (http_get #"#{base}/long.txt" {^If-None-Match tag})))
(println r/status)
(r = (await (http_get #"#{base}/long.txt" {^Range "bytes=1048576-1048591"})))
(println r/status r/body r/headers/content-range)
(r = (await (http_get #"#{base}/long.txt" {^Range "bytes=-2000000"})))
(println r/status (r/body .size))
(r = (await (http_get #"#{base}/long.txt" {^Range "bytes=9000000-"})))
(println r/status)
(r = (await ((new gene/Request #"#{base}/long.txt" "HEAD") .send)))
(println r/status (r/body .size) r/headers/content-length)
(r = (await (http_get #"#{base}/long.txt" {} ^^stream)))
(println ((await (r .read 4)) .to_array))
(r .close)
`, dir), `200 3145728 3145728 text/plain; charset=utf-8
304
206 0123456789abcdef bytes 1048576-1048591/3145728
206 2000000
416
200 0 3145728
[48 49 50 51]
`)
}

func TestServerHTTP2(t *testing.T) {
	cert, key := certificateText(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "long.txt"), []byte(strings.Repeat("z", 2<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, streamed := range []string{"", "^^stream_body"} {
		t.Run("body"+streamed, func(t *testing.T) {
			serves(t, fmt.Sprintf(`
(var files (serve_files %q))
(fn numbers ^^generator [n] (for i in (0 .. (n - 1)) (await (gene/sleep_async 1)) (yield #"#{i},")))
(fn app [req]
  (case req/path
    when "/post" (var n 0) (for piece in (req .chunks) (n += (piece .size))) (respond 201 #"#{req/method} #{(req .protocol)} #{n}" {^X-One ["a" "b"]})
    when "/sse" (var s (respond_sse req)) (for i in [1 2] (s .send #"data: #{i}\n\n")) (s .close) s
    when "/pieces" (respond (numbers 3))
    when "/slow" (await (gene/sleep_async 5000))
    when "/boom" (throw "bad")
    when "/long.txt" (files req)
    when "/big" (respond ("q" .repeat 300000))
    else nil))
(var base ((serving app %s ^tls {^cert %q ^key %q} ^request_timeout_ms 200 ^max_body 200000) .replace "http:" "https:"))
(fn get [p ^options...] (http_get (++ base p) {} ^^insecure ^... options))
(var r (await (http_post (++ base "/post") ("p" .repeat 150000) ^^insecure)))
(println r/status r/body r/headers/x-one)
(r = (await (http_post (++ base "/post") ("p" .repeat 200001) ^^insecure)))
(println r/status (r/body .trim))
(show (get "/none"))
(show (get "/boom"))
(show (get "/slow"))
(show (get "/pieces"))
(r = (await (get "/big")))
(println (r/body .size))
(r = (await (get "/long.txt")))
(println r/status (r/body .size))
(r = (await (get "/sse" ^^stream)))
(for e in (r .events) (println e/data))
(var all (await (get "/pieces") (get "/pieces") (get "/pieces")))
(println (all .map (fn [r] r/body)))
(println ((http_server_status) .get "connections") ((http_server_status) .get "in_flight"))
`, dir, streamed, cert, key), `201 POST HTTP/2.0 150000 [a b]
413 Request Entity Too Large: the body is too large
404 Not Found
500 Internal Server Error
504 Gateway Timeout
200 0,1,2,
300000
200 2097152
1
2
[0,1,2, 0,1,2, 0,1,2,]
1 0
`, "bad")
		})
	}
}
