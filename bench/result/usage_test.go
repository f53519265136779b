package result

import "testing"

func TestUsage(t *testing.T) {
	e := &Experiment{Series: []Series{
		{Name: "gene", Program: "loop", Unit: "ms", Samples: []Sample{{Value: 1}}},
		{Name: "gene", Program: "fib", Unit: "ms", Samples: []Sample{
			{Value: 30, WallMS: 31, PeakKB: 1024}, {Value: 10, WallMS: 11, PeakKB: 3072},
			{Value: 20, WallMS: 21, PeakKB: 2048}, {Value: 999, WallMS: 999, PeakKB: 999, Dropped: "steal"},
			{Value: 24, WallMS: 25, PeakKB: 2048},
		}},
		{Name: "lua5.4", Program: "fib", Unit: "ms", Samples: []Sample{{Value: 5, Dropped: "steal"}}},
	}}
	if c, ok := e.Usage("gene", "fib"); !ok || c != (Usage{Value: 22, Unit: "ms", WallMS: 23, PeakMB: 2}) {
		t.Errorf("Usage = %+v, %v, want 22 ms, 23 ms of wall time and 2 MiB", c, ok)
	}
	if c, ok := e.Usage("lua5.4", "fib"); ok {
		t.Errorf("Usage of dropped samples = %+v, want none", c)
	}
}
