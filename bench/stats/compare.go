package stats

import "math"

// Quotient gives new/old of two independent estimates of positive quantities,
// with the interval that follows from theirs: on logarithms, each end is as far out
// as the two ends that lead to it, squared and added (MOVER; Zou and Donner, Statistics
// in Medicine 27, 2008).
func Quotient(old, new Interval) Interval {
	o, n := old.logs(), new.logs()
	d := n.Value - o.Value
	i := Interval{
		Value: d,
		Low:   d - math.Hypot(n.Value-n.Low, o.High-o.Value),
		High:  d + math.Hypot(n.High-n.Value, o.Value-o.Low),
		N:     min(old.N, new.N),
	}
	i.MDE = effect((i.High-i.Low)/2, max(1, i.N-1))
	return i.Ratio()
}

func (i Interval) logs() Interval {
	return Interval{Value: math.Log(i.Value), Low: math.Log(i.Low), High: math.Log(i.High), N: i.N}
}
