package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gene/backends/sim"
	"gene/compiler"
	"gene/syntax"
	"gene/vm"
)

// compileOptions are the options of gene compile.
type compileOptions struct {
	format string
	code   string
	output string
	exec   execOptions
}

func newCompileCommand(s streams) *cobra.Command {
	o := compileOptions{}
	cmd := &cobra.Command{
		Use:   "compile [-f FORMAT] [-e CODE] [FILE...]",
		Short: "show what a program is compiled to, without running it",
		Long: `Formats: pretty (default) gives the number of instructions and the listing with
places and constants; bytecode the listing alone; compact one instruction per
line, with its operands only.`,
		Example: `  gene compile -f bytecode -e '(fn area [w h] (w * h))'`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error {
			if o.output != "" || o.format == "gir" || o.format == "ai-metadata" {
				return fmt.Errorf("gene compile writes no files: there is no cache of compiled code (formats: pretty, bytecode, compact)")
			}
			write, ok := listings[o.format]
			if !ok {
				return usagef("unknown format %q (want pretty, bytecode or compact)", o.format)
			}
			ins, err := inputs(s, o.code, cmd.Flags().Changed("eval"), files)
			if err != nil {
				return err
			}
			for _, in := range ins {
				if err := o.compileOne(s, in, write); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.format, "format", "f", "pretty", "pretty, bytecode or compact")
	f.StringVarP(&o.code, "eval", "e", "", "compile this text")
	f.StringVarP(&o.output, "output", "o", "", "not available: nothing is written to files")
	for _, name := range []string{"force", "emit-debug", "eager"} {
		f.Bool(name, false, "accepted; has no effect")
	}
	f.BoolP("all", "a", false, "accepted; has no effect")
	f.StringVar(&o.exec.contracts, "contracts", "on", "on or off: check ^pre and ^post")
	f.BoolVar(&o.exec.noTypeCheck, "no-type-check", false, "no checks of type annotations")
	o.exec.loop, o.exec.nativeTier = sim.Name, "never"
	return cmd
}

// listings are the formats of a compiled program.
var listings = map[string]func(io.Writer, *compiler.Proto) error{
	"bytecode": compiler.Disassemble,
	"compact":  compiler.Summarize,
	"pretty": func(w io.Writer, p *compiler.Proto) error {
		b := bufio.NewWriter(w)
		fmt.Fprintf(b, "Instructions (%d):\n", p.Instructions())
		if err := compiler.Disassemble(b, p); err != nil {
			return err
		}
		return b.Flush()
	},
}

func (o *compileOptions) compileOne(s streams, in input, write func(io.Writer, *compiler.Proto) error) error {
	m, err := o.exec.newVM(s, in.name, nil)
	if err != nil {
		return err
	}
	p, err := o.compile(m, in)
	if err != nil {
		m.ReportError(err)
		return exitWith(o.exec.finish(m, s, exitFailed))
	}
	if err := write(s.out, p); err != nil {
		return err
	}
	return exitWith(o.exec.finish(m, s, exitOK))
}

// compile gives the verified code of a text, for a module of its own.
func (o *compileOptions) compile(m *vm.VM, in input) (*compiler.Proto, error) {
	file, errs := syntax.Read(in.name, string(in.text))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	opts := m.Options()
	p, warnings, err := compiler.CompileModule(file, m.NewModule(in.name, true), compiler.Options{
		Contracts: !opts.NoContracts, TypeCheck: !opts.NoTypeCheck,
	})
	for _, w := range warnings {
		fmt.Fprintf(m.Err(), "%s:%d:%d: warning: %s\n", w.File, w.Pos.Line, w.Pos.Col, w.Msg)
	}
	if err != nil {
		return nil, err
	}
	return p, compiler.Verify(p)
}
