package result

import (
	"bytes"
	"fmt"
	"strings"
)

// BenchText gives all samples that count in Go's benchmark format, which benchstat
// reads: a line for each sample, its variants as sub-benchmarks.
func (f *File) BenchText() []byte {
	var b bytes.Buffer
	for _, line := range [][2]string{
		{"goos", f.Env.OS}, {"goarch", f.Env.Arch}, {"cpu", f.Env.CPU},
		{"go", f.Env.Go}, {"commit", f.Env.Commit}, {"mode", f.Mode},
	} {
		if line[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", line[0], line[1])
		}
	}
	b.WriteByte('\n')
	for i := range f.Experiments {
		f.Experiments[i].benchText(&b)
	}
	return b.Bytes()
}

func (e *Experiment) benchText(b *bytes.Buffer) {
	for _, series := range e.Series {
		for _, s := range series.Samples {
			if s.Dropped == "" {
				value, unit := goUnit(s.Value, series.Unit)
				fmt.Fprintf(b, "%s 1 %v %s\n", e.benchName(&series, s.X), value, unit)
			}
		}
	}
}

// benchName is Benchmark, then the experiment's name and what tells the series
// apart, as key=value.
func (e *Experiment) benchName(series *Series, x float64) string {
	name := "Benchmark" + strings.ToUpper(e.Name[:1]) + e.Name[1:]
	for _, part := range [][2]string{{"loop", e.Loop}, {"program", series.Program}, {"variant", series.Name}} {
		if part[1] != "" {
			name += "/" + part[0] + "=" + strings.Join(strings.Fields(part[1]), "_")
		}
	}
	if x != 0 {
		name += fmt.Sprintf("/n=%.0f", x)
	}
	return name
}

// goUnit gives a value in the units that Go's tools know.
func goUnit(value float64, unit string) (float64, string) {
	switch unit {
	case "ns", "ns/op":
		return value, "ns/op"
	case "us":
		return value * 1e3, "ns/op"
	case "ms":
		return value * 1e6, "ns/op"
	case "B", "B/op":
		return value, "B/op"
	}
	return value, strings.Join(strings.Fields(unit), "_")
}
