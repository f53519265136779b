package machine

import (
	"strings"
	"testing"

	"gene/bench/result"
)

func TestSystemFiles(t *testing.T) {
	const cpu = "processor\t: 0\nmodel name\t: Some CPU @ 2.50GHz\nmodel name\t: another\n"
	if got := field(cpu, "model name"); got != "Some CPU @ 2.50GHz" {
		t.Errorf("model name %q", got)
	}
	if got := field("", "model name"); got != "" {
		t.Errorf("model name of nothing %q", got)
	}
	if got := memoryMB("MemTotal:        8138176 kB\nMemFree: 1 kB\n"); got != 7947 {
		t.Errorf("memory %d MiB, want 7947", got)
	}
	if got := memoryMB("nothing"); got != 0 {
		t.Errorf("memory of nothing %d", got)
	}
	if got := load1("1.50 0.26 0.20 1/100 7\n"); got != 1.5 {
		t.Errorf("load %v, want 1.5", got)
	}
}

func TestWarnings(t *testing.T) {
	text := strings.Join(warnings(&result.Env{Cores: 1, Load1: 1, Dirty: true}), "\n")
	for _, want := range []string{"one processor", "load 1.00 on 1 processors", "the commit is unknown", "differ from the commit"} {
		if !strings.Contains(text, want) {
			t.Errorf("warnings %q lack %q", text, want)
		}
	}
	if quiet := warnings(&result.Env{Cores: 8, Load1: 0.5, Commit: "abc"}); len(quiet) > 1 {
		t.Errorf("warnings of a quiet machine: %q", quiet)
	}
}

func TestDifference(t *testing.T) {
	a := result.Env{OS: "linux", CPU: "x", Cores: 2, Commit: "1", Load1: 1}
	b := a
	b.Commit, b.Load1 = "2", 0
	if got := Difference(a, b); got != "" {
		t.Errorf("another commit and load: %q, want comparable", got)
	}
	b.Cores = 4
	if got := Difference(a, b); got != "the number of processors differs: 2 and 4" {
		t.Errorf("got %q", got)
	}
}
