package reports

import (
	"fmt"
	"html"
	"strings"

	"gene/bench/result"
)

// Markdown gives the tables of a run as Markdown: its claims, what it
// measured, and the machine.
func Markdown(f *result.File) string {
	d := drawAll(f)
	var b strings.Builder
	b.WriteString("# Results of genebench\n\n")
	for _, w := range warnings(f) {
		fmt.Fprintf(&b, "> %s\n\n", escape(w))
	}
	writeClaims(&b, f)
	for _, s := range sections {
		if s.kind == other && d.empty(s) {
			continue
		}
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", s.title, s.lead)
		for _, c := range d.charts {
			if c.kind == s.kind {
				fmt.Fprintf(&b, "**%s.** %s\n\n%s\n\n", escape(c.title), escape(c.sentence), picture(&c, "plots/"))
			}
		}
		for _, group := range d.groups(s.kind) {
			writeExperiment(&b, group)
		}
		writeGaps(&b, d.gaps[s.kind])
	}
	b.WriteString("## The machine\n\n")
	for _, fact := range environment(f) {
		fmt.Fprintf(&b, "* %s: %s\n", fact.Name, escape(fact.Value))
	}
	fmt.Fprintf(&b, "\nAll of it again: %s\n", code(f.Command))
	return b.String()
}

func writeClaims(b *strings.Builder, f *result.File) {
	b.WriteString("## Claims\n\n")
	if t := claimTable(f); len(t.Rows) > 0 {
		b.WriteString(t.markdown())
		return
	}
	b.WriteString("This run judged no claim.\n\n")
}

// writeExperiment writes the estimates of an experiment and how to repeat it.
func writeExperiment(b *strings.Builder, group []result.Experiment) {
	if t := figures(group); len(t.Rows) > 0 {
		fmt.Fprintf(b, "### %s\n\n%s\n\n", escape(t.Title), escape(group[0].Method))
		b.WriteString(t.markdown())
	}
	for _, e := range group {
		for _, n := range e.Notes {
			fmt.Fprintf(b, "* %s: %s\n", escape(heading(e)), escape(n))
		}
	}
	fmt.Fprintf(b, "\nAgain: %s\n\n", code(again(group)))
}

func writeGaps(b *strings.Builder, gaps []string) {
	for _, g := range gaps {
		fmt.Fprintf(b, "* Missing: %s\n", escape(g))
	}
	if len(gaps) > 0 {
		b.WriteString("\n")
	}
}

// markdown writes the table.
func (t table) markdown() string {
	var b strings.Builder
	for _, c := range t.Columns {
		fmt.Fprintf(&b, "| %s ", c.Name)
	}
	b.WriteString("|\n")
	for _, c := range t.Columns {
		if c.Figure {
			b.WriteString("| ---: ")
		} else {
			b.WriteString("| --- ")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.Rows {
		for _, c := range row {
			b.WriteString("| ")
			if c.Icon != "" {
				b.WriteString(c.Icon + " ")
			}
			b.WriteString(escape(c.Text) + " ")
			if c.Note != "" {
				b.WriteString("(" + escape(c.Note) + ") ")
			}
		}
		b.WriteString("|\n")
	}
	b.WriteString("\n")
	return b.String()
}

// picture shows a chart that lies in dir, in the colours of the reader.
func picture(c *chart, dir string) string {
	alt := inTag.Replace(html.EscapeString(plain(c.title+". "+c.sentence, 2000)))
	return fmt.Sprintf("<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s%s-dark.svg\"><img src=\"%[1]s%[2]s.svg\" alt=\"%s\"></picture>", dir, c.id, alt)
}

// inTag keeps Markdown's own signs out of a tag.
var inTag = strings.NewReplacer("[", "&#91;", "]", "&#93;", "`", "&#96;", "*", "&#42;", "_", "&#95;")

// special are the characters that mean something to Markdown or to HTML.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "~", `\~`)

// escape makes foreign text mean itself in a line of Markdown.
func escape(text string) string {
	return special.Replace(plain(strings.Join(strings.Fields(text), " "), 2000))
}

// code quotes a command in a line of Markdown.
func code(command string) string {
	command = plain(strings.Join(strings.Fields(command), " "), 2000)
	if command == "" {
		return "(no command)"
	}
	fence := "`"
	for strings.Contains(command, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + command + " " + fence
	}
	return fence + command + fence
}
