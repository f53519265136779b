package measure

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want float64
	}{
		{[]float64{3}, 3},
		{[]float64{9, 1, 4}, 4},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		if got := Median(c.in); got != c.want {
			t.Errorf("Median(%v) = %v, want %v", c.in, got, c.want)
		}
	}
	if got := Median(nil); !math.IsNaN(got) {
		t.Errorf("Median of nothing = %v, want NaN", got)
	}
}

func TestRatioOfBracketsTheTrueRatio(t *testing.T) {
	a := []float64{20, 21, 19, 20.5, 19.5, 20, 20}
	b := []float64{10, 10.5, 9.5, 10, 10, 10.2, 9.8}
	r := RatioOf(a, b)
	if r.Value != 2 || r.Low > 2 || r.High < 2 || r.High-r.Low > 0.4 {
		t.Errorf("RatioOf = %+v, want 2 within a narrow interval", r)
	}
	if again := RatioOf(a, b); again != r {
		t.Errorf("the same samples gave %+v and %+v", r, again)
	}
}

func TestGeoMeanRatio(t *testing.T) {
	r := GeoMeanRatio([][]float64{{2, 2}, {8, 8}}, [][]float64{{1, 1}, {1, 1}})
	if math.Abs(r.Value-4) > 1e-9 || math.Abs(r.Low-4) > 1e-9 || math.Abs(r.High-4) > 1e-9 {
		t.Errorf("GeoMeanRatio = %+v, want 4 without spread", r)
	}
}

func TestPairAlternates(t *testing.T) {
	var order string
	err := Pair(3, func(_ int, first bool) error {
		if first {
			order += "a"
		} else {
			order += "b"
		}
		return nil
	})
	if err != nil || order != "abbaab" {
		t.Errorf("order %q, error %v, want abbaab and none", order, err)
	}
}
