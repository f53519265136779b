package result

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	tests := []struct {
		name      string
		low, high float64
		limit     float64
		atMost    bool
		want      Outcome
	}{
		{"all below", 0.9, 0.99, 1, true, Pass},
		{"touches the limit", 0.9, 1, 1, true, Pass},
		{"contains the limit", 0.99, 1.01, 1, true, Undecided},
		{"all above", 1.01, 1.02, 1, true, Fail},
		{"must reach, all above", 2.95, 3, 2.9, false, Pass},
		{"must reach, contains", 2.8, 3, 2.9, false, Undecided},
		{"must reach, all below", 2.7, 2.8, 2.9, false, Fail},
		{"not a number", math.NaN(), math.NaN(), 1, true, Undecided},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Judge(Estimate{Low: tt.low, High: tt.high}, tt.limit, tt.atMost); got != tt.want {
				t.Errorf("Judge([%v, %v], %v, %v) = %s, want %s", tt.low, tt.high, tt.limit, tt.atMost, got, tt.want)
			}
		})
	}
}

// experiment is a file with one experiment of those members.
func experiment(members string) string {
	return `{"schema": 1, "experiments": [{"name": "a", ` + members + `}]}`
}

// sample is a file with one sample of those members.
func sample(members string) string {
	return experiment(`"series": [{"name": "gene", "samples": [{` + members + `}]}]`)
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "cut off after 0 bytes"},
		{"cut off", `{"schema": 1, "experiments": [{"name": "a"`, "cut off after 42 bytes"},
		{"no JSON", "{\"schema\": 1,\n oops}", "line 2 is no JSON"},
		{"another thing", `{"name": "gene"}`, "no results of genebench"},
		{"an array", `[1, 2]`, "no results of genebench"},
		{"another version", `{"schema": 7}`, "results of schema 7, and this genebench reads 1"},
		{"nameless", `{"schema": 1, "experiments": [{}]}`, "experiment 0 has no name"},
		{"twice", `{"schema": 1, "experiments": [{"name": "a"}, {"name": "a"}]}`, "experiment a@ appears twice"},
		{"histogram", `{"schema": 1, "experiments": [{"name": "a", "histogram": {"bounds": [1], "counts": [1]}}]}`, "want one bound more"},
		{"negative count", experiment(`"histogram": {"bounds": [1, 2], "counts": [-3]}`), "experiment a@: a histogram with -3 values from 1 to 2: want no negative count"},
		{"unsorted bounds", experiment(`"histogram": {"bounds": [1, 3, 2], "counts": [1, 1]}`), "a histogram with bound 3 before 2"},
		{"empty bucket", experiment(`"histogram": {"bounds": [1, 1], "counts": [1]}`), "a histogram with bound 1 before 1"},
		{"interval upside down", experiment(`"estimates": [{"name": "gene", "value": 2, "low": 3, "high": 1}]`), `estimate "gene": an interval from 3 to 1`},
		{"negative rounds", experiment(`"estimates": [{"name": "gene", "n": -1}]`), `estimate "gene": -1 rounds`},
		{"negative effect", experiment(`"estimates": [{"name": "gene", "mde": -0.5}]`), "a smallest difference of -0.5"},
		{"verdict upside down", experiment(`"verdicts": [{"claim": "spawn", "estimate": {"low": 3, "high": 1}}]`), `verdict on "spawn": an interval from 3 to 1`},
		{"negative run", `{"schema": 1, "seconds": -1}`, "the run took -1 s"},
		{"negative duration", experiment(`"seconds": -2`), "experiment a@: it took -2 s"},
		{"span before its start", experiment(`"spans": [{"label": "read", "start": 5, "end": 4}]`), `span "read" is from 5 to 4 ms`},
		{"span before the run", experiment(`"spans": [{"label": "read", "start": -5, "end": 4}]`), `span "read" is from -5 to 4 ms`},
		{"negative round", sample(`"round": -1`), `sample 0 of series "gene": layout 0, round -1, turn 0`},
		{"negative steal", sample(`"steal_ms": -1`), "steal -1 ms"},
		{"negative wall time", sample(`"wall_ms": -1`), "wall -1 ms"},
		{"negative memory", sample(`"peak_kb": -1`), "peak -1 KiB"},
		{"infinite", sample(`"value": 1e999`), "no results of genebench"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode: %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestSaveAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	f := &File{Schema: Schema, Mode: "quick", Experiments: []Experiment{{
		Name: "speedup/fifo", Loop: "goroutine", Kind: Speedup,
		Series: []Series{{Name: "sequential", Unit: "ms", Samples: []Sample{{Round: 1, Value: 301.5}}}},
	}}}
	if err := f.Save(path); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	e := got.Find("speedup/fifo", "goroutine")
	if e == nil || e.Series[0].Samples[0].Value != 301.5 {
		t.Errorf("Read gave %+v", got)
	}
	if got.Find("speedup/fifo", "evio") != nil {
		t.Error("found an experiment of a loop that the file lacks")
	}
}
