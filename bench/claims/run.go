package claims

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gene/bench/measure"
	"gene/bench/result"
	"gene/bench/stats"
)

// run is one experiment under way on one loop.
type run struct {
	*Session
	loop     string
	plan     Plan
	out      *result.Experiment
	observer Observer
	// total and done count samples, for the observer.
	total, done int
	turns       int // samples of a series in a round
	settled     bool
}

// reading is what one run of a variant gave.
type reading struct {
	value float64
	cost  measure.Result
}

// variant is one of the things that take turns.
type variant struct {
	name, program string
	unit          string
	x             float64
	measure       func(ctx context.Context) (reading, error)
}

// rounds runs all variants forwards and backwards, as often as planned, and adds
// their samples; a round of Single experiments is only one of the two. A round in
// which the machine was disturbed is marked; see settle.
func (r *run) rounds(ctx context.Context, layout int, variants []variant) error {
	rounds := r.plan.Rounds
	if r.total == 0 {
		r.total = max(1, r.plan.Layouts) * rounds * r.turns * len(variants)
	}
	for round := range rounds {
		for turn := range r.turns {
			for _, v := range variants {
				if err := r.sample(ctx, v, result.Sample{Layout: layout, Round: round, Turn: turn}); err != nil {
					return err
				}
			}
			slices.Reverse(variants)
		}
	}
	return nil
}

// sample runs a variant once.
func (r *run) sample(ctx context.Context, v variant, s result.Sample) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	got, err := v.measure(ctx)
	if err != nil {
		return err
	}
	s.X, s.Value = v.x, got.value
	s = withCost(s, got.cost)
	if r.out.Kind == result.Peers {
		s.WallMS, s.PeakKB = 1e3*got.cost.Wall.Seconds(), ownPeak(got.cost)
	}
	r.add(v, s)
	r.advance()
	return nil
}

// withCost notes what disturbed a sample's process, and whether it is to be dropped for it.
func withCost(s result.Sample, cost measure.Result) result.Sample {
	s.StealMS, s.Switches, s.Dropped = 1e3*cost.Steal.Seconds(), cost.Switches, disturbed(cost)
	return s
}

// advance tells the observer of one more sample.
func (r *run) advance() {
	r.done++
	r.observer.Step(min(1, float64(r.done)/float64(max(1, r.total))))
}

// add appends a sample to the series of its variant.
func (r *run) add(v variant, s result.Sample) {
	for i := range r.out.Series {
		if t := &r.out.Series[i]; t.Name == v.name && t.Program == v.program {
			t.Samples = append(t.Samples, s)
			return
		}
	}
	r.out.Series = append(r.out.Series, result.Series{
		Name: v.name, Program: v.program, Unit: v.unit, Samples: []result.Sample{s},
	})
}

// of gives the turns of each round of a series at x that counts, by round. Only whole
// rounds count: an interruption may have left half of one.
func (r *run) of(name, program string, x float64, layout int) map[int][]float64 {
	r.settle()
	byRound := map[int][]float64{}
	for _, series := range r.out.Series {
		if series.Name != name || series.Program != program {
			continue
		}
		for _, s := range series.Samples {
			if s.X == x && s.Layout == layout && s.Dropped == "" {
				byRound[s.Round] = append(byRound[s.Round], s.Value)
			}
		}
	}
	for round, turns := range byRound {
		if len(turns) != r.turns {
			delete(byRound, round)
		}
	}
	return byRound
}

// point names a series at one size.
type point struct {
	name, program string
	x             float64
	layout        int
}

func (r *run) at(p point) map[int][]float64 { return r.of(p.name, p.program, p.x, p.layout) }

// logRatios gives the logarithms of a/b of the rounds that count.
func (r *run) logRatios(a, b point) []float64 { return stats.Present(r.logRatiosByRound(a, b)) }

// logRatiosByRound gives the logarithms of a/b, and NaN for rounds that don't count.
func (r *run) logRatiosByRound(a, b point) []float64 {
	inA, inB := r.at(a), r.at(b)
	logs := make([]float64, r.plan.Rounds)
	for round := range logs {
		logs[round] = math.NaN()
		if inA[round] != nil && inB[round] != nil {
			logs[round] = stats.LogRatios([][]float64{inA[round]}, [][]float64{inB[round]})[0]
		}
	}
	return logs
}

// ratio adds the estimate of a/b under a name.
func (r *run) ratio(name string, x float64, a, b point) result.Estimate {
	return r.estimate(result.Estimate{Name: name, X: x, Unit: "ratio"}, stats.Location(r.logRatios(a, b)).Ratio())
}

// quantity adds the estimate of a series at a size.
func (r *run) quantity(p point, unit string) result.Estimate {
	byRound := r.at(p)
	var turns [][]float64
	for round := range r.plan.Rounds {
		if byRound[round] != nil {
			turns = append(turns, byRound[round])
		}
	}
	return r.estimate(result.Estimate{Name: p.name, Program: p.program, X: p.x, Unit: unit}, stats.Location(stats.Logs(turns)).Scaled())
}

// noEstimate is what too few rounds give.
var noEstimate = result.Estimate{Name: "none"}

// estimate fills in an interval and adds the estimate to the results. An
// interval without ends says nothing, and is not written.
func (r *run) estimate(e result.Estimate, i stats.Interval) result.Estimate {
	if math.IsNaN(i.Value) || math.IsInf(i.High-i.Low, 0) || math.IsNaN(i.High-i.Low) {
		r.note("%s: %d rounds give no interval", e.Name, i.N)
		return noEstimate
	}
	e.Value, e.Low, e.High, e.N, e.MDE = i.Value, i.Low, i.High, i.N, i.MDE
	r.out.Estimates = append(r.out.Estimates, e)
	return e
}

// note adds a remark for the reader.
func (r *run) note(format string, args ...any) {
	r.out.Notes = append(r.out.Notes, fmt.Sprintf(format, args...))
}

// judge adds the verdict on a claim.
func (r *run) judge(id string, e result.Estimate) {
	c, ok := ClaimByID(id)
	if !ok {
		panic("internal error: no claim " + id)
	}
	v := c.verdict(e)
	switch {
	case e.N == 0:
		v.Reason = "too few rounds for an interval"
	case v.Outcome == result.Undecided:
		v.Reason = fmt.Sprintf("the interval %.4g to %.4g contains the limit %g", e.Low, e.High, c.Limit)
	}
	r.out.Verdicts = append(r.out.Verdicts, v)
}
