package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// programs is the CPU set, each with a size so small that a test of it takes
// no time.
var programs = []struct{ name, tiny string }{
	{"fib", "12"},
	{"loop", "200"},
	{"sieve", "300"},
	{"nbody", "20"},
	{"strings", "50"},
	{"closures", "20"},
	{"methods", "600"},
	{"binary_trees", "6"},
	{"exceptions", "60"},
	{"generators", "40"},
	{"mandelbrot", "16"},
	{"sort", "200"},
}

func source(name, ext string) string { return filepath.Join("programs", name+ext) }

// BenchmarkProgram runs each program at its full size. The time includes
// reading and compiling the file.
func BenchmarkProgram(b *testing.B) {
	for _, p := range programs {
		b.Run(p.name, func(b *testing.B) {
			want, err := os.ReadFile(source(p.name, ".out"))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if got := runGene(b, source(p.name, ".gene")); got != string(want) {
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
	if !inProcess {
		b.Skip("allocations can only be counted in this process")
	}
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

// TestProgramsAgreeWithLua runs every program at a tiny size under both
// languages: the comparison is worth nothing if they compute different things.
func TestProgramsAgreeWithLua(t *testing.T) {
	lua, err := exec.LookPath("lua5.4")
	if err != nil {
		t.Skip("lua5.4 is not installed")
	}
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			want, err := exec.Command(lua, source(p.name, ".lua"), p.tiny).Output()
			if err != nil {
				t.Fatal(err)
			}
			if got := runGene(t, source(p.name, ".gene"), p.tiny); got != string(want) {
				t.Errorf("wrong output\n got: %q\nwant: %q", got, want)
			}
		})
	}
}

// TestEveryProgramIsListed keeps the table above and the directory alike.
func TestEveryProgramIsListed(t *testing.T) {
	files, err := filepath.Glob(source("*", ".gene"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, p := range programs {
		listed[p.name] = true
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".gene")
		if !listed[name] {
			t.Errorf("%s is not in the list of programs", f)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("the list names %s, but there is no such file", name)
	}
}
