package peer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gene/bench/measure"
)

// Options of a runner.
type Options struct {
	// Root is the directory of the repository; empty is the working directory.
	Root string
	// Gene is the gene binary; it may be empty if Gene itself is not run.
	Gene string
	// GeneFlags come after "gene run", such as --loop=netpoll.
	GeneFlags []string
	// Delay is how long FIFOs and connections keep their readers waiting; 0 is 100 ms.
	Delay time.Duration
}

// Runner runs programs under peers. It is for one goroutine at a time.
type Runner struct {
	root, bin string
	gene      string
	flags     []string
	delay     time.Duration
	found     map[string]found // by the peer's name
}

// runLimit ends a run that hangs. The slowest take half a minute on an idle machine.
const runLimit = 10 * time.Minute

// Result is what one run cost and printed.
type Result struct {
	measure.Result
	// Figure is what an Async program measured itself, in the unit that the
	// name of its figure says.
	Figure float64
}

// New makes a runner and a directory for what it builds.
func New(o Options) (*Runner, error) {
	if o.Root == "" {
		o.Root = "."
	}
	root, err := filepath.Abs(o.Root)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(root, "bench", "peers", "go.mod")); err != nil {
		return nil, fmt.Errorf("%s is not the directory of Gene's sources, which benchmarks need: %w", root, err)
	}
	if o.Delay == 0 {
		o.Delay = 100 * time.Millisecond
	}
	bin, err := os.MkdirTemp("", "gene-peers")
	if err != nil {
		return nil, err
	}
	return &Runner{root: root, bin: bin, gene: o.Gene, flags: o.GeneFlags, delay: o.Delay, found: map[string]found{}}, nil
}

// Close removes what was built.
func (r *Runner) Close() error { return os.RemoveAll(r.bin) }

// Run runs a program under a peer once, at the size of the arguments or else
// at its full size, whose output is checked: a time is worth nothing if the
// output is wrong. The end of ctx kills it. The error is an [*Absent] if there is nothing to run.
func (r *Runner) Run(ctx context.Context, p Peer, prog Program, size ...string) (Result, error) {
	command, err := r.command(p, prog)
	if err != nil {
		return Result{}, err
	}
	if prog.Set == CPU {
		return r.runCPU(ctx, command, prog, size)
	}
	if len(size) == 0 {
		size = prog.size
	}
	return r.runAsync(ctx, command, prog, size)
}

// command is the command line up to the program's arguments.
func (r *Runner) command(p Peer, prog Program) (measure.Command, error) {
	c := measure.Command{Name: p.Name + " " + prog.Name, Timeout: runLimit}
	if reason := p.lacks[prog.file()]; reason != "" {
		return c, &Absent{p.Name, reason}
	}
	if !p.Serves(prog.Set) {
		return c, &Absent{p.Name, fmt.Sprintf("%s is not compared in the %s set", p.Title, prog.Set)}
	}
	binary, err := r.binary(p)
	if err != nil {
		return c, err
	}
	c.Argv = append(append([]string{binary}, p.flags...), r.geneFlags(p)...)
	switch {
	case prog.Set == CPU:
		script, err := r.script(p, prog)
		c.Argv = append(c.Argv, script)
		return c, err
	case p.how == gene:
		c.Argv = append(c.Argv, r.path("bench", "async", prog.file()+".gene"))
	default:
		for _, word := range p.async {
			if strings.HasPrefix(word, peerScripts) {
				word = r.path(filepath.FromSlash(word))
			}
			c.Argv = append(c.Argv, word)
		}
		c.Argv = append(c.Argv, prog.file())
	}
	return c, nil
}

func (r *Runner) geneFlags(p Peer) []string {
	if p.how != gene {
		return nil
	}
	return append([]string{"run"}, r.flags...)
}

func (r *Runner) path(words ...string) string {
	return filepath.Join(append([]string{r.root}, words...)...)
}

// script finds the file of a CPU program for a peer.
func (r *Runner) script(p Peer, prog Program) (string, error) {
	for _, extension := range p.scripts {
		file := r.path("bench", prog.folder(), prog.file()+extension)
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	return "", &Absent{p.Name, fmt.Sprintf("there is no %s%s in bench/%s", prog.file(), strings.Join(p.scripts, " or "), prog.folder())}
}

func (r *Runner) runCPU(ctx context.Context, c measure.Command, prog Program, size []string) (Result, error) {
	c.Argv = append(c.Argv, size...)
	res, err := measure.Run(ctx, c)
	if err != nil || len(size) > 0 {
		return Result{Result: res}, err
	}
	want, err := os.ReadFile(r.path("bench", prog.folder(), prog.file()+".out"))
	if err != nil {
		return Result{}, err
	}
	// Output on Windows may have another line end.
	if got := strings.ReplaceAll(res.Stdout, "\r\n", "\n"); got != string(want) {
		return Result{}, fmt.Errorf("%s: wrong output\n got: %q\nwant: %q", c.Name, got, want)
	}
	return Result{Result: res}, nil
}

func (r *Runner) runAsync(ctx context.Context, c measure.Command, prog Program, size []string) (Result, error) {
	source, err := r.feed(prog, size)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	c.Argv = append(c.Argv, source.args...)
	res, err := measure.Run(ctx, c)
	// The error of a reader says more than that of the writer it left.
	if closed := source.close(); err == nil {
		err = closed
	}
	if err != nil {
		return Result{}, err
	}
	figure, err := measure.Figure(res.Stdout, prog.Figure)
	if err = errors.Join(err, source.check(res.Stdout), inOrder(res.Stdout)); err != nil {
		return Result{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	return Result{Result: res, Figure: figure}, nil
}

// inOrder refuses a run whose sleepers woke in another order than they should.
func inOrder(stdout string) error {
	n, err := measure.Figure(stdout, "out_of_order")
	if err == nil && n != 0 {
		return fmt.Errorf("%v sleepers woke out of order", n)
	}
	return nil // no sleepers, or none out of order
}
