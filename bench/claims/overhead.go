package claims

import (
	"context"
	"fmt"

	"gene/bench/measure"
	"gene/bench/result"
	"gene/bench/stats"
)

// overheads measure what the loop costs code that doesn't use it.
func overheads() []Experiment {
	list := []Experiment{
		{
			Name: "overhead/idle", Title: "Programs without async beside a busy loop",
			Method: "a program runs in one process with nothing pending and beside a loop that holds 1 000 timers, a listener and 10 pending reads, in the order A B B A B A A B after a run that isn't counted, and in other processes the other way round. The figure is the quotient of the programs' own times, and its mean over the programs; a round is one process of each.",
			Quick:  Plan{Rounds: 3, Seconds: 12 * 3 * 9 * 0.04},
			Full:   Plan{Rounds: 11, Seconds: 12 * 11 * 9 * 0.04}, QuickOnOne: true,
			run: func(ctx context.Context, r *run) error { return r.idle(ctx) },
		},
		{
			Name: "overhead/structural", Title: "Programs without async in a build with safepoints against one without", AnyLoop: true,
			Method: "the default build against one with the tag genenosafe, each in the same code layouts, in alternation. A layout is a seed for the order of functions (-ldflags=-randlayout) and for the compiler's choices within the interpreter (-gcflags=gene/vm=-d=ssa/check/seed), each of which moves a program by up to 20 %. The figure is the quotient of the programs' own times; its mean over layouts and programs, with Student's interval over layouts, judges the claim, which takes 20 layouts.",
			Quick:  Plan{Rounds: 1, Layouts: 2, Seconds: 12*1*2*4*0.035 + 2*2*8},
			Full:   Plan{Rounds: 1, Layouts: 20, Seconds: 12*1*20*4*0.15 + 20*2*8},
			run:    func(ctx context.Context, r *run) error { return r.structural(ctx) },
		},
		{
			Name: "overhead/counting", Title: "Programs without async with a count of instructions in place of safepoints", AnyLoop: true,
			Method: "the same binary with --poll-every=100, which looks at the loop every 100 instructions, against safepoints, in alternation: what the usual design would cost. The figure is the quotient of the programs' own times.",
			Quick:  Plan{Rounds: 2, Seconds: 12 * 2 * 4 * 0.04},
			Full:   Plan{Rounds: 5, Seconds: 12 * 5 * 4 * 0.12},
			run:    func(ctx context.Context, r *run) error { return r.counting(ctx) },
		},
	}
	for i := range list {
		list[i].Kind = result.Overhead
	}
	return list
}

// way is one of the two ways to run the programs that an overhead compares.
type way struct {
	name  string
	build build
	flags []string
}

func (r *run) counting(ctx context.Context) error {
	ways := [2]way{{"every 100 instructions", gene, []string{"--poll-every=100"}}, {"safepoints", gene, nil}}
	if err := r.compareWays(ctx, 0, ways); err != nil {
		return err
	}
	r.overhead(ways[0].name, ways[1].name)
	return nil
}

// layoutsToJudge is how many layouts the structural claim takes: layout alone
// moves an interpreter by up to 20 %.
const layoutsToJudge = 20

func (r *run) structural(ctx context.Context) error {
	var ways [2]way
	for layout := range r.plan.Layouts {
		with := build{pkg: gene.pkg, layout: layout + 1}
		without := build{pkg: gene.pkg, tags: "genenosafe", layout: layout + 1}
		ways = [2]way{{"safepoints", with, nil}, {"none", without, nil}}
		if err := r.compareWays(ctx, layout, ways); err != nil {
			return err
		}
		if err := r.discard(with, without); err != nil {
			return err
		}
	}
	e := r.overheadOfLayouts(ways)
	r.judge("no-async-cost", e)
	if v := &r.out.Verdicts[0]; r.plan.Layouts < layoutsToJudge {
		v.Outcome = result.Undecided
		v.Reason = fmt.Sprintf("%d layouts in quick mode, and a verdict takes %d", r.plan.Layouts, layoutsToJudge)
	}
	return nil
}

// compareWays runs every program both ways, in alternation.
func (r *run) compareWays(ctx context.Context, layout int, ways [2]way) error {
	if r.total == 0 {
		r.total = max(1, r.plan.Layouts) * r.plan.Rounds * 2 * 2 * len(shortPrograms)
	}
	// The rounds are the outer loop, so that a program's are apart in time.
	for round := range r.plan.Rounds {
		for _, p := range shortPrograms {
			if err := r.compareOnce(ctx, layout, round, p, ways); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) compareOnce(ctx context.Context, layout, round int, p shortProgram, ways [2]way) error {
	for turn := range 2 {
		for i := range ways {
			w := ways[i]
			if turn == 1 {
				w = ways[1-i]
			}
			v := variant{name: w.name, program: p.name, unit: "us", measure: func(ctx context.Context) (reading, error) {
				return r.timed(ctx, p, w)
			}}
			if err := r.sample(ctx, v, result.Sample{Layout: layout, Round: round, Turn: turn}); err != nil {
				return err
			}
		}
	}
	return nil
}

// timed runs a program one way and gives its own time in microseconds.
func (r *run) timed(ctx context.Context, p shortProgram, w way) (reading, error) {
	binary, err := r.binary(ctx, w.build)
	if err != nil {
		return reading{}, err
	}
	path, err := r.timedProgram(p)
	if err != nil {
		return reading{}, err
	}
	argv := append(append([]string{binary, "run"}, w.flags...), path, p.at(r.Quick).argument)
	got, err := figureOf(ctx, measure.Command{Name: p.name + " with " + w.name, Argv: argv}, "bench_us")
	if err != nil {
		return got, err
	}
	return got, p.checkOutput(got.cost.Stdout, r.Quick)
}

// overhead estimates each program and the mean of all, over rounds: each
// round of the whole set is one observation of the mean.
func (r *run) overhead(with, without string) result.Estimate {
	perRound := make([][]float64, 0, r.plan.Rounds)
	for _, p := range shortPrograms {
		ratios := r.logRatiosByRound(point{name: with, program: p.name}, point{name: without, program: p.name})
		r.estimate(result.Estimate{Name: "ratio", Program: p.name, Unit: "ratio"}, stats.Location(stats.Present(ratios)).Ratio())
		perRound = append(perRound, ratios)
	}
	return r.estimate(result.Estimate{Name: "ratio", Unit: "ratio"}, stats.Location(stats.MeanByRound(perRound)).Ratio())
}

// overheadOfLayouts estimates each program and the mean of all, over layouts.
func (r *run) overheadOfLayouts(ways [2]way) result.Estimate {
	programs := make([][]float64, len(shortPrograms))
	for i, p := range shortPrograms {
		for layout := range r.plan.Layouts {
			a := point{name: ways[0].name, program: p.name, layout: layout}
			b := point{name: ways[1].name, program: p.name, layout: layout}
			// Of no rounds, because the machine was disturbed, it is NaN.
			programs[i] = append(programs[i], stats.HodgesLehmann(r.logRatios(a, b)))
		}
		r.estimate(result.Estimate{Name: "ratio", Program: p.name, Unit: "ratio"}, stats.TwoLevel(stats.Present(programs[i])).Ratio())
	}
	return r.estimate(result.Estimate{Name: "ratio", Unit: "ratio"}, stats.TwoLevel(stats.MeanByRound(programs)).Ratio())
}
