//go:build browser

// These tests need Chromium: go test -tags browser ./reports. The program is
// looked for under its usual names, or given by GENE_TEST_CHROMIUM.

package reports

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gene/bench/result"
)

// browser starts Chromium with a profile of its own.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true))
	if path := os.Getenv("GENE_TEST_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	limited, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(limited, chromedp.WithAllocatorOptions(options...))
	t.Cleanup(cancel)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("the browser did not end well: %v", err)
		}
	})
	return ctx
}

// complaints collects what the browser reports of a page: errors, warnings of
// the console, and requests for anything but the page.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (c *complaints) add(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, fmt.Sprintf(format, args...))
}

func (c *complaints) listen(ctx context.Context, address string) error {
	return chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			c.add("exception: %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			c.add("console %s", e.Type)
		case *log.EventEntryAdded:
			c.add("log: %s", e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; u != address && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
				c.add("request for %s", u)
			}
		}
	})
}

func (c *complaints) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, complaint := range c.list {
		t.Error(complaint)
	}
}

// open writes the report of a run and opens its page.
func open(t *testing.T, f *result.File) (context.Context, *complaints) {
	t.Helper()
	dir := t.TempDir()
	if err := Write(dir, f); err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: filepath.Join(dir, "index.html")}).String()
	ctx := browser(t)
	c := &complaints{}
	err := c.listen(ctx, address)
	if err == nil {
		_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err == nil {
		err = chromedp.Do(ctx, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("#results")))
	}
	if err != nil {
		t.Fatal(err)
	}
	return ctx, c
}

// look says how the page is looked at.
func look(width int64, scheme string) chromedp.Action[chromedp.Void] {
	size := chromedp.EmulateViewport(width, 900)
	if width < 600 {
		size = chromedp.EmulateViewport(width, 900, chromedp.EmulateMobile)
	}
	return chromedp.Steps(size, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	}))
}

// evaluate gives the value of an expression in the page.
func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%v in %s", err, expression)
	}
	return v
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// overflowing lists what is wider than the window, or is written outside of
// its picture.
const overflowing = `(() => {
	const bad = [];
	for (const d of document.querySelectorAll("details")) d.open = true;
	const page = document.documentElement;
	if (page.scrollWidth > window.innerWidth) bad.push("the page is " + page.scrollWidth + " wide");
	for (const svg of document.querySelectorAll("svg")) {
		const box = svg.getBoundingClientRect();
		if (box.width === 0) continue;
		for (const text of svg.querySelectorAll("text")) {
			const b = text.getBoundingClientRect();
			if (b.left < box.left - 0.5 || b.right > box.right + 0.5 || b.top < box.top - 0.5 || b.bottom > box.bottom + 0.5)
				bad.push(svg.getAttribute("aria-label").slice(0, 40) + ": clipped: " + text.textContent);
		}
	}
	return bad;
})()`

func TestPageFitsEveryWindow(t *testing.T) {
	for name, f := range map[string]*result.File{"all": synthetic(), "hostile": hostile()} {
		ctx, complaints := open(t, f)
		for _, width := range []int64{380, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				do(t, ctx, look(width, scheme))
				for _, b := range evaluate[[]string](t, ctx, overflowing) {
					t.Errorf("%s, %d %s: %s", name, width, scheme, b)
				}
				ground := evaluate[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)
				if want := map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]; ground != want {
					t.Errorf("%s, %d %s: the ground is %s, want %s", name, width, scheme, ground, want)
				}
				if name == "all" {
					screenshots(t, ctx, fmt.Sprintf("%d-%s", width, scheme))
				}
			}
		}
		complaints.check(t)
	}
}

// screenshots saves the page in pieces, for people to look at, if
// GENE_TEST_SCREENSHOTS names a directory.
func screenshots(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("GENE_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	size := evaluate[[]float64](t, ctx, `[window.innerWidth, document.documentElement.scrollHeight]`)
	const piece = 1800
	beyond := true
	for i := 0; float64(i*piece) < size[1]; i++ {
		clip := &page.Viewport{Y: float64(i * piece), Width: size[0], Height: min(piece, size[1]-float64(i*piece)), Scale: 1}
		shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond, Clip: clip})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, i)), shot.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// costs reads a column of the figures of the single operations.
const costs = `Array.from(document.querySelector("#cost").parentElement.querySelector("tbody").rows, r => Number(r.cells[%d].dataset.sort))`

func TestTablesSort(t *testing.T) {
	ctx, complaints := open(t, synthetic())
	const header = `(document.querySelector("#cost").parentElement.querySelector("thead").rows[0].cells[2].firstElementChild)`
	read := func() []float64 { return evaluate[[]float64](t, ctx, fmt.Sprintf(costs, 2)) }
	sort := func() string { return evaluate[string](t, ctx, header+`.parentElement.getAttribute("aria-sort")`) }
	do(t, ctx, look(1280, "light"), chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`))
	before := read()
	do(t, ctx, chromedp.Click(chromedp.JSPath(header)))
	up, sorts := read(), []string{sort()}
	do(t, ctx, chromedp.Focus(chromedp.JSPath(header)), chromedp.KeyEvent(kb.Enter))
	down := read()
	sorts = append(sorts, sort())
	want := slices.Sorted(slices.Values(before))
	if slices.Equal(before, want) || len(before) < 4 {
		t.Fatalf("the test needs a column that is not sorted: %v", before)
	}
	if !slices.Equal(up, want) {
		t.Errorf("after a click: %v, want %v", up, want)
	}
	slices.Reverse(want)
	if !slices.Equal(down, want) {
		t.Errorf("after Enter: %v, want %v", down, want)
	}
	if !slices.Equal(sorts, []string{"ascending", "descending"}) {
		t.Errorf("aria-sort was %v", sorts)
	}
	complaints.check(t)
}

func TestPageHoldsTheRawData(t *testing.T) {
	f := synthetic()
	ctx, complaints := open(t, f)
	samples := evaluate[int](t, ctx, `JSON.parse(document.getElementById("results").textContent).experiments.flatMap(e => e.series || []).flatMap(s => s.samples).length`)
	href := evaluate[string](t, ctx, `(() => { const a = document.getElementById("download"); a.addEventListener("click", e => e.preventDefault()); a.click(); return a.href; })()`)
	want := 0
	for _, e := range f.Experiments {
		for _, s := range e.Series {
			want += len(s.Samples)
		}
	}
	if samples != want || want == 0 {
		t.Errorf("%d samples in the page, want %d", samples, want)
	}
	if !strings.HasPrefix(href, "blob:") {
		t.Errorf("the link goes to %s, want a blob", href)
	}
	complaints.check(t)
}
