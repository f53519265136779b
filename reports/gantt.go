package reports

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gene/bench/result"
)

// gantt is a chart of operations over time.
type gantt struct {
	spans  []result.Span
	groups []string // in the order of their rows
}

// crowded is the number of rows from which labels would run into each other.
const crowded = 24

// body is the height of the rows.
func (g *gantt) body() vg.Length {
	if len(g.spans) > crowded {
		return 20 + 8*vg.Length(len(g.spans))
	}
	return 20 + 24*vg.Length(len(g.spans))
}

// plot draws a bar for each span, one row each.
func (g *gantt) plot(s style) *plot.Plot {
	p := s.newPlot("time since the start of each group", "")
	names := make([]string, len(g.spans))
	for i, span := range g.spans {
		switch {
		case len(g.spans) <= crowded:
			names[i] = span.Group + " " + span.Label
		case i == 0 || g.spans[i-1].Group != span.Group:
			names[i] = span.Group
		}
	}
	s.nominal(p, names)
	e := extent{0, 0}
	for _, span := range g.spans {
		e.include(span.Start, span.End)
	}
	p.X.Label.Text += " (" + e.linear(&p.X, "ms") + ")"
	s.addGrid(p, true, false)
	p.Add(&bars{g, s})
	return p
}

func (g *gantt) series(group string) int {
	for i, name := range g.groups {
		if name == group {
			return i
		}
	}
	return 0
}

// bars draws the spans.
type bars struct {
	*gantt
	style style
}

// Plot draws each bar and writes how long it is.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i, span := range b.spans {
		from, to := x(span.Start), x(span.End)
		low, high := y(-float64(i)-0.34), y(-float64(i)+0.34)
		c.FillPolygon(b.style.colour(b.series(span.Group)), []vg.Point{
			{X: from, Y: low}, {X: max(to, from+1), Y: low}, {X: max(to, from+1), Y: high}, {X: from, Y: high},
		})
	}
	b.labels().Plot(c, p)
}

// GlyphBoxes keeps room for the labels.
func (b *bars) GlyphBoxes(p *plot.Plot) []plot.GlyphBox { return b.labels().GlyphBoxes(p) }

// labels are the durations, at the end of each bar.
func (b *bars) labels() notes {
	if len(b.spans) > crowded {
		return nil
	}
	ns := make(notes, len(b.spans))
	for i, span := range b.spans {
		ns[i] = note{x: span.End, y: -float64(i), text: quantity(span.End-span.Start, "ms"), shift: vg.Point{X: 5, Y: 1},
			style: b.style.text(b.style.ink, tickSize, text.XLeft, text.YCenter)}
	}
	return ns
}
