package main

import (
	"github.com/spf13/cobra"
)

func newRunCommand(s streams) *cobra.Command {
	var o execOptions
	cmd := &cobra.Command{
		Use:   "run [options] [FILE] [ARGS...]",
		Short: "run a program",
		Long: `Runs FILE, or standard input. Options of gene stand before the file name; what
follows it is handed to the program as $args. Exit code: 0, or 1 when the
program failed, or what it gave to (exit n), or 130 after Ctrl-C.`,
		Example: `  gene run greet.gene Ann Bob
  gene run --loop=sim --seed=7 job.gene`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{passesArgs: "yes"},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return runStdin(s, &o)
			}
			return runFile(s, &o, args[0], args[1:])
		},
	}
	cmd.Flags().SetInterspersed(false)
	addExecOptions(cmd, &o)
	return cmd
}

func runFile(s streams, o *execOptions, name string, args []string) error {
	if _, err := o.check(); err != nil {
		return err
	}
	text, err := readSource(name)
	if err != nil {
		return err
	}
	return runText(s, o, name, text, args)
}

func runStdin(s streams, o *execOptions) error {
	text, terminal, err := readStdin(s.in)
	switch {
	case err != nil:
		return err
	case terminal:
		return usagef("No file provided to run.")
	case len(text) == 0:
		return usagef("No input provided. Provide a file to run.")
	}
	return runText(s, o, "<stdin>", text, nil)
}

func runText(s streams, o *execOptions, name string, text []byte, args []string) error {
	keepBrokenPipes()
	m, err := o.newVM(s, name, args)
	if err != nil {
		return err
	}
	return exitWith(o.execute(m, s, name, text))
}
