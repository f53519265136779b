package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gene/bench/machine"
	"gene/bench/result"
	"gene/bench/stats"
)

func newCompareCommand() *cobra.Command {
	var anyway bool
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "compare two results files",
		Long: `Prints the quotient new/old of each figure that both files have, with its 95 %
interval; ~ stands where it contains 1. Files of other machines, other Go versions
or other modes are refused. Times of two runs differ by more than their
intervals say, because the machine was another hour's: for a
small difference measure both in one run.`,
		Args: exactly(2, "OLD and NEW"),
		RunE: func(cmd *cobra.Command, args []string) error {
			old, err := result.Read(args[0])
			if err != nil {
				return &usageError{err}
			}
			now, err := result.Read(args[1])
			if err != nil {
				return &usageError{err}
			}
			if why := incomparable(old, now); why != "" {
				if !anyway {
					return usagef("these can't be compared: %s (--anyway compares them nevertheless)", why)
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "warning: %s\n", why)
			}
			return writeComparison(cmd.OutOrStdout(), old, now)
		},
	}
	cmd.Flags().BoolVar(&anyway, "anyway", false, "compare what can't be compared, with a warning")
	return cmd
}

// incomparable says why two files can't be compared, or nothing.
func incomparable(old, now *result.File) string {
	if old.Mode != now.Mode {
		return fmt.Sprintf("the mode differs: %s and %s", old.Mode, now.Mode)
	}
	return machine.Difference(old.Env, now.Env)
}

func writeComparison(out io.Writer, old, now *result.File) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "EXPERIMENT\tLOOP\tFIGURE\tOLD\tNEW\tNEW/OLD\t95 % INTERVAL\t")
	rows := 0
	for i := range now.Experiments {
		e := &now.Experiments[i]
		before := old.Find(e.Name, e.Loop)
		if before == nil {
			continue
		}
		for _, n := range e.Estimates {
			o, ok := before.Estimate(n.Name, n.Program, n.X)
			if !ok || o.Unit != n.Unit || o.Low <= 0 || n.Low <= 0 {
				continue
			}
			rows++
			q := stats.Quotient(interval(o), interval(n))
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%.3f\t%.3f – %.3f\t%s\n", e.Name, dash(e.Loop), label(n),
				figure(o.Value, o.Unit), figure(n.Value, n.Unit), q.Value, q.Low, q.High, differs(q))
		}
	}
	if rows == 0 {
		return usagef("these files have no figure in common")
	}
	return w.Flush()
}

func interval(e result.Estimate) stats.Interval {
	return stats.Interval{Value: e.Value, Low: e.Low, High: e.High, N: e.N}
}

// differs is ~ where the interval can't tell the two apart.
func differs(q stats.Interval) string {
	switch {
	case q.High < 1:
		return "smaller"
	case q.Low > 1:
		return "greater"
	}
	return "~"
}
