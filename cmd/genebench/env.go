package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"gene/bench/machine"
)

func newEnvCommand() *cobra.Command {
	var o measuring
	cmd := &cobra.Command{
		Use:   "env",
		Short: "describe this machine as results do",
		Long: `Prints what results say of the machine and the sources, with warnings of what makes
figures from here worth less.`,
		Args: exactly(0, "none"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", " ")
			return enc.Encode(machine.Env(cmd.Context(), o.repo, o.loops))
		},
	}
	cmd.Flags().StringVar(&o.repo, "repo", "", "the sources of Gene (default those around the working directory)")
	return cmd
}
