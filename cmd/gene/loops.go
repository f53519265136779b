package main

import (
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gene/backends"
	"gene/backends/goroutine"
)

func newLoopsCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "loops",
		Short: "list the event loops that programs can run on",
		Long: `Lists the event loops of this build, which --loop chooses from. The default one
is marked.`,
		Example: `  gene loops
  gene run --loop=sim --seed=7 job.gene`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tPLATFORM\tDESCRIPTION")
			for _, b := range backends.List() {
				name := b.Name
				if name == goroutine.Name {
					name += "*"
				}
				where := platform(b.Name)
				if b.Missing != "" {
					where = "not here: " + b.Missing
				}
				fmt.Fprintf(w, "%s\t%s\t%s\n", name, where, b.Description)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			printNotes(s.out)
			return nil
		},
	}
}

// platform says where a loop is available.
func platform(name string) string {
	switch name {
	case "goroutine", "sim":
		return "all"
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}

// printNotes tells in what the loops differ from the default one.
func printNotes(out io.Writer) {
	for _, b := range backends.List() {
		if len(b.Notes) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s differs from %s:\n", b.Name, goroutine.Name)
		for _, n := range b.Notes {
			fmt.Fprintf(out, "  %s: %s\n", n.Feature, n.How)
		}
	}
}
