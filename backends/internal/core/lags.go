package core

import (
	"math/bits"
	"time"

	"gene/backends"
)

// lagBits is how many bits of a lag count after its first: buckets are a sixteenth of their lag wide.
const lagBits = 4

// lags counts how long what was ready waited to be run.
type lags struct {
	counts [(64 - lagBits) << lagBits]uint64 // by size
	n      uint64
	sum    time.Duration
	max    time.Duration
}

func (l *lags) add(lag time.Duration) {
	lag = max(lag, 0) // posted after the clock was read
	l.counts[lagBucket(lag)]++
	l.n++
	l.sum += lag
	l.max = max(l.max, lag)
}

func lagBucket(lag time.Duration) int {
	shift := max(bits.Len64(uint64(lag))-lagBits-1, 0)
	return shift<<lagBits + int(lag>>shift)
}

// lagLimit is the largest lag of a bucket.
func lagLimit(bucket int) time.Duration {
	shift := max(bucket>>lagBits-1, 0)
	return time.Duration(bucket-shift<<lagBits+1)<<shift - 1
}

// quantile is the lag that share of all didn't exceed, at most a sixteenth too large.
func (l *lags) quantile(share float64) time.Duration {
	left := uint64(share * float64(l.n))
	for b, n := range l.counts {
		if n > left {
			return min(lagLimit(b), l.max)
		}
		left -= n
	}
	return l.max
}

// tell fills in the statistics.
func (l *lags) tell(s *backends.Stats) {
	s.LagMax, s.LagP50, s.LagP99, s.LagP999 = l.max, l.quantile(0.5), l.quantile(0.99), l.quantile(0.999)
	if l.n > 0 {
		s.LagMean = l.sum / time.Duration(l.n)
	}
}
