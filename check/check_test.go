package check_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gene/backends"
	"gene/backends/sim"
	"gene/check"
	"gene/stdlib"
	"gene/syntax"
	"gene/value"
	"gene/vm"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// globals gives the built-in names of a machine.
func globals(t testing.TB) *value.Namespace {
	t.Helper()
	loop, err := sim.New(backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := stdlib.New(vm.Options{Loop: loop, Stdout: io.Discard, Stderr: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m.Globals
}

func warnings(t testing.TB, name, text string, o check.Options) []check.Warning {
	t.Helper()
	file, errs := syntax.Read(name, text)
	if len(errs) > 0 {
		return nil
	}
	return check.Module(file, o)
}

// TestExpected runs the programs of testdata, in which the comment
// `# warning: TEXT` ends the line that a warning is about.
func TestExpected(t *testing.T) {
	all := globals(t)
	files, err := filepath.Glob("testdata/*.gene")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			file, errs := syntax.Read(name, string(text))
			if err := errs.Err(); err != nil {
				t.Fatal(err)
			}
			got := check.Module(file, check.Options{Globals: all, StrictNil: strings.Contains(string(text), "# flags: --strict-nil")})
			compareLines(t, string(text), got)
			golden(t, strings.TrimSuffix(name, ".gene")+".golden", got)
		})
	}
}

func compareLines(t *testing.T, text string, got []check.Warning) {
	t.Helper()
	byLine := map[int][]string{}
	for _, w := range got {
		byLine[int(w.Pos.Line)] = append(byLine[int(w.Pos.Line)], w.Msg)
	}
	for i, line := range strings.Split(text, "\n") {
		parts := strings.Split(line, "# warning: ")
		var want []string
		for _, p := range parts[1:] {
			want = append(want, strings.TrimSpace(p))
		}
		if !slices.Equal(byLine[i+1], want) {
			t.Errorf("line %d: %s\n got %q\nwant %q", i+1, parts[0], byLine[i+1], want)
		}
	}
}

// golden compares the spans.
func golden(t *testing.T, name string, got []check.Warning) {
	t.Helper()
	var b strings.Builder
	for _, w := range got {
		fmt.Fprintf(&b, "%d:%d-%d:%d %s\n", w.Pos.Line, w.Pos.Col, w.End.Line, w.End.Col, w.Msg)
	}
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s is\n%s\ngot\n%s", name, want, &b)
	}
}

// speedLimit is five times the budget of 20 ms: the test shall find what has
// become slow, and not that others use the machine.
const speedLimit = 100 * time.Millisecond

// TestSpeed holds a check against a limit.
func TestSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	o := check.Options{Globals: globals(t)}
	file, errs := syntax.Read("big.gene", bigModule(10_000))
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	best := time.Hour
	for range 10 {
		start := time.Now()
		if got := check.Module(file, o); len(got) > 0 {
			t.Fatal(got[0])
		}
		best = min(best, time.Since(start))
	}
	t.Logf("10 000 lines: %v", best)
	if best > speedLimit {
		t.Errorf("checking 10 000 lines took %v (limit %v)", best, speedLimit)
	}
}

func BenchmarkModule(b *testing.B) {
	o := check.Options{Globals: globals(b)}
	file, errs := syntax.Read("big.gene", bigModule(10_000))
	if err := errs.Err(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		check.Module(file, o)
	}
}

// bigModule gives a program of a number of lines, of the kind people write.
func bigModule(lines int) string {
	var b strings.Builder
	for i := range lines / 10 {
		fmt.Fprintf(&b, `(class C%[1]d
  (field n Int)
  (ctor [n: Int name] (/n = n) (/name = name))
  (method step [by: Int = 1] (/n += by) (if (/n > 10) "big" else "small")))
(fn work%[1]d [x: Int ^scale = 2] -> Int
  (var c (new C%[1]d x "name"))
  (for i in (1 .. 3) (c .step i))
  (if (x == nil) (return 0))
  (var label (case x when 1 "one" when 2 "two" else #"n #{x}"))
  (+ (x * scale) (label .size) c/n))
`, i)
	}
	return b.String()
}
