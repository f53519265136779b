package stdlib_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"weak"

	"gene/value"
	"gene/vm"
)

// serverProgram begins programs that serve and attack themselves over bare TCP, on
// every loop: sim has a network of its own.
const serverProgram = `(import genex/http)
(var served 0)
(fn address [] #"127.0.0.1:#{((http_server_status) .get "port")}")
(fn count [name] ((http_server_status) .get name))
# The status of the first answer. The connection has to end by itself.
(fn status [c]
  (var first (await (c .read_line)))
  (for line in (c .lines) nil)
  (await (c .close))
  (var words ((ifel first first "- none") .split " "))
  words/1)
`

func onEveryLoop(t *testing.T, program, want string, complains ...string) {
	t.Helper()
	for _, loop := range netLoops {
		t.Run(loop, func(t *testing.T) {
			mustPrint(t, loop, serverProgram+program+"\n(await (stop_server))\n", want, complains...)
		})
	}
}

// TestServerAbuse sends what is no request. The tables of http1 have all of it;
// here each sort crosses every loop's own connections.
func TestServerAbuse(t *testing.T) {
	const get, post = "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\n"
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	var cases strings.Builder
	want := ""
	for _, c := range []struct {
		name, in string
		status   int
	}{
		{"both lengths", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
		{"two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc" + smuggled, 400},
		{"folded header", get + "A: b\r\n c\r\n\r\n" + smuggled, 400},
		{"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n" + smuggled, 400},
		{"bare carriage return", get + "A: b\rC: d\r\n\r\n" + smuggled, 400},
		{"NUL", get + "A: \x00\r\n\r\n" + smuggled, 400},
		{"blank before the colon", get + "A : b\r\n\r\n" + smuggled, 400},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
		{"huge header", get + "A: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", 431},
		{"many headers", get + strings.Repeat("A: b\r\n", 1<<17) + "\r\n", 431},
		{"giant chunk", post + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc" + smuggled, 413},
		{"chunk size that overflows", post + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nabc" + smuggled, 400},
		{"giant body", post + "Content-Length: 9223372036854775807\r\n\r\nabc" + smuggled, 413},
		{"unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n" + smuggled, 501},
		{"version 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
	} {
		fmt.Fprintf(&cases, "[%q 0#%x]\n", c.name, c.in)
		want += fmt.Sprintf("%s %d\n", c.name, c.status)
	}
	onEveryLoop(t, fmt.Sprintf(`
(start_server 0 (fn [req] (served += 1) "served"))
(var cases [%s])
(for attack in cases
  (var c (await (net/dial "tcp" (address))))
  (async (try (await (c .write attack/1)) catch NetworkException nil)) # refused before its end
  (println attack/0 (status c)))
(while ((count "connections") > 0) (await (gene/sleep_async 1)))
(println served "served," (count "rejected") "rejected")
`, &cases), want+"0 served, 15 rejected\n")
}

// TestServerSlowloris sends a head and a body byte by byte. Bytes don't buy more
// time for a head; a body's time is without a byte.
func TestServerSlowloris(t *testing.T) {
	onEveryLoop(t, `
(start_server 0 (fn [req] (served += 1) "served") ^header_timeout_ms 300 ^body_timeout_ms 300)
(fn trickle [begin gap]
  (var c (await (net/dial "tcp" (address))))
  (await (c .write begin))
  (var over false)
  (async
    (while (! over)
      (await (gene/sleep_async gap))
      (try (await (c .write "a")) catch NetworkException (over = true))))
  (var s (status c))
  (over = true)
  s)
(println (trickle "GET /" 20))
(println (trickle "GET / HTTP/1.1\r\nHost: x\r\nA: " 20))
(println (trickle "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" 600))
(while ((count "connections") > 0) (await (gene/sleep_async 1)))
(println served)
`, "408\n408\n408\n0\n")
}

// TestServerDeafClient asks for much and reads nothing.
func TestServerDeafClient(t *testing.T) {
	onEveryLoop(t, `
(var much ("0123456789abcdef" .repeat 65536))
(var streams 0)
(start_server 0 (fn [req]
  (if (req/path == "/whole") (respond 200 (much .repeat 32) {^Content-Type "application/x-much"})
   else
    (var s (respond_sse req))
    (streams += 1)
    (while (s .send much) nil)
    (streams -= 1)
    s)) ^write_timeout_ms 250)
(for path in ["/whole" "/events"]
  (var c (await (net/dial "tcp" (address))))
  (await (c .write #"GET #{path} HTTP/1.1\r\nHost: x\r\n\r\n"))
  (while ((count "requests") == 0) (await (gene/sleep_async 1)))
  (while (((count "connections") > 0) || (streams > 0)) (await (gene/sleep_async 5)))
  (println path "is cut off")
  (await (c .close)))
`, "/whole is cut off\n/events is cut off\n")
}

// TestServerStopEndsWebSockets: they are told that the server goes away.
func TestServerStopEndsWebSockets(t *testing.T) {
	serves(t, `
(var left nil)
(fn talk [c]
  (for m in c (c .send #"<#{m}>"))
  (left = c/close_code))
(var base (serving (fn [req] "x") ^websocket {^path "/ws" ^handler talk}))
(var ws (base .replace "http" "ws"))
(fn meet [end]
  (var c (await (ws_connect #"#{ws}/ws")))
  (c .send "a")
  (println (await (c .recv)) ((http_server_status) .get "websockets"))
  c)
(var c (meet nil))
(var end (stop_server ^grace_ms 100))
(c .send "b")
(println (await (c .recv)))
(println (await (c .recv)) c/close_code c/close_reason)
(await end)
(while (left == nil) (await (gene/sleep_async 1)))
(println ((http_server_status) .get "status") ((http_server_status) .get "websockets") left)
(base = (serving (fn [req] "x") ^websocket {^path "/ws" ^handler talk}))
(ws = (base .replace "http" "ws"))
(c = (meet nil))
(end = (stop_server))
(println (await (c .recv)) c/close_code)
(await end)
(why (fn [] (stop_server ^grace_ms -1)))
(why (fn [] (stop_server ^grace 5)))
(why (fn [] (stop_server "x")))
`, `<a> 1
<b>
nil 1001 the server stops
stopped 0 1001
<a> 1
nil 1001
ArgumentException: stop_server ^grace_ms expects an Int from 0 to 3600000, got -1
ArgumentException: stop_server has no keyword ^grace
ArgumentException: stop_server requires the port to be an Int, got String
`)
}

// TestServerStopEndsStreams: they may go on for the grace time, and what begins
// behind it ends at once.
func TestServerStopEndsStreams(t *testing.T) {
	serves(t, `
(var streams [])
(var gate (new Future))
(fn app [req]
  (if (req/path == "/late") (await gate))
  (var s (respond_sse req))
  (streams .push s)
  (s .send "data: 1\n\n")
  s)
(var base (serving app))
(var r (await (http_get #"#{base}/" {} ^^stream)))
(var late (http_get #"#{base}/late"))
(while (((http_server_status) .get "requests") < 2) (await (gene/sleep_async 1)))
(var end (stop_server ^grace_ms 150))
(println (streams/0 .closed?) (streams/0 .send "data: 2\n\n"))
(for e in (r .events) (println e/data))
(println (streams/0 .closed?))
(gate .complete nil)
(var l (await late))
(println l/status #"<#{l/body}>")
(await end)
(println ((http_server_status) .get "status"))
`, "false true\n1\n2\ntrue\n200 <>\nstopped\n")
}

// TestServerStopOverHTTP2: streams of HTTP/2 get the same grace, and the same end.
func TestServerStopOverHTTP2(t *testing.T) {
	cert, key := certificate(t)
	serves(t, fmt.Sprintf(`
(var stream nil)
(var base ((serving (fn [req]
  (stream = (respond_sse req))
  (stream .send #"data: #{(req .protocol)}\n\n")
  stream) ^tls {^cert %q ^key %q}) .replace "http:" "https:"))
(var r (await (http_get base {} ^^stream ^^insecure)))
(println (await (r .read_line)) (await (r .read_line)))
(var end (stop_server ^grace_ms 100))
(println (stream .send "data: 2\n\n"))
(for e in (r .events) (println e/data))
(println (stream .closed?))
(await end)
(println ((http_server_status) .get "status"))
`, cert, key), "data: HTTP/2.0 \ntrue\n2\ntrue\nstopped\n")
}

// TestHostileNames: the names that clients send as headers, parameters, fields of
// forms and keys of JSON are forgotten with their requests.
func TestHostileNames(t *testing.T) {
	const names = 64
	var program string // its server's address
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		program = "http://" + r.URL.Query().Get("address")
		var kept []weak.Pointer[value.Symbol]
		for i := range names {
			kept = append(kept, sendName(t, program, fmt.Sprintf("x-hostile-%d", i)))
		}
		for range names {
			post(t, program, "{}", http.Header{})
		}
		runtime.GC()
		runtime.GC() // what cleanups held goes with the second
		alive := 0
		for _, p := range kept {
			if p.Value() != nil {
				alive++
			}
		}
		fmt.Fprint(w, "most are gone: ", alive < names/4)
	}))
	defer server.Close()
	r := runOn(t, "goroutine", fmt.Sprintf(serverProgram+`
(start_server 0 (fn [req] #"#{(req/headers .size)} #{req/params} #{req/body_params}"))
(var r (await (http_get #"%s/?address=#{(address)}")))
(println r/body)
(await (stop_server))
`, server.URL), vm.Options{})
	if r.out != "most are gone: true\n" || r.err != "" {
		t.Errorf("%s%s", r.out, r.err)
	}
}

// sendName sends a name in every place and gives its symbol as the VM knows it.
func sendName(t *testing.T, base, name string) weak.Pointer[value.Symbol] {
	symbol := value.Intern(name)
	if got := post(t, base+"/?"+name+"=1", `{"`+name+`": 2}`, http.Header{name: {"3"}}); !strings.Contains(got, name) {
		t.Errorf("the program didn't see %s: %s", name, got)
	}
	p := weak.Make(symbol)
	runtime.KeepAlive(symbol)
	return p
}

func post(t *testing.T, url, json string, h http.Header) string {
	req, err := http.NewRequest("POST", url, strings.NewReader(json))
	if err != nil {
		t.Error(err)
		return ""
	}
	req.Header = h
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}
