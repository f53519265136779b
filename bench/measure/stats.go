package measure

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Ratio is a quotient of two medians with its 95 % interval.
type Ratio struct {
	Value, Low, High float64
}

// resamples is enough for the second digit of the interval to stand still.
const resamples = 2000

// Median of xs; NaN for none. xs is left as it is.
func Median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(xs))
	mid := len(s) / 2
	if len(s)%2 == 1 {
		return s[mid]
	}
	return (s[mid-1] + s[mid]) / 2
}

// GeoMean is the geometric mean of xs; NaN for none.
func GeoMean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(xs)))
}

// RatioOf gives median(a)/median(b) with a percentile-bootstrap interval. The
// rounds are drawn as pairs, because a[i] and b[i] were measured side by side.
// The draws come from a fixed seed: the same samples give the same interval.
func RatioOf(a, b []float64) Ratio {
	n := min(len(a), len(b))
	if n == 0 {
		return Ratio{math.NaN(), math.NaN(), math.NaN()}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	ratios := make([]float64, resamples)
	for k := range ratios {
		ratios[k] = redrawn(rng, a, b)
	}
	slices.Sort(ratios)
	return Ratio{
		Value: Median(a) / Median(b),
		Low:   ratios[resamples*25/1000],
		High:  ratios[resamples*975/1000],
	}
}

// GeoMeanRatio is the geometric mean of the ratios of several programs, with an
// interval from redrawing the rounds of every program in each step.
func GeoMeanRatio(a, b [][]float64) Ratio {
	rng := rand.New(rand.NewPCG(3, 4))
	points := make([]float64, len(a))
	for p := range a {
		points[p] = Median(a[p]) / Median(b[p])
	}
	means := make([]float64, resamples)
	draw := make([]float64, len(a))
	for k := range means {
		for p := range a {
			draw[p] = redrawn(rng, a[p], b[p])
		}
		means[k] = GeoMean(draw)
	}
	slices.Sort(means)
	return Ratio{
		Value: GeoMean(points),
		Low:   means[resamples*25/1000],
		High:  means[resamples*975/1000],
	}
}

// redrawn is the ratio of medians of one bootstrap sample of the rounds.
func redrawn(rng *rand.Rand, a, b []float64) float64 {
	n := min(len(a), len(b))
	ra, rb := make([]float64, n), make([]float64, n)
	for i := range n {
		j := rng.IntN(n)
		ra[i], rb[i] = a[j], b[j]
	}
	return Median(ra) / Median(rb)
}
