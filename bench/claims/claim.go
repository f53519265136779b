package claims

import "gene/bench/result"

// Claim is a sentence with a figure, and the experiment that judges it.
type Claim struct {
	// ID is its short name, which verdicts carry.
	ID   string
	Text string
	// Limit is the figure that the whole interval must stay below (AtMost) or above.
	Limit  float64
	AtMost bool
	Unit   string
	// Experiment is the name of the one that judges it.
	Experiment string
}

// Table is all that we claim.
var Table = []Claim{
	{"concurrent-sleeps", "three concurrent sleeps take the time of one: speed-up at least 2.9 of the possible 3.0", 2.9, false, "ratio", "speedup/sleep"},
	{"spawn", "a trivial task is spawned and awaited in at most 300 ns", 300, true, "ns", "tasks/spawn"},
	{"switch", "a switch between parked tasks takes at most 200 ns", 200, true, "ns", "tasks/switch"},
}

// ClaimByID finds a claim.
func ClaimByID(id string) (Claim, bool) {
	for _, c := range Table {
		if c.ID == id {
			return c, true
		}
	}
	return Claim{}, false
}

// verdict judges a claim by an estimate; one of no rounds leaves it undecided.
func (c Claim) verdict(e result.Estimate) result.Verdict {
	v := result.Verdict{
		Claim: c.ID, Text: c.Text, Limit: c.Limit, AtMost: c.AtMost,
		Estimate: e, Outcome: result.Undecided,
	}
	if e.N > 0 {
		v.Outcome = result.Judge(e, c.Limit, c.AtMost)
	} else {
		v.Estimate.Unit = c.Unit
	}
	return v
}

// Of gives the claims that an experiment judges.
func Of(experiment string) []Claim {
	var list []Claim
	for _, c := range Table {
		if c.Experiment == experiment {
			list = append(list, c)
		}
	}
	return list
}
