package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gene/backends"
	"gene/backends/goroutine"
)

// testStatus is how a test ended.
type testStatus uint8

const (
	testPassed testStatus = iota
	testFailed
	testSkipped
)

// testResult is what came out of one test.
type testResult struct {
	status testStatus
	why    string // of a failure, in lines; of a skip, in a word
	took   time.Duration
}

func failedTest(format string, args ...any) testResult {
	return testResult{status: testFailed, why: fmt.Sprintf(format, args...)}
}

// testRun is one test being run.
type testRun struct {
	*testFile
	o     *testOptions
	loop  string // "" for the default one
	dir   string // working directory
	file  string // the program, from there
	leaks string // file for the report of what was left behind
}

// testOutput is how the program of a test ended. With both outputs in one, that
// is stdout.
type testOutput struct {
	exit           int
	stdout, stderr string
}

// runTest runs one test.
func (o *testOptions) runTest(ctx context.Context, t *testFile) testResult {
	loop := o.loop
	if t.loops != nil && loop == "" && !slices.Contains(t.loops, goroutine.Name) {
		loop = firstKnown(t.loops)
	}
	if t.loops != nil && loop != "" && (!slices.Contains(t.loops, loop) || !slices.Contains(backends.Names(), loop)) {
		return testResult{status: testSkipped, why: "runs on " + strings.Join(t.loops, ", ") + " only"}
	}
	tmp, err := os.MkdirTemp("", "gene-test-")
	if err != nil {
		return failedTest("no directory for the test: %v", err)
	}
	defer os.RemoveAll(tmp)
	r := &testRun{testFile: t, o: o, loop: loop, dir: filepath.Dir(t.path), file: filepath.Base(t.path), leaks: filepath.Join(tmp, "leaks")}
	if !t.numbered {
		r.dir = filepath.Join(tmp, "run")
		if err := r.furnish(); err != nil {
			return failedTest("cannot copy the test: %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	out, err := r.execute(ctx)
	switch {
	case ctx.Err() != nil:
		return failedTest("still running after %v\n%s", o.timeout, r.outputs(out))
	case err != nil:
		return failedTest("%v", err)
	}
	problem := r.compare(out)
	if leaks, err := os.ReadFile(r.leaks); err == nil && len(leaks) > 0 {
		problem += "left behind:\n" + string(leaks)
	}
	if problem == "" {
		return testResult{status: testPassed}
	}
	return failedTest("%s%s", problem, r.outputs(out))
}

// firstKnown gives the first loop that this build has, or just the first.
func firstKnown(loops []string) string {
	for _, name := range loops {
		if slices.Contains(backends.Names(), name) {
			return name
		}
	}
	return loops[0]
}

// furnish fills the directory of a test: a copy of the program and its companion
// files, and links to what else stands beside it, other tests excepted.
func (r *testRun) furnish() error {
	from, err := filepath.Abs(filepath.Dir(r.path))
	if err != nil {
		return err
	}
	if err := os.Mkdir(r.dir, 0o700); err != nil {
		return err
	}
	beside, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	companion := strings.TrimSuffix(r.file, ".gene")
	for _, d := range beside {
		name := d.Name()
		at, to := filepath.Join(from, name), filepath.Join(r.dir, name)
		switch {
		case name == companion && d.IsDir():
			err = os.CopyFS(to, os.DirFS(at))
		case name == r.file:
			var text []byte
			if text, err = os.ReadFile(at); err == nil {
				err = os.WriteFile(to, text, 0o600)
			}
		case d.IsDir() && !isCompanion(at) && !strings.HasPrefix(name, "."), filepath.Ext(name) == ".gene" && !isTestFile(at):
			err = os.Symlink(at, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isTestFile tells whether a file is a test of its own.
func isTestFile(path string) bool {
	t, err := readTest(path)
	return err == nil && t.isTest()
}

// execute runs the program.
func (r *testRun) execute(ctx context.Context) (testOutput, error) {
	gene, err := os.Executable()
	if err != nil {
		return testOutput{}, err
	}
	cmd := exec.CommandContext(ctx, gene, r.words()...)
	cmd.Args[0] = os.Args[0]
	cmd.Dir = r.dir
	cmd.WaitDelay = time.Second // grandchildren may hold the pipes
	cmd.Stdin = strings.NewReader(r.stdin.String())
	if r.input != "" {
		sh := exec.CommandContext(ctx, "sh", "-c", r.input)
		sh.Dir, sh.WaitDelay = r.dir, time.Second
		text, err := sh.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return testOutput{}, fmt.Errorf("# Input: %w", err)
		}
		cmd.Stdin = bytes.NewReader(text)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if r.numbered {
		cmd.Stderr = &stdout
	}
	err = cmd.Run()
	if cmd.ProcessState == nil {
		return testOutput{}, err
	}
	return testOutput{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}, nil
}

// words gives the command line behind the name of the program gene.
func (r *testRun) words() []string {
	if r.code != "" {
		return []string{"pipe", r.code}
	}
	words := []string{"run", "--no-gir-cache"}
	if r.loop != "" {
		words = append(words, "--loop="+r.loop)
	}
	if !r.o.noLeaks {
		words = append(words, "--leak-report="+r.leaks)
	}
	if r.numbered {
		return slices.Concat(words, r.flags, r.args, []string{r.file})
	}
	return slices.Concat(words, r.flags, []string{r.file}, r.args)
}

var (
	warningLine = regexp.MustCompile(`^.*:\d+:\d+: warning: (.*)$`)
	failedLine  = regexp.MustCompile(`^\s*TEST: .* \.\.\. FAIL$`)
)

// lines gives the output as it is compared.
func (r *testRun) lines(out testOutput) []string {
	if out.stdout == "" {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(out.stdout, "\n"), "\n")
	for n := range lines {
		lines[n] = strings.TrimRight(lines[n], " \t\r")
	}
	if !r.numbered || r.code != "" {
		return lines
	}
	kept := lines[:0]
	for _, line := range lines {
		if m := warningLine.FindStringSubmatch(line); m != nil {
			if strings.HasPrefix(m[1], "Type error:") {
				continue
			}
			line = "Warning: " + m[1]
		}
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// compare says how an output differs from what is expected, "" when it doesn't.
func (r *testRun) compare(out testOutput) string {
	var p strings.Builder
	if out.exit != r.exit {
		fmt.Fprintf(&p, "exit code %d, want %d\n", out.exit, r.exit)
	}
	got := r.lines(out)
	switch {
	case len(r.want) > 0 || !r.numbered && !r.usesTest && len(r.errors) == 0 && !r.exitSeen:
		p.WriteString(r.firstDifference(got))
	case r.usesTest:
		for _, line := range got {
			if failedLine.MatchString(line) {
				fmt.Fprintf(&p, "%s\n", strings.TrimSpace(line))
			}
		}
	case !r.numbered:
		p.WriteString(r.firstDifference(got))
	}
	for _, text := range r.errors {
		if !strings.Contains(out.stderr, text) && !(r.numbered && strings.Contains(out.stdout, text)) {
			fmt.Fprintf(&p, "standard error lacks %q\n", text)
		}
	}
	return p.String()
}

// firstDifference compares lines of output with those that are expected.
func (r *testRun) firstDifference(got []string) string {
	for n := range max(len(got), len(r.want)) {
		switch {
		case n >= len(got):
			return fmt.Sprintf("line %d is missing, want %v\n", n+1, r.want[n])
		case n >= len(r.want):
			return fmt.Sprintf("line %d is %q, want no more\n", n+1, got[n])
		case !r.fits(r.want[n], got[n]):
			return fmt.Sprintf("line %d is %q, want %v\n", n+1, got[n], r.want[n])
		}
	}
	return ""
}

func (r *testRun) fits(w wantedLine, line string) bool {
	if r.numbered && w.re == nil {
		line = squeezed(line)
	}
	return w.fits(line)
}

// outputs shows what the program printed.
func (r *testRun) outputs(out testOutput) string {
	var b strings.Builder
	for _, o := range []struct{ name, text string }{{"stdout", out.stdout}, {"stderr", out.stderr}} {
		if o.text != "" {
			fmt.Fprintf(&b, "--- %s ---\n%s\n", o.name, strings.TrimSuffix(o.text, "\n"))
		}
	}
	return b.String()
}
