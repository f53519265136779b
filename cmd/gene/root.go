package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// streams are the standard files that a command works on.
type streams struct {
	in       *os.File
	out, err io.Writer
}

// input is what programs read; a nil interface when there is none.
func (s streams) input() io.Reader {
	if s.in == nil {
		return strings.NewReader("")
	}
	return s.in
}

// execute runs the command line and gives the process's exit code.
func execute(args []string, in *os.File, out, err io.Writer) int {
	root := newRootCommand(streams{in, out, err})
	root.SetOut(out)
	root.SetErr(err)
	root.SetArgs(plainOptions(root, args))
	return report(root, root.Execute())
}

func newRootCommand(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "gene <command> [options] [args]",
		Short:         "Gene runs programs written in the Gene language.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{msg: "Unknown command: " + args[0], summary: true}
			}
			return writeSummary(cmd.OutOrStdout(), cmd)
		},
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return optionError(err) })
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { writeHelp(cmd) })
	root.SetHelpCommand(newHelpCommand())
	root.AddCommand(
		newRunCommand(s),
		newEvalCommand(s),
		newReplCommand(s),
		newParseCommand(s),
		newCompileCommand(s),
		newCheckCommand(s),
		newFmtCommand(s),
		newTestCommand(s),
		newPipeCommand(s),
		newDocCommand(s),
		newExamplesCommand(s),
		newDeserCommand(s),
		newViewCommand(s),
		newLoopsCommand(s),
		newCompletionCommand(s),
		newVersionCommand(),
	)
	root.AddCommand(newAbsentCommands()...)
	return root
}

// report says on standard error why a command failed, unless it has done so
// itself, and gives the exit code.
func report(root *cobra.Command, err error) int {
	var code exitCode
	var usage *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(root.ErrOrStderr(), "Error: %s\n", usage.msg)
		if usage.summary {
			fmt.Fprintln(root.ErrOrStderr())
			_ = writeSummary(root.ErrOrStderr(), root) // nowhere left to report to
		}
		return exitUsage
	}
	fmt.Fprintf(root.ErrOrStderr(), "Error: %v\n", err)
	return exitFailed
}
