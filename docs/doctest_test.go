// Package docs tests the documentation: every program in it runs, and does
// what is written beside it. language/00-decisions.md says how.
package docs

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gene/backends"
	_ "gene/backends/goroutine"
	_ "gene/backends/sim"
	"gene/testsuite/genebin"
)

//go:generate go test -run TestPrograms$ -update .

var update = flag.Bool("update", false, "rewrite pending.txt with the programs that fail now, as far as they may be pending")

// blockTimeout is for one program; the slowest ones take a second.
const blockTimeout = 20 * time.Second

var gene string // the binary, set by TestMain before any test runs

func TestMain(m *testing.M) {
	path, remove, err := genebin.Build("")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	gene = path
	code := m.Run()
	remove()
	os.Exit(code)
}

// documents are the files whose programs run.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"language/*.md", "*.md", "../README.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

func TestPrograms(t *testing.T) {
	pending := readPending(t)
	found := &findings{}
	t.Run("blocks", func(t *testing.T) {
		for _, file := range documents(t) {
			blocks, err := readBlocks(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range blocks {
				t.Run(fmt.Sprintf("%s/%02d:%d", b.chapter, b.number, b.line), func(t *testing.T) {
					t.Parallel()
					found.seen(b.id())
					check(t, b, pending, found)
				})
			}
		}
	})
	if *update {
		if err := os.WriteFile(pendingFile, found.pending(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for id := range pending {
		if found.complete() && !found.has(id) {
			t.Errorf("%s lists %s, which is no program (any more)", pendingFile, id)
		}
	}
}

// TestProgramsOnOtherLoops holds every other event loop to the same outcomes.
func TestProgramsOnOtherLoops(t *testing.T) {
	pending := readPending(t)
	for _, loop := range backends.Names() {
		if loop == "goroutine" {
			continue // TestPrograms
		}
		for _, file := range documents(t) {
			blocks, err := readBlocks(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range blocks {
				if pending[b.id()] != "" {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%02d:%d", loop, b.chapter, b.number, b.line), func(t *testing.T) {
					t.Parallel()
					if problem := run(t, b, loop); problem != "" {
						t.Errorf("%s\n--- program ---\n%s", problem, b.text)
					}
				})
			}
		}
	}
}

// check runs a block and holds the outcome against the list of pending ones.
func check(t *testing.T, b *block, pending map[string]string, found *findings) {
	t.Helper()
	problem := run(t, b, "goroutine")
	reason, listed := pending[b.id()]
	switch {
	case *update && problem != "" && mayBePending(b):
		found.add(b, problem)
	case problem == "" && listed && !*update:
		t.Errorf("passes: remove %s from %s", b.id(), pendingFile)
	case listed && !mayBePending(b):
		t.Errorf("%s may not be in %s", b.id(), pendingFile)
	case listed:
		t.Skipf("pending: %s", reason)
	case problem != "":
		t.Errorf("%s\n--- program ---\n%s", problem, b.text)
	}
}

// run runs a block in a directory of its own and says what is wrong with the
// outcome, "" when nothing is.
func run(t *testing.T, b *block, loop string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range append(b.files, companion{b.program, b.text}) {
		path := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), blockTimeout)
	defer cancel()
	args := append([]string{"run", "--loop=" + loop}, b.flags...)
	cmd := exec.CommandContext(ctx, gene, append(append(args, b.program), b.args...)...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second // grandchildren may hold the pipes
	var stdin strings.Builder
	for _, line := range b.stdin {
		stdin.WriteString(line + "\n")
	}
	cmd.Stdin = strings.NewReader(stdin.String())
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return fmt.Sprintf("still running after %v\n--- stdout ---\n%s--- stderr ---\n%s", blockTimeout, &stdout, &stderr)
	}
	if cmd.ProcessState == nil {
		return err.Error()
	}
	return b.compare(cmd.ProcessState.ExitCode(), stdout.String(), stderr.String())
}

// compare says how the outcome differs from what the block expects.
func (b *block) compare(exit int, stdout, stderr string) string {
	var p strings.Builder
	if exit != b.exit {
		fmt.Fprintf(&p, "exit code %d, want %d\n", exit, b.exit)
	}
	got := lines(stdout)
	for n := 0; n < max(len(got), len(b.want)); n++ {
		g, w := at(got, n), at(b.want, n)
		if g != w {
			fmt.Fprintf(&p, "line %d is %s, want %s\n", n+1, g, w)
			break
		}
	}
	for _, e := range b.errors {
		if !strings.Contains(stderr, e) {
			fmt.Fprintf(&p, "standard error lacks %q\n", e)
		}
	}
	if strings.Contains(stderr, "goroutine ") && strings.Contains(stderr, ".go:") {
		p.WriteString("a Go trace on standard error\n")
	}
	if p.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("%s--- stdout ---\n%s--- stderr ---\n%s", &p, stdout, stderr)
}

// lines splits an output; blanks at the ends of lines and empty lines at the
// end don't count.
func lines(out string) []string {
	ls := strings.Split(out, "\n")
	for n := range ls {
		ls[n] = strings.TrimRight(ls[n], " \t\r")
	}
	for len(ls) > 0 && ls[len(ls)-1] == "" {
		ls = ls[:len(ls)-1]
	}
	return ls
}

func at(ls []string, n int) string {
	if n < len(ls) {
		return fmt.Sprintf("%q", ls[n])
	}
	return "missing"
}

// findings collects what the parallel tests learn.
type findings struct {
	mu   sync.Mutex
	ids  map[string]bool
	rows []pendingRow
}

func (f *findings) seen(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ids == nil {
		f.ids = map[string]bool{}
	}
	f.ids[id] = true
}

func (f *findings) has(id string) bool { return f.ids[id] }

// complete tells whether all blocks ran, and not only those of a -run pattern.
func (f *findings) complete() bool { return len(f.ids) > 300 }

func (f *findings) add(b *block, problem string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = append(f.rows, pendingRow{b.chapter, b.line, reasonOf(problem)})
}
