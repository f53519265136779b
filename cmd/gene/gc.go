package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// tuneGC trades memory for speed while the heap is small, and gives it back as
// the heap grows: a script that makes garbage should not collect every 4 MiB,
// and one that holds a million tasks should not need twice its size. The heap
// may grow by gcSlack beyond what is live, within gcPercentMin and
// gcPercentMax. The user's GOGC wins.
func tuneGC(gogc string) {
	if gogc != "" {
		return
	}
	debug.SetGCPercent(gcPercentMax)
	watchGC(&gcTuner{percent: gcPercentMax})
}

const (
	gcSlack      = 256 << 20 // bytes
	gcPercentMin = 25
	gcPercentMax = 400
)

type gcTuner struct{ percent int }

// watchGC runs the tuner after each collection: a finalizer is the only hook
// the runtime has for that, and it arms itself anew each time.
func watchGC(t *gcTuner) {
	runtime.SetFinalizer(t, func(t *gcTuner) {
		t.adjust(liveHeap())
		watchGC(t)
	})
}

// adjust sets the percentage for a live heap of so many bytes.
func (t *gcTuner) adjust(live uint64) {
	percent := gcPercentMax
	if live > 0 {
		percent = int(min(max(gcSlack*100/live, gcPercentMin), gcPercentMax))
	}
	if percent != t.percent {
		t.percent = percent
		debug.SetGCPercent(percent)
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
