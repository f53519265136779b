package reports

import (
	"strings"
	"testing"

	"gene/bench/result"
)

// evil has what could break out of HTML, of an attribute, of a script, of
// Markdown, of a path or of XML.
const evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`|[x](javascript:alert(3))*_#\\../..\x00\x1b\u2028\ufffe𝒳-->]]>"

// hostile is a run all of whose texts are evil, and whose figures are odd.
func hostile() *result.File {
	f := synthetic()
	f.Mode, f.Command, f.Complete = evil, evil, false
	f.Env = result.Env{OS: evil, Arch: evil, CPU: evil, Kernel: evil, Go: evil, Commit: evil, Dirty: true, Loops: []string{evil}, Warnings: []string{evil}}
	for i := range f.Experiments {
		e := &f.Experiments[i]
		e.Name, e.Title, e.Method, e.Command, e.Loop = evil+e.Name, evil, evil, evil, evil+e.Loop
		e.Notes = []string{evil, strings.Repeat("long", 400)}
		for k := range e.Estimates {
			e.Estimates[k].Name += evil
			e.Estimates[k].Program += evil
		}
		for k := range e.Spans {
			e.Spans[k].Group, e.Spans[k].Label = evil+e.Spans[k].Group, evil
		}
		for k := range e.Verdicts {
			v := &e.Verdicts[k]
			v.Claim, v.Text, v.Reason, v.Outcome = evil, evil, evil, result.Outcome(evil)
			v.Estimate.Name += evil
		}
	}
	f.Experiments = append(f.Experiments, result.Experiment{Name: evil + "gone", Kind: result.Kind(evil), Missing: evil}, odd())
	return f
}

// odd has figures that no axis can show.
func odd() result.Experiment {
	e := result.Experiment{Name: "odd", Kind: result.Pending, Title: "Odd figures"}
	for i, v := range []float64{0, -1, 1e300, -1e300, 1e-300, 5, 5, 1e17} {
		e.Estimates = append(e.Estimates, result.Estimate{Name: "odd", Unit: "ns", X: float64(i), Value: v, Low: v, High: v},
			result.Estimate{Name: "odd", Unit: "ratio", Value: v, Low: -v, High: v * 2})
	}
	e.Spans = []result.Span{{Start: 5, End: 1}, {Start: 1e300, End: 1e300}}
	return e
}

// withoutCode leaves out what stands between double backquotes: there,
// Markdown has no meaning for anything.
func withoutCode(text string) string {
	parts := strings.Split(text, "``")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = ""
	}
	return strings.Join(parts, "``")
}

func TestHostileTextsStayText(t *testing.T) {
	files, err := render(hostile())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if strings.Contains(name, "..") || strings.Count(name, "/") > 1 {
			t.Errorf("a file named %q", name)
		}
		text := string(data)
		switch {
		case strings.HasSuffix(name, ".svg"):
			if err := wellFormed(data); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case name == "summary.md" || name == "index.html":
			for _, bad := range []string{"<script>alert", "<img src=x", "x](javascript"} {
				if name == "index.html" && strings.HasPrefix(bad, "x]") {
					continue // means nothing in HTML
				}
				if strings.Contains(withoutCode(text), bad) {
					t.Errorf("%s: has %q", name, bad)
				}
			}
		}
	}
}
