package result

import (
	"bytes"
	"math"
	"testing"

	"golang.org/x/perf/benchfmt"
)

func TestBenchTextIsReadByBenchfmt(t *testing.T) {
	f := &File{Mode: "quick", Env: Env{OS: "linux", CPU: "Some CPU: 2 GHz"}, Experiments: []Experiment{{
		Name: "speedup/fifo", Loop: "goroutine",
		Series: []Series{
			{Name: "three at once", Unit: "ms", Samples: []Sample{{Value: 301.5}, {Value: 999, Dropped: "steal"}}},
			{Name: "gene", Program: "fib", Unit: "ops/s", Samples: []Sample{{Value: 12, X: 1000000}}},
		},
	}}}
	text := f.BenchText()
	var names []string
	reader := benchfmt.NewReader(bytes.NewReader(text), "results")
	for reader.Scan() {
		r, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			t.Fatalf("%v in\n%s", reader.Result(), text)
		}
		names = append(names, string(r.Name))
		if len(names) == 1 {
			if got, ok := r.Value("sec/op"); !ok || math.Abs(got-0.3015) > 1e-9 {
				t.Errorf("sec/op is %v, want 0.3015", got)
			}
			if got := r.GetConfig("cpu"); got != "Some CPU: 2 GHz" {
				t.Errorf("cpu is %q", got)
			}
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	want := []string{"Speedup/fifo/loop=goroutine/variant=three_at_once", "Speedup/fifo/loop=goroutine/program=fib/variant=gene/n=1000000"}
	if len(names) != 2 || names[0] != want[0] || names[1] != want[1] {
		t.Errorf("names %q, want %q", names, want)
	}
}
