package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"gene/bench/result"
	"gene/reports"
)

// resultsFile is where run writes and report reads by default.
const resultsFile = "genebench.json"

func newReportCommand() *cobra.Command {
	var input, dir string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "make plots and a page of a results file",
		Long: `Makes plots, a table in Markdown and one HTML page that needs no other file, of the
results that run has written.`,
		Example: `  genebench run -o results.json
  genebench report -i results.json -o report`,
		Args: exactly(0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := result.Read(input)
			if errors.Is(err, fs.ErrNotExist) {
				return usagef("%w (genebench run writes it)", err)
			}
			if err != nil {
				return &usageError{err}
			}
			if err := reports.Write(dir, f); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "report in %s\n", dir)
			return nil
		},
	}
	cmd.Flags().StringVarP(&input, "input", "i", resultsFile, "the results")
	cmd.Flags().StringVarP(&dir, "output", "o", "genebench-report", "directory for the report")
	return cmd
}
