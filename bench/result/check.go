package result

import (
	"fmt"
)

// check refuses what no run writes and the reports could not draw.
func (f *File) check() error {
	if f.Seconds < 0 {
		return fmt.Errorf("the run took %v s: want a time that is not negative", f.Seconds)
	}
	seen := make(map[string]bool, len(f.Experiments))
	for i := range f.Experiments {
		e := &f.Experiments[i]
		if e.Name == "" {
			return fmt.Errorf("experiment %d has no name", i)
		}
		key := e.Name + "@" + e.Loop
		if seen[key] {
			return fmt.Errorf("experiment %s appears twice", key)
		}
		seen[key] = true
		if err := e.check(); err != nil {
			return fmt.Errorf("experiment %s: %w", key, err)
		}
	}
	return nil
}

func (e *Experiment) check() error {
	if e.Seconds < 0 {
		return fmt.Errorf("it took %v s: want a time that is not negative", e.Seconds)
	}
	for _, s := range e.Series {
		for i, t := range s.Samples {
			if err := t.check(); err != nil {
				return fmt.Errorf("sample %d of series %q: %w", i, s.Name, err)
			}
		}
	}
	for _, t := range e.Estimates {
		if err := t.check(); err != nil {
			return fmt.Errorf("estimate %q: %w", t.Name, err)
		}
	}
	for _, v := range e.Verdicts {
		if err := v.Estimate.check(); err != nil {
			return fmt.Errorf("verdict on %q: %w", v.Claim, err)
		}
	}
	for _, s := range e.Spans {
		if s.Start < 0 || s.End < s.Start {
			return fmt.Errorf("span %q is from %v to %v ms: want 0 ≤ start ≤ end", s.Label, s.Start, s.End)
		}
	}
	return e.Histogram.check()
}

// check looks at what can't be negative. The value can: memory may shrink.
func (s Sample) check() error {
	if s.Layout < 0 || s.Round < 0 || s.Turn < 0 {
		return fmt.Errorf("layout %d, round %d, turn %d: want none negative", s.Layout, s.Round, s.Turn)
	}
	if s.StealMS < 0 || s.WallMS < 0 || s.PeakKB < 0 || s.Switches < 0 {
		return fmt.Errorf("steal %v ms, wall %v ms, peak %d KiB, %d switches: want none negative", s.StealMS, s.WallMS, s.PeakKB, s.Switches)
	}
	return nil
}

func (e Estimate) check() error {
	if e.N < 0 || e.MDE < 0 {
		return fmt.Errorf("%d rounds with a smallest difference of %v: want none negative", e.N, e.MDE)
	}
	if e.Low > e.High {
		return fmt.Errorf("an interval from %v to %v: want the smaller end first", e.Low, e.High)
	}
	return nil
}

func (h *Histogram) check() error {
	if h == nil {
		return nil
	}
	if len(h.Bounds) != len(h.Counts)+1 {
		return fmt.Errorf("a histogram of %d bounds and %d counts: want one bound more than counts", len(h.Bounds), len(h.Counts))
	}
	for i, n := range h.Counts {
		if h.Bounds[i] >= h.Bounds[i+1] {
			return fmt.Errorf("a histogram with bound %v before %v: want them to rise", h.Bounds[i], h.Bounds[i+1])
		}
		if n < 0 {
			return fmt.Errorf("a histogram with %d values from %v to %v: want no negative count", n, h.Bounds[i], h.Bounds[i+1])
		}
	}
	return nil
}
