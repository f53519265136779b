package peer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// root is that of the repository, seen from here.
const root = "../.."

// TestMain lets the test be a gene binary that says what it is told to.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "run" {
		fmt.Print(os.Getenv("FAKE_GENE_SAYS"))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Every peer of the CPU set has each program in its language, or a reason why not.
func TestEveryPeerHasEveryProgram(t *testing.T) {
	r := newRunner(t, Options{Root: root})
	for _, p := range append(All(CPU), Gene()) {
		for _, prog := range programs {
			if prog.Set != CPU || prog.OnRequest {
				continue
			}
			_, err := r.script(p, prog)
			reason := p.lacks[prog.Name]
			if err != nil && reason == "" {
				t.Errorf("%s: %v, and no reason either", p.Name, err)
			}
			if err == nil && reason != "" {
				t.Errorf("%s: %s is there, but the list says %q", p.Name, prog.Name, reason)
			}
		}
	}
}

// No CPU program lies there that the list doesn't name.
func TestEveryProgramIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, p := range programs {
		listed[p.file()] = true
	}
	for _, pattern := range []string{"programs/*", "micro/*"} {
		files, err := filepath.Glob(filepath.Join(root, "bench", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, error %v", pattern, len(files), err)
		}
		for _, f := range files {
			name, _, _ := strings.Cut(filepath.Base(f), ".")
			if !listed[name] {
				t.Errorf("%s is not in the list of programs", f)
			}
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range peers {
		if seen[p.Name] {
			t.Errorf("two peers are named %s", p.Name)
		}
		seen[p.Name] = true
	}
	for _, p := range programs {
		if seen[p.Name] {
			t.Errorf("two programs, or a program and a peer, are named %s", p.Name)
		}
		seen[p.Name] = true
	}
}

func TestFindKnowsTheSets(t *testing.T) {
	found, err := Find(CPU, "goja", "lua5.4")
	if err != nil || len(found) != 2 || found[0].Name != "goja" {
		t.Errorf("Find gave %v, error %v", found, err)
	}
	_, err = Find(CPU, "uvloop")
	wantError(t, err, `no peer "uvloop" for the cpu set (there are lua5.4, `)
	_, err = Programs(Async, "fib")
	wantError(t, err, `no program "fib" in the async set (there are sleeps_3, `)
	all, err := Programs(Async)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d programs, error %v, want all", len(all), err)
	}
	for _, p := range all {
		if p.OnRequest {
			t.Errorf("%s runs without being named", p.Name)
		}
	}
}

// What the manager of versions puts on PATH is not what is measured.
func TestWrappersAreSeenThrough(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the wrapper is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	wrapper := "#!/bin/sh\necho " + testBinary(t) + "\n"
	if err := os.WriteFile(filepath.Join(dir, "ruby"), []byte(wrapper), 0o755); err != nil {
		t.Fatal(err)
	}
	r := newRunner(t, Options{Root: root})
	if got, err := r.binary(named(t, CPU, "ruby")); err != nil || got != testBinary(t) {
		t.Errorf("ruby is %s, error %v, want what its wrapper runs", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "node"), []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := r.binary(named(t, CPU, "node"))
	wantAbsent(t, err, "node on PATH can't be run: exit status 3")
}

func TestWhatIsAbsentHasAReason(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := newRunner(t, Options{Root: root})
	fib := program(t, CPU, "fib")
	_, err := r.Run(t.Context(), named(t, CPU, "lua5.4"), fib)
	wantAbsent(t, err, "lua5.4 is not on PATH")
	if status := r.Status(named(t, CPU, "node")); status.Missing != "node is not on PATH" {
		t.Errorf("status %+v, want node not on PATH", status)
	}
	_, err = r.Run(t.Context(), named(t, CPU, "goja"), fib)
	wantAbsent(t, err, "can't be built")
	_, err = r.Run(t.Context(), named(t, CPU, "starlark"), program(t, CPU, "exceptions"))
	wantAbsent(t, err, "Starlark has no exceptions")
	_, err = r.Run(t.Context(), Gene(), fib)
	wantError(t, err, "go build -o gene ./cmd/gene")
}

func TestRootMustBeTheRepository(t *testing.T) {
	_, err := New(Options{Root: t.TempDir()})
	wantError(t, err, "is not the directory of Gene's sources")
}

func TestOutputIsChecked(t *testing.T) {
	r := newRunner(t, Options{Root: root, Gene: testBinary(t)})
	fib := program(t, CPU, "fib")
	t.Setenv("FAKE_GENE_SAYS", "fib(34) = 5702887\n")
	if _, err := r.Run(t.Context(), Gene(), fib); err != nil {
		t.Error(err)
	}
	t.Setenv("FAKE_GENE_SAYS", "fib(34) = 5702888\n")
	_, err := r.Run(t.Context(), Gene(), fib)
	wantError(t, err, "gene fib: wrong output")
}

func TestFiguresAreChecked(t *testing.T) {
	r := newRunner(t, Options{Root: root, Gene: testBinary(t)})
	sleeps := program(t, Async, "sleeps")
	t.Setenv("FAKE_GENE_SAYS", "wall_ms 100.5\n")
	res, err := r.Run(t.Context(), Gene(), sleeps)
	if err != nil || res.Figure != 100.5 {
		t.Errorf("figure %v, error %v, want 100.5", res.Figure, err)
	}
	_, err = r.Run(t.Context(), Gene(), program(t, Async, "socket_reads_3"))
	wantError(t, err, "no figure size")
	t.Setenv("FAKE_GENE_SAYS", "wall_ms 100.5 size 12\n")
	_, err = r.Run(t.Context(), Gene(), program(t, Async, "socket_reads_3"))
	wantError(t, err, "read 12 of 3120 characters")
	_, err = r.Run(t.Context(), Gene(), program(t, Async, "socket_reads_3"), "many")
	wantError(t, err, `the size is a number of readers, got "many"`)
	t.Setenv("FAKE_GENE_SAYS", "wall_ms 5 out_of_order 2\n")
	_, err = r.Run(t.Context(), Gene(), program(t, Async, "million_sleepers"))
	wantError(t, err, "2 sleepers woke out of order")
}

func newRunner(t *testing.T, o Options) *Runner {
	t.Helper()
	r, err := New(o)
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

func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func named(t *testing.T, set Set, name string) Peer {
	t.Helper()
	found, err := Find(set, name)
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

func program(t *testing.T, set Set, name string) Program {
	t.Helper()
	found, err := Programs(set, name)
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

func wantError(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), part) {
		t.Errorf("error %v, want one with %q", err, part)
	}
}

func wantAbsent(t *testing.T, err error, part string) {
	t.Helper()
	var absent *Absent
	if !errors.As(err, &absent) || !strings.Contains(absent.Reason, part) {
		t.Errorf("error %v, want an absent peer with %q", err, part)
	}
}
