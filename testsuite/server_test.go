package testsuite

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"gene/backends"
)

// TestServerExamples drives the servers that the README shows, on every loop that
// serves the world outside: sim has a world of its own.
func TestServerExamples(t *testing.T) {
	examples := map[string]func(t *testing.T, address string){
		"echo": echoExample, "files": filesExample, "chat": chatExample, "notes": notesExample, "live": liveExample,
	}
	files, err := filepath.Glob("../examples/server/*.gene")
	if err != nil || len(files) != len(examples) {
		t.Fatalf("%d servers, got %v (%v)", len(examples), files, err)
	}
	for _, loop := range backends.Names() {
		if loop == "sim" {
			continue
		}
		for name, drive := range examples {
			t.Run(loop+"/"+name, func(t *testing.T) {
				t.Parallel()
				drive(t, startExample(t, name, loop))
			})
		}
	}
}

// startExample runs a copy of an example that takes a free port instead of its own
// and gives its address. The process ends with the test.
func startExample(t *testing.T, name, loop string) string {
	t.Helper()
	text, err := os.ReadFile("../examples/server/" + name + ".gene")
	if err != nil {
		t.Fatal(err)
	}
	own := regexp.MustCompile(`\(start_server \d+ `)
	if n := len(own.FindAll(text, -1)); n != 1 {
		t.Fatalf("%s.gene starts %d servers, want 1", name, n)
	}
	program := string(own.ReplaceAll(text, []byte("(start_server 0 "))) + "(println \"port\" ((http_server_status) .get \"port\"))\n"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name+".gene"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, gene, "run", "--loop="+loop, name+".gene")
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		cmd.Wait() // killed, so it fails
		if t.Failed() || errs.Len() > 0 {
			t.Errorf("standard error: %s", errs.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if port, ok := strings.CutPrefix(lines.Text(), "port "); ok {
			return "127.0.0.1:" + port
		}
	}
	t.Fatalf("the server ended: %v", lines.Err())
	return ""
}

// ask makes a request and wants an answer: a status and a text that its body
// begins with.
func ask(t *testing.T, method, url, body, want string) http.Header {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(fmt.Sprintf("%d %s", res.StatusCode, answer)); got != want {
		t.Fatalf("%s %s %s\ngot  %s\nwant %s", method, url, body, got, want)
	}
	return res.Header
}

func echoExample(t *testing.T, address string) {
	ask(t, "POST", "http://"+address+"/any", "hello", "200 POST /any\nhello")
}

func filesExample(t *testing.T, address string) {
	ask(t, "GET", "http://"+address+"/missing", "", "404 Not Found")
	res, err := http.Get("http://" + address + "/files.gene")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || !strings.HasPrefix(string(text), "# Serves the files") {
		t.Fatalf("%s %v", text, err)
	}
}

func chatExample(t *testing.T, address string) {
	var guests [3]*websocket.Conn
	hear := func(guest int, want string) {
		t.Helper()
		if _, message, err := guests[guest].Read(t.Context()); err != nil || string(message) != want {
			t.Fatalf("got %s %v, want %s", message, err, want)
		}
	}
	for i := range guests {
		conn, _, err := websocket.Dial(t.Context(), "ws://"+address+"/chat", nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.CloseNow() }) // does nothing once closed
		guests[i] = conn
		for j := range i + 1 {
			hear(j, fmt.Sprintf("%d are here", i+1))
		}
	}
	if err := guests[0].Write(t.Context(), websocket.MessageText, []byte("good morning")); err != nil {
		t.Fatal(err)
	}
	for i := range guests {
		hear(i, "good morning")
	}
	if err := guests[1].Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	hear(0, "2 are here")
	hear(2, "2 are here")
	guests[2].CloseNow() // without a farewell
	hear(0, "1 are here")
	if err := guests[0].Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	ask(t, "GET", "http://"+address+"/", "", "200 connect to /chat")
}

func notesExample(t *testing.T, address string) {
	url := "http://" + address + "/notes"
	const ada, bread = `{"id":1,"title":"call Ada","done":false}`, `{"id":2,"title":"buy bread","done":true}`
	for _, step := range []struct{ method, path, body, want string }{
		{"GET", "", "", `200 []`},
		{"POST", "", `{"title": "call Ada"}`, `201 ` + ada},
		{"POST", "", `[{"title": "a"}, {"title": ""}]`, `400 {"error":"title must be a text"}`}, // nothing of it
		{"POST", "", `[{"title": "buy bread", "done": true}]`, `201 [` + bread + `]`},
		{"GET", "", "", `200 [` + ada + `,` + bread + `]`},
		{"GET", "/2", "", `200 ` + bread},
		{"PUT", "/1", `{"done": true}`, `200 {"id":1,"title":"call Ada","done":true}`},
		{"PUT", "/1", `{"title": "x'; DROP TABLE notes; --"}`, `200 {"id":1,"title":"x'; DROP TABLE notes; --","done":true}`},
		{"PUT", "/1", `{"done": 1}`, `400 {"error":"done must be true or false"}`},
		{"PUT", "/1", `{"owner": "me"}`, `400 {"error":"a note has no owner"}`},
		{"PUT", "/1", `"text"`, `400 {"error":"a note is an object"}`},
		{"PUT", "/9", `{"done": true}`, `404 {"error":"there is no note 9"}`},
		{"POST", "", `{}`, `400 {"error":"title must be a text"}`},
		{"POST", "/1", `{}`, `405 {"error":"use GET, PUT, DELETE"}`},
		{"PATCH", "", `{}`, `405 {"error":"use GET, POST"}`},
		{"GET", "/first", "", `404 {"error":"there is nothing at /notes/first, only /notes and /notes/ID"}`},
		{"DELETE", "/1", "", `204`},
		{"DELETE", "/1", "", `404 {"error":"there is no note 1"}`},
		{"GET", "/1", "", `404 {"error":"there is no note 1"}`},
		{"GET", "", "", `200 [` + bread + `]`},
	} {
		head := ask(t, step.method, url+step.path, step.body, step.want)
		if kind := head.Get("Content-Type"); step.want != "204" && !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s %s: content type %q", step.method, step.path, kind)
		}
	}
	res, err := http.Post(url, "application/json", strings.NewReader(`{"title": `))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, _ := io.ReadAll(res.Body); res.StatusCode != 400 || !strings.HasPrefix(string(text), `{"error":"Invalid JSON: `) {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}

func liveExample(t *testing.T, address string) {
	res, err := http.Get("http://" + address + "/ticks")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for n := 1; n <= 3; n++ {
		for _, want := range []string{"event: tick", fmt.Sprintf("data: %d", n), ""} {
			if !lines.Scan() || lines.Text() != want {
				t.Fatalf("got %q (%v), want %q", lines.Text(), lines.Err(), want)
			}
		}
	}
	conn, _, err := websocket.Dial(t.Context(), "ws://"+address+"/talk", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if _, message, err := conn.Read(t.Context()); err != nil || string(message) != "you sent hi" {
		t.Fatalf("%s %v", message, err)
	}
}
