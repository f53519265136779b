package claims

import (
	"runtime"
	"time"

	"gene/bench/measure"
)

// The rule for noisy rounds, fixed beforehand. It looks at what the machine did
// and never at the figure: dropping what looks slow would be choosing a result.
//
//   - steal: the hypervisor took more than stealPart of the machine's time during a sample,
//     and at least stealLeast, which is two units of the counter;
//   - switches: the system took the processor from the measured process more than
//     switchRate times a second, and at least switchLeast times: others wanted it.
//
// The whole round of a program goes, with all its variants. If more than a third of the rounds
// would go, none does: the machine is like that, the intervals say so, and a note does too.
const (
	stealPart   = 0.05
	stealLeast  = 20 * time.Millisecond
	switchRate  = 500
	switchLeast = 100
	dropAtMost  = 1.0 / 3
)

// disturbed names the rule that drops a sample, or is empty.
func disturbed(r measure.Result) string {
	machine := r.Wall * time.Duration(runtime.NumCPU())
	switch {
	case r.Steal >= stealLeast && float64(r.Steal) > stealPart*float64(machine):
		return "steal"
	case r.Switches >= switchLeast && float64(r.Switches) > switchRate*r.Wall.Seconds():
		return "switches"
	}
	return ""
}

// round names one round of a program in one layout.
type round struct {
	program        string
	layout, number int
}

// settle extends the marks of single samples to their rounds, or takes all
// marks away when they are too many, and tells how it went in a note. The
// first estimate calls it; no samples come after.
func (r *run) settle() {
	if r.settled {
		return
	}
	r.settled = true
	e := r.out
	rounds, dropped := map[round]bool{}, map[round]string{}
	for _, series := range e.Series {
		for _, s := range series.Samples {
			at := round{series.Program, s.Layout, s.Round}
			rounds[at] = true
			if s.Dropped != "" {
				dropped[at] = s.Dropped
			}
		}
	}
	if len(dropped) == 0 {
		return
	}
	if float64(len(dropped)) > dropAtMost*float64(len(rounds)) {
		r.note("the machine was disturbed in %d of %d rounds: all are kept, and the intervals are the wider", len(dropped), len(rounds))
		clear(dropped)
	} else {
		r.note("%d of %d rounds dropped, because the machine was disturbed in them", len(dropped), len(rounds))
	}
	for i := range e.Series {
		series := &e.Series[i]
		for j := range series.Samples {
			s := &series.Samples[j]
			s.Dropped = dropped[round{series.Program, s.Layout, s.Round}]
		}
	}
}
