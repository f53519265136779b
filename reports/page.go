package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"gene/bench/result"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
)

// pageView is what the template shows.
type pageView struct {
	File        *result.File
	Policy      string // what the page may load: nothing
	Style       template.CSS
	Script      template.JS
	Claims      table
	Count       string // of the verdicts, in words
	Warnings    []string
	Sections    []sectionView
	Environment []fact
	Filed       string // the day of the run, for the name of the raw data
}

// sectionView is a part of the page.
type sectionView struct {
	ID, Title, Lead string
	Figures         []figureView
	Repeats         []figureView // the same of other loops or peers
	More            string       // what the repeats are
	Experiments     []experimentView
	Gaps            []string
}

// figureView is a chart in both widths.
type figureView struct {
	Title, Sentence, Command, File string
	Wide, Narrow                   template.HTML
}

// experimentView is the figures of an experiment.
type experimentView struct {
	Title, Method, Command string
	Notes                  []string
	Table                  table
}

// htmlPage makes the HTML page of a run.
func htmlPage(d *drawing) ([]byte, error) {
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, err
	}
	v := &pageView{File: d.file, Policy: policy(), Style: template.CSS(palette() + pageCSS), Script: template.JS(pageJS), Claims: claimTable(d.file),
		Count: count(claims(d.file)), Warnings: warnings(d.file), Environment: environment(d.file), Filed: d.file.Started.UTC().Format("2006-01-02")}
	for _, s := range sections {
		if s.kind == other && d.empty(s) {
			continue
		}
		view, err := d.section(s)
		if err != nil {
			return nil, err
		}
		v.Sections = append(v.Sections, view)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, err
	}
	return bytes.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return visible(r)
	}, out.Bytes()), nil
}

// section gathers what the page shows of a section.
func (d *drawing) section(s section) (sectionView, error) {
	v := sectionView{ID: string(s.kind), Title: s.title, Lead: s.lead, More: "The same on other loops", Gaps: d.gaps[s.kind]}
	if s.kind == result.Peers {
		v.More = "Each of them, program by program"
	}
	for i := range d.charts {
		c := &d.charts[i]
		if c.kind != s.kind {
			continue
		}
		fig, err := c.figure()
		if err != nil {
			return v, err
		}
		if c.repeat {
			v.Repeats = append(v.Repeats, fig)
		} else {
			v.Figures = append(v.Figures, fig)
		}
	}
	for _, group := range d.groups(s.kind) {
		e := experimentView{Title: title(group[0]), Method: group[0].Method, Command: again(group), Table: figures(group)}
		for _, one := range group {
			for _, n := range one.Notes {
				e.Notes = append(e.Notes, heading(one)+": "+n)
			}
		}
		v.Experiments = append(v.Experiments, e)
	}
	return v, nil
}

func (c *chart) figure() (figureView, error) {
	v := figureView{Title: c.title, Sentence: c.sentence, Command: c.command, File: c.id}
	for _, width := range []struct {
		narrow bool
		to     *template.HTML
	}{{false, &v.Wide}, {true, &v.Narrow}} {
		svg, err := c.inline(width.narrow)
		if err != nil {
			return v, err
		}
		*width.to = template.HTML(svg)
	}
	return v, nil
}

// count says how many claims had which outcome.
func count(cs []claim) string {
	if len(cs) == 0 {
		return "This run judged no claim."
	}
	n := map[result.Outcome]int{}
	for _, c := range cs {
		n[outcome(c.Verdict)]++
	}
	return fmt.Sprintf("%d passed, %d failed, %d undecided.", n[result.Pass], n[result.Fail], n[result.Undecided])
}

// policy lets the page run its own script and load nothing.
func policy() string {
	sum := sha256.Sum256([]byte(pageJS))
	return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// palette is the colours of both themes as a style sheet.
func palette() string {
	rule := func(t *theme) string {
		var b strings.Builder
		for _, v := range slices.Concat(t.variables(), [][2]string{{"--pass", hex(t.series[2])}, {"--fail", hex(t.series[1])}, {"--undecided", hex(t.series[5])}}) {
			b.WriteString(v[0] + ":" + v[1] + ";")
		}
		return ":root{" + b.String() + "}"
	}
	return rule(&light) + "\n@media (prefers-color-scheme: dark){" + rule(&dark) + "}\n"
}
