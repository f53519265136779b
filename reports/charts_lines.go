package reports

import (
	"fmt"
	"slices"
	"strings"

	"gene/bench/result"
)

// scalings draws estimates over the number of operations.
func (d *drawing) scalings() { d.overX(result.Scaling, "operations at once") }

// pendings draws estimates over the number of pending operations.
func (d *drawing) pendings() { d.overX(result.Pending, "pending operations") }

// loads draws estimates over the rate at which a server is asked, of those
// experiments that have several rates.
func (d *drawing) loads() { d.overX(result.Load, "operations a second asked for") }

// overX draws one chart for each experiment and unit.
func (d *drawing) overX(kind result.Kind, axis string) {
	for _, group := range d.groups(kind) {
		sets := sizedSets(group)
		if len(sets) == 0 && kind != result.Load {
			d.gap(kind, "%s: there are no estimates over a size in the results.", title(group[0]))
		}
		for _, set := range sets {
			if x, ok := set.single(); ok {
				d.atSize(set, group, axis, x, set.suffix(len(sets) > 1))
				continue
			}
			l := set.lines(group, axis)
			d.add(chart{kind: kind, title: title(group[0]) + set.suffix(len(sets) > 1), sentence: set.sentence(l), command: again(group), plot: l.plot},
				strings.TrimPrefix(group[0].Name, string(kind)+"/"), set.unit, set.speedup(), set.name)
		}
	}
}

// single gives the size of a set that has only one.
func (s *sizedSet) single() (x float64, ok bool) {
	x = s.estimates[0].x
	return x, !slices.ContainsFunc(s.estimates, func(e sized) bool { return e.x != x })
}

// atSize draws a set that has one size as rows: there is no line to see.
func (d *drawing) atSize(s sizedSet, group []result.Experiment, axis string, x float64, suffix string) {
	names, loops := s.varying()
	f := &forest{axis: fmt.Sprintf("%s at %s %s", s.what(), number(x), axis), unit: s.unit}
	var said []string
	for _, e := range s.estimates {
		est := result.Estimate{Unit: s.unit, Value: e.value, Low: e.low, High: e.high}
		row := index(&f.rows, callIt(e.name, e.loop, len(names), len(loops)))
		f.marks = append(f.marks, mark{row, 0, e.value, e.low, e.high, show(est).Value})
		said = append(said, e.name+on(e.loop)+": "+show(est).String())
	}
	if at, text, ok := s.limit(group, names); ok {
		f.refs = append(f.refs, reference{at, text})
	}
	f.rowsOnce()
	d.add(chart{kind: group[0].Kind, title: title(group[0]) + suffix, sentence: capital(sentences(said)), command: again(group), body: f.body(), plot: f.plot},
		strings.TrimPrefix(group[0].Name, string(group[0].Kind)+"/"), s.unit, s.speedup(), s.name)
}

// varying gives the names and the loops of the estimates.
func (s *sizedSet) varying() (names, on []string) {
	for _, e := range s.estimates {
		index(&names, e.name)
		index(&on, e.loop)
	}
	return names, on
}

// limit gives the limit of the claim, if there is just one in this unit.
func (s *sizedSet) limit(group []result.Experiment, names []string) (at float64, text string, ok bool) {
	claims := limits(group, names...)
	if len(claims) != 1 {
		return 0, "", false
	}
	at, unit := base(claims[0].Limit, claims[0].Estimate.Unit)
	return at, "limit " + quantity(at, unit), unit == s.unit && drawableLog(at)
}

// sized is an estimate over a size, in its base unit.
type sized struct {
	name, loop string
	point
}

// sizedSet is what one chart shows: estimates of one unit.
type sizedSet struct {
	unit      string
	ideal     bool
	name      string // of the estimates, if the set was split by it
	estimates []sized
}

// mostLines is how many lines a chart may have before it is split.
const mostLines = 6

// againstOne names the time of N operations divided by that of one.
const againstOne = "against one"

// speedupOf is N ÷ (time of N ÷ time of one): how many times as long the
// operations would take in a row.
func speedupOf(e result.Estimate, loop string) sized {
	return sized{"speed-up", loop, point{e.X, e.X / e.Value, e.X / e.High, e.X / e.Low}}
}

// sizedSets sorts what can be drawn by unit, speed-ups apart.
func sizedSets(group []result.Experiment) []sizedSet {
	var sets []sizedSet
	for _, e := range group {
		for _, est := range e.Estimates {
			value, unit := base(est.Value, est.Unit)
			low, _ := base(est.Low, est.Unit)
			high, _ := base(est.High, est.Unit)
			if !drawableLog(est.X, value, low, high) {
				continue
			}
			if est.Name == againstOne && unit == "ratio" {
				sets = into(sets, unit, speedupOf(est, e.Loop))
			}
			sets = into(sets, unit, sized{est.Name, e.Loop, point{est.X, value, low, high}})
		}
	}
	slices.SortStableFunc(sets, func(a, b sizedSet) int { // speed-ups first
		switch {
		case a.ideal == b.ideal:
			return 0
		case a.ideal:
			return -1
		}
		return 1
	})
	return split(sets)
}

// into adds an estimate to the set of its unit.
func into(sets []sizedSet, unit string, e sized) []sizedSet {
	ideal := unit == "ratio" && isSpeedup(e.name)
	i := slices.IndexFunc(sets, func(s sizedSet) bool { return s.unit == unit && s.ideal == ideal })
	if i < 0 {
		i = len(sets)
		sets = append(sets, sizedSet{unit: unit, ideal: ideal})
	}
	sets[i].estimates = append(sets[i].estimates, e)
	return sets
}

// split makes several sets of one that would have too many lines.
func split(sets []sizedSet) []sizedSet {
	var out []sizedSet
	for _, s := range sets {
		names, on := s.varying()
		if len(names) == 1 || len(names)*len(on) <= mostLines {
			out = append(out, s)
			continue
		}
		for _, name := range names {
			one := sizedSet{unit: s.unit, ideal: s.ideal, name: name}
			for _, e := range s.estimates {
				if e.name == name {
					one.estimates = append(one.estimates, e)
				}
			}
			out = append(out, one)
		}
	}
	return out
}

func isSpeedup(name string) bool {
	return strings.HasPrefix(name, "speedup") || strings.HasPrefix(name, "speed-up")
}

func (s *sizedSet) speedup() string {
	if s.ideal {
		return "speedup"
	}
	return ""
}

// suffix tells the charts of one experiment apart.
func (s *sizedSet) suffix(many bool) string {
	kind, _, _ := strings.Cut(s.unit, "/")
	switch {
	case s.name != "":
		return ": " + s.name
	case !many:
		return ""
	case kind == "ns":
		return ": time"
	case kind == "B":
		return ": memory"
	case s.ideal:
		return ": speed-up"
	}
	return ": " + s.unit
}

// what is what the estimates are of.
func (s *sizedSet) what() string {
	kind, _, _ := strings.Cut(s.unit, "/")
	switch {
	case kind == "ns":
		return "time"
	case kind == "B":
		return "memory"
	case s.ideal:
		return "speed-up"
	}
	return s.unit
}

// lines makes a line of each name and loop, called by what differs.
func (s *sizedSet) lines(group []result.Experiment, axis string) *lines {
	var keys []string
	names, on := s.varying()
	l := &lines{x: axis + " (logarithmic)", y: s.what() + " (logarithmic)", unit: s.unit}
	for _, e := range s.estimates {
		name := callIt(e.name, e.loop, len(names), len(on))
		i := index(&keys, name)
		if i == len(l.series) {
			l.series = append(l.series, line{name: name})
		}
		l.series[i].points = append(l.series[i].points, e.point)
	}
	for _, series := range l.series {
		slices.SortStableFunc(series.points, func(a, b point) int { return compare(a.x, b.x) })
	}
	if s.ideal {
		l.ideal = func(x float64) float64 { return x }
	} else if at, text, ok := s.limit(group, names); ok {
		l.limit, l.limits = at, text
	}
	return l
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// callIt names a series by its estimate, its loop or both, by what differs.
func callIt(name, loop string, names, loops int) string {
	switch {
	case loop == "" || loops == 1 && names > 1:
		return name
	case names == 1:
		return loop
	}
	return name + ", " + loop
}

// sentence says where each line begins and ends.
func (s *sizedSet) sentence(l *lines) string {
	parts := make([]string, len(l.series))
	for i, series := range l.series {
		first, last := series.points[0], series.points[len(series.points)-1]
		end := fmt.Sprintf("%s (%s to %s)", quantity(last.value, s.unit), quantity(last.low, s.unit), quantity(last.high, s.unit))
		switch {
		case s.ideal:
			parts[i] = fmt.Sprintf("%s: %s of the possible %s", series.name, end, number(last.x))
		case first.x == last.x:
			parts[i] = fmt.Sprintf("%s: %s at %s", series.name, end, number(last.x))
		default:
			parts[i] = fmt.Sprintf("%s: from %s at %s to %s at %s", series.name, quantity(first.value, s.unit), number(first.x), end, number(last.x))
		}
	}
	return sentences(parts)
}
