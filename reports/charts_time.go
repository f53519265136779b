package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gene/bench/result"
)

// timelines draws the spans of each experiment.
func (d *drawing) timelines() {
	for _, group := range d.groups(result.Timeline) {
		drawn := 0
		for _, e := range group {
			g := newGantt(e.Spans)
			if len(g.spans) == 0 {
				d.gap(e.Kind, "%s: there are no spans in the results.", heading(e))
				continue
			}
			d.add(chart{kind: e.Kind, title: heading(e), sentence: g.sentence(e.Loop), command: e.Command,
				repeat: drawn > 0, body: g.body(), plot: g.plot}, strings.TrimPrefix(e.Name, "timeline/"), e.Loop)
			drawn++
		}
	}
}

// newGantt sorts spans by group and lets each group begin at 0.
func newGantt(spans []result.Span) *gantt {
	g := &gantt{}
	start := map[string]float64{}
	for _, s := range spans {
		if !drawable(s.Start, s.End) || s.End < s.Start {
			continue
		}
		index(&g.groups, s.Group)
		if at, ok := start[s.Group]; !ok || s.Start < at {
			start[s.Group] = s.Start
		}
		g.spans = append(g.spans, s)
	}
	for i := range g.spans {
		s := &g.spans[i]
		s.Start, s.End = s.Start-start[s.Group], s.End-start[s.Group]
	}
	slices.SortStableFunc(g.spans, func(a, b result.Span) int { return g.series(a.Group) - g.series(b.Group) })
	return g
}

// sentence says how long each group took.
func (g *gantt) sentence(loop string) string {
	var parts []string
	var took []float64
	for _, name := range g.groups {
		n, end := 0, 0.0
		for _, s := range g.spans {
			if s.Group == name {
				n, end = n+1, max(end, s.End)
			}
		}
		took = append(took, end)
		parts = append(parts, fmt.Sprintf("%s took %s", plural(n, name+" operation"), quantity(end, "ms")))
	}
	if len(took) == 2 && took[1] > 0 {
		parts = append(parts, fmt.Sprintf("that is %s to one", number(took[0]/took[1])))
	}
	text := sentences(parts)
	if loop != "" {
		return "On " + loop + ", " + text
	}
	return capital(text)
}

// latencies draws the histogram of each experiment.
func (d *drawing) latencies() {
	for _, group := range d.groups(result.Latency) {
		drawn := 0
		for _, e := range group {
			h := newHistogram(e)
			if h == nil {
				d.gap(e.Kind, "%s: there is no histogram in the results.", heading(e))
				continue
			}
			d.add(chart{kind: e.Kind, title: heading(e), sentence: h.sentence(), command: e.Command,
				repeat: drawn > 0, plot: h.plot}, strings.TrimPrefix(e.Name, "latency/"), e.Loop)
			drawn++
		}
	}
}

// newHistogram gives the buckets that have a count, nil for none. A first
// bound of zero has no place on a logarithmic axis: its bucket begins at half
// of its end.
func newHistogram(e result.Experiment) *histogram {
	if e.Histogram == nil {
		return nil
	}
	h := &histogram{}
	_, h.unit = base(0, e.Histogram.Unit)
	for i, n := range e.Histogram.Counts {
		from, _ := base(e.Histogram.Bounds[i], e.Histogram.Unit)
		to, _ := base(e.Histogram.Bounds[i+1], e.Histogram.Unit)
		if from == 0 {
			from = to / 2
		}
		if n > 0 && to > from && drawableLog(from, to) {
			h.buckets = append(h.buckets, bucket{from, to, n})
		}
	}
	for _, est := range e.Estimates {
		v, unit := base(est.Value, est.Unit)
		if isPercentile(est.Name) && unit == h.unit && drawableLog(v) {
			h.percentiles = append(h.percentiles, percentile{est.Name, v})
		}
	}
	slices.SortStableFunc(h.percentiles, func(a, b percentile) int {
		return int(math.Copysign(1, a.value-b.value))
	})
	if len(h.buckets) == 0 {
		return nil
	}
	return h
}

func isPercentile(name string) bool {
	return len(name) > 1 && name[0] == 'p' && strings.Trim(name[1:], "0123456789.") == ""
}

// sentence says what the percentiles mean.
func (h *histogram) sentence() string {
	total := int64(0)
	for _, b := range h.buckets {
		total += b.count
	}
	parts := make([]string, len(h.percentiles))
	for i, q := range h.percentiles {
		parts[i] = fmt.Sprintf("%s %% within %s", q.name[1:], quantity(q.value, h.unit))
	}
	text := plural(int(total), "completion") + " counted"
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return capital(text) + "."
}
