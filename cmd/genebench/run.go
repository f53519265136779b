package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"gene/bench/result"
)

func newRunCommand() *cobra.Command {
	var o measuring
	cmd := &cobra.Command{
		Use:   "run [NAME…]",
		Short: "measure, and write the results",
		Long: `Runs the experiments named, or all of them, on each event loop. A name is that of
an experiment, of a group (the part before the slash) or of a claim. Ctrl-C ends
the run and keeps what was measured.`,
		Example: `  genebench run
  genebench run speedup concurrent-reads --loop=goroutine,netpoll --quick`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := o.measure(cmd, args)
			if f != nil {
				writeEstimates(cmd.OutOrStdout(), f)
				writeVerdicts(cmd.OutOrStdout(), f)
				writeNotes(cmd.OutOrStdout(), f)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "results in %s\n", o.results)
			return exitWith(runCode(f))
		},
	}
	addMeasuringOptions(cmd, &o, resultsFile)
	return cmd
}

// runCode is 1 when an experiment failed.
func runCode(f *result.File) int {
	if !f.Complete {
		return exitFailed
	}
	return exitOK
}
