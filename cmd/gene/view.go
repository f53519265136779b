package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"
)

// viewLines is how many lines a page has when the terminal doesn't say.
const viewLines = 24

func newViewCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "view FILE",
		Short: "show a file page by page",
		Long: `Shows a file on the terminal, a page at a time: Enter goes on, b goes back, a
number goes to that line, q leaves.`,
		Example: `  gene view shop.gene`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, files []string) error {
			if len(files) != 1 {
				return usagef("gene view wants one file")
			}
			text, err := readSource(files[0])
			if err != nil {
				return err
			}
			out, ok := s.out.(*os.File)
			if !ok || !isTerminal(out) || s.in == nil || !isTerminal(s.in) || !liner.TerminalSupported() {
				return fmt.Errorf("gene view requires an interactive terminal")
			}
			v := viewer{name: files[0], lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), height: viewLines}
			return v.run(s)
		},
	}
}

// viewer is a pager.
type viewer struct {
	name   string
	lines  []string
	top    int // first line of the page
	height int // lines of a page, the prompt included
}

func (v *viewer) run(s streams) error {
	in := bufio.NewScanner(s.in)
	for {
		if err := say(s.out, "%s", v.page()); err != nil {
			return err
		}
		if !in.Scan() {
			return in.Err()
		}
		if v.command(strings.TrimSpace(in.Text())) {
			return nil
		}
	}
}

// page gives a page with the prompt below it.
func (v *viewer) page() string {
	end := min(len(v.lines), v.top+v.height-1)
	var b strings.Builder
	for n := v.top; n < end; n++ {
		fmt.Fprintf(&b, "%*d  %s\n", len(fmt.Sprint(len(v.lines))), n+1, printable(v.lines[n]))
	}
	fmt.Fprintf(&b, "%s: lines %d to %d of %d (Enter, b, NUMBER, q) ", v.name, v.top+1, end, len(v.lines))
	return b.String()
}

// printable keeps a file from sending commands to the terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, strings.TrimSuffix(line, "\r"))
}

// command moves the page; it gives true when that was all.
func (v *viewer) command(word string) (done bool) {
	page := v.height - 1
	last := max(0, len(v.lines)-page)
	n := 0
	switch {
	case word == "q":
		return true
	case word == "" && v.top >= last:
		return true
	case word == "":
		v.top = min(last, v.top+page)
	case word == "b":
		v.top = max(0, v.top-page)
	default:
		if _, err := fmt.Sscan(word, &n); err == nil {
			v.top = max(0, min(last, n-1))
		}
	}
	return false
}
