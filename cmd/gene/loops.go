package main

import (
	"fmt"
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
				fmt.Fprintf(w, "%s\t%s\t%s\n", name, platform(b.Name), b.Description)
			}
			return w.Flush()
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
