package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestQuotientCovers(t *testing.T) {
	for _, noise := range noises[:4] {
		t.Run(noise.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(8, 8))
			estimate := func(shift float64) Interval {
				xs := make([]float64, 15)
				for i := range xs {
					xs[i] = shift + sigma*noise.draw(r)
				}
				return Location(xs).Ratio()
			}
			got := covered(1.05, func(int) Interval { return Quotient(estimate(0), estimate(math.Log(1.05))) })
			if got < 0.93 || got > 0.985 { // two exact intervals together are a little wide
				t.Errorf("%.1f %% of the intervals hold the truth, want 93 to 98.5 %%", 100*got)
			}
		})
	}
}

func TestQuotient(t *testing.T) {
	exact := func(x float64) Interval { return Interval{Value: x, Low: x, High: x, N: 9} }
	if got := Quotient(exact(4), exact(2)); fmt.Sprintf("%.6f %.6f %.6f", got.Value, got.Low, got.High) != "0.500000 0.500000 0.500000" {
		t.Errorf("2 after 4 = %+v, want 0.5 without spread", got)
	}
	got := Quotient(Interval{Value: 1, Low: 0.9, High: 1.1, N: 9}, exact(1))
	if math.Abs(got.Low-1/1.1) > 1e-9 || math.Abs(got.High-1/0.9) > 1e-9 {
		t.Errorf("an exact one after an uncertain one = %+v", got)
	}
}
