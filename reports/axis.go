package reports

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
)

// Figures outside of these would need axes that nobody can read; they stay in
// the tables.
const (
	smallest = 1e-9
	largest  = 1e18
)

func drawable(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.Abs(v) > largest {
			return false
		}
	}
	return true
}

func drawableLog(vs ...float64) bool {
	for _, v := range vs {
		if v < smallest {
			return false
		}
	}
	return drawable(vs...)
}

// extent is the range of values that an axis has to show.
type extent struct{ min, max float64 }

var nothing = extent{math.Inf(1), math.Inf(-1)}

func (e *extent) include(vs ...float64) {
	for _, v := range vs {
		e.min, e.max = min(e.min, v), max(e.max, v)
	}
}

// linear sets an axis whose ticks are in the unit of the largest value. It
// gives that unit.
func (e extent) linear(a *plot.Axis, unit string) string {
	room := (e.max - e.min) * 0.04
	if room == 0 {
		room = max(math.Abs(e.max)*0.1, smallest)
	}
	a.Min, a.Max = e.min, e.max+room
	if e.min != 0 {
		a.Min -= room
	}
	s := scaleFor(max(math.Abs(e.min), math.Abs(e.max)), unit)
	a.Tick.Marker = linearTicks(s.factor)
	return s.unit
}

// linearTicks labels the default ticks in another unit.
type linearTicks float64

// Ticks gives the ticks from lo to hi.
func (f linearTicks) Ticks(lo, hi float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(lo*float64(f), hi*float64(f))
	for i := range ticks {
		if ticks[i].Label != "" {
			ticks[i].Label = number(ticks[i].Value)
		}
		ticks[i].Value /= float64(f)
	}
	return ticks
}

// log sets a logarithmic axis, each of whose ticks has its unit beside it.
func (e extent) log(a *plot.Axis, unit string, most int) {
	room := math.Pow(e.max/e.min, 0.04)
	if room < 1.02 {
		room = 1.02
	}
	a.Min, a.Max = e.min/room, e.max*room
	a.Scale = plot.LogScale{}
	a.Tick.Marker = logTicks{unit: unit, most: most}
}

// logTicks labels powers of ten, or rounder numbers between where there is
// hardly a power of ten in the range.
type logTicks struct {
	unit string
	most int // labels
}

// Ticks gives the ticks from lo to hi.
func (t logTicks) Ticks(lo, hi float64) []plot.Tick {
	if hi/lo < 1.6 {
		return t.named(plot.DefaultTicks{}.Ticks(lo, hi))
	}
	first, last := int(math.Floor(math.Log10(lo))), int(math.Ceil(math.Log10(hi)))
	decades := math.Log10(hi / lo)
	every := max(1, int(math.Ceil(decades/float64(t.most))))
	var ticks []plot.Tick
	for d := first; d <= last; d++ {
		for m := 1; m <= 9; m++ {
			tick := plot.Tick{Value: float64(m) * math.Pow10(d)}
			if m == 1 && d%every == 0 || slices.Contains(between(decades, t.most), m) {
				tick.Label = "?"
			}
			if every == 1 || m == 1 {
				ticks = append(ticks, tick)
			}
		}
	}
	return t.named(ticks)
}

// between is which multiples of a power of ten there is room to label, too.
func between(decades float64, most int) []int {
	switch {
	case decades*14 <= float64(most):
		return []int{2, 3, 4, 5, 6, 7, 8}
	case decades*5 <= float64(most):
		return []int{2, 3, 5, 7}
	case decades*3 <= float64(most):
		return []int{2, 5}
	}
	return nil
}

// named replaces the labels of ticks by their values.
func (t logTicks) named(ticks []plot.Tick) []plot.Tick {
	for i := range ticks {
		if ticks[i].Label != "" {
			ticks[i].Label = quantity(ticks[i].Value, t.unit)
		}
	}
	return ticks
}

// mostTicks is how many labels a horizontal logarithmic axis has room for.
func (s style) mostTicks() int {
	if s.narrow {
		return 4
	}
	return 8
}
