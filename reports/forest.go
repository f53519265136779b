package reports

import (
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mark is one estimate of a forest.
type mark struct {
	row, series      int
	value, low, high float64
	label            string
}

// forest is a chart of rows with estimates and their intervals, one series
// under the other in each row.
type forest struct {
	axis   string   // what x is
	rows   []string // from the top
	series []string // with a key if there is more than one
	marks  []mark
	log    bool
	unit   string // of x
	refs   []reference
}

// reference is a value to compare the estimates with.
type reference struct {
	at   float64
	text string // a limit's; "" for the value that means "no difference"
}

// body is the height of the rows.
func (f *forest) body() vg.Length {
	height := f.rowHeight()*vg.Length(len(f.rows)) + 24
	if len(f.series) > 1 {
		height += 24
	}
	return height
}

// Heights of a row with one estimate, of each line of a row with several, and
// of the gap after those.
const (
	singleRow = 22
	lineOfRow = 15
	rowGap    = 14
)

func (f *forest) rowHeight() vg.Length {
	if n := len(f.series); n > 1 {
		return lineOfRow*vg.Length(n) + rowGap
	}
	return singleRow
}

// y is where a mark stands: the series share the row's height.
func (f *forest) y(m mark) float64 {
	if len(f.series) < 2 {
		return -float64(m.row)
	}
	lines := float64(m.series) - float64(len(f.series)-1)/2
	return -float64(m.row) - lines*lineOfRow/f.rowHeight().Points()
}

func (f *forest) extent() extent {
	e := nothing
	for _, m := range f.marks {
		e.include(m.low, m.high, m.value)
	}
	for _, r := range f.refs {
		e.include(r.at)
	}
	return e
}

// plot draws the forest.
func (f *forest) plot(s style) *plot.Plot {
	p := s.newPlot(f.axis, "")
	s.nominal(p, f.rows)
	if f.log {
		f.extent().log(&p.X, f.unit, s.mostTicks())
	} else if unit := f.extent().linear(&p.X, f.unit); unit != "" {
		p.X.Label.Text += " (" + unit + ")"
	}
	s.addGrid(p, true, false)
	for _, r := range f.refs {
		s.addReference(p, r)
	}
	p.Add(&forestMarks{f, s})
	if len(f.series) > 1 {
		p.Add(s.key(f.series, f.limited()))
	}
	return p
}

// addReference draws a solid line for "no difference", a dashed one with its
// text for a limit.
func (s style) addReference(p *plot.Plot, r reference) {
	if r.text == "" {
		p.Add(rule{r.at, true, s.line(s.soft, 1.2)})
		return
	}
	p.Add(rule{r.at, true, s.line(s.ink, 1, 4, 3)})
	p.Add(notes{{x: r.at, y: p.Y.Max, text: r.text, style: s.text(s.ink, tickSize, text.XCenter, text.YBottom), shift: vg.Point{Y: 4}}})
}

func (f *forest) limited() bool {
	return slices.ContainsFunc(f.refs, func(r reference) bool { return r.text != "" })
}

// forestMarks draws the estimates of a forest.
type forestMarks struct {
	*forest
	style style
}

// Plot draws each interval with its estimate and writes the value beside it.
func (f *forestMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, m := range f.marks {
		line := f.style.line(f.style.colour(m.series), 2)
		at := y(f.y(m))
		c.StrokeLine2(line, x(m.low), at, x(m.high), at)
		for _, end := range []float64{m.low, m.high} {
			c.StrokeLine2(line, x(end), at-3, x(end), at+3)
		}
		c.DrawGlyph(f.style.glyph(m.series), vg.Point{X: x(m.value), Y: at})
	}
	f.labels().Plot(c, p)
}

// GlyphBoxes keeps room for the values.
func (f *forestMarks) GlyphBoxes(p *plot.Plot) []plot.GlyphBox { return f.labels().GlyphBoxes(p) }

func (f *forestMarks) labels() notes {
	ns := make(notes, len(f.marks))
	for i, m := range f.marks {
		ns[i] = note{x: m.high, y: f.y(m), text: m.label, shift: vg.Point{X: 6, Y: 1},
			style: f.style.text(f.style.colour(m.series), tickSize, text.XLeft, text.YCenter)}
	}
	return ns
}

// key says above the plot which series is which.
type key struct {
	style  style
	names  []string
	raised bool // over another line of text
}

func (s style) key(names []string, raised bool) key { return key{s, names, raised} }

const keyLine = 18 // height of a line of the key

// place gives each name its offset from the upper left corner of the plot.
func (k key) place() (at []vg.Point, lines int) {
	room := k.style.width() * 0.6
	x, line := vg.Length(0), 0
	for _, name := range k.names {
		width := k.text(0).Width(plain(name, 30)) + 30
		if x > 0 && x+width > room {
			x, line = 0, line+1
		}
		at = append(at, vg.Point{X: x, Y: -keyLine * vg.Length(line)})
		x += width
	}
	return at, line + 1
}

func (k key) text(series int) text.Style {
	return k.style.text(k.style.colour(series), labelSize, text.XLeft, text.YCenter)
}

// bottom is the height of the last line's middle over the plot.
func (k key) bottom() vg.Length {
	if k.raised {
		return 30
	}
	return 14
}

// Plot draws the key above the plot.
func (k key) Plot(c draw.Canvas, _ *plot.Plot) {
	at, lines := k.place()
	top := c.Max.Y + k.bottom() + keyLine*vg.Length(lines-1)
	for i, name := range k.names {
		pt := vg.Point{X: c.Min.X + 5, Y: top}.Add(at[i])
		glyph := k.style.glyph(i)
		c.SetColor(glyph.Color)
		glyph.Shape.DrawGlyph(&c, glyph, pt) // Canvas.DrawGlyph draws nothing outside of the plot
		c.FillText(k.text(i), pt.Add(vg.Point{X: 9}), plain(name, 30))
	}
}

// GlyphBoxes keeps room for the key.
func (k key) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	_, lines := k.place()
	height := k.bottom() + keyLine*vg.Length(lines)
	return []plot.GlyphBox{{X: 0.5, Y: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: 1, Y: height}}}}
}
