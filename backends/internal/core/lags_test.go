package core

import (
	"math"
	"testing"
	"time"

	"gene/backends"
)

// TestLagBuckets: each lag lies in its bucket, which is at most a sixteenth wide.
func TestLagBuckets(t *testing.T) {
	sizes := []time.Duration{0, 1, 15, 16, 17, 31, 32, 33, 999, time.Microsecond, 1e6, time.Second, time.Hour, math.MaxInt64}
	for _, lag := range sizes {
		b := lagBucket(lag)
		if top := lagLimit(b); top < lag || top-lag > lag/16 {
			t.Errorf("%d ns lies in bucket %d, which ends at %d", lag, b, top)
		}
		if b > 0 && lagLimit(b-1) >= lag {
			t.Errorf("%d ns lies in bucket %d, but the one before ends at %d", lag, b, lagLimit(b-1))
		}
	}
}

func TestLagQuantiles(t *testing.T) {
	var l lags
	var s backends.Stats
	l.tell(&s)
	if s != (backends.Stats{}) {
		t.Errorf("no lags told %+v", s)
	}
	for i := range 1000 {
		l.add(time.Duration(i+1) * time.Microsecond)
	}
	l.add(-time.Second) // before the clock was read: 0
	l.tell(&s)
	within := func(name string, got, want time.Duration) {
		if got < want || got > want+want/16 {
			t.Errorf("%s is %v, want %v or a sixteenth more at most", name, got, want)
		}
	}
	within("LagP50", s.LagP50, 500*time.Microsecond)
	within("LagP99", s.LagP99, 990*time.Microsecond)
	within("LagP999", s.LagP999, 999*time.Microsecond)
	if s.LagMax != time.Millisecond || s.LagMean != 500*time.Microsecond {
		t.Errorf("LagMax %v and LagMean %v, want 1ms and 500µs", s.LagMax, s.LagMean)
	}
}
