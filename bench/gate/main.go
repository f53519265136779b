// Command gate counts the instructions of short programs and compares them with
// the counts in baseline.json: a change that makes one grow by more than 1 %
// must update the baseline, and say why.
//
//	go run ./bench/gate
//	go run ./bench/gate -update -reason "calls check their arity"
//
// Unlike times, counts are the same on a busy machine and on an idle one. They
// belong to one build of Go for one platform; under another they can't be
// compared, and the gate says so and passes.
//
// To see where instructions went, run it with -keep at both commits and compare
// the files with valgrind's cg_diff and cg_annotate.
//
// The exit code is 0 if nothing grew, 1 if something did or the gate could not
// count, 2 for a wrong command line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"gene/bench/measure"
)

// runs of each program, of which the smallest count is taken.
const runs = 2

type options struct {
	gene, root, keep string
	update           bool
	reason           string
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gate:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "gate:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	fs := flag.NewFlagSet("gate", flag.ContinueOnError)
	fs.StringVar(&o.root, "root", ".", "directory of Gene's sources")
	fs.StringVar(&o.gene, "gene", "", "the gene binary (default: one is built without a profile)")
	fs.StringVar(&o.keep, "keep", "", "directory to leave cachegrind's files in")
	fs.BoolVar(&o.update, "update", false, "write the counts into the baseline")
	fs.StringVar(&o.reason, "reason", "", "why the counts changed, with -update")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if o.update != (o.reason != "") {
		return o, errors.New("-update and -reason go together: a baseline says why it changed")
	}
	return o, nil
}

func run(ctx context.Context, out io.Writer, o options) (err error) {
	if _, err := exec.LookPath("valgrind"); err != nil {
		return errors.New("valgrind is not on PATH, and it is what counts instructions (on Debian: apt-get install valgrind)")
	}
	work, err := os.MkdirTemp("", "gene-gate")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if o.gene == "" {
		// Without a profile: a new profile would move every count, and the
		// packages are compiled so for the tests anyway.
		if o.gene, err = measure.BuildGo(o.root, "./cmd/gene", work, "-pgo=off"); err != nil {
			return err
		}
	}
	if o.gene, err = filepath.Abs(o.gene); err != nil {
		return err
	}
	if o.keep != "" {
		work = o.keep
		if work, err = filepath.Abs(work); err != nil {
			return err
		}
	}
	return gate(ctx, out, o, work)
}

// gate counts, and compares or updates.
func gate(ctx context.Context, out io.Writer, o options, work string) error {
	build, err := buildOf(o.gene)
	if err != nil {
		return err
	}
	path := filepath.Join(o.root, "bench", "gate", "baseline.json")
	base, err := readBaseline(path)
	if err != nil && !(o.update && errors.Is(err, os.ErrNotExist)) {
		return err
	}
	counts, err := countAll(ctx, o.gene, o.root, work)
	if err != nil {
		return err
	}
	report := compare(base, build, counts)
	report.write(out)
	if o.update {
		base.update(build, counts, report.summary(), o.reason, time.Now())
		return base.save(path)
	}
	return report.failure()
}
