package reports

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// fonts lays out text; it only caches what it has read of the embedded fonts.
var fonts = plot.DefaultTextHandler

// margin keeps what ends at the edge from touching it.
const margin = 6

// drawn draws a chart on a canvas of its size.
func (c *chart) drawn(s style, canvas vg.CanvasSizer) {
	p := c.plot(s)
	area := draw.Crop(draw.New(canvas), margin, -margin, margin, -margin)
	p.Draw(area)
}

// png draws a chart with two pixels to the point.
func (c *chart) png(s style) ([]byte, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(s.width(), c.height(s)), vgimg.UseDPI(144), vgimg.UseBackgroundColor(color.Transparent))
	c.drawn(s, canvas)
	var out bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(&out)
	return out.Bytes(), err
}

// svg draws a chart as a document of its own.
func (c *chart) svg(s style) ([]byte, error) {
	canvas := vgsvg.New(s.width(), c.height(s))
	c.drawn(s, canvas)
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, err
	}
	_, body, ok := strings.Cut(out.String(), "xlink\">\n")
	if !ok {
		return nil, fmt.Errorf("internal error: chart %s: no beginning of the drawing in what gonum/plot wrote", c.id)
	}
	head := fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" height=\"%g\" viewBox=\"0 0 %[1]g %[2]g\" role=\"img\" aria-label=\"%s\">\n",
		s.width().Points(), c.height(s).Points(), html.EscapeString(plain(c.title+". "+c.sentence, 2000)))
	return []byte(head + fitText(strings.ReplaceAll(body, family, families))), nil
}

// Liberation Sans, which the layout is computed with, has the widths of Arial
// and of Helvetica.
const (
	family   = "font-family:Liberation Sans;"
	families = "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"
)

var textElement = regexp.MustCompile(`(?s)<text ([^>]*font-size:([0-9.]+)px[^>]*)>([^<]*)</text>`)

// fitText gives each text the width that the layout reckoned with, so that
// nothing is clipped where the font is another.
func fitText(svg string) string {
	return textElement.ReplaceAllStringFunc(svg, func(element string) string {
		part := textElement.FindStringSubmatch(element)
		size, err := strconv.ParseFloat(part[2], 64)
		if err != nil || strings.TrimSpace(part[3]) == "" {
			return element
		}
		width := text.Style{Font: sans(vg.Length(size)), Handler: fonts}.Width(html.UnescapeString(part[3]))
		return fmt.Sprintf("<text textLength=\"%.4g\" lengthAdjust=\"spacingAndGlyphs\" %s>%s</text>", width.Points(), part[1], part[3])
	})
}

// inline draws a chart for the page, where style sheets choose the colours.
func (c *chart) inline(narrow bool) (string, error) {
	svg, err := c.svg(style{&light, narrow})
	if err != nil {
		return "", err
	}
	var pairs []string
	for _, v := range light.variables() {
		pairs = append(pairs, ":"+v[1], ":var("+v[0]+")")
	}
	return strings.NewReplacer(pairs...).Replace(string(svg)), nil
}
