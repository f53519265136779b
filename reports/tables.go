package reports

import (
	"cmp"
	"slices"
	"strings"

	"gene/bench/result"
)

// table is figures in rows, for the page and for Markdown.
type table struct {
	Title   string
	Columns []column
	Rows    [][]cell
	Stack   bool // one cell under the other where there is no room
}

// column is the head of a column.
type column struct {
	Name   string
	Figure bool // aligned to the right, sorted by value
}

// cell is a text with what it is sorted by: a figure has its value.
type cell struct {
	Text string
	Sort float64
	Icon string // before the text, of a verdict
	Note string // after the text
}

func word(s string) cell { return cell{Text: orDash(s)} }

func figure(v float64, text string) cell { return cell{Text: text, Sort: v} }

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// icons of the outcomes; the word stands beside them.
var icons = map[result.Outcome]string{result.Pass: "✓", result.Fail: "✗", result.Undecided: "?"}

// outcome is a verdict's outcome; a word that is none of the three shows as
// undecided.
func outcome(v result.Verdict) result.Outcome {
	if _, ok := icons[v.Outcome]; ok {
		return v.Outcome
	}
	return result.Undecided
}

// claim is a verdict with the experiment that gave it.
type claim struct {
	result.Verdict
	Experiment result.Experiment
}

// claims gives all verdicts of a run, those of a claim on several loops
// together.
func claims(f *result.File) []claim {
	var out []claim
	var names []string
	for _, e := range f.Experiments {
		for _, v := range e.Verdicts {
			index(&names, v.Claim)
			out = append(out, claim{v, e})
		}
	}
	slices.SortStableFunc(out, func(a, b claim) int { return slices.Index(names, a.Claim) - slices.Index(names, b.Claim) })
	return out
}

// claimTable is all verdicts of a run.
func claimTable(f *result.File) table {
	t := table{Title: "Claims", Stack: true, Columns: []column{{"claim", false}, {"loop", false}, {"verdict", false}, {"limit", true}, {"estimate", true},
		{"95 % interval", true}, {"n", true}, {"MDE", true}}}
	for _, c := range claims(f) {
		s := show(c.Estimate)
		if c.Estimate.N == 0 {
			s = shown{"–", "–", "–"}
		}
		verdict := cell{Text: string(outcome(c.Verdict)), Icon: icons[outcome(c.Verdict)], Note: c.Reason}
		t.Rows = append(t.Rows, []cell{word(c.Text), word(c.Experiment.Loop), verdict, figure(c.Limit, bound(c.Verdict)), figure(c.Estimate.Value, s.Value),
			figure(c.Estimate.Low, s.Interval), figure(float64(c.Estimate.N), number(float64(c.Estimate.N))), figure(c.Estimate.MDE, s.MDE)})
	}
	return t
}

// estimateTable is all estimates of experiments that differ in their loop,
// without the columns that say nothing.
func estimateTable(group []result.Experiment) table {
	t := table{Title: title(group[0]), Columns: []column{{"figure", false}, {"program", false}, {"loop", false}, {"size", true}, {"estimate", true},
		{"95 % interval", true}, {"n", true}, {"MDE", true}}}
	for _, e := range group {
		for _, est := range e.Estimates {
			s := show(est)
			size := ""
			if est.X != 0 {
				size = number(est.X)
			}
			v, _ := base(est.Value, est.Unit)
			low, _ := base(est.Low, est.Unit)
			mde, _ := base(est.MDE, est.Unit)
			t.Rows = append(t.Rows, []cell{word(est.Name), word(est.Program), word(e.Loop), figure(est.X, orDash(size)), figure(v, s.Value),
				figure(low, s.Interval), figure(float64(est.N), number(float64(est.N))), figure(mde, s.MDE)})
		}
	}
	return t.withoutEmpty()
}

// usageTable is what the programs of a comparison with other languages used,
// a row for each ratio, without the columns that say nothing.
func usageTable(group []result.Experiment) table {
	t := table{Title: title(group[0]), Columns: []column{{"peer", false}, {"program", false}, {"loop", false}, {"Gene ÷ peer", true}, {"95 % interval", true}, {"n", true}, {"MDE", true},
		{"Gene's", true}, {"peer's", true}, {"wall, Gene's", true}, {"wall, peer's", true}, {"peak, Gene's", true}, {"peak, peer's", true}}}
	for _, e := range group {
		for _, est := range e.Estimates {
			s := show(est)
			row := []cell{word(est.Name), word(cmp.Or(est.Program, geometricMean)), word(e.Loop), figure(est.Value, s.Value), figure(est.Low, s.Interval),
				figure(float64(est.N), number(float64(est.N))), figure(est.MDE, s.MDE)}
			ours, _ := e.Usage("gene", est.Program)
			theirs, _ := e.Usage(est.Name, est.Program)
			t.Rows = append(t.Rows, append(row, used(ours.Value, ours.Unit), used(theirs.Value, theirs.Unit),
				used(ours.WallMS, "ms"), used(theirs.WallMS, "ms"), used(ours.PeakMB, "MiB"), used(theirs.PeakMB, "MiB")))
		}
	}
	return t.withoutEmpty()
}

// used is a quantity in three digits, or a dash where there is none.
func used(v float64, unit string) cell {
	if v == 0 {
		return word("")
	}
	b, _ := base(v, unit)
	s := scaleFor(v, unit)
	return figure(b, s.with(rounded(v*s.factor, 3)))
}

// figures is the table of experiments that differ in their loop.
func figures(group []result.Experiment) table {
	if group[0].Kind == result.Peers {
		return usageTable(group)
	}
	return estimateTable(group)
}

// withoutEmpty leaves out the columns that have a dash in every row.
func (t table) withoutEmpty() table {
	out := table{Title: t.Title, Rows: make([][]cell, len(t.Rows))}
	for i, c := range t.Columns {
		filled := false
		for _, row := range t.Rows {
			filled = filled || row[i].Text != "–"
		}
		if !filled {
			continue
		}
		out.Columns = append(out.Columns, c)
		for k, row := range t.Rows {
			out.Rows[k] = append(out.Rows[k], row[i])
		}
	}
	return out
}

// fact is a line about the run or the machine.
type fact struct{ Name, Value string }

// environment is the machine, the build and the run.
func environment(f *result.File) []fact {
	e := f.Env
	commit := e.Commit
	if e.Dirty {
		commit += ", with changes that are not committed"
	}
	return []fact{
		{"measured", f.Started.UTC().Format("2006-01-02 15:04 UTC") + ", " + quantity(f.Seconds, "s") + " long, mode " + f.Mode},
		{"commit", orDash(commit)},
		{"processor", orDash(e.CPU) + ", " + plural(e.Cores, "core") + ", GOMAXPROCS " + number(float64(e.GOMAXPROCS))},
		{"memory", quantity(float64(e.MemoryMB), "MiB")},
		{"system", strings.TrimSpace(e.OS + "/" + e.Arch + " " + e.Kernel)},
		{"Go", orDash(e.Go)},
		{"loops", orDash(strings.Join(e.Loops, ", "))},
		{"load average at the start", decimals(e.Load1, 2)},
	}
}

// warnings is what makes the figures worth less.
func warnings(f *result.File) []string {
	var out []string
	if !f.Complete {
		out = append(out, "The run is not complete: it was interrupted, or an experiment failed.")
	}
	if f.Mode != "full" {
		out = append(out, "This is a run of mode "+f.Mode+": it has fewer rounds than a full one, so its intervals are wider.")
	}
	if f.Env.Dirty {
		out = append(out, "The sources had changes that are not committed.")
	}
	return append(out, f.Env.Warnings...)
}
