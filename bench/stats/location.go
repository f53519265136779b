package stats

import (
	"math"
	"slices"
)

// HodgesLehmann is the median of the means of all pairs of xs, each x with
// itself included; NaN for none.
func HodgesLehmann(xs []float64) float64 {
	switch len(xs) {
	case 0:
		return math.NaN()
	case 1:
		return xs[0]
	case 2:
		return (xs[0] + xs[1]) / 2
	}
	return sortedQuantile(pairMeans(xs), 0.5)
}

// pairMeans gives the n(n+1)/2 Walsh averages, sorted.
func pairMeans(xs []float64) []float64 {
	means := make([]float64, 0, len(xs)*(len(xs)+1)/2)
	for i, x := range xs {
		for _, y := range xs[i:] {
			means = append(means, (x+y)/2)
		}
	}
	slices.Sort(means)
	return means
}

// minRanked is the smallest number of rounds for which the signed-rank interval
// is of about 95 %: with six it is of 97 %, and with five there is none.
const minRanked = 7

// Location estimates where the middle of xs lies. The Walsh averages between
// the k-th smallest and the k-th largest make the interval, k being what
// Wilcoxon's signed-rank distribution gives: at least 95 %, and at most 97 %.
func Location(xs []float64) Interval {
	n := len(xs)
	if n < minRanked {
		return student(HodgesLehmann(xs), xs)
	}
	means := pairMeans(xs)
	k := rankCut(n)
	i := Interval{
		Value: sortedQuantile(means, 0.5),
		Low:   means[k-1],
		High:  means[len(means)-k],
		N:     n,
	}
	i.MDE = effect((i.High-i.Low)/2, n-1)
	return i
}

// student is the t interval around value.
func student(value float64, xs []float64) Interval {
	n := len(xs)
	if n < 2 {
		return unknown(value, n)
	}
	half := tQuantile((1+Confidence)/2, n-1) * deviation(xs) / math.Sqrt(float64(n))
	return Interval{Value: value, Low: Mean(xs) - half, High: Mean(xs) + half, N: n, MDE: effect(half, n-1)}
}

// effect is the minimum detectable effect of an interval of that half width:
// a difference is found if the estimate lies beyond the half width, so the
// truth must lie beyond it by what 80 % of the estimates keep to.
func effect(half float64, df int) float64 {
	t := tQuantile((1+Confidence)/2, df)
	return half * (t + tQuantile(power, df)) / t
}

// maxExactRanks is where the normal approximation is as good as the count.
const maxExactRanks = 100

// rankCut is the largest k such that the signed-rank statistic of n falls
// below k with a probability of at most 2.5 %: so many Walsh averages are cut off at each end.
func rankCut(n int) int {
	tail := (1 - Confidence) / 2
	if n > maxExactRanks {
		f := float64(n)
		mean, sd := f*(f+1)/4, math.Sqrt(f*(f+1)*(2*f+1)/24)
		return int(math.Floor(mean - normalQuantile*sd))
	}
	below := 0.0
	for k, p := range signedRanks(n) {
		below += p
		if below > tail {
			return k
		}
	}
	panic("internal error: probabilities that don't add up to one")
}

// normalQuantile is that of (1+Confidence)/2.
const normalQuantile = 1.959963984540054

// signedRanks gives the probability of each value of Wilcoxon's statistic for
// n differences: each rank 1..n is in the sum or not, with probability 1/2.
func signedRanks(n int) []float64 {
	p := make([]float64, n*(n+1)/2+1)
	p[0] = 1
	for rank := 1; rank <= n; rank++ {
		for sum := len(p) - 1; sum >= 0; sum-- {
			p[sum] /= 2
			if sum >= rank {
				p[sum] += p[sum-rank] / 2
			}
		}
	}
	return p
}
