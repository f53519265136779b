package claims

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
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
// The whole round of a program goes, with all its variants. If more than a third of a program's rounds
// would go, none does: the machine is like that, or the program with its collector's threads; the intervals say
// so, and a note does too.
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
type round struct{ layout, number int }

// settle extends the marks of single samples to their rounds, or takes all
// marks of a program away when they are too many, and tells how it went in notes. The
// first estimate calls it; no samples come after.
func (r *run) settle() {
	if r.settled {
		return
	}
	r.settled = true
	rounds, dropped := r.disturbedRounds()
	var kept []string
	total, gone := 0, 0
	for _, program := range slices.Sorted(maps.Keys(rounds)) {
		n, bad := len(rounds[program]), len(dropped[program])
		total += n
		if float64(bad) > dropAtMost*float64(n) {
			kept = append(kept, strings.TrimSpace(fmt.Sprintf("%s %d of %d", program, bad, n)))
			delete(dropped, program)
			continue
		}
		gone += bad
	}
	if gone > 0 {
		r.note("%d of %d rounds dropped, because the machine was disturbed in them", gone, total)
	}
	if len(kept) > 0 {
		r.note("rounds in which the machine was disturbed, but too many to drop, so that the intervals are the wider: %s", strings.Join(kept, ", "))
	}
	for i := range r.out.Series {
		series := &r.out.Series[i]
		for j := range series.Samples {
			s := &series.Samples[j]
			s.Dropped = dropped[series.Program][round{s.Layout, s.Round}]
		}
	}
}

// disturbedRounds gives the rounds of each program, and why some of them are to be dropped.
func (r *run) disturbedRounds() (rounds map[string]map[round]bool, dropped map[string]map[round]string) {
	rounds, dropped = map[string]map[round]bool{}, map[string]map[round]string{}
	for _, series := range r.out.Series {
		if rounds[series.Program] == nil {
			rounds[series.Program], dropped[series.Program] = map[round]bool{}, map[round]string{}
		}
		for _, s := range series.Samples {
			at := round{s.Layout, s.Round}
			rounds[series.Program][at] = true
			if s.Dropped != "" {
				dropped[series.Program][at] = s.Dropped
			}
		}
	}
	return rounds, dropped
}
