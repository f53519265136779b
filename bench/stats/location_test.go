package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// The numbers of rounds are those of the experiments.
func TestLocationCovers(t *testing.T) {
	for _, n := range []int{7, 10, 15, 21} {
		for _, noise := range noises {
			t.Run(fmt.Sprintf("%d/%s", n, noise.name), func(t *testing.T) {
				r := rand.New(rand.NewPCG(3, uint64(n)))
				wantCoverage(t, covered(0.02, func(int) Interval { return Location(rounds(r, n, 0.02, noise.draw)) }))
			})
		}
	}
}

// With fewer rounds Student's t holds for normal noise.
func TestLocationOfFewCovers(t *testing.T) {
	for n := 2; n < minRanked; n++ {
		r := rand.New(rand.NewPCG(4, uint64(n)))
		got := covered(0.02, func(int) Interval { return Location(rounds(r, n, 0.02, noises[0].draw)) })
		t.Run(fmt.Sprint(n), func(t *testing.T) { wantCoverage(t, got) })
	}
}

// A single quantity's noise is skewed: what is slow is never made up for. The
// truth is then the pseudomedian, which a great sample shows.
func TestLocationCoversSkewedQuantities(t *testing.T) {
	for _, noise := range noises {
		t.Run(noise.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(9, 9))
			truth := pseudomedian(r, noise.draw)
			wantCoverage(t, covered(truth, func(int) Interval {
				xs := make([]float64, 15)
				for i := range xs {
					xs[i] = turnMean(r, noise.draw)
				}
				return Location(xs)
			}))
		})
	}
}

// turnMean is what the two turns of a round come to.
func turnMean(r *rand.Rand, noise func(*rand.Rand) float64) float64 {
	return (noise(r) + noise(r)) / 2
}

// pseudomedian is the median of the mean of two independent draws.
func pseudomedian(r *rand.Rand, noise func(*rand.Rand) float64) float64 {
	xs := make([]float64, 100_000)
	for i := range xs {
		xs[i] = (turnMean(r, noise) + turnMean(r, noise)) / 2
	}
	return Median(xs)
}

// A comparison of a thing with itself finds a difference as seldom as promised.
func TestLocationFindsNothingInA_A(t *testing.T) {
	for _, noise := range noises {
		r := rand.New(rand.NewPCG(1, 1))
		found := 1 - covered(0, func(int) Interval { return Location(rounds(r, 15, 0, noise.draw)) })
		if found > 0.07 { // 5 %, and three standard errors of the count
			t.Errorf("%s noise: %.1f %% of the comparisons of A with A found a difference, want at most 5 %%", noise.name, 100*found)
		}
	}
}

func TestLocationFindsTwoPercent(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	quiet := func(r *rand.Rand) float64 { return r.NormFloat64() / 3 } // 1 % a sample
	found := 0
	for range runs {
		if Location(rounds(r, 15, 0.02, quiet)).Low > 0 {
			found++
		}
	}
	if found < runs*95/100 {
		t.Errorf("2 %% was found in %d of %d runs, want 95 in 100", found, runs)
	}
}

// The minimum detectable effect says what it means: a true difference of that
// size is found in about 80 of 100 runs.
func TestMDEIsFoundInEightyPercent(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	sum := 0.0
	for range runs {
		sum += Location(rounds(r, 15, 0, noises[0].draw)).MDE / runs
	}
	found := 0
	for range runs {
		if Location(rounds(r, 15, sum, noises[0].draw)).Low > 0 {
			found++
		}
	}
	if found < runs*75/100 || found > runs*88/100 {
		t.Errorf("a difference of the MDE was found in %d of %d runs, want about 800", found, runs)
	}
}

func TestHodgesLehmann(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want float64
	}{
		{[]float64{3}, 3},
		{[]float64{1, 2}, 1.5},
		{[]float64{1, 2, 1000}, 251.25}, // of 1 1.5 2 500.5 501 1000
		{[]float64{1, 2, 3, 4, 5, 6, 1000}, 4},
	} {
		if got := HodgesLehmann(c.in); got != c.want {
			t.Errorf("HodgesLehmann(%v) = %v, want %v", c.in, got, c.want)
		}
	}
	if got := HodgesLehmann(nil); !math.IsNaN(got) {
		t.Errorf("HodgesLehmann of nothing = %v, want NaN", got)
	}
}

// The critical values are those of the tables: P(T <= c) <= 0.025 for the
// greatest c, which is rankCut-1.
func TestRankCut(t *testing.T) {
	for n, want := range map[int]int{6: 0, 7: 2, 8: 3, 10: 8, 12: 13, 15: 25, 20: 52, 25: 89} {
		if got := rankCut(n) - 1; got != want {
			t.Errorf("n = %d: critical value %d, want %d", n, got, want)
		}
	}
}

// Beyond the counted ranks the approximation serves as well.
func TestLocationOfManyCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	n := 0
	for range 200 {
		if i := Location(rounds(r, maxExactRanks+1, 0.02, heavy)); i.Low <= 0.02 && 0.02 <= i.High {
			n++
		}
	}
	if n < 184 {
		t.Errorf("%d of 200 intervals hold the truth, want about 190", n)
	}
}

func TestSignedRanksApproachTheNormal(t *testing.T) {
	if exact, next := rankCut(maxExactRanks), rankCut(maxExactRanks+1); next < exact || next > exact+60 {
		t.Errorf("cut %d for %d rounds counted, %d for one more approximated", exact, maxExactRanks, next)
	}
}

// The values are those of the tables of Student's t.
func TestTQuantile(t *testing.T) {
	for _, c := range []struct {
		p    float64
		df   int
		want float64
	}{
		{0.975, 1, 12.7062}, {0.975, 2, 4.30265}, {0.975, 5, 2.57058}, {0.975, 19, 2.09302},
		{0.8, 1, 1.37638}, {0.8, 10, 0.87906}, {0.975, 1000, 1.96234}, {0.95, 30, 1.69726},
	} {
		if got := tQuantile(c.p, c.df); math.Abs(got-c.want) > 1e-4*c.want {
			t.Errorf("t of %v with %d degrees of freedom = %v, want %v", c.p, c.df, got, c.want)
		}
	}
}

func TestQuantile(t *testing.T) {
	xs := []float64{5, 1, 3, 2, 4}
	for p, want := range map[float64]float64{0: 1, 0.25: 2, 0.5: 3, 0.9: 4.6, 1: 5} {
		if got := Quantile(xs, p); math.Abs(got-want) > 1e-12 {
			t.Errorf("Quantile(%v) = %v, want %v", p, got, want)
		}
	}
	if xs[0] != 5 {
		t.Error("the samples were moved")
	}
	if got := Quantile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("Quantile of nothing = %v, want NaN", got)
	}
}

func TestRatioOfLogarithms(t *testing.T) {
	got := Location(LogRatios([][]float64{{20, 20}, {20, 20}}, [][]float64{{10, 10}, {10, 10}})).Ratio()
	if math.Abs(got.Value-2) > 1e-12 || math.Abs(got.Low-2) > 1e-9 || math.Abs(got.High-2) > 1e-9 || got.MDE > 1e-9 {
		t.Errorf("the ratio of 20 and 10 = %+v, want 2 without spread", got)
	}
}
