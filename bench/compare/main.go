// Command compare times the CPU programs under Gene and under a peer language,
// in pairs, and prints a markdown table of the ratios.
//
//	go build -o /tmp/gene ./cmd/gene
//	go run ./bench/compare -gene /tmp/gene -n 11
//	go run ./bench/compare -gene /tmp/gene -peer luajit,-joff fib loop
//
// It builds nothing. The output of every run is compared with NAME.out before
// its time counts. The ratio is Gene's time over the peer's: below 1 is faster.
// The ratio is of CPU time (user and system), so a garbage collector working
// on a second processor is not hidden.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"gene/bench/measure"
)

// programs is the CPU set, in the order of the table.
var programs = [...]string{
	"fib", "loop", "sieve", "nbody", "strings", "closures", "methods",
	"binary_trees", "exceptions", "generators", "mandelbrot", "sort",
}

// extensions says which file of a program a peer runs, by the peer's base name.
var extensions = map[string]string{
	"lua": ".lua", "lua5.4": ".lua", "lua5.3": ".lua", "luajit": ".lua",
	"node": ".js", "nodejs": ".js",
	"python": ".py", "python3": ".py", "pypy3": ".py",
}

type options struct {
	rounds int
	gene   string
	peer   []string
	dir    string
	names  []string
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		err = compare(os.Stdout, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	var peer string
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	fs.IntVar(&o.rounds, "n", 7, "rounds of each program")
	fs.StringVar(&o.gene, "gene", "gene", "the gene binary")
	fs.StringVar(&peer, "peer", "lua5.4", "the peer, with its options after commas: node,--jitless")
	fs.StringVar(&o.dir, "dir", "bench/programs", "directory of the programs")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	o.peer, o.names = strings.Split(peer, ","), fs.Args()
	if len(o.names) == 0 {
		o.names = programs[:]
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("-n %d: want at least one round", o.rounds)
	}
	return o, nil
}

// compare runs every program and writes the table. All rows are measured
// before any is written, so that a table is whole or absent.
func compare(w io.Writer, o options) error {
	if err := findBinaries(&o); err != nil {
		return err
	}
	rows := make([]row, 0, len(o.names))
	for _, name := range o.names {
		r, err := measureProgram(name, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%-14s %.2f\n", name, r.ratio().Value)
		rows = append(rows, r)
	}
	writeTable(w, rows, o)
	return nil
}

// findBinaries resolves both binaries up front, for one clear message instead
// of a failure in the middle of the set.
func findBinaries(o *options) error {
	gene, err := exec.LookPath(o.gene)
	if err != nil {
		return fmt.Errorf("no gene binary %q (build one with: go build -o gene ./cmd/gene, and give -gene ./gene)", o.gene)
	}
	peer, err := exec.LookPath(o.peer[0])
	if err != nil {
		return fmt.Errorf("the peer %q is not installed here (choose another with -peer)", o.peer[0])
	}
	if o.gene, err = filepath.Abs(gene); err != nil {
		return err
	}
	o.peer[0] = peer
	if _, ok := extensions[filepath.Base(peer)]; !ok {
		return fmt.Errorf("no programs for the peer %q (known: lua, luajit, node, python3)", filepath.Base(peer))
	}
	return nil
}

// commands gives the two command lines of a program and the output they owe.
func commands(name string, o options) (gene, peer measure.Command, want string, err error) {
	base := filepath.Join(o.dir, name)
	out, err := os.ReadFile(base + ".out")
	if err != nil {
		return gene, peer, "", fmt.Errorf("no program %q: %w", name, err)
	}
	gene = measure.Command{Name: "gene " + name, Argv: []string{o.gene, "run", base + ".gene"}}
	script := base + extensions[filepath.Base(o.peer[0])]
	peer = measure.Command{
		Name: filepath.Base(o.peer[0]) + " " + name,
		Argv: append(append([]string{}, o.peer...), script),
	}
	return gene, peer, string(out), nil
}

// measureProgram runs one program under both, after one unmeasured run of
// each that warms the file cache.
func measureProgram(name string, o options) (row, error) {
	gene, peer, want, err := commands(name, o)
	if err != nil {
		return row{}, err
	}
	for _, c := range []measure.Command{gene, peer} {
		if _, err := checked(c, want); err != nil {
			return row{}, err
		}
	}
	r := row{name: name}
	err = measure.Pair(o.rounds, func(_ int, first bool) error {
		command, samples := gene, &r.gene
		if !first {
			command, samples = peer, &r.peer
		}
		res, err := checked(command, want)
		if err == nil {
			samples.add(res)
		}
		return err
	})
	return r, err
}

// checked runs c and refuses a wrong output: a time is worth nothing then.
func checked(c measure.Command, want string) (measure.Result, error) {
	res, err := measure.Run(c)
	if err == nil && res.Stdout != want {
		err = fmt.Errorf("%s: wrong output\n got: %q\nwant: %q", c.Name, res.Stdout, want)
	}
	return res, err
}
