package reports

import (
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gene/bench/result"
)

// chart is one picture of a run.
type chart struct {
	id       string // the stem of its file names, unique in a run
	kind     result.Kind
	title    string
	sentence string    // what it shows, in figures
	command  string    // measures it again
	repeat   bool      // the same as the one before, of another loop
	body     vg.Length // the height of its rows; 0 for a chart without rows
	plot     func(style) *plot.Plot
}

// axisHeight is the room below the rows of a chart.
const axisHeight = 66

// height follows from the rows; charts of lines have a form of their own.
func (c *chart) height(s style) vg.Length {
	switch {
	case c.body > 0:
		return c.body + axisHeight
	case s.narrow:
		return 320
	}
	return 400
}

// newPlot is an empty plot in this style.
func (s style) newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	s.axis(&p.X, x)
	s.axis(&p.Y, y)
	p.X.Tick.Label.XAlign = text.XCenter
	p.X.Tick.Label.YAlign = text.YTop
	p.Y.Tick.Label.XAlign = text.XRight
	p.Y.Tick.Label.YAlign = text.YCenter
	return p
}

func (s style) axis(a *plot.Axis, label string) {
	a.Label.Text = label
	a.Label.TextStyle.Color = s.ink
	a.Label.TextStyle.Font = sans(labelSize)
	a.Label.Padding = 6
	a.Tick.Label.Color = s.soft
	a.Tick.Label.Font = sans(tickSize)
	a.Tick.LineStyle = s.line(s.grid, 1)
	a.LineStyle = s.line(s.grid, 1)
	a.Padding = 4
}

// addGrid draws lines behind the data at the labelled ticks.
func (s style) addGrid(p *plot.Plot, vertical, horizontal bool) {
	g := &plotter.Grid{}
	if vertical {
		g.Vertical = s.line(s.grid, 0.8)
	}
	if horizontal {
		g.Horizontal = s.line(s.grid, 0.8)
	}
	p.Add(g)
}

// nominal labels the rows of a chart from the top down: row i is at y = -i.
func (s style) nominal(p *plot.Plot, names []string) {
	ticks := make(plot.ConstantTicks, len(names))
	for i, name := range names {
		ticks[i] = plot.Tick{Value: -float64(i), Label: s.rowLabel(name)}
	}
	p.Y.Min, p.Y.Max = 0.6-float64(len(names)), 0.6
	p.Y.Tick.Marker = ticks
	p.Y.Tick.Length = 0
	p.Y.LineStyle.Width = 0
	p.Y.Tick.Label.Color = s.ink
}

// rowLabel shortens a name. A line break parts what a narrow chart writes in
// two lines.
func (s style) rowLabel(name string) string {
	if name == "" {
		return " " // gonum takes an empty label for a minor tick
	}
	head, tail, two := strings.Cut(name, "\n")
	if two && s.narrow {
		return plain(head, s.labelRunes()) + "\n" + plain(tail, s.labelRunes())
	}
	return plain(strings.Replace(name, "\n", ", ", 1), s.labelRunes())
}

// note is a text beside a point of the plot; the layout makes room for it.
type note struct {
	x, y  float64 // in the data's coordinates
	text  string
	style text.Style
	shift vg.Point
}

// notes are texts, each at its point.
type notes []note

// Plot writes the notes.
func (ns notes) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, n := range ns {
		c.FillText(n.style, vg.Point{X: x(n.x), Y: y(n.y)}.Add(n.shift), n.text)
	}
}

// GlyphBoxes keeps room for the notes.
func (ns notes) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	boxes := make([]plot.GlyphBox, len(ns))
	for i, n := range ns {
		r := n.style.Rectangle(n.text)
		boxes[i] = plot.GlyphBox{X: p.X.Norm(n.x), Y: p.Y.Norm(n.y), Rectangle: vg.Rectangle{Min: r.Min.Add(n.shift), Max: r.Max.Add(n.shift)}}
	}
	return boxes
}

// rule is a straight line across the plot, at an x (upright) or a y.
type rule struct {
	at      float64
	upright bool
	line    draw.LineStyle
}

// Plot draws the line.
func (r rule) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if r.upright {
		c.StrokeLine2(r.line, x(r.at), c.Min.Y, x(r.at), c.Max.Y)
		return
	}
	c.StrokeLine2(r.line, c.Min.X, y(r.at), c.Max.X, y(r.at))
}
