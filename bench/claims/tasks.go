package claims

import (
	"context"
	"errors"
	"fmt"

	"gene/bench/measure"
	"gene/bench/result"
)

// tasks are what the scheduler's own operations cost, beside plain Go's.
func tasks() []Experiment {
	list := []Experiment{
		{
			Name: "tasks/spawn", Title: "Spawning and awaiting a trivial task",
			Method: "(await (async 1)) in a loop; Go starts a goroutine that sends on a channel. The figure is the time of one, as the program itself sees it.",
			run: func(ctx context.Context, r *run) error {
				return r.taskCost(ctx, "spawn", "spawn_await")
			},
		},
		{
			Name: "tasks/switch", Title: "Switching between two parked tasks",
			Method: "two tasks wake each other through futures in turn; Go's are two goroutines and two channels. The figure is the time of one switch.",
			run: func(ctx context.Context, r *run) error {
				return r.taskCost(ctx, "switch", "switch")
			},
		},
	}
	for i := range list {
		list[i].Kind, list[i].AnyLoop = result.Cost, true
		list[i].Quick = Plan{Rounds: 7, Seconds: 2}
		list[i].Full = Plan{Rounds: 15, Seconds: 15}
	}
	return append(list, Experiment{
		Name: "tasks/million", Kind: result.Cost, Single: true, AnyLoop: true,
		Title:  "A million tasks asleep at once",
		Method: "1 000 000 tasks sleep 5 s each and check that they wake in the order of their start; the figures are the time until all have, and the peak of the process's resident memory.",
		Full:   Plan{Rounds: 3, Seconds: 20},
		run:    func(ctx context.Context, r *run) error { return r.million(ctx) },
	})
}

func (r *run) million(ctx context.Context) error {
	r.total = r.plan.Rounds
	for round := range r.plan.Rounds {
		c, err := r.geneRun(ctx, r.loop, "async/million_sleepers.gene")
		if err != nil {
			return err
		}
		got, err := figureOf(ctx, c, "wall_ms")
		if err != nil {
			return err
		}
		if err := wantFigure(got.cost.Stdout, "out_of_order", 0); err != nil {
			return err
		}
		if got.cost.MaxRSSKB == 0 {
			return errors.New("this system doesn't tell the memory of a process")
		}
		r.add(variant{name: "wall", unit: "ms"}, result.Sample{Round: round, Value: got.value})
		r.add(variant{name: "peak memory", unit: "MiB"}, result.Sample{Round: round, Value: float64(got.cost.MaxRSSKB) / 1024})
		r.advance()
	}
	r.quantity(point{name: "wall"}, "ms")
	r.judge("million-tasks", r.quantity(point{name: "peak memory"}, "MiB"))
	return nil
}

// taskCount is how many operations a sample is of.
func (r *run) taskCount() string {
	if r.Quick {
		return "200000"
	}
	return "1000000"
}

// goPeer is the plain Go equivalent of the asynchronous programs.
var goPeer = build{pkg: "bench/async/gopeer"}

func (r *run) taskCost(ctx context.Context, claim, program string) error {
	variants := []variant{
		{name: "gene", unit: "ns", measure: func(ctx context.Context) (reading, error) {
			c, err := r.geneRun(ctx, r.loop, fmt.Sprintf("async/%s.gene", program), r.taskCount())
			if err != nil {
				return reading{}, err
			}
			return figureOf(ctx, c, "ns_per_op")
		}},
		{name: "go", unit: "ns", measure: func(ctx context.Context) (reading, error) {
			c, err := r.goRun(ctx, program, r.taskCount())
			if err != nil {
				return reading{}, err
			}
			return figureOf(ctx, c, "ns_per_op")
		}},
	}
	if err := r.rounds(ctx, 0, variants); err != nil {
		return err
	}
	e := r.quantity(point{name: "gene"}, "ns")
	r.quantity(point{name: "go"}, "ns")
	r.ratio("gene/go", 0, point{name: "gene"}, point{name: "go"})
	r.judge(claim, e)
	return nil
}

// figureOf runs a command and reads one figure of its output.
func figureOf(ctx context.Context, c measure.Command, figure string) (reading, error) {
	res, err := measure.Run(ctx, c)
	if err != nil {
		return reading{}, err
	}
	x, err := measure.Figure(res.Stdout, figure)
	if err != nil {
		return reading{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	return reading{x, res}, nil
}
