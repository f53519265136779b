package claims

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gene/bench/measure"
	"gene/bench/peer"
)

func TestFirstRunIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTestRun(3)
		takes := func(d time.Duration) variant {
			return variant{measure: func(ctx context.Context) (reading, error) {
				select {
				case <-time.After(d):
					return reading{}, nil
				case <-ctx.Done():
					return reading{}, context.Cause(ctx)
				}
			}}
		}
		if err := r.first(t.Context(), takes(firstRun-time.Millisecond)); err != nil {
			t.Errorf("a run below the limit: %v", err)
		}
		start := time.Now()
		if err := r.first(t.Context(), takes(time.Hour)); !errors.Is(err, errSlow) || time.Since(start) != firstRun {
			t.Errorf("a run above the limit: %v after %v, want %v after %v", err, time.Since(start), errSlow, firstRun)
		}
	})
}

func TestSingleRoundsRunOnceEach(t *testing.T) {
	r := newTestRun(3)
	r.turns = 1
	var order string
	if err := r.rounds(t.Context(), 0, []variant{fixed("a", 1, &order), fixed("b", 2, &order)}); err != nil {
		t.Fatal(err)
	}
	if order != "abbaab" || r.done != r.total {
		t.Errorf("order %s, %d of %d samples, want abbaab and all", order, r.done, r.total)
	}
}

// All peers are measured in full mode, on one loop, and in none in quick mode.
func TestPeersAreInTheFullRun(t *testing.T) {
	list, err := Select([]string{"peers"})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d experiments, error %v, want peers/cpu and peers/async", len(list), err)
	}
	s := &Session{Loops: []string{"goroutine", "netpoll"}}
	var jobs []string
	for _, j := range s.Jobs(list) {
		jobs = append(jobs, s.command(j))
	}
	if want := []string{"genebench run peers/cpu", "genebench run peers/async --loop=goroutine"}; !slices.Equal(jobs, want) {
		t.Errorf("commands %q, want %q", jobs, want)
	}
	for _, e := range list {
		if e.Quick.Rounds != 0 || e.Full.Seconds <= 0 || !strings.Contains(e.Method, "still running after 15s") {
			t.Errorf("%s: quick %+v, full %+v, method %q", e.Name, e.Quick, e.Full, e.Method)
		}
	}
}

func TestComparisonSaysHowToRepeatIt(t *testing.T) {
	peers, err := peer.Find(peer.CPU, "lua5.4", "goja")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := peer.Programs(peer.CPU, "fib", "property")
	if err != nil {
		t.Fatal(err)
	}
	all := PeerComparison{Set: peer.CPU, Peers: peer.All(peer.CPU), Programs: peer.AllPrograms(peer.CPU)}
	some := PeerComparison{Set: peer.CPU, Peers: peers, Programs: programs}
	if got := all.command(); got != "genebench peers --set=cpu" {
		t.Errorf("all: %s", got)
	}
	if got := some.command(); got != "genebench peers --set=cpu --peers=lua5.4,goja fib property" {
		t.Errorf("some: %s", got)
	}
	if a, b := all.plan(3).Seconds, some.plan(3).Seconds; a <= b {
		t.Errorf("all of them take %v s, and some %v s", a, b)
	}
}

func TestOwnPeakIsNotThatOfAProcess(t *testing.T) {
	if measure.OwnPeakKB() == 0 {
		return // the system tells nothing, and 0 is what it tells
	}
	if got := ownPeak(measure.Result{MaxRSSKB: 1}); got != 0 {
		t.Errorf("%d KiB of a process that had less than we, want none", got)
	}
	if got := ownPeak(measure.Result{MaxRSSKB: 1 << 40}); got != 1<<40 {
		t.Errorf("%d KiB of a process that had more than we, want all", got)
	}
}

// Each program that has a short size is compared with others, and the other way round.
func TestShortSizesAreThoseOfTheSet(t *testing.T) {
	for _, p := range peer.AllPrograms(peer.CPU) {
		if _, ok := shortOf(p.Name); !ok {
			t.Errorf("%s has no short size", p.Name)
		}
	}
	if _, ok := shortOf("property"); ok {
		t.Error("property has a short size")
	}
}
