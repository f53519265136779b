package stdlib_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gene/backends"
	_ "gene/backends/evio"
	_ "gene/backends/netpoll"
	"gene/stdlib"
	"gene/vm"
)

// netLoops are the event loops whose connections differ.
var netLoops = backends.Names()

// connects runs a program on every loop and compares what it prints. complains are
// what standard error has to hold; without any it has to be empty.
func connects(t *testing.T, program, want string, complains ...string) {
	t.Helper()
	for _, loop := range netLoops {
		t.Run(loop, func(t *testing.T) { connect(t, loop, program, want, complains...) })
	}
}

func connect(t *testing.T, loop, program, want string, complains ...string) {
	t.Helper()
	source := `(fn why [f] (try (println (f)) catch e (println #"#{(typeof e)} #{e/code} #{e/message}")))
(fn serve [handler ^options...] (net/listen "tcp" "127.0.0.1:0" handler ^... options))
(fn to [server ^options...] (await (net/dial "tcp" (server .address) ^... options)))
` + program
	mustPrint(t, loop, source, want, complains...)
}

// peer is a server in Go: act gets each of its connections, and closes it.
func peer(t *testing.T, act func(*net.TCPConn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var acting sync.WaitGroup
	acting.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed by the cleanup
			}
			acting.Go(func() { act(c.(*net.TCPConn)) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		acting.Wait()
	})
	return l.Addr().String()
}

func TestNetReads(t *testing.T) {
	address := peer(t, func(c *net.TCPConn) {
		io.WriteString(c, "one\r\ntwo\n\nh\xc3\xa9llo|é!rest\xff\xfe")
		c.Close()
	})
	connects(t, fmt.Sprintf(`
(var c (await (net/dial "tcp" %q)))
(println (await (c .read_line)) (await (c .read_line)) [(await (c .read_line))])
(println (await (c .read_exactly 6)) (await (c .read_exactly 1)) [(await (c .read_exactly 0))])
(why (fn [] (await (c .read_exactly 1))))
(println (await (c .read_exactly 2)) (await (c .read_exactly 5)))
(why (fn [] (await (c .read_exactly 2))))
(why (fn [] (await (c .read_exactly 3 ^^bytes))))
(println (await (c .read_exactly 2 ^^bytes)) (await (c .read)) (await (c .read_line)) [(await (c .read_exactly 0))])
(why (fn [] (await (c .read_exactly -1))))
(why (fn [] (await (c .read_exactly "x"))))
(why (fn [] (await (c .read ^cake 1))))
(why (fn [] (await (c .write 5))))
(await (c .close))
(await (c .close))
(why (fn [] (await (c .write "x"))))
(why (fn [] (await (c .read))))
(await (c .close_write))
`, address), strings.ReplaceAll(`one two []
héllo | []
NetworkException GENE.NET.ERROR Failed to read text from 'ADDR': not valid UTF-8 at byte 0
é !rest
NetworkException GENE.NET.ERROR Failed to read text from 'ADDR': not valid UTF-8 at byte 0
NetworkException GENE.NET.ERROR Failed to read from 'ADDR': the stream ended after 2 of 3 bytes
0#fffe nil nil []
ArgumentException GENE.CALL.ARGUMENTS read_exactly requires a number of bytes from 0 to 67108864
ArgumentException GENE.CALL.ARGUMENTS read_exactly requires a number of bytes from 0 to 67108864
ArgumentException GENE.CALL.ARGUMENTS Unexpected keyword argument: cake
ArgumentException GENE.CALL.ARGUMENTS write requires a String or Bytes, got Int
NetworkException GENE.NET.ERROR Failed to write to 'ADDR': connection is closed
NetworkException GENE.NET.ERROR Failed to read from 'ADDR': connection is closed
`, "ADDR", address))
}

// TestNetCharacterInPieces sends a character in pieces; the next one only when what came before was read.
func TestNetCharacterInPieces(t *testing.T) {
	address := peer(t, func(c *net.TCPConn) {
		defer c.Close()
		ack := make([]byte, 1)
		for _, piece := range []string{"a\xc3", "\xa9b\xf0", "\x9f\x98", "\x80", "end\xc3"} {
			io.WriteString(c, piece)
			if piece == "\x9f\x98" {
				continue // no text comes of it
			}
			if _, err := io.ReadFull(c, ack); err != nil {
				return
			}
		}
	})
	connects(t, fmt.Sprintf(`
(var c (await (net/dial "tcp" %q)))
(var seen "")
(try (for chunk in c (seen = #"#{seen}#{chunk}.") (await (c .write "k"))) catch e (println (e/message .contains "not valid UTF-8")))
(println seen)
(println (await (c .read ^^bytes)) (await (c .read)))
(await (c .close))
`, address), "true\na.éb.😀.end.\n0#c3 nil\n")
}

// TestNetLongLine reads a line of many pieces, whose bytes are looked at once.
func TestNetLongLine(t *testing.T) {
	address := peer(t, func(c *net.TCPConn) {
		defer c.Close()
		io.WriteString(c, strings.Repeat("x", 5_000_000)+"\nshort\n")
	})
	connects(t, fmt.Sprintf(`
(var c (await (net/dial "tcp" %q ^window 1000)))
(println (len (await (c .read_line))) (await (c .read_line)) (await (c .read_line)))
(await (c .close))
`, address), "5000000 short nil\n")
}

func TestNetOneReader(t *testing.T) {
	connects(t, `
(var s (serve (fn [c] (await (c .read)) (await (c .write "late")))))
(var c (to s))
(var first (c .read))
(try (await (c .read)) catch ConcurrencyException (println "one at a time"))
(try (await first ^timeout 0.02) catch TimeoutException (println "timed out"))
(var second (c .read))
(second .cancel)
(await (c .write "go"))
(println (await (c .read)))
(await (c .close))
(s .close)
`, "one at a time\ntimed out\nlate\n")
}

func TestNetPeersThatVanish(t *testing.T) {
	reset := peer(t, func(c *net.TCPConn) {
		io.WriteString(c, "last words")
		io.ReadFull(c, make([]byte, 1))
		c.SetLinger(0)
		c.Close()
	})
	silent := peer(t, func(c *net.TCPConn) {
		io.Copy(io.Discard, c)
		c.Close()
	})
	stop := make(chan struct{})
	deaf := peer(t, func(c *net.TCPConn) {
		<-stop // reads nothing
		c.Close()
	})
	t.Cleanup(func() { close(stop) }) // before peer's own cleanup, which waits for it
	connects(t, fmt.Sprintf(`
(var c (await (net/dial "tcp" %q)))
(println (await (c .read_exactly 10)))
(var waiting (c .read))
(await (c .write "!"))
(try (await waiting) catch NetworkException (println (($ex .message) .contains "reset")))
(try (await (c .write "x")) catch NetworkException (println "lost"))
(await (c .close))
(var d (await (net/dial "tcp" %q ^read_timeout 30)))
(try (await (d .read)) catch TimeoutException (println $ex/code))
(await (d .close))
(var e (await (net/dial "tcp" %q ^write_timeout 50)))
(try (await (e .write ("x" .repeat 60000000))) catch TimeoutException (println "deaf" (($ex .message) .contains "Failed to write")))
(println "on")
`, reset, silent, deaf), "last words\ntrue\nlost\nGENE.ASYNC.TIMEOUT\ndeaf true\non\n")
}

// certificateText is a certificate for 127.0.0.1 and its key.
func certificateText(t *testing.T) (cert, key []byte) {
	t.Helper()
	borrowed := httptest.NewTLSServer(nil)
	defer borrowed.Close()
	pair := borrowed.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// certificate writes them into files.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	certText, keyText := certificateText(t)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, text := range map[string][]byte{cert: certText, key: keyText} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestNetTLS(t *testing.T) {
	cert, key := certificate(t)
	plain := peer(t, func(c *net.TCPConn) {
		io.WriteString(c, "220 speak plainly\r\n")
		io.Copy(io.Discard, c)
		c.Close()
	})
	connects(t, fmt.Sprintf(`
(var cert %q) (var key %q) (var plain %q)
(fn upper [c] (for line in (c .lines) (await (c .write #"#{(line .to_upper)}\n"))))
(var s (serve upper ^tls {^cert cert ^key key}))
(var c (await (net/dial "tls" (s .address) ^ca cert)))
(await (c .write "secret\n"))
(println (await (c .read_line)))
(await (c .close_write))
(println (await (c .read)))
(await (c .close))
(try (await (net/dial "tls" (s .address))) catch NetworkException (println (($ex .message) .contains "certificate")))
(var d (await (net/dial "tls" (s .address) ^^insecure)))
(await (d .write "anybody\n"))
(println (await (d .read_line)))
(await (d .close))
(try (await (net/dial "tls" plain ^^insecure)) catch NetworkException (println (($ex .message) .contains "TLS handshake")))
(var e (to s))
(await (e .write "GET / HTTP/1.0\r\n\r\n"))
(while (try ((await (e .read ^^bytes)) != nil) catch NetworkException false))
(await (e .close))
(s .close)
(why (fn [] (net/listen "tls" "127.0.0.1:0" upper)))
(why (fn [] (net/listen "tcp4" "127.0.0.1:0" upper ^tls {^cert cert ^key key})))
(why (fn [] (net/listen "tcp" "127.0.0.1:0" upper ^tls {^cert cert})))
(why (fn [] (net/listen "tcp" "127.0.0.1:0" upper ^tls {^cert "absent.pem" ^key key})))
(why (fn [] (await (net/dial "tcp" plain ^^insecure))))
(why (fn [] (await (net/dial "tls" plain ^ca "absent.pem"))))
(why (fn [] (await (net/dial "tls" plain ^ca key))))
`, cert, key, plain), strings.ReplaceAll(`SECRET
nil
true
ANYBODY
true
ArgumentException GENE.CALL.ARGUMENTS net/listen on network tls requires ^tls {^cert PATH ^key PATH}
ArgumentException GENE.CALL.ARGUMENTS net/listen has ^tls for networks tls and tcp only, got 'tcp4'
ArgumentException GENE.CALL.ARGUMENTS net/listen requires ^tls to be a map {^cert PATH ^key PATH}
IOError GENE.IO.ERROR Failed to load certificate 'absent.pem': no such file or directory
ArgumentException GENE.CALL.ARGUMENTS net/dial has ^ca and ^insecure for network tls only, got 'tcp'
IOError GENE.IO.ERROR Failed to read file 'absent.pem': cannot open: absent.pem
ArgumentException GENE.CALL.ARGUMENTS net/dial: ^ca 'KEY' holds no certificate in PEM form
`, "KEY", key), "TLS handshake with")
}

func TestNetServer(t *testing.T) {
	connects(t, `
(var s (serve (fn [c]
  (await (c .write "who? "))
  (var line (await (c .read_line)))
  (if (line == "throw") (throw "thrown by the handler"))
  (await (c .write #"#{line} done")))))
(var a (to s)) (var b (to s))
(println (await (a .read)) (await (b .read)))
(await (a .write "throw\n"))
(println (await (a .read)))
(s .close) (s .close)
(try (await (net/dial "tcp" (s .address))) catch NetworkException (println "closed"))
(await (b .write "b\n"))
(println (await (b .read)) (await (b .read)))
(why (fn [] (net/listen "tcp" "127.0.0.1:0" 5)))
(why (fn [] (net/listen "tcp" "127.0.0.1" println)))
(why (fn [] (net/listen "tcp" "127.0.0.1:0" println ^max_conns 0)))
(why (fn [] (net/listen "tcp" "127.0.0.1:0" println ^read_timeout "x")))
(why (fn [] (net/listen "tcp" "127.0.0.1:0" println ^timeout 5)))
(try (net/listen "tcp" "192.0.2.1:0" println) catch NetworkException (println "not ours"))
(why (fn [] (net/listen 5 "x" println)))
`, `who?  who? 
nil
closed
b done nil
ArgumentException GENE.CALL.ARGUMENTS net/listen requires a function that takes the connection
ArgumentException GENE.CALL.ARGUMENTS net/listen requires an address of the form host:port, got '127.0.0.1'
ArgumentException GENE.CALL.ARGUMENTS net/listen requires ^max_conns to be an Int from 1 to 1073741824
ArgumentException GENE.CALL.ARGUMENTS net/listen requires ^read_timeout to be positive int milliseconds or float seconds
ArgumentException GENE.CALL.ARGUMENTS Unexpected keyword argument: timeout
not ours
ArgumentException GENE.CALL.ARGUMENTS net/listen requires a network and an address, both strings
`, "thrown by the handler")
}

// visitor is a client in Go: the program tells a peer its server's address in a line, and act gets a connection to it.
func visitor(t *testing.T, act func(*net.TCPConn)) (address string) {
	return peer(t, func(c *net.TCPConn) {
		defer c.Close()
		at, err := bufio.NewReader(c).ReadString('\n')
		if err != nil {
			return
		}
		v, err := net.Dial("tcp", strings.TrimSpace(at))
		if err != nil {
			t.Error(err)
			return
		}
		defer v.Close()
		act(v.(*net.TCPConn))
		io.Copy(io.Discard, c) // until the program closes
	})
}

// TestNetServerIsToldWhy: a server's connection says what became of its peer.
func TestNetServerIsToldWhy(t *testing.T) {
	resets := visitor(t, func(v *net.TCPConn) {
		io.WriteString(v, "hi")
		io.ReadFull(v, make([]byte, 2))
		v.SetLinger(0)
		v.Close()
	})
	deaf := visitor(t, func(v *net.TCPConn) {})
	connects(t, fmt.Sprintf(`
(fn visit [address handler]
  (var told (new gene/Future))
  (var s (serve (fn [c] (told .complete (try (handler c) catch NetworkException #"network #{$ex/message}" catch TimeoutException #"timeout #{$ex/code}")))
    ^write_timeout 50))
  (var v (await (net/dial "tcp" address)))
  (await (v .write #"#{(s .address)}\n"))
  (println (await told))
  (s .close)
  (await (v .close)))
(fn ends [text end] (if (text .contains end) end else text))
(visit %q (fn [c] (await (c .read)) (await (c .write "ok"))
  (ends (try (await (c .read)) catch NetworkException $ex/message) "connection reset by peer")))
(visit %q (fn [c] (await (c .write ("x" .repeat 30000000)))))
`, resets, deaf), "connection reset by peer\ntimeout GENE.ASYNC.TIMEOUT\n")
}

// TestNetMaxConns: the second connection is served when the first has gone.
func TestNetMaxConns(t *testing.T) {
	connects(t, `
(var open 0) (var most 0)
(var s (serve (fn [c]
  (open += 1)
  (if (open > most) (most = open))
  (await (c .write "hello"))
  (await (c .read))
  (open -= 1)) ^max_conns 1))
(var a (to s)) (var b (to s))
(println (await (a .read)))
(var of_b (b .read))
(await (a .close))
(println (await of_b) most)
(await (b .close))
(s .close)
`, "hello\nhello 1\n")
}

func TestNetDatagramsAndNames(t *testing.T) {
	connects(t, `
(var a (net/udp "127.0.0.1:0"))
(var b (net/udp "localhost:0"))
(var early (a .receive))
(var cancelled (a .receive))
(cancelled .cancel)
(await (b .send 0#ff00 (a .address)))
(var p (await early))
(println p/data (p/from == (b .address)))
(await (a .send "one" p/from))
(await (a .send "" p/from))
(println (((await (b .receive)) .get "data") .size) (((await (b .receive)) .get "data") .size))
(var never (b .receive))
(b .close) (b .close)
(println (await never) (await (b .receive)))
(for packet in b (println "none comes"))
(try (await (b .send "x" (a .address))) catch NetworkException (println "closed"))
(try (await (a .send ("x" .repeat 100000) (a .address))) catch NetworkException (println "too long"))
(a .close)
(why (fn [] (await (a .send 5 6))))
(why (fn [] (net/udp "nonsense")))
(why (fn [] (net/udp 5)))
(try (net/udp "no-such-host.invalid:0") catch NetworkException (println "no such host"))
(try (await (net/lookup "no-such-host.invalid")) catch NetworkException (println "no such host"))
(why (fn [] (await (net/lookup 5))))
(println (((await (net/lookup "localhost")) .size) > 0))
`, `0#ff00 true
3 0
nil nil
closed
too long
ArgumentException GENE.CALL.ARGUMENTS send requires a String or Bytes and an address
ArgumentException GENE.CALL.ARGUMENTS net/udp requires an address of the form host:port, got 'nonsense'
ArgumentException GENE.CALL.ARGUMENTS net/udp requires an address, a string
no such host
no such host
ArgumentException GENE.CALL.ARGUMENTS net/lookup requires a host name
true
`)
}

// TestNetLeavesNothingBehind ends programs with connections in every state, and counts descriptors.
func TestNetLeavesNothingBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	program := `
(var s (serve (fn [c] (await (c .read)) (await (c .write ("x" .repeat 3000000))))))
(var unread (to s)) (await (unread .write "x"))
(var idle (to s)) (idle .read)
(var gone (to s)) (await (gone .close))
(var half (to s)) (await (half .close_write))
(var u (net/udp "127.0.0.1:0")) (u .receive)
(var x (net/listen "unix" "s.sock" (fn [c] (throw "x"))))
(var y (await (net/dial "unix" "s.sock")))
(println (await (y .read)))
(net/dial "tcp" (s .address))
(exit)
`
	for _, loop := range netLoops {
		t.Run(loop, func(t *testing.T) {
			connect(t, loop, program, "nil\n", "x") // whatever the loop keeps for good, it opens now
			before := openDescriptors(t)
			for range 3 {
				connect(t, loop, program, "nil\n", "x")
			}
			deadline := time.Now().Add(10 * time.Second)
			for openDescriptors(t) > before {
				if time.Now().After(deadline) {
					t.Fatalf("descriptors: %d before, %d after", before, openDescriptors(t))
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
}

// TestNetInterrupted ends programs that serve, or wait for the addresses of a name
// from a server that never answers.
func TestNetInterrupted(t *testing.T) {
	usual := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = usual })
	for _, loop := range netLoops {
		if loop == "sim" { // its work is done on the goroutine that waits for it
			continue
		}
		for name, program := range map[string]string{
			"serve":  `(net/listen "tcp" "127.0.0.1:0" (fn [conn] nil)) (net/lookup "a.test")`,
			"lookup": `(await (net/lookup "a.test"))`,
			"dial":   `(await (net/dial "tcp" "a.test:80"))`,
			"listen": `(net/listen "tcp" "a.test:0" (fn [conn] nil))`,
			"udp":    `(net/udp "a.test:0")`,
			"http":   `(import genex/http) (start_server 0 (fn [req] "x") ^host "a.test")`,
		} {
			t.Run(loop+"/"+name, func(t *testing.T) {
				asked := make(chan struct{}, 1)
				net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
					select {
					case asked <- struct{}{}:
					default: // both kinds of addresses are asked for
					}
					<-ctx.Done()
					return nil, ctx.Err()
				}}
				l, err := backends.New(loop, backends.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var errs bytes.Buffer
				m, err := stdlib.New(vm.Options{Loop: l, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &errs})
				if err != nil {
					t.Fatal(err)
				}
				ended := make(chan struct{})
				interrupts := make(chan struct{})
				go func() {
					defer close(interrupts)
					select {
					case <-asked:
						m.Interrupt()
					case <-ended:
					}
				}()
				code := m.RunMain("main.gene", []byte(program))
				close(ended)
				<-interrupts
				if err := m.Close(); err != nil {
					t.Error(err)
				}
				if code != 130 {
					t.Errorf("exit code %d: %s", code, errs.String())
				}
			})
		}
	}
}
