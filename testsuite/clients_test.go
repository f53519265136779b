//go:build clients

// These tests let other people's programs ask our servers: curl, wrk and Chromium,
// which must be installed (GENE_TEST_CHROMIUM may name the latter's program), and net/http.
//
//	go test -tags clients -run TestClients ./testsuite

package testsuite

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gene/backends"
)

// TestClients runs each client against an example, on every loop that serves the
// world outside.
func TestClients(t *testing.T) {
	for _, loop := range backends.Names() {
		if loop == "sim" {
			continue
		}
		t.Run(loop, func(t *testing.T) {
			t.Run("curl", func(t *testing.T) { curlClient(t, startExample(t, "echo", loop)) })
			t.Run("curl files", func(t *testing.T) { curlFiles(t, startExample(t, "files", loop)) })
			t.Run("net_http", func(t *testing.T) { goClient(t, startExample(t, "echo", loop)) })
			t.Run("wrk", func(t *testing.T) { wrkClient(t, startExample(t, "echo", loop)) })
			t.Run("chromium", func(t *testing.T) { browserClient(t, startExample(t, "live", loop)) })
		})
	}
}

// run runs a client and gives what it prints; it has to succeed.
func run(t *testing.T, stdin, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, &errs)
	}
	return string(out)
}

func curl(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	return run(t, stdin, "curl", append([]string{"--silent", "--show-error", "--max-time", "30"}, args...)...)
}

func curlClient(t *testing.T, address string) {
	url := "http://" + address
	long := strings.Repeat("0123456789abcdef", 128<<10) // so long that curl waits for "100 Continue"
	for _, c := range []struct {
		name, stdin string
		args        []string
		want        string
	}{
		{"get", "", []string{url + "/a"}, "GET /a\n\n"},
		{"post", "", []string{"-d", "hello", url + "/b"}, "POST /b\nhello\n"},
		{"old", "", []string{"--http1.0", url + "/c"}, "GET /c\n\n"},
		{"chunked", "hello", []string{"-X", "POST", "-H", "Transfer-Encoding: chunked", "-T", "-", url + "/d"}, "POST /d\nhello\n"},
		{"long", long, []string{"--data-binary", "@-", "-H", "Expect: 100-continue", url + "/e"}, "POST /e\n" + long + "\n"},
		{"compressed", long, []string{"--data-binary", "@-", "--compressed", "-H", "Expect:", url + "/f"}, "POST /f\n" + long + "\n"},
		{"kept", "", []string{"-w", "%{num_connects}\n", url + "/1", url + "/2", "-o", "/dev/null", "-o", "/dev/null"}, "1\n0\n"},
		{"many", "", []string{"--no-progress-meter", "--parallel", "--parallel-max", "20", "-o", "/dev/null", "-w", "%{http_code}\n", url + "/[1-60]"}, strings.Repeat("200\n", 60)},
	} {
		if got := curl(t, c.stdin, c.args...); got != c.want {
			t.Errorf("%s: got %d bytes %.200q, want %d bytes %.200q", c.name, len(got), got, len(c.want), c.want)
		}
	}
	if head := curl(t, "", "--head", url+"/h"); !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") || !strings.Contains(head, "\r\nContent-Length: ") {
		t.Errorf("the head is %q", head)
	}
}

func curlFiles(t *testing.T, address string) {
	url := "http://" + address + "/files.gene"
	whole := curl(t, "", url)
	if got := curl(t, "", "--range", "2-7", url); got != whole[2:8] {
		t.Errorf("a range is %q, want %q", got, whole[2:8])
	}
	etag := filepath.Join(t.TempDir(), "etag")
	curl(t, "", "--etag-save", etag, "-o", os.DevNull, url)
	if got := curl(t, "", "--etag-compare", etag, "-w", "%{http_code}", "-o", os.DevNull, url); got != "304" {
		t.Errorf("what curl has already is answered with %s", got)
	}
	if got := curl(t, "", "--path-as-is", "-w", "%{http_code}", "-o", os.DevNull, "http://"+address+"/../files.gene"); got != "404" {
		t.Errorf("a way upwards is answered with %s", got)
	}
}

// goClient asks with many connections at once, each used again and again.
func goClient(t *testing.T, address string) {
	const clients, requests = 50, 20
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := range requests {
				text := strings.Repeat(fmt.Sprintf("%d/%d ", c, i), 1+i*100)
				res, err := client.Post("http://"+address+"/p", "text/plain", strings.NewReader(text))
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if want := "POST /p\n" + text + "\n"; err != nil || string(body) != want {
					t.Errorf("got %.80q (%v), want %.80q", body, err, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

// wrkClient looks only at whether all requests are answered well.
func wrkClient(t *testing.T, address string) {
	out := run(t, "", "wrk", "-t1", "-c16", "-d1s", "http://"+address+"/")
	served := regexp.MustCompile(`(\d+) requests in`).FindStringSubmatch(out)
	if served == nil || served[1] == "0" || strings.Contains(out, "Socket errors") || strings.Contains(out, "Non-2xx") {
		t.Errorf("wrk complains:\n%s", out)
	}
}

// browserClient opens the page and waits until it shows what came as events and
// over the WebSocket.
func browserClient(t *testing.T, address string) {
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true))
	if path := os.Getenv("GENE_TEST_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	limited, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ctx, cancel := chromedp.NewContext(limited, chromedp.WithAllocatorOptions(options...))
	defer cancel()
	defer func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("the browser did not end well: %v", err)
		}
	}()
	if err := chromedp.Do(ctx, chromedp.Navigate("http://"+address+"/")); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, `Number(document.getElementById("ticks").textContent) >= 3`)
	shows(t, ctx, `document.getElementById("said").textContent === "you sent greeting 1"`)
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("button").click(), true`)); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, `document.getElementById("said").textContent === "you sent greeting 2"`)
}

// shows waits until an expression is true in the page.
func shows(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	const wait = `new Promise((resolve) => {
		const look = () => (%s) ? resolve(true) : setTimeout(look, 10);
		look();
	})`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(wait, expression), chromedp.EvalAwaitPromise)); err != nil {
		body, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
		t.Fatalf("the page doesn't come to %s: %v\n%s", expression, err, body)
	}
}
