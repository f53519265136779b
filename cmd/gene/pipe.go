package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"gene/value"
	"gene/vm"
)

// pipeName is the module name of code that runs once per line.
const pipeName = "<pipe>"

// pipeOptions are the options of gene pipe.
type pipeOptions struct {
	exec   execOptions
	code   string
	filter bool
	quote  bool
}

func newPipeCommand(s streams) *cobra.Command {
	var o pipeOptions
	cmd := &cobra.Command{
		Use:   "pipe [options] CODE|FILE",
		Short: "run code for each line of standard input",
		Long: `The code is compiled once and runs for each line, which is $line, without its end.
What the last form gives is printed, unless it is nil. A single argument that
names a file is the file with the code. The first error ends the run.`,
		Example: `  printf '3\n10\n' | gene pipe '(* $line/.to_i 2)'
  printf 'ab\ncdef\n' | gene pipe --filter '($line/.size > 3)'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, words []string) error {
			name, code, err := o.text(cmd.Flags().Changed("eval"), words)
			if err != nil {
				return err
			}
			return o.run(s, name, code)
		},
	}
	f := cmd.Flags()
	addExecOptions(cmd, &o.exec)
	f.BoolVar(&o.filter, "filter", false, "print the lines for which the code gives something true")
	f.BoolVar(&o.quote, "quote-str", false, "print strings with quotes")
	f.StringVarP(&o.code, "eval", "e", "", "the code, instead of CODE")
	return cmd
}

// text gives the code and its name in messages.
func (o *pipeOptions) text(hasCode bool, words []string) (name, code string, err error) {
	if hasCode {
		return pipeName, strings.Join(append([]string{o.code}, words...), " "), nil
	}
	if len(words) == 0 || strings.TrimSpace(strings.Join(words, " ")) == "" {
		return "", "", usagef("No code provided. Usage: gene pipe '<code>'")
	}
	if len(words) == 1 {
		if info, err := os.Stat(words[0]); err == nil && info.Mode().IsRegular() {
			text, err := readSource(words[0])
			return words[0], blankComments(string(text)), err
		}
	}
	return pipeName, strings.Join(words, " "), nil
}

// blankComments empties the lines that hold a comment alone, the shebang among
// them; the others keep their numbers.
func blankComments(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		word := strings.TrimLeft(line, " \t")
		if strings.HasPrefix(word, "#!") || strings.HasPrefix(word, "# ") || strings.TrimSpace(word) == "#" {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

func (o *pipeOptions) run(s streams, name, code string) error {
	if !strings.ContainsFunc(code, func(r rune) bool { return !strings.ContainsRune(" \t\r\n,", r) }) {
		return usagef("No code provided. Usage: gene pipe '<code>'")
	}
	keepBrokenPipes()
	in := bufio.NewReaderSize(s.input(), 1<<16)
	s.in = nil // the lines are the program's input; it has no other
	m, err := o.exec.newVM(s, name, nil)
	if err != nil {
		return err
	}
	p := pipe{o: o, m: m, session: m.NewSession(name), errs: s.err}
	stop := onInterruptUnless(m, p.reading.Load)
	exit := p.run(in, code)
	stop()
	return exitWith(o.exec.finish(m, s, exit))
}

// pipe is a run of gene pipe.
type pipe struct {
	o       *pipeOptions
	m       *vm.VM
	session *vm.Session
	errs    io.Writer
	reading atomic.Bool // waits for a line, all output being flushed
}

func (p *pipe) run(in *bufio.Reader, code string) int {
	line := value.Intern("line")
	p.m.Dollar.Set(line, value.Str("")) // known when the code is compiled
	program, err := p.session.Compile(code)
	if err != nil {
		p.m.ReportError(err)
		return exitFailed
	}
	for n := 1; ; n++ {
		p.reading.Store(in.Buffered() == 0)
		text, readErr := in.ReadString('\n')
		p.reading.Store(false)
		if text == "" && readErr != nil {
			return p.end(n, readErr)
		}
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
		p.m.Dollar.Set(line, value.Str(text))
		if exit, done := p.line(program, n, text, in.Buffered() == 0); done {
			return exit
		}
	}
}

// end gives the exit code at the end of the input.
func (p *pipe) end(n int, err error) int {
	if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrInvalid) && !errors.Is(err, os.ErrClosed) {
		fmt.Fprintf(p.errs, "Error at line %d: cannot read standard input: %v\n", n, reason(err))
		return exitFailed
	}
	if p.session.Failed() {
		return exitFailed
	}
	return exitOK
}

// line runs the program for one line; done is true when it was the last.
func (p *pipe) line(program *vm.Program, n int, text string, waits bool) (exit int, done bool) {
	v, err := p.session.Run(program)
	var leave *vm.ExitError
	switch {
	case errors.As(err, &leave):
		return leave.Code, true
	case vm.IsInterrupt(err):
		return exitInterrupted, true
	case err != nil:
		if !p.o.exec.json {
			fmt.Fprintf(p.m.Err(), "Error at line %d: ", n)
		}
		p.m.ReportError(err)
		return exitFailed, true
	}
	if shown, ok := p.shown(v, text); ok {
		_, err = fmt.Fprintln(p.m.Out(), shown)
	}
	if err == nil && waits {
		err = p.m.Out().Flush() // who feeds us may want to see this first
	}
	if err != nil {
		fmt.Fprintf(p.errs, "Error at line %d: cannot write: %v\n", n, reason(err))
		return exitFailed, true
	}
	return 0, false
}

// shown gives what is printed for a line.
func (p *pipe) shown(v value.Value, text string) (string, bool) {
	switch {
	case p.o.filter:
		return text, v.Truthy()
	case v.IsNil():
		return "", false
	case v.Kind() == value.KindString && !p.o.quote:
		return v.AsString(), true
	}
	return p.m.Literal(v), true
}
