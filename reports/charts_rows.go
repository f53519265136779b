package reports

import (
	"fmt"
	"slices"
	"strings"

	"gene/bench/result"
)

// rows collects the ratios of a group of experiments as a forest.
type rows struct {
	*forest
	d     *drawing
	group []result.Experiment
	names []string // of the estimates that were taken
	said  []string // for the sentence
}

// newRows begins a forest for experiments that differ only in their loop.
func (d *drawing) newRows(group []result.Experiment, f *forest) *rows {
	return &rows{forest: f, d: d, group: group}
}

// each calls take with every ratio that can be drawn.
func (r *rows) each(can func(...float64) bool, take func(e result.Experiment, est result.Estimate)) {
	for _, e := range r.group {
		for _, est := range e.Estimates {
			switch {
			case est.Unit != "ratio" || est.X != 0:
			case can(est.Value, est.Low, est.High):
				index(&r.names, est.Name)
				take(e, est)
			default:
				r.d.gap(e.Kind, "%s: the interval of %s %s does not fit on the axis.", heading(e), est.Name, est.Program)
			}
		}
	}
}

func (r *rows) mark(row, series int, e result.Estimate) {
	r.marks = append(r.marks, mark{row, series, e.Value, e.Low, e.High, show(e).Value})
}

func (r *rows) say(format string, args ...any) { r.said = append(r.said, fmt.Sprintf(format, args...)) }

// limits draws the limits of the claims, as convert puts them on the axis.
func (r *rows) limits(convert func(float64) float64, unit string) {
	for _, v := range limits(r.group, r.names...) {
		if at := convert(v.Limit); drawable(at) && (!r.log || drawableLog(at)) {
			r.refs = append(r.refs, reference{at, "limit " + number(at) + unit})
		}
	}
}

// done adds the chart, or says that there was nothing to draw.
func (r *rows) done(repeat bool, title string, parts ...string) {
	first := r.group[0]
	if len(r.marks) == 0 {
		r.d.gap(first.Kind, "%s: there are no ratios in the results.", title)
		return
	}
	r.rowsOnce()
	parts = append([]string{strings.TrimPrefix(first.Name, string(first.Kind)+"/")}, parts...)
	r.d.add(chart{kind: first.Kind, title: title, sentence: capital(sentences(r.said)), command: again(r.group), repeat: repeat, body: r.body(), plot: r.plot}, parts...)
}

func same(v float64) float64 { return v }

func inPercent(v float64) float64 { return (v - 1) * 100 }

// speedups draws the quotient of each experiment, a row for each loop.
func (d *drawing) speedups() {
	for _, group := range d.groups(result.Speedup) {
		r := d.newRows(group, &forest{axis: "times as long in a row as at once"})
		r.each(drawable, func(e result.Experiment, est result.Estimate) {
			row := index(&r.rows, callIt(est.Name, e.Loop, 1, len(group)))
			r.mark(row, 0, est)
			r.say("%s%s: %s", est.Name, on(e.Loop), show(est))
		})
		r.limits(same, "")
		r.done(false, title(group[0]))
	}
}

// rowsOnce gives marks of one row that would cover each other rows of their own.
func (f *forest) rowsOnce() {
	taken := map[[2]int]bool{}
	for i := range f.marks {
		m := &f.marks[i]
		for taken[[2]int{m.row, m.series}] {
			f.rows = append(f.rows, f.rows[m.row])
			m.row = len(f.rows) - 1
		}
		taken[[2]int{m.row, m.series}] = true
	}
}

// allPrograms names the estimate that stands for all.
const allPrograms = "all programs"

// programRow gives the row of a program.
func programRow(f *forest, program, all string) int {
	if program == "" {
		program = all
	}
	return index(&f.rows, program)
}

// last moves a row to the end, where a sum belongs.
func (f *forest) last(name string) {
	i := slices.Index(f.rows, name)
	if i < 0 {
		return
	}
	end := len(f.rows) - 1
	f.rows = append(slices.Delete(f.rows, i, i+1), name)
	for k := range f.marks {
		switch m := &f.marks[k]; {
		case m.row == i:
			m.row = end
		case m.row > i:
			m.row--
		}
	}
}

// overheads draws the difference that each program shows, in per cent.
func (d *drawing) overheads() {
	for _, group := range d.groups(result.Overhead) {
		r := d.newRows(group, &forest{axis: "difference", unit: "%", refs: []reference{{at: 0}}})
		r.each(drawable, func(e result.Experiment, est result.Estimate) {
			series := index(&r.series, callIt(est.Name, e.Loop, 2-min(1, len(group)-1), len(group)))
			r.mark(programRow(r.forest, est.Program, allPrograms), series, percent(est))
			if est.Program == "" {
				r.say("all programs%s: %s", on(e.Loop), show(percent(est)))
			}
		})
		r.limits(inPercent, " %")
		r.last(allPrograms)
		if text := r.extremes("least", "most"); text != "" {
			r.say("%s", text)
		}
		r.done(false, title(group[0]))
	}
}

// percent is a ratio as a difference.
func percent(e result.Estimate) result.Estimate {
	e.Value, e.Low, e.High = (e.Value-1)*100, (e.Low-1)*100, (e.High-1)*100
	e.MDE *= 100
	e.Unit = "%"
	return e
}

// extremes names the rows of single programs with the smallest and the
// largest figure.
func (f *forest) extremes(least, most string) string {
	var low, high *mark
	programs := map[int]bool{}
	for i := range f.marks {
		m := &f.marks[i]
		if f.rows[m.row] == allPrograms || f.rows[m.row] == geometricMean {
			continue
		}
		programs[m.row] = true
		if low == nil || m.value < low.value {
			low = m
		}
		if high == nil || m.value > high.value {
			high = m
		}
	}
	if low == nil {
		return ""
	}
	figure := func(m *mark) string {
		if len(f.series) > 1 {
			return m.label + ", " + f.series[m.series]
		}
		return m.label
	}
	return fmt.Sprintf("of %s, %s shows the %s (%s) and %s the %s (%s)", plural(len(programs), "program"),
		f.rows[low.row], least, figure(low), f.rows[high.row], most, figure(high))
}

// geometricMean names the estimate of all programs against a peer.
const geometricMean = "geometric mean"

// peerAxis is the axis of ratios to peers.
const peerAxis = "Gene ÷ peer (logarithmic; below 1 Gene needs less)"

// fewPeers is how many peers still fit into the rows of one chart: as many as
// the asynchronous set has, whose figures have no mean.
const fewPeers = 4

// peers draws ratios to other languages: all in one chart if they are few,
// else the means in one and each peer's programs in another.
func (d *drawing) peers() {
	for _, group := range d.groups(result.Peers) {
		var names []string
		for _, e := range group {
			for _, est := range e.Estimates {
				index(&names, est.Name)
			}
		}
		if len(names) <= fewPeers {
			d.programs(group, names, false)
			continue
		}
		d.means(group)
		for _, name := range names {
			d.programs(group, []string{name}, true)
		}
	}
}

// means draws the mean of all programs against each peer.
func (d *drawing) means(group []result.Experiment) {
	r := d.newRows(group, &forest{axis: peerAxis, log: true, unit: "ratio", refs: []reference{{at: 1}}})
	r.each(drawableLog, func(e result.Experiment, est result.Estimate) {
		if est.Program != "" {
			return
		}
		row := index(&r.rows, callIt(est.Name, e.Loop, 2, len(group)))
		r.mark(row, 0, est)
		r.say("against %s %s", r.rows[row], show(est))
	})
	r.limits(same, "")
	r.done(false, title(group[0])+": "+geometricMean)
}

// programs draws each program's ratios to the named peers.
func (d *drawing) programs(group []result.Experiment, peers []string, repeat bool) {
	r := d.newRows(group, &forest{axis: peerAxis, log: true, unit: "ratio", refs: []reference{{at: 1}}})
	r.each(drawableLog, func(e result.Experiment, est result.Estimate) {
		if !slices.Contains(peers, est.Name) {
			return
		}
		series := index(&r.series, callIt(est.Name, e.Loop, 2, len(group)))
		r.mark(programRow(r.forest, est.Program, geometricMean), series, est)
		if est.Program == "" {
			r.say("against %s %s in the geometric mean", r.series[series], show(est))
		}
	})
	r.limits(same, "")
	r.last(geometricMean)
	if text := r.extremes("smallest ratio", "largest"); text != "" {
		r.say("%s", text)
	}
	if repeat {
		r.done(true, title(group[0])+": "+peers[0], peers[0])
		return
	}
	r.done(false, title(group[0]))
}

// loops sets the figures of the loops beside each other, each divided by the
// first loop's.
func (d *drawing) loops() {
	f := &forest{log: true, unit: "ratio", refs: []reference{{at: 1}}}
	for _, group := range grouped(d.file.Experiments) {
		d.compareLoops(f, group)
	}
	if len(f.marks) == 0 {
		d.gap(loops, "This takes the same figure of at least two loops, which this run does not have.")
		return
	}
	f.axis = "÷ " + f.series[0] + " (logarithmic)"
	d.add(chart{kind: loops, title: "Each figure, divided by that of " + f.series[0], sentence: f.spread(), command: d.file.Command, body: f.body(), plot: f.plot})
}

// compareLoops adds a row for each estimate that several loops have. The
// first loop of the first group is the one to compare with.
func (d *drawing) compareLoops(f *forest, group []result.Experiment) {
	first := group[0]
	if len(f.series) > 0 && first.Loop != f.series[0] || len(group) < 2 {
		return
	}
	for _, est := range first.Estimates {
		if !headline(first, est) {
			continue
		}
		row, found := []mark{}, 0
		for _, e := range group {
			i := slices.IndexFunc(e.Estimates, func(o result.Estimate) bool { return o.Name == est.Name && o.Unit == est.Unit && plainFigure(o) })
			if i < 0 {
				continue
			}
			o := e.Estimates[i]
			m := mark{series: index(&f.series, e.Loop), value: o.Value / est.Value, low: o.Low / est.Value, high: o.High / est.Value, label: show(o).Value}
			if drawableLog(m.value, m.low, m.high) {
				row, found = append(row, m), found+1
			}
		}
		if found < 2 {
			continue
		}
		f.rows = append(f.rows, strings.ReplaceAll(first.Name, "\n", " ")+"\n"+est.Name)
		for _, m := range row {
			m.row = len(f.rows) - 1
			f.marks = append(f.marks, m)
		}
	}
}

// headline says whether an estimate is what its experiment is about: what a
// claim is judged by, or anything that stands for itself if there is no claim.
func headline(e result.Experiment, est result.Estimate) bool {
	judged := func(v result.Verdict) bool { return v.Estimate.Name == est.Name }
	return plainFigure(est) && (len(e.Verdicts) == 0 || slices.ContainsFunc(e.Verdicts, judged))
}

// plainFigure says whether an estimate stands for itself.
func plainFigure(e result.Estimate) bool { return e.X == 0 && e.Program == "" }

// spread says how far the loops are apart.
func (f *forest) spread() string {
	low, high := f.marks[0], f.marks[0]
	for _, m := range f.marks {
		if m.value < low.value {
			low = m
		}
		if m.value > high.value {
			high = m
		}
	}
	at := func(m mark) string {
		return fmt.Sprintf("%s in %s on %s", number(m.value), strings.Replace(f.rows[m.row], "\n", " ", 1), f.series[m.series])
	}
	return capital(fmt.Sprintf("%s on %s: they lie between %s and %s times those of %s.", plural(len(f.rows), "figure"),
		plural(len(f.series), "loop"), at(low), at(high), f.series[0]))
}
