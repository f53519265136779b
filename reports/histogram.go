package reports

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bucket is one bar of a histogram.
type bucket struct {
	from, to float64
	count    int64
}

// percentile is a value that a share of all stays below.
type percentile struct {
	name  string
	value float64
}

// histogram is a chart of counts over a logarithmic axis.
type histogram struct {
	unit        string
	buckets     []bucket // those with a count
	percentiles []percentile
}

// foot is where bars of a logarithmic height begin: a count of 1 is visible.
const foot = 0.5

// plot draws the histogram.
func (h *histogram) plot(s style) *plot.Plot {
	p := s.newPlot("latency (logarithmic)", "completions (logarithmic)")
	xs, ys := nothing, extent{foot, 1}
	for _, b := range h.buckets {
		xs.include(b.from, b.to)
		ys.include(float64(b.count))
	}
	for _, q := range h.percentiles {
		xs.include(q.value)
	}
	xs.log(&p.X, h.unit, s.mostTicks())
	ys.log(&p.Y, "", 6)
	p.Y.Min = foot
	s.addGrid(p, true, true)
	p.Add(&columns{h, s})
	return p
}

// columns draws the bars and the percentiles of a histogram.
type columns struct {
	*histogram
	style style
}

// Plot draws the bars and, over them, a line for each percentile.
func (h *columns) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, b := range h.buckets {
		left, right, top := x(b.from), x(b.to), y(float64(b.count))
		if right-left > 2 {
			right -= 0.6 // a gap between neighbours
		}
		c.FillPolygon(h.style.colour(0), []vg.Point{{X: left, Y: y(foot)}, {X: right, Y: y(foot)}, {X: right, Y: top}, {X: left, Y: top}})
	}
	for i, q := range h.percentiles {
		c.StrokeLine2(h.style.line(h.style.colour(1), 1.6, 5, 3), x(q.value), c.Min.Y, x(q.value), c.Max.Y+h.rise(i)+6)
	}
	h.labels(p).Plot(c, p)
}

// rise is how far above the plot the label of percentile i stands: each has
// a line of its own, so that close ones don't overlap.
func (h *columns) rise(i int) vg.Length { return 4 + 16*vg.Length(len(h.percentiles)-1-i) }

// labels writes the percentiles towards the middle of the plot.
func (h *columns) labels(p *plot.Plot) notes {
	ns := make(notes, len(h.percentiles))
	for i, q := range h.percentiles {
		align, shift := text.XLeft, vg.Length(5)
		if p.X.Norm(q.value) > 0.5 {
			align, shift = text.XRight, -5
		}
		ns[i] = note{x: q.value, y: p.Y.Max, text: q.name + " " + quantity(q.value, h.unit),
			style: h.style.text(h.style.colour(1), labelSize, align, text.YBottom), shift: vg.Point{X: shift, Y: h.rise(i)}}
	}
	return ns
}

// GlyphBoxes keeps room for the labels above the plot.
func (h *columns) GlyphBoxes(p *plot.Plot) []plot.GlyphBox { return h.labels(p).GlyphBoxes(p) }
