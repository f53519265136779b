package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gene/vm"
)

// evalName is the module name of code from the command line.
const evalName = "<eval>"

// evalOptions are the options of gene eval.
type evalOptions struct {
	exec      execOptions
	code      string
	printLast bool
}

func newEvalCommand(s streams) *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:     "eval [options] CODE...",
		Aliases: []string{"e"},
		Short:   "run code from the command line",
		Long: `The words are joined by blanks; without any, the code is read from standard
input. Only what the code prints is printed, unless --print-last is given.`,
		Example: `  gene eval '(println (6 * 7))'
  gene eval -p '(++ "a" "b")'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, words []string) error {
			code, err := o.text(s, cmd.Flags().Changed("eval"), words)
			if err != nil {
				return err
			}
			return o.run(s, code)
		},
	}
	f := cmd.Flags()
	addExecOptions(cmd, &o.exec)
	addReplOnError(cmd, &o.exec)
	f.BoolVarP(&o.printLast, "print-last", "p", false, "print the value of the last form")
	f.StringVarP(&o.code, "eval", "e", "", "the code, instead of CODE")
	for _, name := range []string{"csv", "gene", "line"} {
		f.Bool(name, false, "accepted; has no effect")
	}
	return cmd
}

// text gives the code to run.
func (o *evalOptions) text(s streams, hasCode bool, words []string) (string, error) {
	if hasCode {
		words = append([]string{o.code}, words...)
	}
	if len(words) > 0 {
		return strings.Join(words, " "), nil
	}
	text, terminal, err := readStdin(s.in)
	if err != nil {
		return "", err
	}
	if terminal || len(text) == 0 {
		return "", usagef("No code provided to evaluate")
	}
	return string(text), nil
}

func (o *evalOptions) run(s streams, code string) error {
	keepBrokenPipes()
	m, err := o.exec.newVM(s, evalName, nil)
	if err != nil {
		return err
	}
	if !o.printLast {
		return exitWith(o.exec.execute(m, s, evalName, []byte(code)))
	}
	return exitWith(o.exec.finish(m, s, o.printLastOf(m, s, code)))
}

// printLastOf evaluates code, prints its value as literal text and gives the
// exit code.
func (o *evalOptions) printLastOf(m *vm.VM, s streams, code string) int {
	stop := onInterrupt(m)
	session := m.NewSession(evalName)
	v, err := session.Eval(code)
	stop()
	var exit *vm.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.Code
	case vm.IsInterrupt(err):
		return exitInterrupted
	case err != nil:
		m.ReportError(err)
		if o.exec.replOnError && session.Catch(err) {
			return o.exec.inspect(m, s, session, exitFailed)
		}
		return exitFailed
	}
	fmt.Fprintln(m.Out(), m.Literal(v)) // a failed write comes up again when the machine is closed
	if session.Failed() {
		return exitFailed
	}
	return exitOK
}
