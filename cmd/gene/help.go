package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Aliases: []string{"h"},
		Short:   "show this summary, or the options of a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return writeSummary(cmd.OutOrStdout(), cmd.Root())
			}
			about, _, err := cmd.Root().Find(args)
			if err != nil || about == cmd.Root() {
				return &usageError{msg: "Unknown command: " + args[0], summary: true}
			}
			writeHelp(about)
			return nil
		},
	}
}

// writeSummary lists the commands.
func writeSummary(w io.Writer, cmd *cobra.Command) error {
	root := cmd.Root()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage: %s\n\nCommands:\n", root.Short, root.Use)
	for _, c := range root.Commands() {
		if !c.Hidden {
			fmt.Fprintf(&b, "  %-14s %s\n", namesOf(c), c.Short)
		}
	}
	b.WriteString("\nThe options of a command: gene help <command>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func namesOf(c *cobra.Command) string {
	return strings.Join(append([]string{c.Name()}, c.Aliases...), ", ")
}

// writeHelp describes one command.
func writeHelp(cmd *cobra.Command) {
	w := cmd.OutOrStdout()
	if cmd == cmd.Root() {
		_ = writeSummary(w, cmd) // help that nobody reads is no failure
		return
	}
	fmt.Fprintf(w, "%s\n\nUsage: gene %s\n", strings.ToUpper(cmd.Short[:1])+cmd.Short[1:]+".", cmd.Use)
	if cmd.Long != "" {
		fmt.Fprintf(w, "\n%s\n", cmd.Long)
	}
	if flags := cmd.Flags(); flags.HasAvailableFlags() {
		fmt.Fprintf(w, "\nOptions:\n%s", flags.FlagUsages())
	}
	if cmd.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
}
