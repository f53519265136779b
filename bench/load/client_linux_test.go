package load

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// The servers of the tests are this test's own binary, told by its first argument.
var helpers = map[string]func(net.Listener){
	"echo": func(ln net.Listener) {
		acceptAll(ln, func(c net.Conn) { io.Copy(c, c) })
	},
	"slow": func(ln net.Listener) { // stalls at the tenth message
		acceptAll(ln, func(c net.Conn) {
			buf := make([]byte, 16)
			for i := 0; ; i++ {
				if _, err := io.ReadFull(c, buf); err != nil {
					return
				}
				if i == 10 {
					time.Sleep(100 * time.Millisecond)
				}
				c.Write(buf)
			}
		})
	},
	"wrong": func(ln net.Listener) {
		acceptAll(ln, func(c net.Conn) { io.Copy(c, strings.NewReader(strings.Repeat("x", 16))) })
	},
	"closing": func(ln net.Listener) {
		acceptAll(ln, func(c net.Conn) { c.Read(make([]byte, 64)); c.Close() })
	},
	"http": func(ln net.Listener) {
		http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hi") }))
	},
}

func acceptAll(ln net.Listener, serve func(net.Conn)) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		go serve(c)
	}
}

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && helpers[os.Args[1]] != nil {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println("ready", ln.Addr())
		helpers[os.Args[1]](ln)
		return
	}
	os.Exit(m.Run())
}

func dial(t *testing.T, helper string, p Protocol, conns int) (*Process, *Client) {
	t.Helper()
	server, err := Start(Server{Name: helper, Argv: []string{os.Args[0], helper}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	c, err := Dial(server, p, conns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return server, c
}

func TestEachConnectionSendsOnce(t *testing.T) {
	for helper, p := range map[string]Protocol{"echo": Echo{16}, "http": Hello{"hi"}} {
		server, c := dial(t, helper, p, 5)
		for range 2 {
			f, err := c.Run(Run{})
			if err != nil {
				t.Fatal(err)
			}
			if f.Messages != 5 || f.CPU <= 0 || f.P99 < f.P50 || f.Max < f.P99 || f.P50 <= 0 {
				t.Errorf("%s: %v, want 5 messages and times", helper, f)
			}
		}
		if rss, err := server.RSS(); err != nil || rss < 1<<20 {
			t.Errorf("%s: %d bytes of memory, error %v", helper, rss, err)
		}
	}
}

func TestClosedRunSendsAgain(t *testing.T) {
	_, c := dial(t, "echo", Echo{16}, 3)
	f, err := c.Run(Run{For: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if f.Messages <= 3 || f.Wall < 50*time.Millisecond {
		t.Errorf("%v in %v, want more than one message of each connection", f, f.Wall)
	}
}

// TestOpenRunCountsFromWhenAMessageWasDue stalls the server for 100 ms at one of 200 messages that are due 1 ms
// apart: a client that waited with it would see one slow message only.
func TestOpenRunCountsFromWhenAMessageWasDue(t *testing.T) {
	_, c := dial(t, "slow", Echo{16}, 1)
	f, err := c.Run(Run{Rate: 1000, For: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if f.Messages != 200 {
		t.Errorf("%d messages, want all 200 that were due", f.Messages)
	}
	if slow := percentile(c.times, 80); slow < 20*time.Millisecond {
		t.Errorf("the 80th percentile is %v, want the stall to be seen by what was due meanwhile", slow)
	}
}

func TestFailuresAreErrors(t *testing.T) {
	for helper, want := range map[string]string{"wrong": "wrong echo", "closing": "unexpected EOF"} {
		_, c := dial(t, helper, Echo{16}, 2)
		if _, err := c.Run(Run{}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), helper) {
			t.Errorf("%s: error %v, want one that tells %q", helper, err, want)
		}
	}
	if _, err := Start(Server{Name: "mute", Argv: []string{os.Args[0], "-test.run=^$"}}); err == nil || !strings.Contains(err.Error(), "mute") {
		t.Errorf("a server that doesn't say it is ready: error %v", err)
	}
	if _, err := Start(Server{Name: "none", Argv: []string{"/nonexistent/server"}}); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a server that isn't there: error %v", err)
	}
}
