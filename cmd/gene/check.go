package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gene/backends/sim"
	"gene/compiler"
	"gene/syntax"
)

func newCheckCommand(s streams) *cobra.Command {
	o := execOptions{loop: sim.Name, contracts: "on", nativeTier: "never"}
	cmd := &cobra.Command{
		Use:   "check [--strict-nil] [--json] [FILE...]",
		Short: "find errors and type mistakes without running anything",
		Long: `Reads and compiles each FILE, or standard input, and infers types. Errors would
stop the program before it runs; warnings are what is likely to fail when it
does. Exit code: 0, or 1 when there are errors.`,
		Example: `  gene check main.gene lib/shapes.gene
  gene check --json main.gene`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, files []string) error {
			ins, err := inputs(s, "", false, files)
			if err != nil {
				return err
			}
			return checkAll(s, &o, ins)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.strictNil, "strict-nil", false, "nil passes a type only if the type has it")
	f.BoolVar(&o.json, "json", false, "errors and warnings as lines of JSON")
	return cmd
}

// checkAll checks texts one after the other. What it finds is its result, so
// it goes to standard output.
func checkAll(s streams, o *execOptions, ins []input) error {
	s.err = s.out
	var mistakes, warned int
	for _, in := range ins {
		m, err := o.newVM(s, in.name, nil)
		if err != nil {
			return err
		}
		warnings, err := m.Check(in.name, in.text)
		for _, w := range warnings {
			m.ReportWarning(w)
		}
		if err != nil {
			m.ReportError(err)
			mistakes += countErrors(err)
		}
		warned += len(warnings)
		if err := m.Close(); err != nil {
			return err
		}
	}
	if !o.json {
		if _, err := fmt.Fprintf(s.out, "checked %d files: %d errors, %d warnings\n", len(ins), mistakes, warned); err != nil {
			return err
		}
	}
	if mistakes > 0 {
		return exitWith(exitFailed)
	}
	return nil
}

// countErrors tells how many errors one report is about.
func countErrors(err error) int {
	var read syntax.Errors
	var compiled compiler.Errors
	switch {
	case errors.As(err, &read):
		return len(read)
	case errors.As(err, &compiled):
		return len(compiled)
	}
	return 1
}
