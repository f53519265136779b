package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"gene/bench/load"
	"gene/bench/measure"
)

// TestLoadServers drives the servers of the load figures, each connection sending two messages.
func TestLoadServers(t *testing.T) {
	for _, c := range []struct {
		program  string
		protocol load.Protocol
		args     []string
	}{
		{"echo.gene", load.Echo{Size: 64}, nil},
		{"hello.gene", load.Hello{Body: "Hello, World!\n"}, nil},
		{"hello.gene", load.Hello{Body: "Hello, World!\n"}, []string{"1"}},
	} {
		argv := append([]string{os.Args[0], "run", "load/" + c.program}, c.args...)
		server, err := load.Start(load.Server{Name: c.program, Argv: argv})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Stop()
		client, err := load.Dial(server, c.protocol, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		for range 2 {
			if f, err := client.Run(load.Run{}); err != nil || f.Messages != 8 {
				t.Errorf("%s: %v, error %v, want 8 messages", c.program, f, err)
			}
		}
	}
}

// TestThreeGets runs the client of the load figures for one round.
func TestThreeGets(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "slow\n") }))
	defer server.Close()
	res, err := measure.Run(t.Context(), measure.Command{Name: "three_gets.gene", Argv: []string{os.Args[0], "run", "load/three_gets.gene", server.URL, "1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one_ms", "three_ms"} {
		if ms, err := measure.Figure(res.Stdout, name); err != nil || ms <= 0 {
			t.Errorf("%s is %v, error %v", name, ms, err)
		}
	}
}
