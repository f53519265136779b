// Package looptest is the exam that every event loop takes. A backend's test is one call
// of [Run]. Each case states, in one sentence, the rule of package backends that it
// checks, and prints it when the loop breaks it; each has a time limit, and leaves no
// goroutine and no descriptor behind. After each, the ledger of the closed loop must balance: what was
// read was delivered or counted as lost, what was taken was sent or counted as lost.
//
// The other side of a connection is a plain net.Conn with a deadline, driven by goroutines. What a
// backend can't do is declared as a [Trait]: it is excused from the rules that need it, and held to
// those that say what it does instead.
//
// It imports package backends and backends/slowfile, and is imported by tests only. Nothing in
// it sleeps to let something else happen: what it waits for, it waits for.
package looptest

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gene/backends"
)

// Trait is a way in which a backend is not as the reference is. It is declared, so that the
// cases it excludes are reported as skipped for that reason. All but SerialWork speak of the server
// connections that a loop's own library moves, accepted over tcp and unix. What is dialled or encrypted
// Go's net moves in every loop, so there no trait excuses from anything.
type Trait string

// SerialWork excuses from what needs two works at once.
const (
	SerialWork    Trait = "it runs offloaded works one at a time, when Poll begins"
	HalfCloseEnds Trait = "a peer's half-close ends the connection, so a later reply is lost"
	CannotPause   Trait = "it reads on when the program consumes nothing, up to the hard cap"
	NoGoroutine   Trait = "an idle connection of its library has no goroutine"
)

// limit is for a slow, busy machine with the race detector on.
const limit = 60 * time.Second

// rule is one case.
type rule struct {
	name    string
	says    string
	options backends.Options
	not     Trait // a backend with this trait is excused
	only    Trait // what a backend with this trait must do instead of another rule; others don't take it
	check   func(x *exam)
}

// area is the rules of one subject.
type area struct {
	name  string
	rules []rule
}

// exam is one case being taken. The embedded loop is closed by the runner.
type exam struct {
	backends.EventLoop
	construct   backends.Constructor
	declared    []Trait
	peers       peers
	cleanups    []func()
	descriptors int
}

// broken is what failf panics with.
type broken string

// failf ends the case. It is called on the case's goroutine, also from within completions.
func (x *exam) failf(format string, args ...any) { panic(broken(fmt.Sprintf(format, args...))) }

// cleanup runs f after the loop is closed, last one first.
func (x *exam) cleanup(f func()) { x.cleanups = append(x.cleanups, f) }

func (x *exam) want(what string, got, want any) {
	if got != want {
		x.failf("%s is %v, want %v", what, got, want)
	}
}

// wantError checks with errors.Is; a nil want is no error.
func (x *exam) wantError(what string, got, want error) {
	if want == nil && got != nil || want != nil && !errors.Is(got, want) {
		x.failf("the error of %s is %v, want %v", what, got, want)
	}
}

func (x *exam) wantSame(got, want []byte) {
	if err := same(got, want); err != nil {
		x.failf("the loop: %v", err)
	}
}

// pollUntil runs completions until done. The case's limit is the only other end.
func (x *exam) pollUntil(done func() bool) {
	for !done() {
		x.Poll(-1)
	}
}

// awaitReady spins, as a busy interpreter does, until Ready is set.
func (x *exam) awaitReady() {
	for x.Ready().Load() == 0 {
		runtime.Gosched()
	}
}

// Run takes the whole exam with loops made by construct.
func Run(t *testing.T, construct backends.Constructor, declared ...Trait) {
	warmUp(t)
	for _, area := range slices.Concat([]area{
		{"timers", timerRules()},
		{"poll", pollRules()},
		{"ready", readyRules()},
		{"post", postRules()},
		{"interrupt", interruptRules()},
		{"offload", offloadRules()},
		{"background", backgroundRules()},
		{"pending", pendingRules()},
		{"close", closeRules()},
		{"stats", statsRules()},
	}, netRules()) {
		for _, r := range area.rules {
			if r.only != "" && !slices.Contains(declared, r.only) {
				continue
			}
			hung := false
			t.Run(area.name+"/"+r.name, func(t *testing.T) {
				if r.not != "" && slices.Contains(declared, r.not) {
					t.Skipf("declared: %s; excused from: %s", r.not, r.says)
				}
				hung = !take(t, r, &exam{construct: construct, declared: declared})
			})
			if hung {
				t.Fatal("the case above still runs, so later ones couldn't be judged")
			}
		}
	}
}

// warmUp makes the runtime open what it keeps open: the poller's own descriptors.
func warmUp(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	w.Close()
}

// take reports whether the case ended.
func take(t *testing.T, r rule, x *exam) bool {
	present := goleak.IgnoreCurrent()
	x.descriptors = countDescriptors()
	verdict := make(chan error, 1)
	go func() { verdict <- x.take(r) }()

	watchdog := time.NewTimer(limit)
	defer watchdog.Stop()
	select {
	case err := <-verdict:
		if err != nil {
			t.Errorf("rule: %s\n%v", r.says, err)
		}
	case <-watchdog.C:
		stacks := make([]byte, 1<<20)
		t.Errorf("rule: %s\nhung for %v\n%s", r.says, limit, stacks[:runtime.Stack(stacks, true)])
		return false
	}
	if err := goleak.Find(present); err != nil {
		t.Errorf("rule: nothing is left behind\nafter %q: %v", r.name, err)
	}
	if n := countDescriptors(); n != x.descriptors {
		t.Errorf("rule: nothing is left behind\nafter %q: %d descriptors are open, %d were before", r.name, n, x.descriptors)
	}
	return true
}

// take runs on the goroutine that plays the VM's.
func (x *exam) take(r rule) (err error) {
	x.EventLoop, err = x.construct(r.options)
	if err != nil {
		return err
	}
	defer func() {
		x.peers.end()
		for _, f := range slices.Backward(x.cleanups) {
			f()
		}
	}()
	err = x.run(r.check)
	if cerr := x.Close(); err != nil || cerr != nil {
		return errors.Join(err, cerr)
	}
	return x.audit()
}

// audit checks the ledger of a closed loop.
func (x *exam) audit() error {
	n := x.Stats().Net
	if n.Read != n.Delivered+n.ReadLost || n.Taken != n.Sent+n.WriteLost || n.Open != 0 {
		return fmt.Errorf("and no byte is lost in silence\nthe ledger doesn't balance: %+v", n)
	}
	return nil
}

// declares tells whether the backend has the trait.
func (x *exam) declares(t Trait) bool { return slices.Contains(x.declared, t) }

func (x *exam) run(check func(*exam)) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case broken:
			err = errors.New(string(v))
		default:
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	check(x)
	return nil
}

// panicOf runs f and returns what it panicked with.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// goroutineID names the calling goroutine.
func goroutineID() string {
	buf := make([]byte, 64)
	header, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), " [")
	return header
}

// countDescriptors is 0 where the system doesn't tell.
func countDescriptors() int {
	for _, dir := range []string{"/proc/self/fd", "/dev/fd"} {
		if entries, err := os.ReadDir(dir); err == nil {
			return len(entries)
		}
	}
	return 0
}
