package claims

import (
	"context"
	"fmt"
	"time"

	"gene/bench/feed"
	"gene/bench/measure"
	"gene/bench/result"
)

// scalingDelay is how long each of many operations takes, in both modes: the
// claims are of operations of this length.
const scalingDelay = 100 * time.Millisecond

// scalings run N operations at once, N growing.
func scalings() []Experiment {
	list := []Experiment{
		{
			Name: "scaling/sleep", Title: "N concurrent sleeps of 100 ms",
			Method: "N sleeps at once, N forwards and backwards in turn; the figure is the time of all as the program sees it, and the quotient by that of one.",
			Quick:  Plan{Rounds: 7, Seconds: 2 * 7 * 2 * 0.115},
			Full:   Plan{Rounds: 11, Seconds: 4 * 11 * 2 * 0.115},
			run: func(ctx context.Context, r *run) error {
				return r.scaling(ctx, "many-sleeps", r.sizes(1, 10, 100, 1000), r.manySleeps)
			},
		},
		{
			Name: "scaling/socket", Title: "N concurrent reads of connections that answer after 100 ms",
			Method: "N connections dialled and read at once, N forwards and backwards in turn; the figure is the time of all, connecting included, and the quotient by that of one.",
			Full:   Plan{Rounds: 11, Seconds: 4 * 11 * 2 * 0.13},
			run: func(ctx context.Context, r *run) error {
				return r.scaling(ctx, "", r.sizes(1, 10, 100, 1000), r.manySockets)
			},
		},
		{
			Name: "scaling/fifo", Title: "N concurrent reads of FIFOs whose writers wait 100 ms, against plain Go",
			Method: "N FIFOs read at once by Gene and by plain Go with a goroutine each, in alternation; the figure is the time of all, and Gene's over Go's.",
			Quick:  Plan{Rounds: 7, Seconds: 2 * 7 * 2 * 0.13},
			Full:   Plan{Rounds: 11, Seconds: 6 * 11 * 2 * 0.13},
			run:    func(ctx context.Context, r *run) error { return r.scalingFIFOs(ctx) },
		},
	}
	for i := range list {
		list[i].Kind = result.Scaling
	}
	return list
}

// sizes leaves the middle ones out in quick mode.
func (r *run) sizes(all ...int) []int {
	if r.Quick {
		return []int{all[0], all[len(all)-1]}
	}
	return all
}

// scaling compares N operations with one.
func (r *run) scaling(ctx context.Context, claim string, sizes []int, many func(n int) variant) error {
	var variants []variant
	for _, n := range sizes {
		variants = append(variants, many(n))
	}
	if err := r.rounds(ctx, 0, variants); err != nil {
		return err
	}
	var last result.Estimate
	for _, n := range sizes {
		r.quantity(point{name: "gene", x: float64(n)}, "ms")
	}
	for _, n := range sizes[1:] {
		last = r.ratio("against one", float64(n), point{name: "gene", x: float64(n)}, point{name: "gene", x: 1})
	}
	if claim != "" {
		r.judge(claim, last)
	}
	return nil
}

func (r *run) manySleeps(n int) variant {
	return variant{name: "gene", unit: "ms", x: float64(n), measure: func(ctx context.Context) (reading, error) {
		c, err := r.geneRun(ctx, r.loop, "async/sleeps.gene", fmt.Sprint(n), fmt.Sprint(scalingDelay.Milliseconds()))
		if err != nil {
			return reading{}, err
		}
		return figureOf(ctx, c, "wall_ms")
	}}
}

func (r *run) manySockets(n int) variant {
	return variant{name: "gene", unit: "ms", x: float64(n), measure: func(ctx context.Context) (got reading, err error) {
		s, err := feed.NewSockets(scalingDelay)
		if err != nil {
			return got, err
		}
		defer s.Close() // what it could say, the reader has said
		c, err := r.geneRun(ctx, r.loop, "async/socket_reads.gene", s.Address(), fmt.Sprint(n))
		if err != nil {
			return got, err
		}
		return readingOf(ctx, c, n)
	}}
}

// readingOf runs a command that reads n texts, checks that it has and gives its time.
func readingOf(ctx context.Context, c measure.Command, n int) (reading, error) {
	got, err := figureOf(ctx, c, "wall_ms")
	if err != nil {
		return got, err
	}
	return got, wantFigure(got.cost.Stdout, "size", float64(n*len(feed.Text)))
}

// scalingFIFOs compares Gene and Go at each N.
func (r *run) scalingFIFOs(ctx context.Context) error {
	sizes := []int{1, 10, 100}
	if r.Quick {
		sizes = sizes[2:]
	}
	var variants []variant
	for _, n := range sizes {
		variants = append(variants, r.manyFIFOs("gene", n), r.manyFIFOs("go", n))
	}
	if err := r.rounds(ctx, 0, variants); err != nil {
		return err
	}
	var last result.Estimate
	for _, n := range sizes {
		x := float64(n)
		r.quantity(point{name: "gene", x: x}, "ms")
		r.quantity(point{name: "go", x: x}, "ms")
		last = r.ratio("gene/go", x, point{name: "gene", x: x}, point{name: "go", x: x})
	}
	r.judge("many-reads", last)
	return nil
}

func (r *run) manyFIFOs(who string, n int) variant {
	return variant{name: who, unit: "ms", x: float64(n), measure: func(ctx context.Context) (got reading, err error) {
		c, err := r.geneRun(ctx, r.loop, "async/fifo_reads.gene")
		if who == "go" {
			c, err = r.goRun(ctx, "fifo_reads")
		}
		if err != nil {
			return got, err
		}
		f, err := feed.NewFIFOs(n, scalingDelay)
		if err != nil {
			return got, err
		}
		c.Argv = append(c.Argv, f.Paths()...)
		got, err = readingOf(ctx, c, n)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		return got, err
	}}
}

// goRun is the command line of the plain Go equivalent.
func (r *run) goRun(ctx context.Context, args ...string) (measure.Command, error) {
	path, err := r.binary(ctx, goPeer)
	return measure.Command{Name: "go " + args[0], Argv: append([]string{path}, args...)}, err
}
