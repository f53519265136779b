package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// exampleFiles are the files that the examples in the help texts name.
const exampleFiles = `
-- greet.gene --
(println $args)
-- job.gene --
(await (async (println 1)))
-- program.gene --
(println 1)
-- main.gene --
(println 1)
-- lib/shapes.gene --
(fn area [w h] (w * h))
-- shop.gene --
(fn twice [n]
  ^examples [[2] -> 4]
  (n * 2))
-- 1_first.gene --
(println 1)
# Expected: 1
-- testsuite/await.gene --
(println 1) # Expected: 1
-- examples/two.gene --
(println 2) # Expected: 2
`

// TestHelpExamples runs the examples in the help texts. Those of view, which
// wants a terminal, fail as it says.
func TestHelpExamples(t *testing.T) {
	dir := t.TempDir()
	for _, cmd := range newRootCommand(streams{}).Commands() {
		if cmd.Example == "" {
			continue
		}
		var b strings.Builder
		fmt.Fprintf(&b, "[!sh] skip\nstdin greet.gene\n")
		for _, line := range strings.Split(cmd.Example, "\n") {
			not := ""
			if cmd.Name() == "view" {
				not = "! "
			}
			fmt.Fprintf(&b, "%sexec sh -c '%s'\n", not, strings.ReplaceAll(strings.TrimSpace(line), "'", "''"))
		}
		b.WriteString(exampleFiles)
		if err := os.WriteFile(filepath.Join(dir, cmd.Name()+".txtar"), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := scriptParams()
	p.Dir = dir
	testscript.Run(t, p)
}

// TestEveryCommandHasExamples, apart from those that take nothing.
func TestEveryCommandHasExamples(t *testing.T) {
	for _, cmd := range newRootCommand(streams{}).Commands() {
		switch cmd.Name() {
		case "version", "help", "deps", "gir", "lsp":
			continue
		}
		if cmd.Example == "" {
			t.Errorf("gene %s has no examples", cmd.Name())
		}
	}
}
