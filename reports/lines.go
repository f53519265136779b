package reports

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// point is an estimate at a size x.
type point struct{ x, value, low, high float64 }

// line is a series of points with its name at the end.
type line struct {
	name   string
	points []point // by x
}

// lines is a chart of estimates over a size, both axes logarithmic.
type lines struct {
	x, y   string // what the axes are
	unit   string // of y
	series []line
	ideal  func(x float64) float64 // nil for none
	limit  float64                 // of the claim; 0 for none
	limits string
}

// plot draws the lines.
func (l *lines) plot(s style) *plot.Plot {
	p := s.newPlot(l.x, l.y)
	xs, ys := nothing, nothing
	for _, series := range l.series {
		for _, pt := range series.points {
			xs.include(pt.x)
			ys.include(pt.value, pt.low, pt.high)
		}
	}
	if l.ideal != nil {
		ys.include(l.ideal(xs.min), l.ideal(xs.max))
	}
	if l.limit > 0 {
		ys.include(l.limit)
	}
	if ys.max < 3*ys.min { // a flat line should look like one
		ys.include(ys.min/1.8, ys.max*1.8)
	}
	xs.log(&p.X, "", s.mostTicks())
	ys.log(&p.Y, l.unit, 6)
	s.addGrid(p, true, true)
	p.Add(&drawnLines{l, s, xs})
	return p
}

// drawnLines draws the lines and their names.
type drawnLines struct {
	*lines
	style style
	xs    extent
}

// Plot draws the ideal and the limit first and the measured over them.
func (l *drawnLines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if l.ideal != nil {
		c.StrokeLine2(l.style.line(l.style.soft, 1.4, 5, 4), x(l.xs.min), y(l.ideal(l.xs.min)), x(l.xs.max), y(l.ideal(l.xs.max)))
	}
	if l.limit > 0 {
		c.StrokeLine2(l.style.line(l.style.ink, 1, 4, 3), c.Min.X, y(l.limit), c.Max.X, y(l.limit))
	}
	for i, series := range l.series {
		// What coincides shows under each other: the first is the widest.
		under := vg.Length(min(4, len(l.series)-1-i))
		stroke := l.style.line(l.style.colour(i), 1.6+1.4*under)
		glyph := l.style.glyph(i)
		glyph.Radius += under
		var path []vg.Point
		for _, pt := range series.points {
			at := vg.Point{X: x(pt.x), Y: y(pt.value)}
			path = append(path, at)
			c.StrokeLine2(l.style.line(l.style.colour(i), 1.2), at.X, y(pt.low), at.X, y(pt.high))
			c.DrawGlyph(glyph, at)
		}
		c.StrokeLines(stroke, path)
	}
	l.writeNames(c, y)
}

// ending is a name at the end of a line.
type ending struct {
	text  string
	style text.Style
	y     vg.Length // of its middle
}

// endings are the names with where they would stand if each were alone.
func (l *drawnLines) endings(y func(float64) vg.Length) []ending {
	var ends []ending
	for i, series := range l.series {
		last := series.points[len(series.points)-1]
		ends = append(ends, ending{plain(series.name, 24), l.style.text(l.style.colour(i), labelSize, text.XLeft, text.YCenter), y(last.value)})
	}
	if l.ideal != nil {
		ends = append(ends, ending{"ideal", l.style.text(l.style.soft, labelSize, text.XLeft, text.YCenter), y(l.ideal(l.xs.max))})
	}
	if l.limit > 0 {
		ends = append(ends, ending{l.limits, l.style.text(l.style.ink, labelSize, text.XLeft, text.YCenter), y(l.limit)})
	}
	return ends
}

// writeNames writes the names beside the ends of their lines, moved apart
// where they would overlap.
func (l *drawnLines) writeNames(c draw.Canvas, y func(float64) vg.Length) {
	const apart = labelSize + 3
	ends := l.endings(y)
	slices.SortStableFunc(ends, func(a, b ending) int {
		if a.y < b.y {
			return -1
		}
		if a.y > b.y {
			return 1
		}
		return 0
	})
	for range len(ends) * len(ends) { // each pass halves what overlaps, and spreads a crowd by one name further
		for i := 1; i < len(ends); i++ {
			if overlap := apart - (ends[i].y - ends[i-1].y); overlap > 0 {
				ends[i-1].y -= overlap / 2
				ends[i].y += overlap / 2
			}
		}
	}
	if over := topmost(ends) - c.Max.Y; over > 0 {
		for i := range ends {
			ends[i].y -= over
		}
	}
	for _, e := range ends {
		c.FillText(e.style, vg.Point{X: c.Max.X + 8, Y: e.y}, e.text)
	}
}

func topmost(ends []ending) vg.Length {
	if len(ends) == 0 {
		return 0
	}
	return ends[len(ends)-1].y
}

// GlyphBoxes keeps room at the right for the longest name.
func (l *drawnLines) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	width := vg.Length(0)
	for _, e := range l.endings(func(float64) vg.Length { return 0 }) {
		width = max(width, e.style.Width(e.text))
	}
	return []plot.GlyphBox{{X: 1, Y: 0.5, Rectangle: vg.Rectangle{Max: vg.Point{X: width + 10, Y: 1}}}}
}
