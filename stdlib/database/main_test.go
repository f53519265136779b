package database_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gene/backends"
	_ "gene/backends/goroutine"
	"gene/stdlib"
	_ "gene/stdlib/database"
	"gene/value"
	"gene/vm"
)

// TestMain stops the server the tests have started and looks for goroutines that
// are left behind.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// machine makes a VM whose programs can ask for the bytes on the heap: (heap).
func machine(t *testing.T, out, errs *bytes.Buffer) *vm.VM {
	t.Helper()
	loop, err := backends.New("goroutine", backends.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := stdlib.New(vm.Options{Loop: loop, Stdin: strings.NewReader(""), Stdout: out, Stderr: errs})
	if err != nil {
		t.Fatal(err)
	}
	m.Define(m.Globals, "heap", func(*vm.VM, []value.Value) (value.Value, error) {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return value.Int(int64(stats.HeapAlloc)), nil
	})
	return m
}

// run runs a program that has to print want.
func run(t *testing.T, program, want string) {
	t.Helper()
	var out, errs bytes.Buffer
	m := machine(t, &out, &errs)
	code := m.RunMain("main.gene", []byte(program))
	if err := m.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if code != 0 || out.String() != want {
		t.Fatalf("exit code %d\n%s\ngot\n%s\nwant\n%s", code, errs.String(), out.String(), want)
	}
}

// descriptors counts the open ones.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("descriptors are counted in /proc, which this system lacks: %v", err)
	}
	return len(entries)
}

// nothingLeft runs f and waits until there are no more descriptors than before.
func nothingLeft(t *testing.T, f func()) {
	t.Helper()
	before := descriptors(t)
	f()
	for deadline := time.Now().Add(10 * time.Second); descriptors(t) > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d descriptors before, %d after", before, descriptors(t))
		}
	}
}

// server is a PostgreSQL server that .ci/postgres has started.
type server struct {
	once    sync.Once
	dir     string
	address string
	err     error

	// guard stops the server when alive is closed, by us or by our end: a test run
	// that is killed or runs out of time leaves no server behind.
	guard *exec.Cmd
	alive io.Closer
}

// shared is the server of all tests that do it no harm.
var shared server

func script(args ...string) (string, error) {
	var errs bytes.Buffer
	cmd := exec.Command("../../.ci/postgres", args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf(".ci/postgres %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// start starts a server of the tests' own.
func (s *server) start() {
	home, err := os.MkdirTemp("", "gene") // short: the path of a socket has to fit in some 100 bytes
	if err == nil {
		err = os.Chmod(home, 0o755) // the server runs as somebody else when we are root
	}
	if s.err = err; err != nil {
		return
	}
	s.dir = filepath.Join(home, "pg")
	if s.address, s.err = script("start", s.dir); s.err != nil {
		return
	}
	s.guard = exec.Command("../../.ci/postgres", "guard", s.dir)
	if s.alive, s.err = s.guard.StdinPipe(); s.err == nil {
		s.err = s.guard.Start()
	}
	if s.err != nil {
		_, err := script("stop", s.dir)
		s.err = errors.Join(s.err, err)
	}
}

func (s *server) stop() error {
	if s.dir == "" {
		return nil
	}
	err := s.err
	if err == nil {
		err = errors.Join(s.alive.Close(), s.guard.Wait())
	}
	return errors.Join(err, os.RemoveAll(filepath.Dir(s.dir)))
}

// postgres gives the address of a server: that of GENE_TEST_POSTGRES, or of one
// that is started here if its programs are installed.
func postgres(t *testing.T) string {
	t.Helper()
	if address := os.Getenv("GENE_TEST_POSTGRES"); address != "" {
		return address
	}
	needPrograms(t)
	shared.once.Do(shared.start)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.address
}

// needPrograms skips a test where no server can be started.
func needPrograms(t *testing.T) {
	t.Helper()
	if _, err := script("bin"); err != nil {
		t.Skipf("there is no PostgreSQL to test with: GENE_TEST_POSTGRES is not set, and %v", err)
	}
}
