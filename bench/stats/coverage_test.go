package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// noises are shapes of noise, each of mean or middle zero where that is meant
// and of about unit size.
var noises = []struct {
	name string
	draw func(*rand.Rand) float64
}{
	{"normal", (*rand.Rand).NormFloat64},
	{"skewed", func(r *rand.Rand) float64 { return math.Exp(0.8*r.NormFloat64()) - 1 }},
	{"exponential", func(r *rand.Rand) float64 { return r.ExpFloat64() }},
	{"heavy-tailed", heavy},
	{"bursts", func(r *rand.Rand) float64 {
		x := 0.3 * r.NormFloat64()
		if r.IntN(10) == 0 {
			x += 5 * r.ExpFloat64()
		}
		return x
	}},
	{"two-humped", func(r *rand.Rand) float64 { return float64(r.IntN(2))*4 + 0.3*r.NormFloat64() }},
}

// heavy draws from Student's t with three degrees of freedom.
func heavy(r *rand.Rand) float64 {
	sum := 0.0
	for range 3 {
		x := r.NormFloat64()
		sum += x * x
	}
	return r.NormFloat64() / math.Sqrt(sum/3)
}

const (
	runs  = 1000
	sigma = 0.03 // of a sample's logarithm, for noise of unit size
)

// rounds gives n log-ratios of A B B A with a true ratio of exp(shift).
func rounds(r *rand.Rand, n int, shift float64, noise func(*rand.Rand) float64) []float64 {
	a, b := make([][]float64, n), make([][]float64, n)
	sample := func(shift float64) float64 { return 100 * math.Exp(shift+sigma*noise(r)) }
	for i := range n {
		b[i] = []float64{0, 0}
		a[i] = []float64{sample(shift), 0}
		b[i][0], b[i][1] = sample(0), sample(0)
		a[i][1] = sample(shift)
	}
	return LogRatios(a, b)
}

// covered counts how many of the runs' intervals hold the truth.
func covered(truth float64, interval func(run int) Interval) float64 {
	n := 0
	for run := range runs {
		if i := interval(run); i.Low <= truth && truth <= i.High {
			n++
		}
	}
	return float64(n) / runs
}

func wantCoverage(t *testing.T, got float64) {
	t.Helper()
	if got < 0.93 || got > 0.97 {
		t.Errorf("%.1f %% of the intervals hold the truth, want 93 to 97 %%", 100*got)
	}
}
