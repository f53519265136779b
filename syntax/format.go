package syntax

import (
	"fmt"
	"strings"

	"gene/value"
)

// Format is one of the ways `gene parse` shows forms.
type Format uint8

// The formats.
const (
	Pretty  Format = iota // each element on a line of its own
	Compact               // source text on one line
	Sexp                  // like Compact, the outermost properties as :name
)

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	switch name {
	case "pretty":
		return Pretty, nil
	case "compact":
		return Compact, nil
	case "sexp":
		return Sexp, nil
	}
	return 0, fmt.Errorf("unknown format %q (want pretty, compact or sexp)", name)
}

// FormatForm writes one form, without a newline at the end.
func FormatForm(v value.Value, f Format) string {
	w := writer{}
	switch {
	case f == Pretty:
		w.pretty(v, 0)
	case f == Sexp && v.Kind() == value.KindGene && specialOf(v.AsGene()) == nil:
		w.sexp(v.AsGene())
	default:
		w.value(v)
	}
	return string(w.buf)
}

// FormatForms writes forms with an empty line between two; `(empty)` when
// there are none.
func FormatForms(vs []value.Value, f Format) string {
	if len(vs) == 0 {
		return "(empty)\n"
	}
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = FormatForm(v, f) + "\n"
	}
	return strings.Join(texts, "\n")
}

func (w *writer) sexp(g *value.Gene) {
	w.trail.Push(g.Value().P)
	w.seal(&g.Header)
	w.text("(")
	w.value(g.Type)
	for _, e := range g.Props.Entries() {
		if e.Key != nil {
			w.text(" :" + e.Key.Name + " ")
			w.value(e.Val)
		}
	}
	w.list(g.Children, true)
	w.text(")")
	w.trail.Pop()
}

// pretty writes a form whose line is indented by indent steps.
func (w *writer) pretty(v value.Value, indent int) {
	if w.trail.Len() >= MaxDepth || !prettyParts(v) || w.trail.Has(v.P) {
		w.value(v)
		return
	}
	w.trail.Push(v.P)
	switch v.Kind() {
	case value.KindArray:
		w.seal(v.Header())
		w.text("[")
		w.lines(v.AsArray().Items, indent)
		w.text("]")
	case value.KindMap:
		w.seal(v.Header())
		w.text("{")
		for _, e := range v.AsMap().Entries() {
			if e.Key != nil {
				w.newline(indent + 1)
				w.key(e.Key)
				w.text(" ")
				w.pretty(e.Val, indent+1)
			}
		}
		w.newline(indent)
		w.text("}")
	case value.KindGene:
		w.prettyGene(v.AsGene(), indent)
	}
	w.trail.Pop()
}

// prettyParts tells whether a value has parts to be put on lines.
func prettyParts(v value.Value) bool {
	switch v.Kind() {
	case value.KindArray:
		return len(v.AsArray().Items) > 0
	case value.KindMap:
		return v.AsMap().Len() > 0
	case value.KindGene:
		head := specialOf(v.AsGene())
		return len(v.AsGene().Children) > 0 && (head == nil || head == value.SymHashMap)
	}
	return false
}

func (w *writer) prettyGene(g *value.Gene, indent int) {
	w.seal(&g.Header)
	if specialOf(g) == value.SymHashMap {
		w.text("{{")
		w.lines(g.Children, indent)
		w.text("}}")
		return
	}
	w.text("(")
	w.value(g.Type)
	w.entries(g.Props, true)
	w.lines(g.Children, indent)
	w.text(")")
}

// lines writes each value on a line, and leaves the line for the closing
// bracket.
func (w *writer) lines(vs []value.Value, indent int) {
	for _, v := range vs {
		w.newline(indent + 1)
		w.pretty(v, indent+1)
	}
	w.newline(indent)
}

func (w *writer) newline(indent int) {
	w.text("\n")
	w.text(strings.Repeat("  ", indent))
}
