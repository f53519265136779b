package stats

import (
	"math"
	"testing"
)

func near(got, want float64) bool { return math.Abs(got-want) < 1e-9 }

func TestPairedRatio(t *testing.T) {
	r := PairedRatio([]float64{20, 40, 60}, []float64{10, 20, 30})
	if !near(r.Value, 2) || !near(r.Low, 2) || !near(r.High, 2) || r.N != 3 {
		t.Errorf("PairedRatio = %+v, want 2 without spread, of 3 rounds", r)
	}
}

func TestMeanByRound(t *testing.T) {
	means := MeanByRound([][]float64{{1, 2}, {3, 4, 5}})
	if len(means) != 2 || !near(means[0], 2) || !near(means[1], 3) {
		t.Errorf("MeanByRound = %v, want 2 and 3, for the rounds that both have", means)
	}
	if means := MeanByRound(nil); means != nil {
		t.Errorf("MeanByRound of nothing = %v", means)
	}
}

func TestScaled(t *testing.T) {
	i := Location(Logs([][]float64{{99, 101}, {100, 100}, {98, 102}})).Scaled()
	if i.Value < 99.9 || i.Value > 100.1 || i.Low > i.Value || i.High < i.Value || i.MDE <= 0 || i.MDE > 1 {
		t.Errorf("Scaled = %+v, want about 100 with an effect in the same unit", i)
	}
}
