package claims

import (
	"context"
	"fmt"
	"strings"

	"gene/bench/measure"
	"gene/bench/result"
)

// heap weighs the live heap of a program.
var heap = build{pkg: "bench/async/heap"}

// memories weigh what is pending.
func memories() []Experiment {
	list := []Experiment{
		{
			Name: "memory/timers", Title: "Memory of a pending timer's future",
			run: func(ctx context.Context, r *run) error { return r.memory(ctx, "timers", "timer-memory") },
		},
		{
			Name: "memory/tasks", Title: "Memory of a task parked in a sleep of its own",
			run: func(ctx context.Context, r *run) error { return r.memory(ctx, "tasks", "task-memory") },
		},
	}
	for i := range list {
		list[i].Kind, list[i].Single, list[i].QuickOnOne = result.Pending, true, true
		list[i].Method = "the live heap and the stacks after a collection, with 1 000 to 1 000 000 of them, less those with none, divided by their number; the array that holds the futures is in it. What a process needs beyond that, before a collection, is in tasks/million."
		list[i].Quick = Plan{Rounds: 2, Seconds: 3}
		list[i].Full = Plan{Rounds: 5, Seconds: 8}
	}
	return list
}

func (r *run) memory(ctx context.Context, kind, claim string) error {
	path, err := r.binary(ctx, heap)
	if err != nil {
		return err
	}
	r.total = r.plan.Rounds
	for round := range r.plan.Rounds {
		res, err := measure.Run(ctx, measure.Command{
			Name: "heap of " + kind, Argv: []string{path, r.loop, r.program("async/memory.gene"), kind, fmt.Sprint(levelLast)},
		})
		if err != nil {
			return err
		}
		if err := r.addWeights(round, kind, res.Stdout); err != nil {
			return err
		}
		r.advance()
	}
	var last result.Estimate
	for level := 1000; level <= levelLast; level *= 10 {
		last = r.quantity(point{name: kind, x: float64(level)}, "B")
	}
	r.judge(claim, last)
	return nil
}

// addWeights reads pairs of lines: how many wait, and the bytes of the heap then.
func (r *run) addWeights(round int, kind, stdout string) error {
	words := strings.Fields(stdout)
	empty, samples := 0.0, 0
	for ; len(words) >= 4; words = words[4:] {
		var level, size float64
		if _, err := fmt.Sscanf(strings.Join(words[:4], " "), "waiting %g heap_bytes %g", &level, &size); err != nil {
			return fmt.Errorf("memory.gene printed %q: %w", stdout, err)
		}
		if level == 0 {
			empty = size
			continue
		}
		samples++
		r.add(variant{name: kind, unit: "B"}, result.Sample{X: level, Round: round, Value: (size - empty) / level})
	}
	if samples == 0 {
		return fmt.Errorf("memory.gene printed %q, want the sizes of the heap", stdout)
	}
	return nil
}
