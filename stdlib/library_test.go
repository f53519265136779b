package stdlib_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gene/backends"
	_ "gene/backends/goroutine"
	_ "gene/backends/sim"
	"gene/stdlib"
	"gene/vm"
)

// The clock of the backtracking regex engine ends by itself a moment after its
// last use.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("github.com/dlclark/regexp2.runClock"), goleak.IgnoreAnyFunction("github.com/dlclark/regexp2.runClock"),
		goleak.IgnoreAnyFunction("github.com/cloudwego/netpoll.(*defaultPoll).Wait")) // one per process, for good
}

// result is what a program left behind.
type result struct {
	out, err string
	code     int
}

// mustPrint runs a program that has to end with exit code 0, having printed want and complained of
// nothing but complains.
func mustPrint(t *testing.T, loop, program, want string, complains ...string) {
	t.Helper()
	done := make(chan result, 1)
	go func() { done <- runOn(t, loop, program, vm.Options{}) }()
	select {
	case r := <-done:
		if r.code != 0 || r.out != want {
			t.Errorf("exit code %d\n%s\ngot:\n%s\nwant:\n%s", r.code, r.err, r.out, want)
		}
		if len(complains) == 0 && r.err != "" {
			t.Errorf("it complains: %s", r.err)
		}
		for _, c := range complains {
			if !strings.Contains(r.err, c) {
				t.Errorf("stderr lacks %q:\n%s", c, r.err)
			}
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the program hangs")
	}
}

// runOn runs a program on a loop of its own.
func runOn(t *testing.T, backend, program string, o vm.Options) result {
	t.Helper()
	loop, err := backends.New(backend, backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	o.Loop = loop
	if o.Stdout == nil {
		o.Stdout = &out
	}
	o.Stderr = &errs
	if o.Stdin == nil {
		o.Stdin = strings.NewReader("")
	}
	m, err := stdlib.New(o)
	if err != nil {
		t.Fatal(err)
	}
	code := m.RunMain("main.gene", []byte(program))
	if err := m.Close(); err != nil && o.Stdout == io.Writer(&out) {
		t.Errorf("Close: %v", err)
	}
	return result{out.String(), errs.String(), code}
}

// run runs a program that has to succeed and gives its output.
func run(t *testing.T, program string) string {
	t.Helper()
	r := runOn(t, "goroutine", program, vm.Options{})
	if r.code != 0 {
		t.Fatalf("exit code %d\n%s\nprogram:\n%s", r.code, r.err, program)
	}
	return r.out
}

// example is an expression and what println shows for it.
type example struct{ expr, want string }

// check prints every expression in one program. An expression that throws
// shows as `!Class: message`.
func check(t *testing.T, setup string, examples []example) {
	t.Helper()
	var b strings.Builder
	b.WriteString(setup + "\n")
	for _, e := range examples {
		b.WriteString("(try (println " + e.expr + ") catch e (println #\"!#{(typeof e)}: #{e/message}\"))\n")
	}
	lines := strings.Split(run(t, b.String()), "\n")
	for i, e := range examples {
		if i >= len(lines) {
			t.Fatalf("no output for %s", e.expr)
		}
		if lines[i] != e.want {
			t.Errorf("%s\n got %s\nwant %s", e.expr, lines[i], e.want)
		}
	}
}
