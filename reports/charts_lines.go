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

// overX draws one chart for each experiment and unit.
func (d *drawing) overX(kind result.Kind, axis string) {
	for _, group := range d.groups(kind) {
		sets := sizedSets(group)
		if len(sets) == 0 {
			d.gap(kind, "%s: there are no estimates over a size in the results.", title(group[0]))
		}
		for _, set := range sets {
			l := set.lines(group, axis)
			d.add(chart{kind: kind, title: title(group[0]) + set.suffix(len(sets) > 1), sentence: set.sentence(l), command: again(group), plot: l.plot},
				strings.TrimPrefix(group[0].Name, string(kind)+"/"), set.unit, set.speedup())
		}
	}
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
	estimates []sized
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
			ideal := unit == "ratio" && isSpeedup(est.Name)
			i := slices.IndexFunc(sets, func(s sizedSet) bool { return s.unit == unit && s.ideal == ideal })
			if i < 0 {
				i = len(sets)
				sets = append(sets, sizedSet{unit: unit, ideal: ideal})
			}
			sets[i].estimates = append(sets[i].estimates, sized{est.Name, e.Loop, point{est.X, value, low, high}})
		}
	}
	return sets
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

// axis is what y is.
func (s *sizedSet) axis() string {
	kind, _, _ := strings.Cut(s.unit, "/")
	switch {
	case kind == "ns":
		return "time (logarithmic)"
	case kind == "B":
		return "memory (logarithmic)"
	case s.ideal:
		return "speed-up (logarithmic)"
	}
	return s.unit + " (logarithmic)"
}

// lines makes a line of each name and loop, called by what differs.
func (s *sizedSet) lines(group []result.Experiment, axis string) *lines {
	var names, on, keys []string
	for _, e := range s.estimates {
		index(&names, e.name)
		index(&on, e.loop)
	}
	l := &lines{x: axis + " (logarithmic)", y: s.axis(), unit: s.unit}
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
	} else if claims := limits(group, names...); len(claims) == 1 {
		if v, unit := base(claims[0].Limit, claims[0].Estimate.Unit); unit == s.unit && drawableLog(v) {
			l.limit, l.limits = v, "limit "+quantity(v, unit)
		}
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
