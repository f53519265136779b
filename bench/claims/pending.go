package claims

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gene/backends"
	"gene/bench/measure"
	"gene/bench/result"
)

// levels are how many timers wait while others are measured: powers of ten.
const (
	levelFirst = 10
	levelLast  = 1_000_000
)

// pendings measure what an event costs while others are pending.
func pendings() []Experiment {
	list := []Experiment{
		{
			Name: "pending/loop", Title: "What an event of the loop costs beside N pending timers",
			Method: "inside one process, with no program: a timer is set, falls due and is run, 20 000 times (5 000 in quick mode), with 10 to 1 000 000 others pending. The figure is the time of one; flat is the quotient of the last by the first.",
			Quick:  Plan{Rounds: 7, Seconds: 3},
			Full:   Plan{Rounds: 15, Seconds: 15},
			run:    func(ctx context.Context, r *run) error { return r.pendingLoop(ctx) },
		},
		{
			Name: "pending/program", Title: "What timers and switches of a program cost beside N pending timers",
			Method: "a program with 10 to 1 000 000 timers pending adds one (create), sets one, awaits it until it fires (timer), and switches to a task and back (switch), 20 000 times. Flat is the quotient of the last by the first.",
			Quick:  Plan{Rounds: 3, Seconds: 4},
			Full:   Plan{Rounds: 11, Seconds: 22},
			run:    func(ctx context.Context, r *run) error { return r.pendingProgram(ctx) },
		},
	}
	for i := range list {
		list[i].Kind, list[i].Single, list[i].QuickOnOne = result.Pending, true, true
	}
	return list
}

// pendingLoop measures the loop alone.
func (r *run) pendingLoop(ctx context.Context) error {
	count := 20_000
	if r.Quick {
		count = 5_000
	}
	r.total = r.plan.Rounds
	for round := range r.plan.Rounds {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if err := r.loopRound(round, count); err != nil {
			return err
		}
		r.advance()
	}
	r.judge("flat-loop", r.growth("timer", "ns"))
	return nil
}

// loopRound fills a loop level by level.
func (r *run) loopRound(round, count int) error {
	loop, err := backends.New(r.loop, backends.Options{})
	if err != nil {
		return err
	}
	pending := 0
	for level := levelFirst; level <= levelLast; level *= 10 {
		for ; pending < level; pending++ {
			loop.AfterFunc(24*time.Hour+time.Duration(pending), backends.Func(func() {}))
		}
		loopEvents(loop, count/8) // warms up
		stolen := measure.Stolen()
		start := time.Now()
		loopEvents(loop, count)
		wall := time.Since(start)
		r.add(variant{name: "timer", unit: "ns"}, result.Sample{
			X: float64(level), Round: round, Value: float64(wall.Nanoseconds()) / float64(count),
			StealMS: 1e3 * (measure.Stolen() - stolen).Seconds(),
			Dropped: disturbed(measure.Result{Wall: wall, Steal: measure.Stolen() - stolen}),
		})
	}
	return loop.Close()
}

// loopEvents sets timers that are due at once, one after another, and runs each.
func loopEvents(loop backends.EventLoop, count int) {
	fired := 0
	for range count {
		loop.AfterFunc(0, backends.Func(func() { fired++ }))
		for want := fired + 1; fired < want; {
			loop.Poll(-1)
		}
	}
}

// growth estimates a series at each level, and the quotient of last by first.
func (r *run) growth(name, unit string) result.Estimate {
	for level := levelFirst; level <= levelLast; level *= 10 {
		r.quantity(point{name: name, x: float64(level)}, unit)
	}
	return r.ratio(name+" flat", 0, point{name: name, x: levelLast}, point{name: name, x: levelFirst})
}

// pendingProgram measures a program on the loop.
func (r *run) pendingProgram(ctx context.Context) error {
	r.total = r.plan.Rounds
	for round := range r.plan.Rounds {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		c, err := r.geneRun(ctx, r.loop, "async/pending_cost.gene", fmt.Sprint(levelLast))
		if err != nil {
			return err
		}
		res, err := measure.Run(ctx, c)
		if err != nil {
			return err
		}
		if err := r.addLevels(round, res); err != nil {
			return err
		}
		r.advance()
	}
	for level := 1000; level <= levelLast; level *= 10 { // fewer are too few to time
		r.quantity(point{name: "create", x: float64(level)}, "ns")
	}
	r.judge("flat-timer", r.growth("timer", "ns"))
	r.judge("flat-switch", r.growth("switch", "ns"))
	return nil
}

// addLevels reads a line for each level.
func (r *run) addLevels(round int, res measure.Result) error {
	levels := 0
	for line := range strings.Lines(res.Stdout) {
		var level, create, timer, turn float64
		if _, err := fmt.Sscanf(line, "pending %g create_ns %g timer_ns %g roundtrip_ns %g", &level, &create, &timer, &turn); err != nil {
			return fmt.Errorf("pending_cost.gene printed %q: %w", line, err)
		}
		levels++
		s := result.Sample{
			X: level, Round: round, StealMS: 1e3 * res.Steal.Seconds(), Switches: res.Switches, Dropped: disturbed(res),
		}
		for _, series := range []struct {
			name  string
			value float64
		}{{"create", create}, {"timer", timer}, {"switch", turn / 2}} {
			s.Value = series.value
			r.add(variant{name: series.name, unit: "ns"}, s)
		}
	}
	if levels == 0 {
		return fmt.Errorf("pending_cost.gene printed nothing")
	}
	return nil
}
