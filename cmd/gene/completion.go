package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that completion scripts can be written for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletionCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print a script that completes commands in a shell",
		Long: `Shells: bash, zsh, fish and powershell. The script completes commands, options
and file names once the shell has read it.`,
		Example: `  gene completion bash > gene.bash
  gene completion zsh
  gene completion fish`,
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("gene completion wants the name of a shell: %s", strings.Join(shells, ", "))
			}
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(s.out, true)
			case "zsh":
				return root.GenZshCompletion(s.out)
			case "fish":
				return root.GenFishCompletion(s.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(s.out)
			}
			return usagef("Unknown shell: %s (want %s)", args[0], strings.Join(shells, ", "))
		},
	}
}
