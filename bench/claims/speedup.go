package claims

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gene/bench/feed"
	"gene/bench/measure"
	"gene/bench/result"
)

// slowDelay is how long one slow operation takes; shorter in quick mode,
// where what concurrency costs weighs more.
func slowDelay(quick bool) time.Duration {
	if quick {
		return 50 * time.Millisecond
	}
	return 100 * time.Millisecond
}

const (
	sequential = "sequential"
	concurrent = "concurrent"
	// together is how many operations the speed-up is of.
	together = 3
)

// slowKind is one kind of slow operation: how many are set up and where they
// are to be found. The clean-up that comes with them is called after the run.
type slowKind struct {
	name, claim, text string
	setUp             func(n int, delay time.Duration) (targets []string, size int, cleanUp func() error, err error)
}

var slowKinds = []slowKind{
	{"fifo", "concurrent-reads", "reads of FIFOs", fifoTargets},
	{"socket", "concurrent-sockets", "reads of connections", socketTargets},
	{"sleep", "concurrent-sleeps", "sleeps", sleepTargets},
}

func fifoTargets(n int, delay time.Duration) ([]string, int, func() error, error) {
	f, err := feed.NewFIFOs(n, delay)
	if err != nil {
		return nil, 0, nil, err
	}
	return f.Paths(), len(feed.Text), f.Close, nil
}

func socketTargets(n int, delay time.Duration) ([]string, int, func() error, error) {
	s, err := feed.NewSockets(delay)
	if err != nil {
		return nil, 0, nil, err
	}
	return slices.Repeat([]string{s.Address()}, n), len(feed.Text), s.Close, nil
}

func sleepTargets(n int, delay time.Duration) ([]string, int, func() error, error) {
	targets := make([]string, n)
	for i := range targets {
		targets[i] = fmt.Sprint(delay.Milliseconds())
	}
	return targets, 0, func() error { return nil }, nil
}

func speedups() []Experiment {
	var list []Experiment
	for _, k := range slowKinds {
		list = append(list, Experiment{
			Name: "speedup/" + k.name, Kind: result.Speedup,
			Title:  fmt.Sprintf("Three concurrent %s against three in a row", k.text),
			Method: fmt.Sprintf("%d %s of %v (%v in quick mode) one after another and at once, in alternation; the figure is the quotient of the two times, as the program itself sees them. At best it is %d.", together, k.text, slowDelay(false), slowDelay(true), together),
			Quick:  Plan{Rounds: 7, Seconds: 7 * 2 * (4*0.05 + 0.03)},
			Full:   Plan{Rounds: 15, Seconds: 15 * 2 * (4*0.1 + 0.03)},
			run:    func(ctx context.Context, r *run) error { return r.speedup(ctx, k) },
		})
	}
	return list
}

// speedup compares three operations in a row with three at once.
func (r *run) speedup(ctx context.Context, k slowKind) error {
	variants := []variant{r.slow(k, sequential, together), r.slow(k, concurrent, together)}
	if err := r.rounds(ctx, 0, variants); err != nil {
		return err
	}
	r.quantity(point{name: sequential}, "ms")
	r.quantity(point{name: concurrent}, "ms")
	e := r.ratio("speed-up", 0, point{name: sequential}, point{name: concurrent})
	r.judge(k.claim, e)
	return nil
}

// slow is n operations of a kind in one process of Gene.
func (r *run) slow(k slowKind, mode string, n int) variant {
	return variant{name: mode, unit: "ms", measure: func(ctx context.Context) (reading, error) {
		res, err := r.slowRun(ctx, k, mode, n)
		if err != nil {
			return reading{}, err
		}
		ms, err := measure.Figure(res.Stdout, "wall_ms")
		return reading{ms, res}, err
	}}
}

// slowRun runs n operations and checks that they read what there was.
func (r *run) slowRun(ctx context.Context, k slowKind, mode string, n int) (res measure.Result, err error) {
	targets, size, cleanUp, err := k.setUp(n, slowDelay(r.Quick))
	if err != nil {
		return res, err
	}
	defer func() {
		if cleanErr := cleanUp(); err == nil {
			err = cleanErr
		}
	}()
	c, err := r.geneRun(ctx, r.loop, "async/slow_operations.gene", append([]string{mode, k.name}, targets...)...)
	if err != nil {
		return res, err
	}
	res, err = measure.Run(ctx, c)
	if err != nil {
		return res, err
	}
	return res, wantFigure(res.Stdout, "size", float64(size*n))
}

// wantFigure checks a figure of an output.
func wantFigure(stdout, name string, want float64) error {
	got, err := measure.Figure(stdout, name)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%s is %v, want %v; the output was %q", name, got, want, strings.TrimSpace(stdout))
	}
	return nil
}
