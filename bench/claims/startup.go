package claims

import (
	"context"
	"os/exec"

	"gene/bench/measure"
	"gene/bench/result"
)

// startups time an interpreter that has nothing to do.
func startups() []Experiment {
	return []Experiment{{
		Name: "startup/eval", Kind: result.Cost, AnyLoop: true,
		Title:  "Start and end of gene eval 1",
		Method: "gene eval 1, and lua5.4 -v where it is installed, in alternation; the figure is the time from before the start of the process to its end.",
		Quick:  Plan{Rounds: 15, Seconds: 0.6},
		Full:   Plan{Rounds: 60, Seconds: 2},
		run:    func(ctx context.Context, r *run) error { return r.startup(ctx) },
	}}
}

func (r *run) startup(ctx context.Context) error {
	path, err := r.binary(ctx, gene)
	if err != nil {
		return err
	}
	variants := []variant{wallOf("gene", path, "eval", "1")}
	lua, err := exec.LookPath("lua5.4")
	if err == nil {
		variants = append(variants, wallOf("lua5.4", lua, "-v"))
	} else {
		r.note("lua5.4 is not installed")
	}
	if err := r.rounds(ctx, 0, variants); err != nil {
		return err
	}
	e := r.quantity(point{name: "gene"}, "ms")
	if len(variants) > 1 {
		r.quantity(point{name: "lua5.4"}, "ms")
	}
	r.judge("startup", e)
	return nil
}

// wallOf times a whole process, in ms.
func wallOf(name string, argv ...string) variant {
	return variant{name: name, unit: "ms", measure: func(ctx context.Context) (reading, error) {
		res, err := measure.Run(ctx, measure.Command{Name: name, Argv: argv})
		return reading{1e3 * res.Wall.Seconds(), res}, err
	}}
}
