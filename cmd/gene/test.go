package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// testOptions are the options of gene test.
type testOptions struct {
	filter  string
	format  string
	output  string
	loop    string
	jobs    int
	timeout time.Duration
	noLeaks bool
}

func newTestCommand(s streams) *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test [options] [PATH...]",
		Short: "run test programs and compare what they print",
		Long: `Runs the tests in the files and directories, in the current one without any.
A test is a program whose name is like 12_name.gene, one that says in comments
what it prints, or one that imports genex/test.

  # Expected: TEXT    the next line of output      # Args: A B      arguments
  # Expected~: RE     one that matches             # Flags: A B     options of gene run
  # Error: TEXT       standard error has TEXT      # Stdin: TEXT    a line of input
  # ExitCode: N                                    # Loops: A B     only on these loops

Tests named by a number run where they are, and both of their outputs are
compared, blanks aside; their # Args stand before the file name. The others run
in a directory of their own, with their companion files. After each test nothing
may be left behind: no task, goroutine or descriptor. Exit code 1 if a test failed.`,
		Example: `  gene test
  gene test --filter 'await|async' testsuite
  gene test --format junit -o report.xml testsuite examples`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, paths []string) error {
			return o.run(s, paths)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.filter, "filter", "", "only tests whose path matches this regular expression")
	f.StringVar(&o.format, "format", "plain", "plain, tap or junit")
	f.StringVarP(&o.output, "output", "o", "", "write the report to this file")
	f.StringVar(&o.loop, "loop", "", "event loop to run the tests on")
	f.IntVarP(&o.jobs, "jobs", "j", runtime.NumCPU(), "how many tests run at a time")
	f.DurationVar(&o.timeout, "timeout", time.Minute, "limit for each test")
	f.BoolVar(&o.noLeaks, "no-leak-check", false, "don't look for what tests leave behind")
	return cmd
}

func (o *testOptions) run(s streams, paths []string) error {
	newReport, ok := testReports[o.format]
	if !ok {
		return usagef("unknown format %q (want plain, tap or junit)", o.format)
	}
	filter, err := regexp.Compile(o.filter)
	if err != nil {
		return usagef("Invalid value of option --filter: %v", err)
	}
	if o.jobs < 1 || o.timeout <= 0 {
		return usagef("--jobs and --timeout must be positive")
	}
	tests, err := findTests(paths, filter)
	if err != nil {
		return err
	}
	if len(tests) == 0 {
		return fmt.Errorf("no tests found")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	sum, err := o.runAll(ctx, s, tests, newReport)
	switch {
	case ctx.Err() != nil:
		return exitCode(exitInterrupted)
	case err != nil:
		return err
	case sum.failed > 0:
		return exitCode(exitFailed)
	}
	return nil
}

// testSum is what came out of all tests.
type testSum struct {
	passed, failed, skipped int
	took                    time.Duration
}

func (t testSum) String() string {
	return fmt.Sprintf("%d tests: %d passed, %d failed, %d skipped in %.2f s",
		t.passed+t.failed+t.skipped, t.passed, t.failed, t.skipped, t.took.Seconds())
}

// add counts one result.
func (t *testSum) add(r testResult) {
	switch r.status {
	case testPassed:
		t.passed++
	case testFailed:
		t.failed++
	case testSkipped:
		t.skipped++
	}
}

// runAll runs the tests, several at a time, and reports them in their order.
func (o *testOptions) runAll(ctx context.Context, s streams, tests []*testFile, newReport func(io.Writer) testReport) (testSum, error) {
	out, finish, err := o.reportFile(s)
	if err != nil {
		return testSum{}, err
	}
	report := newReport(out)
	start := time.Now()
	if err := report.begin(len(tests)); err != nil {
		return testSum{}, err
	}
	var sum testSum
	for i, result := range o.start(ctx, tests) {
		r := <-result
		if ctx.Err() != nil {
			break // what was cut off says nothing
		}
		sum.add(r)
		if err := report.add(i+1, tests[i], r); err != nil {
			return sum, err
		}
		if o.output != "" && r.status == testFailed {
			if err := say(s.out, "%s", plainResult(tests[i], r)); err != nil {
				return sum, err
			}
		}
	}
	sum.took = time.Since(start)
	if err := report.end(sum); err != nil {
		return sum, err
	}
	if err := finish(); err != nil {
		return sum, err
	}
	if o.output != "" {
		return sum, say(s.out, "%v\n", sum)
	}
	return sum, nil
}

// reportFile gives where the report goes, and what is to be done at its end.
func (o *testOptions) reportFile(s streams) (io.Writer, func() error, error) {
	if o.output == "" {
		return s.out, func() error { return nil }, nil
	}
	f, err := os.Create(o.output)
	if err != nil {
		return nil, nil, fmt.Errorf("Cannot write %s: %w", o.output, reason(err))
	}
	return f, f.Close, nil
}

// start runs the tests in the background; each has a channel for its result.
func (o *testOptions) start(ctx context.Context, tests []*testFile) []chan testResult {
	results := make([]chan testResult, len(tests))
	for i := range results {
		results[i] = make(chan testResult, 1)
	}
	var next struct {
		sync.Mutex
		n int
	}
	for range min(o.jobs, len(tests)) {
		go func() {
			for {
				next.Lock()
				i := next.n
				next.n++
				next.Unlock()
				if i >= len(tests) {
					return
				}
				begin := time.Now()
				r := o.runTest(ctx, tests[i])
				r.took = time.Since(begin)
				results[i] <- r
			}
		}()
	}
	return results
}
