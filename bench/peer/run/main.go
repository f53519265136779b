// Command run compares Gene with other languages and prints a markdown table.
//
//	go build -o /tmp/gene ./cmd/gene
//	go run ./bench/peer/run -list
//	go run ./bench/peer/run -gene /tmp/gene -n 9
//	go run ./bench/peer/run -gene /tmp/gene -peers lua5.4,goja fib loop
//	go run ./bench/peer/run -gene /tmp/gene -set async -loop netpoll
//
// Gene and the peers run in turn, and every output is checked before its time
// counts. A peer that is not installed or can't express a program has a row
// that says so; the exit code is 1 if a program failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"gene/bench/peer"
)

type options struct {
	peer.Options
	list     bool
	set      peer.Set
	rounds   int
	peers    []peer.Peer
	programs []peer.Program
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		err = run(ctx, os.Stdout, os.Stderr, o)
		stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	var peers, loop string
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	fs.BoolVar(&o.list, "list", false, "list the peers, and which are there")
	fs.IntVar(&o.rounds, "n", 7, "rounds of each program")
	fs.StringVar(&o.Gene, "gene", "gene", "the gene binary")
	fs.StringVar(&o.Root, "root", ".", "directory of Gene's sources")
	fs.StringVar((*string)(&o.set), "set", string(peer.CPU), "set of programs: cpu or async")
	fs.StringVar(&peers, "peers", "", "names of peers, with commas between them (default: all)")
	fs.StringVar(&loop, "loop", "", "Gene's event loop (default: its own default)")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if o.set != peer.CPU && o.set != peer.Async {
		return o, fmt.Errorf("-set %s: want cpu or async", o.set)
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("-n %d: want at least one round", o.rounds)
	}
	if loop != "" {
		o.GeneFlags = []string{"--loop=" + loop}
	}
	var names []string
	if peers != "" {
		names = strings.Split(peers, ",")
	}
	var err error
	if o.peers, err = peer.Find(o.set, names...); err != nil {
		return o, err
	}
	o.programs, err = peer.Programs(o.set, fs.Args()...)
	return o, err
}

// run compares all programs. The rows of each are written when it has been
// measured, so that an interrupted run leaves those of the earlier ones.
func run(ctx context.Context, out, progress io.Writer, o options) (err error) {
	runner, err := peer.New(o.Options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runner.Close()) }()
	if o.list {
		return list(out, runner, o)
	}
	if status := runner.Status(peer.Gene()); status.Missing != "" {
		return errors.New(status.Missing)
	}
	t := table{w: out, rounds: o.rounds, set: o.set}
	t.head()
	for i, program := range o.programs {
		fmt.Fprintf(progress, "%d of %d: %s\n", i+1, len(o.programs), program.Name)
		t.add(runner.Compare(ctx, program, append([]peer.Peer{peer.Gene()}, o.peers...), o.rounds))
	}
	t.end()
	return t.failure()
}

func list(w io.Writer, runner *peer.Runner, o options) error {
	fmt.Fprintln(w, "| peer | what | version |")
	fmt.Fprintln(w, "| --- | --- | --- |")
	for _, p := range o.peers {
		status := runner.Status(p)
		if status.Missing != "" {
			status.Version = line(status.Missing)
		}
		fmt.Fprintf(w, "| %s | %s | %s |\n", p.Name, p.Title, status.Version)
	}
	return nil
}

// line makes a text fit for a cell.
func line(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}
