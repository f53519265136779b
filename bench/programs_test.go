package bench

import (
	"os"
	"path/filepath"
	"testing"

	"gene/bench/peer"
)

func cpuSet(tb testing.TB) []peer.Program {
	tb.Helper()
	set, err := peer.Programs(peer.CPU)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func source(name, ext string) string { return filepath.Join("programs", name+ext) }

// BenchmarkProgram runs each program at its full size. The time includes
// reading and compiling the file.
func BenchmarkProgram(b *testing.B) {
	for _, p := range cpuSet(b) {
		b.Run(p.Name, func(b *testing.B) {
			want, err := os.ReadFile(source(p.Name, ".out"))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if got := runGene(b, source(p.Name, ".gene")); got != string(want) {
					b.Fatalf("wrong output\n got: %q\nwant: %q", got, want)
				}
			}
		})
	}
}

// BenchmarkExtraAllocs reports how many allocations a run of ten times the
// size makes beyond those of the small run: integer arithmetic, calls and
// loops must add none, so the metric is 0 but for the growth of a stack.
func BenchmarkExtraAllocs(b *testing.B) {
	for _, c := range []struct{ name, small, large string }{
		{"fib", "15", "20"},
		{"loop", "1000", "10000"},
		{"mandelbrot", "10", "32"},
	} {
		b.Run(c.name, func(b *testing.B) {
			allocs := func(size string) float64 {
				return testing.AllocsPerRun(3, func() { runGene(b, source(c.name, ".gene"), size) })
			}
			for b.Loop() {
				b.ReportMetric(allocs(c.large)-allocs(c.small), "extra-allocs")
			}
		})
	}
}
