package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMeanByRound(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		name     string
		programs [][]float64
		want     []float64
	}{
		{"all there", [][]float64{{1, 2}, {3, 6}}, []float64{2, 4}},
		// The middles are 1 and 3.5; in the last round the second is 1.5 above its own.
		{"one missing", [][]float64{{1, 1, none}, {3, 3, 5}}, []float64{2, 2, 3.75}},
		{"a shorter one", [][]float64{{1, 1}, {3, 3, 3}}, []float64{2, 2, 2}},
		{"too few in a round", [][]float64{{1, none}, {3, none}, {5, 5}}, []float64{3}},
		{"a program without rounds", [][]float64{{1, 1}, {none, none}}, nil},
		{"no programs", nil, nil},
	} {
		got := MeanByRound(c.programs)
		if !slices.EqualFunc(got, c.want, near) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Programs of unlike ratios, a fifth of whose rounds are missing: the interval still holds the mean of the programs.
func TestMeanByRoundCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	wantCoverage(t, covered(0.02, func(int) Interval {
		programs := make([][]float64, 12)
		for p := range programs {
			shift := 0.02 + 0.05*float64(p-5) // −0.25 to 0.3
			programs[p] = rounds(r, 11, shift-0.025, noises[p%2].draw)
			for i := range programs[p] {
				if r.IntN(5) == 0 {
					programs[p][i] = math.NaN()
				}
			}
		}
		return Location(MeanByRound(programs))
	}))
}
