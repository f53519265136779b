package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"gene/syntax"
)

// fmtOptions are the options of gene fmt.
type fmtOptions struct {
	check bool
	diff  bool
}

func newFmtCommand(s streams) *cobra.Command {
	var o fmtOptions
	cmd := &cobra.Command{
		Use:     "fmt [--check] [--diff] [FILE...]",
		Aliases: []string{"format"},
		Short:   "indent programs in the canonical style",
		Long: `Rewrites the files in place; without any, formats standard input to standard
output. Lines are indented by the brackets around them, and blanks at their ends
removed; they are neither joined nor split, and comments stay where they are.
With --check and --diff nothing is written; --check fails when a file isn't
formatted.`,
		Example: `  gene fmt shop.gene
  gene fmt --check --diff shop.gene
  gene fmt < shop.gene`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, files []string) error {
			if len(files) == 0 {
				return o.stdin(s)
			}
			for _, name := range files {
				if err := o.file(s, name); err != nil {
					return err
				}
			}
			if o.check {
				return say(s.out, "All files are canonically formatted\n")
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&o.check, "check", false, "fail at the first file that isn't formatted")
	cmd.Flags().BoolVar(&o.diff, "diff", false, "print what would change as a unified diff")
	return cmd
}

// say prints a text.
func say(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}

func (o *fmtOptions) stdin(s streams) error {
	text, terminal, err := readStdin(s.in)
	switch {
	case err != nil:
		return err
	case terminal:
		return usagef("No input provided. Name a file, or feed standard input.")
	}
	formatted, err := o.format(s, "<stdin>", text)
	switch {
	case err != nil:
		return err
	case o.check && formatted != string(text):
		return fmt.Errorf("Stdin is not canonically formatted")
	case o.check:
		return say(s.out, "Stdin is canonically formatted\n")
	case o.diff:
		return nil
	}
	return say(s.out, "%s", formatted)
}

func (o *fmtOptions) file(s streams, name string) error {
	text, err := readSource(name)
	if err != nil {
		return err
	}
	formatted, err := o.format(s, name, text)
	switch {
	case err != nil || formatted == string(text):
		return err
	case o.check:
		return fmt.Errorf("File is not canonically formatted: %s", name)
	case o.diff:
		return nil
	}
	return replaceFile(name, formatted)
}

// format gives the formatted text, after printing the difference if asked for.
func (o *fmtOptions) format(s streams, name string, text []byte) (string, error) {
	if !utf8.Valid(text) {
		return "", fmt.Errorf("Cannot format %s: it is no UTF-8 text", name)
	}
	formatted := syntax.Indent(string(text))
	if !o.diff {
		return formatted, nil
	}
	return formatted, say(s.out, "%s", unifiedDiff(name, string(text), formatted))
}

// replaceFile gives a file a new text all at once, so that it is never half
// written. A link stays one: what it leads to is replaced.
func replaceFile(name, text string) error {
	failed := func(err error) error { return fmt.Errorf("Cannot write %s: %w", name, reason(err)) }
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return failed(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return failed(err)
	}
	if info.Mode().Perm()&0o200 == 0 {
		return failed(os.ErrPermission)
	}
	tmp, err := os.CreateTemp(filepath.Dir(target), ".fmt-*")
	if err != nil {
		return failed(err)
	}
	_, err = tmp.WriteString(text)
	if chmodErr := tmp.Chmod(info.Mode()); err == nil {
		err = chmodErr
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), target)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the error at hand says more
		return failed(err)
	}
	return nil
}
