package bench

import (
	"bytes"
	"flag"
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

var full = flag.Bool("full", false, "run the benchmarks of programs at their full size")

// short are sizes of about a fortieth of the full ones, for benchmarks by default.
var short = map[string]string{
	"fib": "26", "loop": "200000", "sieve": "150000", "nbody": "5000", "strings": "1500", "closures": "6000",
	"methods": "15000", "binary_trees": "8", "exceptions": "30000", "generators": "10000", "mandelbrot": "95", "sort": "4000",
}

// BenchmarkProgram runs each program, with -full at its full size. The time
// includes reading and compiling the file, but neither making nor closing the VM.
func BenchmarkProgram(b *testing.B) {
	for _, p := range cpuSet(b) {
		b.Run(p.Name, func(b *testing.B) {
			path := source(p.Name, ".gene")
			args, want := []string{short[p.Name]}, ""
			if *full {
				args, want = nil, fullOutput(b, p.Name)
			} else {
				want = runGene(b, path, args...) // the first run is what the others must repeat
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if got := timedProgram(b, path, args); got != want {
					b.Fatalf("wrong output\n got: %q\nwant: %q", got, want)
				}
			}
		})
	}
}

// fullOutput is what the program prints at its full size.
func fullOutput(tb testing.TB, name string) string {
	tb.Helper()
	text, err := os.ReadFile(source(name, ".out"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// timedProgram runs a program while the timer of b is on, and makes and closes
// its VM while it is off.
func timedProgram(b *testing.B, path string, args []string) (stdout string) {
	b.Helper()
	b.StopTimer()
	defer b.StartTimer()
	text, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	m, err := newVM(path, args, &out, os.Stderr)
	if err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
	code := m.RunMain(path, text)
	b.StopTimer()
	if err := m.Close(); code != 0 || err != nil {
		b.Fatalf("%s: exit code %d, error %v", path, code, err)
	}
	return out.String()
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
