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

func TestScaled(t *testing.T) {
	i := Location(Logs([][]float64{{99, 101}, {100, 100}, {98, 102}})).Scaled()
	if i.Value < 99.9 || i.Value > 100.1 || i.Low > i.Value || i.High < i.Value || i.MDE <= 0 || i.MDE > 1 {
		t.Errorf("Scaled = %+v, want about 100 with an effect in the same unit", i)
	}
}

// One of four turns that went astray doesn't carry the round off.
func TestTurnsThatGoAstray(t *testing.T) {
	quiet := [][]float64{{100, 101, 99, 100}}
	bad := [][]float64{{100, 101, 99, 300}}
	if d := LogRatios(bad, quiet)[0]; math.Abs(d) > 0.01 {
		t.Errorf("a round of which one turn took three times as long differs by %v, want less than 0.01", d)
	}
	if d := LogRatios([][]float64{{1, 4}}, [][]float64{{1, 1}})[0]; !near(d, math.Log(2)) {
		t.Errorf("two turns count %v, want the mean of their logarithms", d)
	}
}
