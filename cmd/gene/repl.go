package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// replName is the module name of a session.
const replName = "<repl>"

const replBanner = "Gene " + version + "\nType a form, help, or exit.\n\n"

const replHelp = `A form is evaluated and its value printed; it may take several lines.
Names stay defined until the session ends, and await works at the prompt.
Ctrl-C cancels the form being typed or run; the arrow keys recall earlier ones.
Leave with exit, quit or Ctrl-D.
`

func newReplCommand(s streams) *cobra.Command {
	var o execOptions
	cmd := &cobra.Command{
		Use:     "repl [options]",
		Aliases: []string{"r"},
		Short:   "evaluate forms as they are typed",
		Long: `Reads a form per prompt, evaluates it and prints its value. What a form defines
stays for the next ones. Leave with exit, quit or the end of input.`,
		Example: `  gene repl
  echo '(1 + 2)' | gene repl`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			m, err := o.newVM(s, replName, nil)
			if err != nil {
				return err
			}
			r := &repl{m: m, session: m.NewSession(replName), s: s, lines: newLineReader(s)}
			code, err := r.run()
			if closeErr := r.lines.close(); err == nil {
				err = closeErr
			}
			if code = o.finish(m, s, code); err != nil {
				return err
			}
			return exitWith(code)
		},
	}
	addExecOptions(cmd, &o)
	return cmd
}

// repl is a session at a terminal, or one fed by a pipe.
type repl struct {
	m       *vm.VM
	session *vm.Session
	s       streams
	lines   lineReader
}

// run reads and evaluates until the input ends.
func (r *repl) run() (code int, err error) {
	if _, err := io.WriteString(r.s.out, replBanner); err != nil {
		return exitFailed, err
	}
	for {
		text, err := r.next()
		switch {
		case err != nil:
			return exitFailed, err
		case text == "":
			return exitOK, nil
		}
		if code, done := r.eval(text); done {
			return code, nil
		}
	}
}

// next gives the next input that is to be evaluated, "" at the end.
func (r *repl) next() (string, error) {
	for {
		text, err := r.read()
		switch {
		case errors.Is(err, errCancelled):
			continue
		case errors.Is(err, io.EOF):
			return "", nil
		case err != nil:
			return "", err
		}
		switch strings.TrimSpace(text) {
		case "":
		case "exit", "quit":
			return "", nil
		case "help":
			if _, err := io.WriteString(r.s.out, replHelp); err != nil {
				return "", err
			}
		default:
			return text, nil
		}
	}
}

// read gives one input: lines until the forms in them are whole. At the end of
// input what is there is an input, too.
func (r *repl) read() (string, error) {
	prompt := "gene> "
	var text strings.Builder
	for {
		line, err := r.lines.read(prompt)
		if err != nil {
			if errors.Is(err, io.EOF) && text.Len() > 0 {
				return text.String(), nil
			}
			return "", err
		}
		text.WriteString(line)
		if !incomplete(text.String()) {
			r.lines.remember(text.String())
			return text.String(), nil
		}
		text.WriteByte('\n')
		prompt = "....> "
	}
}

func incomplete(text string) bool {
	_, errs := syntax.Read(replName, text)
	return errs.Incomplete()
}

// eval evaluates one input and prints its value; done is true after (exit).
func (r *repl) eval(text string) (code int, done bool) {
	r.lines.pause()
	defer r.lines.resume()
	stop := onInterrupt(r.m)
	v, err := r.session.Eval(text)
	stop()
	if err != nil {
		var exit *vm.ExitError
		if errors.As(err, &exit) {
			return exit.Code, true
		}
		r.m.ReportError(err)
	} else if shown(v, text) {
		fmt.Fprintln(r.m.Out(), r.m.Literal(v))
	}
	if err := r.m.Out().Flush(); err != nil {
		fmt.Fprintf(r.s.err, "Error: %v\n", err)
		return exitFailed, true
	}
	return 0, false
}

// shown tells whether a value is worth printing: not that of a print.
func shown(v value.Value, text string) bool {
	return v.IsSet() && !v.IsNil() && !v.IsVoid() &&
		!strings.HasPrefix(strings.TrimSpace(text), "(print")
}
