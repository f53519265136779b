package main

import (
	"slices"
	"strings"
	"testing"

	"gene/backends"
)

// run executes a command line that needs no process and no input.
func run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e strings.Builder
	code = execute(args, nil, &o, &e)
	return code, o.String(), e.String()
}

func TestSummary(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"h"}, {"-h"}, {"--help"}} {
		code, out, errs := run(t, args...)
		if code != exitOK || errs != "" || !strings.Contains(out, "Commands:") || !strings.Contains(out, "eval, e") {
			t.Errorf("gene %v: exit %d, stdout %q, stderr %q", args, code, out, errs)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"foo"}, "Error: Unknown command: foo\n\nGene"},
		{[]string{"help", "foo"}, "Error: Unknown command: foo\n"},
		{[]string{"--foo"}, "Error: Unknown option: --foo\n"},
		{[]string{"run", "--foo", "x.gene"}, "Error: Unknown option: --foo\n"},
		{[]string{"run", "-x"}, "Error: Unknown option: -x\n"},
		{[]string{"run", "--foo:1"}, "Error: Unknown option: --foo:1\n"},
		{[]string{"run", "--seed"}, "Error: Missing value of option: --seed\n"},
		{[]string{"run", "--seed=x", "y"}, "Error: Invalid value of option --seed: \"x\" (want an integer)\n"},
		{[]string{"run", "--contracts=maybe", "y"}, "Error: Unknown contracts mode: maybe\n"},
		{[]string{"eval", "--native-tier=always", "1"}, "Error: Unknown native tier: always\n"},
		{[]string{"eval", "--poll-every=-1", "1"}, "Error: Invalid value of option --poll-every: \"-1\" (want 0 or more)\n"},
		{[]string{"eval", "--loop=none", "1"}, "Error: unknown event loop \"none\" (known: " + strings.Join(backends.Names(), ", ") + ")\n"},
		{[]string{"parse", "-f", "xml", "-e", "1"}, "Error: unknown format \"xml\" (want pretty, compact or sexp)\n"},
		{[]string{"compile", "-f", "xml", "-e", "1"}, "Error: unknown format \"xml\" (want pretty, bytecode or compact)\n"},
		{[]string{"repl", "x"}, "Error: gene repl takes no operands, got x\n"},
	} {
		code, out, errs := run(t, c.args...)
		if code != exitUsage || out != "" || !strings.HasPrefix(errs, c.want) {
			t.Errorf("gene %q: exit %d, stdout %q, stderr %q, want %q", c.args, code, out, errs, c.want)
		}
	}
}

func TestHelpOfEveryCommand(t *testing.T) {
	root := newRootCommand(streams{})
	for _, cmd := range root.Commands() {
		code, out, _ := run(t, "help", cmd.Name())
		if code != exitOK || !strings.Contains(out, "Usage: gene "+cmd.Name()) || cmd.Short == "" {
			t.Errorf("gene help %s: exit %d\n%s", cmd.Name(), code, out)
		}
	}
}

func TestPlainOptions(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{"eval", "-e:1"}, []string{"eval", "-e=1"}},
		{[]string{"eval", "-e", "--seed:1"}, []string{"eval", "-e", "--seed:1"}},
		{[]string{"eval", "--seed:1", "--contracts:off", "x"}, []string{"eval", "--seed=1", "--contracts=off", "x"}},
		{[]string{"eval", "-p", "--seed:1"}, []string{"eval", "-p", "--seed=1"}},
		{[]string{"eval", "--", "--seed:1"}, []string{"eval", "--", "--seed:1"}},
		{[]string{"run", "--loop:sim", "f.gene", "--seed:1"}, []string{"run", "--loop=sim", "f.gene", "--seed:1"}},
		{[]string{"foo", "--a:b"}, []string{"foo", "--a:b"}},
	} {
		if got := plainOptions(newRootCommand(streams{}), c.in); !slices.Equal(got, c.want) {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		}
	}
}
