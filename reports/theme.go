package reports

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// theme is a set of colours for one kind of ground. Grounds stay transparent.
type theme struct {
	name   string // "light", "dark"
	ground color.RGBA
	ink    color.RGBA // text
	soft   color.RGBA // text of less weight
	grid   color.RGBA // lines behind the data
	series [6]color.RGBA
}

// The series keep apart for all common kinds of colour blindness (they are
// Okabe and Ito's hues) and are dark, or bright, enough to write labels in:
// 4.5 to 1 against their ground. A test checks that.
var (
	light = theme{
		name: "light", ground: rgb(0xFFFFFF), ink: rgb(0x1B1F24), soft: rgb(0x57606B), grid: rgb(0xD5D9DE),
		series: [6]color.RGBA{rgb(0x0068A8), rgb(0xB84A00), rgb(0x00775A), rgb(0xA53F78), rgb(0x6B5E00), rgb(0x4F5560)},
	}
	dark = theme{
		name: "dark", ground: rgb(0x0D1117), ink: rgb(0xE7EAEE), soft: rgb(0xA3ACB8), grid: rgb(0x363D47),
		series: [6]color.RGBA{rgb(0x5CB8EE), rgb(0xF0A030), rgb(0x2FC79A), rgb(0xE895C4), rgb(0xE8DC4A), rgb(0xB4BCC8)},
	}
)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// variables names each colour of a theme, for style sheets.
func (t *theme) variables() [][2]string {
	vars := [][2]string{{"--ground", hex(t.ground)}, {"--ink", hex(t.ink)}, {"--soft", hex(t.soft)}, {"--grid", hex(t.grid)}}
	for i, c := range t.series {
		vars = append(vars, [2]string{fmt.Sprintf("--s%d", i+1), hex(c)})
	}
	return vars
}

func (t *theme) colour(series int) color.RGBA { return t.series[series%len(t.series)] }

// glyphs tell series apart without colour.
var glyphs = [...]draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{},
}

// style is how a chart is drawn: its theme and how wide it is.
type style struct {
	*theme
	narrow bool // for a telephone
}

// Widths of the charts in points; in SVG a point is a CSS pixel.
const (
	wideWidth   = 760
	narrowWidth = 340
)

func (s style) width() vg.Length {
	if s.narrow {
		return narrowWidth
	}
	return wideWidth
}

// labelRunes is how long a name may be beside a row.
func (s style) labelRunes() int {
	if s.narrow {
		return 16
	}
	return 44
}

func (s style) glyph(series int) draw.GlyphStyle {
	shape := glyphs[(series+series/len(s.series))%len(glyphs)] // another one where the colours begin again
	return draw.GlyphStyle{Color: s.colour(series), Radius: 3.5, Shape: shape}
}

func (s style) line(c color.Color, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: dashes}
}

// Sizes of text in points.
const (
	labelSize = 12.5
	tickSize  = 11.5
)

func (s style) text(c color.Color, size vg.Length, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: c, Font: sans(size), XAlign: x, YAlign: y, Handler: fonts}
}

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}
