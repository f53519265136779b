package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"gene/bench/claims"
	"gene/bench/result"
)

func newVerifyCommand() *cobra.Command {
	var o measuring
	var input string
	cmd := &cobra.Command{
		Use:   "verify [NAME…]",
		Short: "measure, and judge our claims",
		Long: `Runs the experiments that judge our claims, and judges them. A claim passes only if
the whole 95 % interval of its figure is on the right side of the limit, fails if
all of it is on the wrong side, and is undecided else.

Exit code: 0 every claim passes, 1 one fails, 3 none fails but one is undecided
or was not measured, 2 the command line or the input makes no sense.`,
		Example: `  genebench verify --quick
  genebench verify spawn switch --loop=goroutine
  genebench verify -i results.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := o.verified(cmd, args, input)
			if f != nil {
				writeVerdicts(cmd.OutOrStdout(), f)
			}
			if err != nil {
				return err
			}
			return conclude(cmd, f, args)
		},
	}
	addMeasuringOptions(cmd, &o, "")
	cmd.Flags().StringVarP(&input, "input", "i", "", "judge the results in this file instead of measuring")
	return cmd
}

// verified gives the results to judge: of a file or measured now.
func (o *measuring) verified(cmd *cobra.Command, names []string, input string) (*result.File, error) {
	if input != "" {
		f, err := result.Read(input)
		if err != nil {
			return nil, &usageError{err}
		}
		return f, nil
	}
	wanted, err := judging(names)
	if err != nil {
		return nil, err
	}
	return o.measure(cmd, wanted)
}

// judging gives the names of the experiments that judge claims.
func judging(names []string) ([]string, error) {
	list, err := claims.Select(names)
	if err != nil {
		return nil, &usageError{err}
	}
	var out []string
	for _, e := range list {
		if len(claims.Of(e.Name)) > 0 {
			out = append(out, e.Name)
		}
	}
	if len(out) == 0 {
		return nil, usagef("these experiments judge no claim (genebench list shows which do)")
	}
	return out, nil
}

// conclude counts the verdicts and gives the exit code. Claims that names ask for and
// that nothing judged count as undecided.
func conclude(cmd *cobra.Command, f *result.File, names []string) error {
	list, err := claims.Select(names)
	if err != nil {
		return &usageError{err}
	}
	count := map[result.Outcome]int{}
	for _, e := range list {
		for _, c := range claims.Of(e.Name) {
			outcomes := f.Outcomes(c.ID)
			if len(outcomes) == 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  not measured\n", result.Undecided, c.ID)
				count[result.Undecided]++
			}
			for _, o := range outcomes {
				count[o]++
			}
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "\n%d pass, %d fail, %d undecided\n", count[result.Pass], count[result.Fail], count[result.Undecided])
	switch {
	case count[result.Fail] > 0:
		return exitWith(exitFailed)
	case count[result.Undecided] > 0:
		return exitWith(exitUndecided)
	}
	return nil
}
