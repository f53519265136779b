package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"gene/vm"
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
	addReplOnError(cmd, &o)
	cmd.Flags().StringVar(&o.leakReport, "leak-report", "", "write what the program left behind to this file")
	cmd.Flags().StringVar(&o.cpuProfile, "cpu-profile", "", "write where the time of gene itself goes to this file, for go tool pprof")
	for _, name := range []string{"leak-report", "cpu-profile"} { // for gene test, and for who works on gene
		_ = cmd.Flags().MarkHidden(name) // it exists
	}
	return cmd
}

func runFile(s streams, o *execOptions, name string, args []string) error {
	if _, err := o.check(); err != nil {
		return err
	}
	file, err := o.programFile(name)
	if err != nil {
		return err
	}
	text, err := readSource(file)
	if err != nil {
		return err
	}
	return runText(s, o, name, file, text, args)
}

// programFile is where a program lies: in the package that was chosen.
func (o *execOptions) programFile(name string) (string, error) {
	if o.pkg == "" || filepath.IsAbs(name) {
		return name, nil
	}
	dir, err := vm.PackageDir(o.pkg, os.Environ())
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, name)
	if cwd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(cwd, file); err == nil && filepath.IsLocal(rel) {
			return rel, nil // messages are shorter so
		}
	}
	return file, nil
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
	return runText(s, o, "<stdin>", "<stdin>", text, nil)
}

// runText runs a program that is called name and lies in file.
func runText(s streams, o *execOptions, name, file string, text []byte, args []string) error {
	keepBrokenPipes()
	before := o.resources()
	m, err := o.newVM(s, name, args)
	if err != nil {
		return err
	}
	stop, err := profileCPU(o.cpuProfile)
	if err != nil {
		return err
	}
	code := o.execute(m, s, file, text)
	if err := stop(); err != nil {
		return err
	}
	if err := before.report(o.leakReport); err != nil {
		return err
	}
	return exitWith(code)
}
