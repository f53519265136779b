package claims

import (
	"context"
	"fmt"
	"strings"

	"gene/bench/result"
)

// timelines show one run each of what the speed-ups measure.
func timelines() []Experiment {
	var list []Experiment
	for _, k := range slowKinds {
		list = append(list, Experiment{
			Name: "timeline/" + k.name, Kind: result.Timeline,
			Title:  fmt.Sprintf("When each of three %s begins and ends", k.text),
			Method: "one run one after another and one at once; the program itself takes the times.",
			Single: true,
			Quick:  Plan{Rounds: 1, Seconds: 0.3},
			Full:   Plan{Rounds: 1, Seconds: 0.5},
			run: func(ctx context.Context, r *run) error {
				for _, mode := range []string{sequential, concurrent} {
					if err := r.timeline(ctx, k, mode); err != nil {
						return err
					}
				}
				return nil
			},
		})
	}
	return list
}

func (r *run) timeline(ctx context.Context, k slowKind, mode string) error {
	res, err := r.slowRun(ctx, k, mode, together)
	if err != nil {
		return err
	}
	for line := range strings.Lines(res.Stdout) {
		var n int
		s := result.Span{Group: mode}
		if _, err := fmt.Sscanf(line, "operation %d began_ms %g ended_ms %g", &n, &s.Start, &s.End); err != nil {
			continue // another figure
		}
		s.Label = fmt.Sprintf("%s %d", k.name, n)
		r.out.Spans = append(r.out.Spans, s)
	}
	if got := len(r.out.Spans); got%together != 0 || got == 0 {
		return fmt.Errorf("%s: %d spans in the output %q, want %d", mode, got, res.Stdout, together)
	}
	return nil
}
