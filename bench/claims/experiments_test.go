package claims

import (
	"os"
	"runtime"
	"testing"

	"gene/backends"
	_ "gene/backends/goroutine"
	"gene/bench/result"
)

// TestExperimentsGiveFigures runs experiments of each kind once, with as few
// rounds as give a figure: their programs, feeders and readers must fit together.
// Nothing is asked of the figures but that they are there.
func TestExperimentsGiveFigures(t *testing.T) {
	repo, err := FindRepo(".")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(repo, true, []string{backends.Names()[0]})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"speedup/socket", "timeline/sleep", "tasks/spawn", "latency/timer", "latency/socket", "overhead/idle"}
	if runtime.GOOS == "linux" {
		names = append(names, "timeline/fifo", "load/http") // FIFOs, processor affinity
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) { giveFigures(t, s, name) })
	}
	dir := s.dir
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}

func giveFigures(t *testing.T, s *Session, name string) {
	list, err := Select([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	jobs := s.Jobs(list)
	jobs[0].Experiment.Quick.Rounds = 2
	var f result.File
	if err := s.Run(t.Context(), jobs, &f, quietly{}); err != nil {
		t.Fatal(err)
	}
	e := &f.Experiments[0]
	if e.Missing != "" || len(e.Estimates)+len(e.Spans) == 0 {
		t.Errorf("no figures: %s", e.Missing)
	}
	if len(e.Verdicts) != len(Of(name)) {
		t.Errorf("%d verdicts, want one for each of %d claims", len(e.Verdicts), len(Of(name)))
	}
}
