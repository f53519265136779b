package bench

import (
	"errors"
	"os"
	"testing"
	"time"

	"gene/bench/peer"
)

// TestMain lets the test be the gene binary that a runner calls.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "run" {
		os.Exit(geneMain(os.Args[2], os.Args[3:]))
	}
	os.Exit(m.Run())
}

// TestProgramsAgree runs every CPU program at a tiny size in all languages that
// are there: a comparison is worth nothing if they compute different things.
func TestProgramsAgree(t *testing.T) {
	r := newRunner(t)
	for _, prog := range cpuSet(t) {
		t.Run(prog.Name, func(t *testing.T) {
			want := runGene(t, source(prog.Name, ".gene"), prog.Tiny...)
			for _, p := range peer.All(peer.CPU) {
				res, err := r.Run(t.Context(), p, prog, prog.Tiny...)
				if present(t, err) && res.Stdout != want {
					t.Errorf("%s: wrong output\n got: %q\nwant: %q", p.Name, res.Stdout, want)
				}
			}
		})
	}
}

// TestAsyncPrograms runs every asynchronous program at a tiny size in all
// languages that are there; the runner checks what they read.
func TestAsyncPrograms(t *testing.T) {
	r := newRunner(t)
	for _, name := range []string{
		"sleeps", "fifo_reads", "socket_reads", "spawn_await", "switch", "tcp_echo", "million_sleepers",
	} {
		t.Run(name, func(t *testing.T) {
			set, err := peer.Programs(peer.Async, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(peer.All(peer.Async), peer.Gene()) {
				res, err := r.Run(t.Context(), p, set[0], set[0].Tiny...)
				if present(t, err) && res.Figure <= 0 {
					t.Errorf("%s: %s %v, want more than 0", p.Name, set[0].Figure, res.Figure)
				}
			}
		})
	}
}

func newRunner(t *testing.T) *peer.Runner {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, err := peer.New(peer.Options{Root: "..", Gene: self, Delay: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// present says whether a run gave a result. A peer that is absent is no
// failure, but the log says so.
func present(t *testing.T, err error) bool {
	t.Helper()
	var absent *peer.Absent
	if errors.As(err, &absent) {
		t.Log(absent)
		return false
	}
	if err != nil {
		t.Error(err)
	}
	return err == nil
}
