package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gene/backends"
	_ "gene/backends/evio" // registers itself, as netpoll
	"gene/backends/goroutine"
	_ "gene/backends/netpoll"
	"gene/bench/claims"
	"gene/bench/machine"
	"gene/bench/result"
)

// measuring are the options of the commands that measure.
type measuring struct {
	quick   bool
	loops   []string
	repo    string
	results string // file for the results, or empty
	bench   string // file for Go's benchmark text, or empty
}

func addMeasuringOptions(cmd *cobra.Command, o *measuring, results string) {
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.quick, "quick", false, "two minutes in place of thirty: fewer rounds, wider intervals, no other languages")
	f.StringSliceVar(&o.loops, "loop", nil, "event loops to measure (default all: "+strings.Join(realLoops(), ", ")+")")
	f.StringVarP(&o.results, "output", "o", results, "write the results to this file, after each experiment")
	f.StringVar(&o.bench, "bench", "", "write the samples as Go's benchmark text, for benchstat")
	f.StringVar(&o.repo, "repo", "", "the sources of Gene (default those around the working directory)")
}

// realLoops are the loops of this build that measure in real time.
func realLoops() []string { return backends.Names() }

// check looks at everything that could spoil a run, before it begins.
func (o *measuring) check() error {
	if o.loops == nil {
		o.loops = defaultFirst(realLoops())
	}
	if len(o.loops) == 0 {
		return usagef("--loop names no event loop (there are %s)", strings.Join(realLoops(), ", "))
	}
	for i, name := range o.loops {
		if !slices.Contains(realLoops(), name) {
			return usagef("no event loop %q here (there are %s)", name, strings.Join(realLoops(), ", "))
		}
		if slices.Contains(o.loops[:i], name) {
			return usagef("--loop names %s twice", name)
		}
	}
	var err error
	if o.repo, err = claims.FindRepo(o.repo); err != nil {
		return &usageError{err}
	}
	for _, path := range []string{o.results, o.bench} {
		if err := writable(path); err != nil {
			return usagef("results can't be written to %s: %w (-o and --bench choose other files)", path, err)
		}
	}
	return nil
}

// defaultFirst puts the loop that programs run on by default before the others.
func defaultFirst(loops []string) []string {
	i := slices.Index(loops, goroutine.Name)
	if i < 0 {
		return loops
	}
	return append([]string{goroutine.Name}, slices.Delete(slices.Clone(loops), i, i+1)...)
}

// writable tests that a file can be made at path, and leaves nothing there.
func writable(path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errors.New("it is a directory")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".genebench-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// measure runs the experiments that names ask for. Its file has what was
// measured, even with an error.
func (o *measuring) measure(cmd *cobra.Command, names []string) (*result.File, error) {
	list, err := claims.Select(names)
	if err != nil {
		return nil, &usageError{err}
	}
	return o.measureList(cmd, list)
}

// measureList runs experiments, likewise.
func (o *measuring) measureList(cmd *cobra.Command, list []claims.Experiment) (*result.File, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s, err := claims.NewSession(o.repo, o.quick, o.loops)
	if err != nil {
		return nil, err
	}
	f := o.newFile(cmd.Context())
	err = o.runAll(cmd, s, s.Jobs(list), f)
	return f, errors.Join(err, s.Close())
}

func (o *measuring) newFile(ctx context.Context) *result.File {
	mode := "full"
	if o.quick {
		mode = "quick"
	}
	return &result.File{
		Schema: result.Schema, Started: time.Now().UTC().Truncate(time.Second),
		Mode: mode, Command: "genebench " + strings.Join(os.Args[1:], " "),
		Env: machine.Env(ctx, o.repo, o.loops),
	}
}

// runAll runs the jobs, and saves after each.
func (o *measuring) runAll(cmd *cobra.Command, s *claims.Session, jobs []claims.Job, f *result.File) error {
	for _, w := range f.Env.Warnings {
		fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", w)
	}
	p := newProgress(cmd.ErrOrStderr(), s, jobs)
	p.saved = func() error { return o.save(f) }
	s.Built = p.built
	err := s.Run(cmd.Context(), jobs, f, p)
	p.close()
	return errors.Join(err, p.err, o.save(f))
}

// save writes both files as far as they are wanted.
func (o *measuring) save(f *result.File) error {
	if o.results != "" {
		if err := f.Save(o.results); err != nil {
			return fmt.Errorf("the results can't be written: %w", err)
		}
	}
	if o.bench != "" {
		if err := f.SaveBench(o.bench); err != nil {
			return fmt.Errorf("the benchmark text can't be written: %w", err)
		}
	}
	return nil
}
