package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gene/bench/claims"
)

func newListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list the claims and the experiments",
		Long: `Lists what we claim, with the experiment that judges each claim, and what runs
of each experiment in the two modes; "-" is nothing. The numbers of rounds are fixed: no run is
prolonged until its result looks good.`,
		Args: exactly(0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := listClaims(cmd.OutOrStdout()); err != nil {
				return err
			}
			return listExperiments(cmd.OutOrStdout())
		},
	}
}

func listClaims(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CLAIM\tLIMIT\tEXPERIMENT\tTEXT")
	for _, c := range claims.Table {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.ID, limitText(c.Limit, c.AtMost, c.Unit), c.Experiment, c.Text)
	}
	return w.Flush()
}

func listExperiments(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nEXPERIMENT\tLOOPS\tQUICK\tFULL\tTITLE")
	for _, e := range claims.Experiments() {
		loops := "each"
		switch {
		case e.AnyLoop:
			loops = "any"
		case e.OneLoop:
			loops = "one"
		case e.QuickOnOne:
			loops = "each, quick one"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.Name, loops, e.PlanText(true), e.PlanText(false), e.Title)
	}
	return w.Flush()
}

// limitText is "≤ 300 ns"; a ratio has no unit.
func limitText(limit float64, atMost bool, unit string) string {
	sign := "≥"
	if atMost {
		sign = "≤"
	}
	if unit == "ratio" {
		return fmt.Sprintf("%s %g", sign, limit)
	}
	return fmt.Sprintf("%s %g %s", sign, limit, unit)
}
