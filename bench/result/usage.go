package result

import "slices"

// Usage is what runs of a series took, in medians of the samples that count.
type Usage struct {
	Value float64 // in Unit
	Unit  string
	// WallMS and PeakMB are of the whole process, PeakMB in MiB; 0 where the
	// samples don't tell.
	WallMS, PeakMB float64
}

// Usage gives the medians of a series; false if it has no sample that counts.
func (e *Experiment) Usage(name, program string) (Usage, bool) {
	var value, wall, peak []float64
	c := Usage{}
	for _, series := range e.Series {
		if series.Name != name || series.Program != program {
			continue
		}
		c.Unit = series.Unit
		for _, s := range series.Samples {
			if s.Dropped == "" {
				value, wall, peak = append(value, s.Value), append(wall, s.WallMS), append(peak, float64(s.PeakKB)/1024)
			}
		}
	}
	if len(value) == 0 {
		return c, false
	}
	c.Value, c.WallMS, c.PeakMB = median(value), median(wall), median(peak)
	return c, true
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return (xs[(len(xs)-1)/2] + xs[len(xs)/2]) / 2
}
