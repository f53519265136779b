package claims

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gene/bench/result"
)

// Plan is how much of an experiment a mode runs. It is fixed beforehand, never
// prolonged until a result looks good.
type Plan struct {
	// Rounds of A B B A; for experiments without pairs, repetitions.
	Rounds int
	// Layouts of the binary's code; 0 where the experiment has one.
	Layouts int
	// Seconds is about how long it takes, for the estimate of the time left.
	Seconds float64
}

// Experiment measures one thing. Its Name is GROUP/THING.
type Experiment struct {
	Name  string
	Kind  result.Kind
	Title string
	// Method is a sentence: what runs, what the figure is.
	Method string
	// AnyLoop experiments don't depend on the event loop and run once.
	AnyLoop bool
	// QuickOnOne runs it on one loop only in quick mode: what it measures is shared
	// by all loops, and differs between them little.
	QuickOnOne bool
	// OneLoop runs it on the first loop only, in both modes.
	OneLoop bool
	// Single experiments run each variant once in a round, not A B B A.
	Single bool
	// Quick and Full are the two modes. Quick without rounds: only in full mode.
	Quick, Full Plan
	command     string // repeats it; empty: genebench run and its name
	run         func(ctx context.Context, r *run) error
}

// plan is that of a mode.
func (e *Experiment) plan(quick bool) Plan {
	if quick {
		return e.Quick
	}
	return e.Full
}

// Experiments are all of them, in the order in which they run.
func Experiments() []Experiment {
	return slices.Concat(speedups(), timelines(), scalings(), tasks(), startups(), pendings(), memories(), latencies(), overheads(), loads(), peerComparisons())
}

// Group is the part of a name before its slash.
func Group(name string) string {
	group, _, _ := strings.Cut(name, "/")
	return group
}

// UnknownError is a name that no experiment has.
type UnknownError struct {
	Name string
	// Near are names that it may be a slip of.
	Near []string
}

// Error names the nearest ones.
func (e *UnknownError) Error() string {
	if len(e.Near) == 0 {
		return fmt.Sprintf("no experiment %q (genebench list names them)", e.Name)
	}
	return fmt.Sprintf("no experiment %q (did you mean %s?)", e.Name, strings.Join(e.Near, " or "))
}

// Select gives the experiments that names ask for, in the order of the list: a
// name, a group ("speedup") or a claim's short name. No names ask for all.
func Select(names []string) ([]Experiment, error) {
	all := Experiments()
	if len(names) == 0 {
		return all, nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		found := matching(all, name)
		if len(found) == 0 {
			return nil, &UnknownError{Name: name, Near: near(name, known(all))}
		}
		for _, n := range found {
			wanted[n] = true
		}
	}
	return slices.DeleteFunc(all, func(e Experiment) bool { return !wanted[e.Name] }), nil
}

// matching gives the names of the experiments that name stands for.
func matching(all []Experiment, name string) []string {
	var found []string
	if c, ok := ClaimByID(name); ok {
		name = c.Experiment
	}
	for _, e := range all {
		if e.Name == name || Group(e.Name) == name {
			found = append(found, e.Name)
		}
	}
	return found
}

// known is every word that Select takes.
func known(all []Experiment) []string {
	var words []string
	for _, e := range all {
		words = append(words, e.Name, Group(e.Name))
	}
	for _, c := range Table {
		words = append(words, c.ID)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// near gives the known words that are few letters away from name, best first.
func near(name string, known []string) []string {
	best := 1 + len(name)/3
	var out []string
	for _, k := range known {
		d := distance(name, k)
		if _, thing, ok := strings.Cut(k, "/"); ok {
			d = min(d, distance(name, thing))
		}
		switch {
		case d < best:
			best, out = d, []string{k}
		case d == best:
			out = append(out, k)
		}
	}
	return out[:min(len(out), 3)]
}

// distance counts the letters to insert, delete or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
