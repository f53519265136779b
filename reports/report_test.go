package reports

import (
	"flag"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gene/bench/result"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMarkdownIsAsBefore(t *testing.T) {
	for name, text := range map[string]string{"summary.md": Markdown(synthetic()), "readme.md": Readme(synthetic()) + "\n"} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s is not as before: go test ./reports -update, and look at the difference", path)
		}
	}
}

func TestEveryKindHasItsPlot(t *testing.T) {
	d := drawAll(synthetic())
	for _, kind := range []result.Kind{result.Speedup, result.Timeline, result.Scaling, result.Overhead, result.Latency, result.Pending, loops, result.Peers} {
		if !slices.ContainsFunc(d.charts, func(c chart) bool { return c.kind == kind }) {
			t.Errorf("there is no chart of kind %s", kind)
		}
	}
	if want := "HTTP server under load on evio: the loop evio is not in this build"; !slices.Contains(d.gaps[result.Load], want) {
		t.Errorf("gaps of load: %q, want %q", d.gaps[result.Load], want)
	}
}

func TestSentencesQuoteTheFigures(t *testing.T) {
	f := &result.File{Experiments: []result.Experiment{
		{Name: "timeline/a", Kind: result.Timeline, Loop: "sim", Title: "A", Spans: []result.Span{
			{Group: "sequential", Start: 0, End: 100}, {Group: "sequential", Start: 100, End: 200}, {Group: "concurrent", Start: 500, End: 600}, {Group: "concurrent", Start: 501, End: 604}}},
		{Name: "scaling/a", Kind: result.Scaling, Loop: "sim", Title: "B", Estimates: []result.Estimate{
			{Name: "speedup", X: 1, Unit: "ratio", Value: 1, Low: 1, High: 1}, {Name: "speedup", X: 100, Unit: "ratio", Value: 97, Low: 96, High: 98}}},
		{Name: "pending/a", Kind: result.Pending, Title: "C", Estimates: []result.Estimate{
			{Name: "memory", X: 10, Unit: "KiB", Value: 1, Low: 1, High: 1}, {Name: "memory", X: 1e6, Unit: "B", Value: 512, Low: 511, High: 513}}},
	}}
	want := []string{
		"On sim, 2 sequential operations took 200 ms; 2 concurrent operations took 104 ms; that is 1.923 to one.",
		"sim: 97 (96 to 98) of the possible 100.",
		"memory: from 1024 B at 10 to 512 B (511 B to 513 B) at 1 000 000.",
	}
	var got []string
	for _, c := range drawAll(f).charts {
		got = append(got, strings.ReplaceAll(c.sentence, "\u00a0", " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("sentences:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWithoutFigures(t *testing.T) {
	tests := []struct {
		name string
		file *result.File
		want string
	}{
		{"nothing", &result.File{}, "This run has no experiment of this kind."},
		{"missing", &result.File{Experiments: []result.Experiment{{Name: "peers/cpu", Kind: result.Peers, Missing: "lua5.4 is not installed"}}}, "peers/cpu: lua5.4 is not installed"},
		{"no histogram", &result.File{Experiments: []result.Experiment{{Name: "latency/x", Kind: result.Latency}}}, "latency/x: there is no histogram in the results."},
		{"no spans", &result.File{Experiments: []result.Experiment{{Name: "timeline/x", Kind: result.Timeline}}}, "timeline/x: there are no spans in the results."},
		{"no sizes", &result.File{Experiments: []result.Experiment{{Name: "pending/x", Kind: result.Pending}}}, "pending/x: there are no estimates over a size in the results."},
		{"no ratios", &result.File{Experiments: []result.Experiment{{Name: "overhead/x", Kind: result.Overhead}}}, "overhead/x: there are no ratios in the results."},
		{"a new kind", &result.File{Experiments: []result.Experiment{{Name: "new/x", Kind: "new"}}}, "Other experiments"},
		{"interrupted", &result.File{Mode: "quick"}, "The run is not complete"},
		{"not judged", &result.File{Experiments: []result.Experiment{{Name: "cost/x", Kind: result.Cost, Missing: "it failed",
			Verdicts: []result.Verdict{{Text: "it is fast", Outcome: result.Undecided, Reason: "nothing was measured"}}}}}, "nothing was measured"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, err := render(tt.file)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"index.html", "summary.md"} {
				if text := strings.ReplaceAll(string(files[name]), `\_`, "_"); !strings.Contains(text, tt.want) {
					t.Errorf("%s does not say %q", name, tt.want)
				}
			}
		})
	}
}

func TestWriteRemovesOldPlotsOnly(t *testing.T) {
	dir := t.TempDir()
	plots := filepath.Join(dir, "plots")
	if err := os.Mkdir(plots, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"timeline-old.svg", "notes.svg"} {
		if err := os.WriteFile(filepath.Join(plots, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Write(dir, &result.File{Schema: result.Schema}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(plots)
	if err != nil || len(entries) != 1 || entries[0].Name() != "notes.svg" {
		t.Errorf("left in plots: %v, %v", entries, err)
	}
	if _, err := result.Read(filepath.Join(dir, "results.json")); err != nil {
		t.Error(err)
	}
}

func TestWriteSaysWhatFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(file, &result.File{}); err == nil || !strings.Contains(err.Error(), "a-file") {
		t.Errorf("Write into a file: %v", err)
	}
	nan := &result.File{Seconds: math.NaN()}
	if err := Write(t.TempDir(), nan); err == nil {
		t.Error("Write took a file that JSON can't hold")
	}
}

// TestPageIsBalanced reads the page, without its scripts and its style, as XML:
// that finds tags left open or closed twice, and attributes without quotes.
func TestPageIsBalanced(t *testing.T) {
	void := regexp.MustCompile(`<(meta|link)([^>]*)>`)
	apart := regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<!DOCTYPE html>`)
	ids := regexp.MustCompile(` id="([^"]*)"`)
	for name, f := range map[string]*result.File{"all": synthetic(), "hostile": hostile(), "empty": {}} {
		data, err := htmlPage(drawAll(f))
		if err != nil {
			t.Fatal(err)
		}
		text := apart.ReplaceAllString(string(data), "")
		if err := wellFormed([]byte(strings.ReplaceAll(void.ReplaceAllString(text, "<$1$2/>"), "&nbsp;", " "))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		seen := map[string]bool{}
		for _, id := range ids.FindAllStringSubmatch(text, -1) {
			if seen[id[1]] {
				t.Errorf("%s: two elements with the id %s", name, id[1])
			}
			seen[id[1]] = true
		}
		if bad := regexp.MustCompile(`(src|href)="(https?:|//)[^"]*"`).FindString(text); bad != "" {
			t.Errorf("%s: the page asks for %s", name, bad)
		}
	}
}

func TestInlinePlotsLeaveColoursToTheStyleSheet(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9A-Fa-f]{6}`)
	d := drawAll(synthetic())
	for i := range d.charts {
		svg, err := d.charts[i].inline(false)
		if err != nil {
			t.Fatal(err)
		}
		if bad := colour.FindString(svg); bad != "" {
			t.Errorf("%s has the colour %s of its own", d.charts[i].id, bad)
		}
	}
}

func TestColoursAreReadable(t *testing.T) {
	for _, theme := range []*theme{&light, &dark} {
		for i, c := range append(theme.series[:], theme.ink, theme.soft) {
			if got := contrast(c, theme.ground); got < 4.5 {
				t.Errorf("%s, colour %d (%s): contrast %.2f, want 4.5", theme.name, i, hex(c), got)
			}
		}
	}
}

// contrast is that of WCAG 2.
func contrast(a, b color.RGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
