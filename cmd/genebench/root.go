package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// execute runs the command line and gives the process's exit code.
func execute(ctx context.Context, args []string, out, errs io.Writer) int {
	root := newRootCommand()
	root.SetOut(out)
	root.SetErr(errs)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	code, tell := codeOf(err)
	if cause := context.Cause(ctx); cause != nil {
		err, code, tell = cause, exitInterrupted, true
	}
	if tell {
		fmt.Fprintf(errs, "genebench: %v\n", err)
	}
	return code
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "genebench",
		Short: "measure Gene, and judge what we claim of its speed",
		Long: `Measures Gene on this machine and judges what we claim of its speed. It builds
the binaries it measures from the sources around it, in a temporary directory,
and writes nothing but the files it is told to.

Exit codes: 0 done (verify: every claim passes), 1 a claim or an experiment
fails, 2 the command line or an input file makes no sense, 3 verify: undecided,
130 after Ctrl-C.`,
		Example: `  genebench verify --quick
  genebench run -o results.json && genebench report -i results.json -o report
  genebench run speedup --loop=netpoll`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("no command %q (genebench --help lists them)", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		newListCommand(),
		newRunCommand(),
		newVerifyCommand(),
		newCompareCommand(),
		newReportCommand(),
		newPeersCommand(),
		newEnvCommand(),
	)
	return root
}

// exactly wants so many arguments.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%d arguments, want %s", len(args), what)
		}
		return nil
	}
}
