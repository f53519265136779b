package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"gene/vm"
)

func newDocCommand(s streams) *cobra.Command {
	var search string
	cmd := &cobra.Command{
		Use:   "doc [--search TEXT] [NAME]",
		Short: "help for everything that is built in",
		Long: `Without a name, lists the special forms, namespaces and kinds of values. NAME is
a form, a function, a namespace, a kind or one of its methods. Works without a
network: the texts stand beside what they describe.`,
		Example: `  gene doc String.trim
  gene doc math/sqrt
  gene doc Array
  gene doc --search replace`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) > 1 || len(names) == 1 && search != "" {
				return usagef("gene doc takes one name")
			}
			return showDoc(s, names, search)
		},
	}
	cmd.Flags().StringVarP(&search, "search", "s", "", "list what has this text in its name or help")
	return cmd
}

func showDoc(s streams, names []string, search string) error {
	o := execOptions{loop: "sim", contracts: "on", nativeTier: "never"}
	m, err := o.newVM(s, "<doc>", nil)
	if err != nil {
		return err
	}
	lib, err := collectDocs(m)
	if err == nil {
		switch {
		case search != "":
			err = lib.search(s.out, search)
		case len(names) == 0:
			err = lib.overview(s.out)
		default:
			err = lib.show(s.out, names[0])
		}
	}
	if closeErr := m.Close(); err == nil {
		err = closeErr
	}
	return err
}

// overview lists what has members.
func (d *docs) overview(w io.Writer) error {
	var forms, spaces, classes, errs []string
	for _, e := range d.entries {
		switch {
		case e.kind == docForm:
			forms = append(forms, e.name)
		case e.kind == docNamespace:
			spaces = append(spaces, e.name)
		case e.kind == docClass && e.class.IsException:
			errs = append(errs, e.name)
		case e.kind == docClass:
			classes = append(classes, e.name)
		}
	}
	for _, part := range []struct {
		title string
		names []string
	}{
		{"Special forms", forms}, {"Namespaces", spaces}, {"Kinds of values and classes", classes},
		{"Exceptions", errs}, {"Functions", d.functions("")}, {"Names with $", d.functions("$")},
	} {
		if err := say(w, "%s:\n%s\n", part.title, wrapped(part.names)); err != nil {
			return err
		}
	}
	return say(w, "More: gene doc NAME, gene doc --search TEXT\n")
}

// functions gives the names at the top level that begin so.
func (d *docs) functions(prefix string) []string {
	var out []string
	for _, e := range d.entries {
		if (e.kind == docFunction || e.kind == docValue && prefix != "") && !strings.Contains(strings.Trim(e.name, "/"), "/") && strings.HasPrefix(e.name, "$") == (prefix != "") {
			out = append(out, e.name)
		}
	}
	return out
}

// wrapped sets words in lines of a terminal's width.
func wrapped(words []string) string {
	const width = 78
	var b strings.Builder
	col := 0
	for _, word := range words {
		if col > 0 && col+1+len(word) > width {
			b.WriteByte('\n')
			col = 0
		}
		if col == 0 {
			b.WriteString(" ")
			col = 1
		}
		b.WriteString(" " + word)
		col += 1 + len(word)
	}
	b.WriteByte('\n')
	return b.String()
}

// search lists the entries with a text in them.
func (d *docs) search(w io.Writer, text string) error {
	text = strings.ToLower(text)
	var found []*docEntry
	for _, e := range d.entries {
		if strings.Contains(strings.ToLower(e.name), text) || strings.Contains(strings.ToLower(e.doc), text) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("Nothing built in has %q in its name or help", text)
	}
	return table(w, found, func(e *docEntry) string { return e.name })
}

// show describes what has a name.
func (d *docs) show(w io.Writer, name string) error {
	if e := d.find(name); e != nil {
		return d.describe(w, e)
	}
	var same []*docEntry // methods of several kinds, most of the time
	for _, e := range d.entries {
		if strings.HasSuffix(e.name, "."+name) || strings.HasSuffix(e.name, "/"+name) {
			same = append(same, e)
		}
	}
	switch len(same) {
	case 0:
		return d.unknown(name)
	case 1:
		return d.describe(w, same[0])
	}
	return table(w, same, func(e *docEntry) string { return e.name })
}

// unknown is the error for a name that nothing has.
func (d *docs) unknown(name string) error {
	var names []string
	for _, e := range d.entries {
		names = append(names, e.name)
	}
	if near := vm.Nearest(name, names); near != "" {
		return fmt.Errorf("Nothing built in is called %s (did you mean %s?)", name, near)
	}
	return fmt.Errorf("Nothing built in is called %s (try gene doc --search %s)", name, name)
}

func (d *docs) describe(w io.Writer, e *docEntry) error {
	if err := say(w, "%s (%s)\n", e.name, e.kind.title(e)); err != nil {
		return err
	}
	if e.doc != "" {
		if err := say(w, "  %s\n", e.doc); err != nil {
			return err
		}
	}
	if e.kind == docClass && e.class.Parent != nil {
		if err := say(w, "  Has the methods of %s, too.\n", e.class.Parent.Name); err != nil {
			return err
		}
	}
	members := d.members(e)
	if len(members) == 0 {
		return nil
	}
	if err := say(w, "\n"); err != nil {
		return err
	}
	return table(w, members, func(m *docEntry) string { return m.name[len(e.name):] })
}

// members gives what a namespace or class has.
func (d *docs) members(e *docEntry) []*docEntry {
	var out []*docEntry
	for _, m := range d.entries {
		rest, ok := strings.CutPrefix(m.name, e.name)
		if ok && rest != "" && (e.kind == docClass && (rest[0] == '.' || rest[0] == '/') || e.kind == docNamespace && rest[0] == '/') && !strings.Contains(rest[1:], "/") {
			if e.kind == docNamespace && m.kind == docMethod {
				continue
			}
			out = append(out, m)
		}
	}
	return out
}

// table lists entries; names with the same help share a line.
func table(w io.Writer, entries []*docEntry, name func(*docEntry) string) error {
	type row struct {
		names []string
		doc   string
	}
	var rows []*row
	for _, e := range entries {
		doc := e.doc
		if doc == "" {
			doc = e.kind.title(e)
		}
		n := slices.IndexFunc(rows, func(r *row) bool { return r.doc == doc && e.kind == docMethod && e.doc != "" })
		if n < 0 {
			n = len(rows)
			rows = append(rows, &row{doc: doc})
		}
		rows[n].names = append(rows[n].names, name(e))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(t, "  %s\t%s\n", strings.Join(r.names, ", "), r.doc)
	}
	return t.Flush()
}
