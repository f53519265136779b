package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// drawLayouts gives what is observed in n layouts of a few rounds each, around a true mean: the mean over
// programs, which are the set that a claim is about and never drawn, of the middle of their rounds.
// between is the size of what a layout does, in sizes of a sample's noise.
func drawLayouts(r *rand.Rand, n, programs, perLayout int, truth, between float64, layout, noise func(*rand.Rand) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		for range programs {
			shift := truth + sigma*between*layout(r)
			out[i] += HodgesLehmann(rounds(r, perLayout, shift, noise)) / float64(programs)
		}
	}
	return out
}

// skewed has mean 0, size 1 and skewness 1, as the sum of four exponential
// waits. (For a skewness of 2, one such wait, 92 to 93 % are what Student's t gives.)
func skewed(r *rand.Rand) float64 {
	return (r.ExpFloat64()+r.ExpFloat64()+r.ExpFloat64()+r.ExpFloat64())/2 - 2
}

// layoutShapes are what layouts may do to a program's time. Their mean is zero,
// which is what a mean over layouts aims at.
var layoutShapes = []struct {
	name string
	draw func(*rand.Rand) float64
}{
	{"normal", (*rand.Rand).NormFloat64},
	{"skewed", skewed},
	{"heavy-tailed", heavy},
}

// The numbers of layouts, rounds and programs are those of the experiment
// overhead/structural: one program, all of them, and all of them in quick mode.
func TestTwoLevelCovers(t *testing.T) {
	for _, noise := range noises {
		for _, shape := range layoutShapes {
			for _, between := range []float64{0.3, 2} {
				t.Run(fmt.Sprintf("%s/%s/%v", noise.name, shape.name, between), func(t *testing.T) {
					r := rand.New(rand.NewPCG(11, 1))
					wantCoverage(t, covered(0.01, func(int) Interval {
						return TwoLevel(drawLayouts(r, 20, 1, 2, 0.01, between, shape.draw, noise.draw))
					}))
				})
			}
		}
	}
}

func TestTwoLevelCoversAllPrograms(t *testing.T) {
	for _, size := range []struct{ layouts, rounds int }{{20, 2}, {3, 1}} {
		for _, shape := range layoutShapes {
			t.Run(fmt.Sprintf("%d layouts/%s", size.layouts, shape.name), func(t *testing.T) {
				r := rand.New(rand.NewPCG(12, 1))
				wantCoverage(t, covered(0.01, func(int) Interval {
					return TwoLevel(drawLayouts(r, size.layouts, 12, size.rounds, 0.01, 1, shape.draw, noises[4].draw))
				}))
			})
		}
	}
}

// Between two builds that are the same, a difference is found as seldom as promised.
func TestTwoLevelFindsNothingInA_A(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	wantCoverage(t, covered(0, func(int) Interval {
		return TwoLevel(drawLayouts(r, 20, 2, 2, 0, 1, layoutShapes[0].draw, noises[0].draw))
	}))
}

func TestTwoLevelFindsOnePercent(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	found := 0
	for range runs {
		if TwoLevel(drawLayouts(r, 20, 12, 1, 0.01, 1, layoutShapes[0].draw, noises[0].draw)).Low > 0 {
			found++
		}
	}
	if found < runs*9/10 {
		t.Errorf("1 %% was found in %d of %d runs, want nine in ten", found, runs)
	}
}

func TestTwoLevelOfOneLayoutIsUnknown(t *testing.T) {
	i := TwoLevel([]float64{0.15})
	if i.N != 1 || i.Low > -1e300 || i.High < 1e300 {
		t.Errorf("TwoLevel of one layout = %+v, want an interval without ends", i)
	}
}
