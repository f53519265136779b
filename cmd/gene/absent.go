package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// absent are commands of the language's tools that this build leaves out.
var absent = []struct{ name, short, why string }{
	{"deps", "manage dependencies (not available)", "dependencies aren't downloaded yet; local packages work: ($dep \"name\" ^path \"DIR\") or GENE_PACKAGE_PATH"},
	{"gir", "show compiled files (not available)", "there is no cache of compiled code; gene compile FILE shows the instructions"},
	{"lsp", "language server (not available)", "there is no language server in this build"},
}

// newAbsentCommands are commands that say why they can't be had, instead of
// being unknown.
func newAbsentCommands() []*cobra.Command {
	var cmds []*cobra.Command
	for _, a := range absent {
		cmds = append(cmds, &cobra.Command{
			Use:                a.name,
			Short:              a.short,
			Long:               "Not available: " + a.why + ".",
			DisableFlagParsing: true,
			RunE: func(*cobra.Command, []string) error {
				return fmt.Errorf("gene %s is not available: %s", a.name, a.why)
			},
		})
	}
	return cmds
}
