package stats

import "math"

// tQuantile is the value that Student's t with df degrees of freedom stays
// below with probability p, for p from 0.5 to 1, to nine digits, by halving.
func tQuantile(p float64, df int) float64 {
	low, high := 0.0, 1.0
	for tBelow(high, df) < p {
		high *= 2
	}
	for high-low > 1e-9*high {
		if mid := (low + high) / 2; tBelow(mid, df) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// tBelow is the probability that Student's t stays below t >= 0 (Abramowitz
// and Stegun, 26.7.1, by the incomplete beta function).
func tBelow(t float64, df int) float64 {
	n := float64(df)
	return 1 - betaPart(n/(n+t*t), n/2, 0.5)/2
}

// betaPart is the regularised incomplete beta function I_x(a, b), by its
// continued fraction, which converges fast below (a+1)/(a+b+2) (26.5.8, there).
func betaPart(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaPart(1-x, b, a)
	}
	ga, _ := math.Lgamma(a)
	gb, _ := math.Lgamma(b)
	gab, _ := math.Lgamma(a + b)
	front := math.Exp(gab - ga - gb + a*math.Log(x) + b*math.Log1p(-x))
	return front / a / betaFraction(x, a, b)
}

// betaFraction evaluates 1 + d1/(1 + d2/(1 + …)) from its far end. 60 terms
// are more than enough below (a+1)/(a+b+2).
func betaFraction(x, a, b float64) float64 {
	value := 1.0
	for m := 60; m >= 1; m-- {
		k := float64(m / 2)
		var d float64
		if m%2 == 0 {
			d = k * (b - k) * x / ((a + 2*k - 1) * (a + 2*k))
		} else {
			d = -(a + k) * (a + b + k) * x / ((a + 2*k) * (a + 2*k + 1))
		}
		value = 1 + d/value
	}
	return value
}
