package claims

import (
	"context"
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
		list[i].Kind = result.Cost
		list[i].Quick = Plan{Rounds: 7, Seconds: 3}
		list[i].Full = Plan{Rounds: 15, Seconds: 25}
	}
	return list
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
			return r.goFigure(ctx, "ns_per_op", program, r.taskCount())
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

// goFigure runs the plain Go equivalent.
func (r *run) goFigure(ctx context.Context, figure string, args ...string) (reading, error) {
	path, err := r.binary(ctx, goPeer)
	if err != nil {
		return reading{}, err
	}
	return figureOf(ctx, measure.Command{Name: "go " + args[0], Argv: append([]string{path}, args...)}, figure)
}

// figureOf runs a command and reads one figure of its output.
func figureOf(ctx context.Context, c measure.Command, figure string) (reading, error) {
	res, err := measure.RunContext(ctx, c)
	if err != nil {
		return reading{}, err
	}
	x, err := measure.Figure(res.Stdout, figure)
	if err != nil {
		return reading{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	return reading{x, res}, nil
}
