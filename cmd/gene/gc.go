package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// tuneGC trades memory for speed while the heap is small, and gives it back as
// the heap grows: a script that makes garbage should not collect every 4 MiB,
// and one that holds a million tasks should not need twice its size. The user's
// GOGC wins.
func tuneGC(gogc string) {
	if gogc != "" {
		return
	}
	debug.SetGCPercent(gcSteps[0].percent)
	watchGC(&gcTuner{percent: gcSteps[0].percent})
}

// gcSteps are the percentages by live heap, in bytes.
var gcSteps = []struct {
	below   uint64
	percent int
}{
	{32 << 20, 400},
	{128 << 20, 150},
	{256 << 20, 75},
	{^uint64(0), 30},
}

type gcTuner struct{ percent int }

// watchGC runs the tuner after each collection: a finalizer is the only hook
// the runtime has for that, and it arms itself anew each time.
func watchGC(t *gcTuner) {
	runtime.SetFinalizer(t, func(t *gcTuner) {
		t.adjust(liveHeap())
		watchGC(t)
	})
}

func (t *gcTuner) adjust(live uint64) {
	for _, s := range gcSteps {
		if live < s.below {
			if s.percent != t.percent {
				t.percent = s.percent
				debug.SetGCPercent(s.percent)
			}
			return
		}
	}
}

// liveHeap is the number of bytes that the last collection left.
func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return s[0].Value.Uint64()
}
