package reports

import (
	"fmt"
	"slices"
	"strings"

	"gene/bench/result"
)

// drawing is all pictures of a run, and what is missing from them.
type drawing struct {
	file   *result.File
	charts []chart
	gaps   map[result.Kind][]string
	ids    map[string]bool
}

// loops is the section that sets loops side by side; no experiment has it.
const loops result.Kind = "loops"

// drawAll makes the charts of a run, in the order of the page.
func drawAll(f *result.File) *drawing {
	d := &drawing{file: f, gaps: map[result.Kind][]string{}, ids: map[string]bool{}}
	for _, e := range f.Experiments {
		if e.Missing != "" {
			d.gap(kindOf(e), "%s: %s", heading(e), e.Missing)
		}
	}
	for _, s := range sections {
		if s.draw != nil {
			s.draw(d)
		}
		if s.kind != loops && s.kind != other && d.empty(s) {
			d.gap(s.kind, "This run has no experiment of this kind.")
		}
	}
	return d
}

// other is the section of kinds that have none of their own.
const other result.Kind = "other"

// section is a part of the page.
type section struct {
	kind        result.Kind
	title, lead string
	draw        func(*drawing)
}

// kindOf gives the section an experiment belongs to.
func kindOf(e result.Experiment) result.Kind {
	switch e.Kind {
	case result.Speedup, result.Timeline, result.Scaling, result.Overhead, result.Latency, result.Pending, result.Cost, result.Load, result.Peers:
		return e.Kind
	}
	return other
}

// empty says whether there is nothing to show in a section.
func (d *drawing) empty(s section) bool { return len(d.of(s.kind)) == 0 && len(d.gaps[s.kind]) == 0 }

var sections = []section{
	{result.Speedup, "Concurrent against sequential", "How many times as long the same operations take one after the other as at once.", (*drawing).speedups},
	{result.Timeline, "When each operation ran", "Each bar is one operation, from its start to its end.", (*drawing).timelines},
	{result.Scaling, "Many operations at once", "What N operations started together cost.", (*drawing).scalings},
	{result.Overhead, "What the event loop costs a program that does not use it", "Pairs of runs in alternation; zero means no difference.", (*drawing).overheads},
	{result.Latency, "From ready to callback", "How long a completion waits for a program that is busy.", (*drawing).latencies},
	{result.Pending, "The cost of what is pending", "Memory and time for each operation, by the number of those that wait.", (*drawing).pendings},
	{result.Cost, "Single operations", "What one operation takes.", nil},
	{result.Load, "Servers under load", "Rates, response times and processor time.", (*drawing).loads},
	{loops, "The loops side by side", "The same experiments on each event loop.", (*drawing).loops},
	{result.Peers, "Other languages", "The same programs, line by line, in alternation.", (*drawing).peers},
	{other, "Other experiments", "Experiments of kinds that this report has no picture for.", nil},
}

func (d *drawing) gap(kind result.Kind, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(d.gaps[kind], text) {
		d.gaps[kind] = append(d.gaps[kind], text)
	}
}

// add gives the chart an id of its own.
func (d *drawing) add(c chart, parts ...string) {
	id := slug(strings.Join(append([]string{string(c.kind)}, parts...), " "))
	c.id = id
	for n := 2; d.ids[c.id]; n++ {
		c.id = fmt.Sprintf("%s-%d", id, n)
	}
	d.ids[c.id] = true
	d.charts = append(d.charts, c)
}

// of gives the experiments of a kind that have figures.
func (d *drawing) of(kind result.Kind) []result.Experiment {
	var es []result.Experiment
	for _, e := range d.file.Experiments {
		figures := len(e.Estimates)+len(e.Spans) > 0 || e.Histogram != nil
		if kindOf(e) == kind && (e.Missing == "" || figures) {
			es = append(es, e)
		}
	}
	return es
}

// groups gives the experiments of a kind that differ only in their loop.
func (d *drawing) groups(kind result.Kind) [][]result.Experiment { return grouped(d.of(kind)) }

func grouped(es []result.Experiment) [][]result.Experiment {
	var out [][]result.Experiment
	at := map[string]int{}
	for _, e := range es {
		i, ok := at[e.Name]
		if !ok {
			i = len(out)
			at[e.Name] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], e)
	}
	return out
}

// heading is an experiment's title with its loop.
func heading(e result.Experiment) string {
	if e.Loop == "" {
		return title(e)
	}
	return title(e) + " on " + e.Loop
}

func title(e result.Experiment) string {
	if e.Title == "" {
		return e.Name
	}
	return e.Title
}

// on is the loop as the end of a phrase.
func on(loop string) string {
	if loop == "" {
		return ""
	}
	return " on " + loop
}

// again is the command that repeats all of a group.
func again(group []result.Experiment) string {
	var commands []string
	for _, e := range group {
		if e.Command != "" {
			index(&commands, e.Command)
		}
	}
	return strings.Join(commands, " && ")
}

// limits gives the different limits that claims set to estimates of a name.
func limits(es []result.Experiment, names ...string) []result.Verdict {
	var out []result.Verdict
	for _, e := range es {
		for _, v := range e.Verdicts {
			same := func(o result.Verdict) bool { return o.Limit == v.Limit && o.AtMost == v.AtMost }
			if slices.Contains(names, v.Estimate.Name) && !slices.ContainsFunc(out, same) {
				out = append(out, v)
			}
		}
	}
	return out
}

// sentences joins parts to one paragraph.
func sentences(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}

// index gives the position of name in names, appended if it is new.
func index(names *[]string, name string) int {
	if i := slices.Index(*names, name); i >= 0 {
		return i
	}
	*names = append(*names, name)
	return len(*names) - 1
}
