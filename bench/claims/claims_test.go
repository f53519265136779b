package claims

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gene/bench/measure"
	"gene/bench/result"
)

func TestTableAndExperimentsAgree(t *testing.T) {
	all := Experiments()
	ids := map[string]bool{}
	for _, c := range Table {
		if ids[c.ID] {
			t.Errorf("two claims are called %s", c.ID)
		}
		ids[c.ID] = true
		if !slices.ContainsFunc(all, func(e Experiment) bool { return e.Name == c.Experiment }) {
			t.Errorf("claim %s is judged by %s, which is no experiment", c.ID, c.Experiment)
		}
	}
	names := map[string]bool{}
	for _, e := range all {
		if names[e.Name] || ids[e.Name] {
			t.Errorf("%s has two meanings", e.Name)
		}
		names[e.Name] = true
		if !strings.Contains(e.Name, "/") || e.Title == "" || e.Method == "" || e.Kind == "" || e.run == nil || e.Full.Rounds == 0 {
			t.Errorf("%s is not described", e.Name)
		}
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"tasks/spawn"}, "tasks/spawn"},
		{[]string{"timeline"}, "timeline/fifo timeline/socket timeline/sleep"},
		{[]string{"switch", "speedup/fifo"}, "speedup/fifo tasks/switch"},
		{[]string{"flat-timer", "flat-switch"}, "pending/program"},
	} {
		list, err := Select(c.names)
		var got []string
		for _, e := range list {
			got = append(got, e.Name)
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("Select(%q) = %q, %v, want %s", c.names, got, err, c.want)
		}
	}
	_, err := Select([]string{"speedup/fofi"})
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !slices.Contains(unknown.Near, "speedup/fifo") {
		t.Errorf("Select of a slip: %v, want a suggestion", err)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"kitten", "sitting", 3}, {"spwan", "spawn", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// quietly observes nothing.
type quietly struct{}

func (quietly) Begin(Job)                          {}
func (quietly) Step(float64)                       {}
func (quietly) End(Job, *result.Experiment, error) {}

func newTestRun(rounds int) *run {
	return &run{
		Session: &Session{}, plan: Plan{Rounds: rounds}, observer: quietly{}, turns: 2,
		out: &result.Experiment{Name: "tasks/spawn"},
	}
}

// fixed is a variant that always reads the same, and tells its name to order.
func fixed(name string, value float64, order *string) variant {
	return variant{name: name, unit: "ns", measure: func(context.Context) (reading, error) {
		*order += name
		return reading{value: value}, nil
	}}
}

func TestRoundsGoForwardsAndBackwards(t *testing.T) {
	r := newTestRun(2)
	var order string
	if err := r.rounds(t.Context(), 0, []variant{fixed("a", 1, &order), fixed("b", 2, &order), fixed("c", 3, &order)}); err != nil {
		t.Fatal(err)
	}
	if order != "abccbaabccba" {
		t.Errorf("order %s, want abccba twice", order)
	}
	if n := len(r.out.Series[0].Samples); n != 4 || len(r.out.Series) != 3 {
		t.Errorf("%d series of %d samples, want 3 of 4", len(r.out.Series), n)
	}
}

func TestRatioAndVerdict(t *testing.T) {
	r := newTestRun(7)
	var order string
	if err := r.rounds(t.Context(), 0, []variant{fixed("gene", 100, &order), fixed("go", 50, &order)}); err != nil {
		t.Fatal(err)
	}
	if e := r.ratio("gene/go", 0, point{name: "gene"}, point{name: "go"}); math.Abs(e.Value-2) > 1e-9 || e.N != 7 {
		t.Errorf("ratio %+v, want 2 of 7 rounds", e)
	}
	r.judge("spawn", r.quantity(point{name: "gene"}, "ns"))
	if v := r.out.Verdicts[0]; v.Outcome != result.Pass || v.Reason != "" {
		t.Errorf("verdict %+v, want pass", v)
	}
}

// What was interrupted is kept, and decides nothing.
func TestInterruptedRoundsDecideNothing(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	r := newTestRun(7)
	n := 0
	err := r.rounds(ctx, 0, []variant{{name: "gene", unit: "ns", measure: func(context.Context) (reading, error) {
		if n++; n == 3 {
			cancel(errors.New("enough"))
		}
		return reading{value: 1}, nil
	}}})
	if err == nil || err.Error() != "enough" || len(r.out.Series[0].Samples) != 3 {
		t.Errorf("error %v with %d samples, want the cause and 3", err, len(r.out.Series[0].Samples))
	}
	r.judge("spawn", r.quantity(point{name: "gene"}, "ns"))
	if v := r.out.Verdicts[0]; v.Outcome != result.Undecided || v.Reason == "" || len(r.out.Estimates) != 0 {
		t.Errorf("verdict %+v and %d estimates, want undecided with a reason and none", v, len(r.out.Estimates))
	}
}

func TestDisturbed(t *testing.T) {
	for _, c := range []struct {
		name string
		r    measure.Result
		want string
	}{
		{"quiet", measure.Result{Wall: 100 * time.Millisecond, Switches: 3}, ""},
		{"one tick of steal", measure.Result{Wall: time.Millisecond, Steal: 10 * time.Millisecond}, ""},
		{"steal", measure.Result{Wall: 100 * time.Millisecond, Steal: 10 * time.Second}, "steal"},
		{"many switches of a short run", measure.Result{Wall: 10 * time.Millisecond, Switches: 99}, ""},
		{"switches", measure.Result{Wall: 100 * time.Millisecond, Switches: 150}, "switches"},
		{"as many in a long run", measure.Result{Wall: 10 * time.Second, Switches: 150}, ""},
	} {
		if got := disturbed(c.r); got != c.want {
			t.Errorf("%s: dropped by %q, want %q", c.name, got, c.want)
		}
	}
}

// settled gives which rounds of a series stay when some samples were disturbed.
func settled(rounds int, disturbed ...int) (stay []int, notes []string) {
	r := newTestRun(rounds)
	for i := range rounds {
		for turn := range 2 {
			s := result.Sample{Round: i, Turn: turn, Value: 1}
			r.add(variant{name: "a"}, s)
			if slices.Contains(disturbed, i) && turn == 0 {
				s.Dropped = "steal"
			}
			r.add(variant{name: "b"}, s)
		}
	}
	whole := r.at(point{name: "a"})
	for i := range rounds {
		if whole[i] != nil {
			stay = append(stay, i)
		}
	}
	return stay, r.out.Notes
}

func TestDisturbedRoundsAreDroppedWhole(t *testing.T) {
	if stay, notes := settled(6, 1, 4); !slices.Equal(stay, []int{0, 2, 3, 5}) || len(notes) != 1 {
		t.Errorf("rounds %v stay with notes %q, want 0 2 3 5 and one note", stay, notes)
	}
	if stay, notes := settled(6, 1, 2, 4); len(stay) != 6 || len(notes) != 1 {
		t.Errorf("rounds %v stay with notes %q, want all, and a note", stay, notes)
	}
	if stay, notes := settled(6); len(stay) != 6 || notes != nil {
		t.Errorf("rounds %v stay with notes %q, want all without a note", stay, notes)
	}
}

// A program that is disturbed by itself keeps its rounds, and the others lose those of theirs that were.
func TestDisturbedRoundsAreCountedByProgram(t *testing.T) {
	r := newTestRun(6)
	for i := range 6 {
		for turn := range 2 {
			s := result.Sample{Round: i, Turn: turn, Value: 1}
			if i < 3 {
				s.Dropped = "switches"
			}
			r.add(variant{name: "a", program: "trees"}, s)
			s.Dropped = ""
			if i == 5 {
				s.Dropped = "steal"
			}
			r.add(variant{name: "a", program: "loop"}, s)
		}
	}
	trees, loop := r.at(point{name: "a", program: "trees"}), r.at(point{name: "a", program: "loop"})
	if len(trees) != 6 || len(loop) != 5 || loop[5] != nil {
		t.Errorf("%d rounds of trees and %d of loop stay, want all 6, and all but the last", len(trees), len(loop))
	}
	if len(r.out.Notes) != 2 || !strings.Contains(r.out.Notes[0], "1 of 12") || !strings.Contains(r.out.Notes[1], "trees 3 of 6") {
		t.Errorf("notes %q, want 1 of 12 dropped, and trees 3 of 6 kept", r.out.Notes)
	}
}

func TestHistogram(t *testing.T) {
	h := histogram([]float64{0.5, 1, 1.1, 99, 150, 1e5})
	if len(h.Bounds) != len(h.Counts)+1 || !slices.IsSorted(h.Bounds) {
		t.Fatalf("%d bounds, %d counts", len(h.Bounds), len(h.Counts))
	}
	var sum int64
	for _, n := range h.Counts {
		sum += n
	}
	if sum != 6 || h.Counts[0] != 1 || h.Counts[1] != 2 || h.Bounds[len(h.Bounds)-1] <= 1e5 {
		t.Errorf("histogram %+v, want 6 values, 1 below 1 and 2 in the next", h)
	}
}

func TestFindRepo(t *testing.T) {
	repo, err := FindRepo(".")
	if err != nil || repo == "" {
		t.Fatalf("FindRepo from inside: %q, %v", repo, err)
	}
	if again, err := FindRepo(repo); err != nil || again != repo {
		t.Errorf("FindRepo of the repository itself: %q, %v, want %q", again, err, repo)
	}
	if _, err := FindRepo(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no sources of Gene in ") {
		t.Errorf("FindRepo elsewhere: %v", err)
	}
}
