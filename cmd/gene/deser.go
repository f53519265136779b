package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// deserOptions are the options of gene deser.
type deserOptions struct {
	code     string
	format   string
	gene     bool
	showType bool
	exec     execOptions
}

func newDeserCommand(s streams) *cobra.Command {
	o := deserOptions{}
	cmd := &cobra.Command{
		Use:     "deser [-e TEXT] [-f FORMAT] [-p] [--project DIR] [FILE...]",
		Aliases: []string{"deserialize"},
		Short:   "print the value of a serialised text",
		Long: `Reads what gene/serdes/serialize has written, rebuilds the value and prints it.
Formats: pretty (default) and compact show strings without quotes, gene with
quotes; arrays and maps are spread over lines except in compact.`,
		Example: `  gene deser -e '(gene/serialization [1 "two"])'
  gene deser -f compact -p -e '(gene/serialization {^a 1})'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error {
			if o.gene {
				o.format = "gene"
			}
			if o.format != "pretty" && o.format != "compact" && o.format != "gene" {
				return usagef("unknown format %q (want pretty, compact or gene)", o.format)
			}
			ins, err := inputs(s, o.code, cmd.Flags().Changed("eval"), files)
			if err != nil {
				return err
			}
			return o.run(s, ins)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.format, "format", "f", "pretty", "pretty, compact or gene")
	f.StringVarP(&o.code, "eval", "e", "", "read this text")
	f.BoolVar(&o.gene, "gene", false, "the same as --format=gene")
	f.BoolVarP(&o.showType, "print-type", "p", false, "print the type of the value, too")
	f.StringVar(&o.exec.pkg, "project", "", "directory of the package whose classes the text names")
	o.exec.loop, o.exec.contracts, o.exec.nativeTier = "sim", "on", "never"
	return cmd
}

func (o *deserOptions) run(s streams, ins []input) error {
	m, err := o.exec.newVM(s, evalName, nil)
	if err != nil {
		return err
	}
	code := exitOK
	for _, in := range ins {
		if err := o.one(m, in); err != nil {
			fmt.Fprintf(m.Err(), "Deserialization error in %s: %s\n", in.name, messageOf(err))
			code = exitFailed
			break
		}
	}
	return exitWith(o.exec.finish(m, s, code))
}

// messageOf is what an error says, without its place in our own code.
func messageOf(err error) string {
	if e, ok := err.(*vm.Exception); ok {
		return e.Message()
	}
	return err.Error()
}

// one prints the value of a text.
func (o *deserOptions) one(m *vm.VM, in input) error {
	session := m.NewSession(evalName)
	read, err := session.Eval("gene/serdes/deserialize")
	if err != nil {
		return err
	}
	v, err := session.Call(read, value.Str(string(in.text)))
	if err != nil {
		return err
	}
	text := o.show(m, v)
	if o.showType {
		text = "Type: " + value.TypeName(v) + "\n" + text
	}
	return say(m.Out(), "%s\n", strings.TrimSuffix(text, "\n"))
}

// show gives the value in the format.
func (o *deserOptions) show(m *vm.VM, v value.Value) string {
	switch o.format {
	case "compact":
		return value.Print(v)
	case "gene":
		return spread(v, m.Literal, "\n")
	}
	return spread(v, value.Print, "\n")
}

// spread shows arrays and maps with a line for each element, and the rest by
// leaf. newline begins a line of the value around.
func spread(v value.Value, leaf func(value.Value) string, newline string) string {
	inner := newline + "  "
	var b strings.Builder
	switch {
	case v.Kind() == value.KindArray && len(v.AsArray().Items) > 0:
		b.WriteString("[")
		for _, x := range v.AsArray().Items {
			b.WriteString(inner + spread(x, leaf, inner))
		}
		b.WriteString(newline + "]")
	case v.Kind() == value.KindMap && v.AsMap().Len() > 0:
		b.WriteString("{")
		for _, e := range v.AsMap().Entries() {
			if e.Key != nil {
				b.WriteString(inner + "^" + syntax.Source(e.Key.Value()) + " " + spread(e.Val, leaf, inner))
			}
		}
		b.WriteString(newline + "}")
	default:
		return leaf(v)
	}
	return b.String()
}
