package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gene/syntax"
)

// input is one text that a command works on.
type input struct {
	name string
	file bool // name is one of a file
	text []byte
}

// inputs gives the texts of -e, the files or standard input, in this order of
// preference.
func inputs(s streams, code string, hasCode bool, files []string) ([]input, error) {
	if hasCode {
		return []input{{name: "<eval>", text: []byte(code)}}, nil
	}
	if len(files) == 0 {
		text, terminal, err := readStdin(s.in)
		if err == nil && terminal {
			err = usagef("No input provided. Use -e for code or provide a file.")
		}
		return []input{{name: "<stdin>", text: text}}, err
	}
	var ins []input
	for _, name := range files {
		text, err := readSource(name)
		if err != nil {
			return nil, err
		}
		ins = append(ins, input{name, true, text})
	}
	return ins, nil
}

func newParseCommand(s streams) *cobra.Command {
	var format, code string
	cmd := &cobra.Command{
		Use:   "parse [-f FORMAT] [-e CODE] [FILE...]",
		Short: "read forms and print them, without running anything",
		Example: `  gene parse -f=compact -e='(shelf ^n 2 [1 "a b"]   nil)'
  gene parse program.gene`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error {
			f, err := syntax.ParseFormat(format)
			if err != nil {
				return usagef("%v", err)
			}
			ins, err := inputs(s, code, cmd.Flags().Changed("eval"), files)
			if err != nil {
				return err
			}
			for _, in := range ins {
				if err := parseOne(s, in, f, len(ins) > 1); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "pretty", "pretty, compact or sexp")
	cmd.Flags().StringVarP(&code, "eval", "e", "", "parse this text")
	return cmd
}

func parseOne(s streams, in input, f syntax.Format, many bool) error {
	if many || in.file && f == syntax.Pretty {
		if _, err := fmt.Fprintf(s.out, "=== Parsing: %s ===\n", in.name); err != nil {
			return err
		}
	}
	file, errs := syntax.Read(in.name, string(in.text))
	if len(errs) > 0 {
		writeParseErrors(s.err, in, errs)
		return exitCode(exitFailed)
	}
	_, err := io.WriteString(s.out, syntax.FormatForms(file.Forms, f))
	return err
}

func writeParseErrors(w io.Writer, in input, errs syntax.Errors) {
	where := ""
	if in.file {
		where = " in " + in.name
	}
	for _, e := range errs {
		fmt.Fprintf(w, "Parse error%s: %d:%d: %s\n", where, e.Pos.Line, e.Pos.Col, e.Msg)
		if e.Hint != "" {
			fmt.Fprintf(w, "  hint: %s\n", e.Hint)
		}
	}
}
