package claims

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"gene/bench/measure"
)

// Session is one run of genebench: where the repository is, how much to run,
// and the binaries built so far. It is used by one goroutine.
type Session struct {
	Repo  string
	Quick bool
	Loops []string
	// Built, if set, is told of every binary before its build begins.
	Built func(what string)

	dir      string
	binaries map[string]string // path by build
	built    int               // how many there have been
}

// NewSession makes a session with a temporary directory, which Close removes.
func NewSession(repo string, quick bool, loops []string) (*Session, error) {
	dir, err := os.MkdirTemp("", "genebench-*")
	if err != nil {
		return nil, fmt.Errorf("no room for the binaries: %w (TMPDIR chooses another place)", err)
	}
	return &Session{Repo: repo, Quick: quick, Loops: loops, dir: dir, binaries: map[string]string{}}, nil
}

// Close removes what the session built.
func (s *Session) Close() error { return os.RemoveAll(s.dir) }

// FindRepo looks for the repository from dir upwards: the sources of Gene are
// what the binaries are built of.
func FindRepo(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for d := start; ; d = filepath.Dir(d) {
		text, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil && bytes.HasPrefix(text, []byte("module gene\n")) {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("no sources of Gene in %s or above it (genebench builds what it measures: run it in a clone, or name one with --repo)", start)
		}
	}
}

// build is one way to build one of our commands.
type build struct {
	pkg    string // below gene/
	tags   string
	layout int // seed of how its code lies, see goBuild; 0 for how it is
}

// gene is the binary that people use.
var gene = build{pkg: "cmd/gene"}

func (b build) String() string {
	text := b.pkg
	if b.tags != "" {
		text += " with tag " + b.tags
	}
	if b.layout != 0 {
		text += fmt.Sprintf(" in layout %d", b.layout)
	}
	return text
}

// binary builds b, once in a session, and gives its path.
func (s *Session) binary(ctx context.Context, b build) (string, error) {
	if path, ok := s.binaries[b.String()]; ok {
		return path, nil
	}
	s.built++
	if s.Built != nil {
		s.Built(b.String())
	}
	path := filepath.Join(s.dir, fmt.Sprintf("%s-%d", filepath.Base(b.pkg), s.built))
	if err := s.goBuild(ctx, b, path); err != nil {
		return "", err
	}
	s.binaries[b.String()] = path
	return path, nil
}

// goBuild leaves out the tables of the debugger: linking takes a quarter of
// the time then, and the code is the same. A layout is an order of the functions, drawn by the linker, and one of the
// values in the blocks of package vm, drawn by the compiler, which leads it to other registers and jumps within the interpreter.
func (s *Session) goBuild(ctx context.Context, b build, path string) error {
	args := []string{"build", "-o", path, "-tags", b.tags, "-ldflags", "-s -w"}
	if b.layout != 0 {
		args[len(args)-1] += fmt.Sprintf(" -randlayout=%d", b.layout)
		args = append(args, fmt.Sprintf("-gcflags=gene/vm=-d=ssa/check/seed=%d", b.layout))
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "gene/"+b.pkg)...)
	cmd.Dir = s.Repo
	out, err := cmd.CombinedOutput()
	switch {
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("go is not installed, and genebench builds what it measures")
	case err != nil:
		return fmt.Errorf("go build of %s: %w\n  %s", b, err, strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "\n  "))
	}
	return nil
}

// program is the path of a file below bench/.
func (s *Session) program(name string) string { return filepath.Join(s.Repo, "bench", name) }

// geneRun is the command line of a Gene program on a loop; the first of the session's where none is named.
func (s *Session) geneRun(ctx context.Context, loop, program string, args ...string) (measure.Command, error) {
	path, err := s.binary(ctx, gene)
	if err != nil {
		return measure.Command{}, err
	}
	if loop == "" {
		loop = s.Loops[0]
	}
	argv := append([]string{path, "run", "--loop=" + loop, s.program(program)}, args...)
	return measure.Command{Name: "gene " + program, Argv: argv}, nil
}

// discard removes binaries that are not needed again: forty layouts take
// most of a gigabyte.
func (s *Session) discard(builds ...build) error {
	for _, b := range builds {
		if err := os.Remove(s.binaries[b.String()]); err != nil {
			return err
		}
		delete(s.binaries, b.String())
	}
	return nil
}
