// Package testsuite holds programs with their expected output, one behaviour
// each, and the test that runs every one of them on every event loop.
//
// With the build tag genestress the binary under test is the stress build,
// which moves the register stack and switches tasks wherever that could happen.
package testsuite

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gene/backends"
	_ "gene/backends/evio" // registers itself, as the next
	_ "gene/backends/goroutine"
	_ "gene/backends/netpoll"
	_ "gene/backends/sim"
	"gene/testsuite/genebin"
)

// programTimeout is for one program; the stress build is some fifty times
// slower than the usual one.
const programTimeout = 60 * time.Second

var gene string // the binary, set by TestMain before any test runs

func TestMain(m *testing.M) {
	path, remove, err := genebin.Build(buildTags)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	gene = path
	code := m.Run()
	remove()
	os.Exit(code)
}

func TestSuite(t *testing.T) {
	files := programs(t)
	for _, loop := range backends.Names() {
		t.Run(loop, func(t *testing.T) {
			for _, file := range files {
				t.Run(filepath.ToSlash(strings.TrimSuffix(file, ".gene")), func(t *testing.T) {
					t.Parallel()
					runProgram(t, file, loop)
				})
			}
		})
	}
}

// programs lists the programs below this directory.
func programs(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "testdata" || isCompanion(path)) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".gene" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// isCompanion tells whether a directory holds the files of the program that
// stands beside it and has its name.
func isCompanion(dir string) bool {
	_, err := os.Stat(dir + ".gene")
	return err == nil
}

// runProgram runs a copy of a program in a directory of its own.
func runProgram(t *testing.T, file, loop string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e := readExpectation(t, string(text))
	if e.loops != nil && !slices.Contains(e.loops, loop) {
		t.Skipf("runs on %s only", strings.Join(e.loops, ", "))
	}
	if e.noStress != "" && buildTags != "" {
		t.Skip(e.noStress)
	}
	dir, name := t.TempDir(), filepath.Base(file)
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
	files := strings.TrimSuffix(file, ".gene")
	if _, err := os.Stat(files); err == nil {
		if err := os.CopyFS(filepath.Join(dir, filepath.Base(files)), os.DirFS(files)); err != nil {
			t.Fatal(err)
		}
	}
	if problem := e.compare(execute(t, e, dir, name, "--loop="+loop)); problem != "" {
		t.Errorf("%s\n%s", file, problem)
	}
}

// execute runs gene in a directory.
func execute(t *testing.T, e *expectation, dir, name string, flags ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), programTimeout)
	defer cancel()
	args := slices.Concat([]string{"run"}, flags, e.flags, []string{name}, e.args)
	cmd := exec.CommandContext(ctx, gene, args...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second // grandchildren may hold the pipes
	cmd.Stdin = strings.NewReader(e.stdin.String())
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s still running after %v\n--- stdout ---\n%s--- stderr ---\n%s", name, programTimeout, &stdout, &stderr)
	}
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// TestExamples runs the programs that the README shows.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../examples/*.gene")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples found (%v)", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, ".gene"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e := readExpectation(t, string(text))
			if len(e.want) == 0 {
				t.Fatal("an example without expected output")
			}
			if problem := e.compare(execute(t, e, "..", "examples/"+name)); problem != "" {
				t.Error(problem)
			}
		})
	}
}
