package core

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unsafe"
)

type nothing struct{}

func (nothing) Complete() {}

func TestSizes(t *testing.T) {
	if n := unsafe.Sizeof(timer{}) + unsafe.Sizeof(slot{}); n > 56 {
		t.Errorf("a pending timer takes %d bytes, want 56 or less", n)
	}
}

// Against a sorted list: random starts, stops and expiries.
func TestHeapAgainstModel(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var ts timers
	type entry struct {
		at  time.Duration
		seq uint64
		t   *timer
	}
	var model []entry
	for range 20_000 {
		switch random.IntN(5) {
		case 0, 1, 2:
			at := time.Duration(random.IntN(1000))
			model = append(model, entry{at, ts.seq + 1, ts.start(at, nothing{})})
		case 3:
			if len(model) > 0 {
				i := random.IntN(len(model))
				if !model[i].t.Stop() || model[i].t.Stop() {
					t.Fatal("Stop of a pending timer is true, and then false")
				}
				model = slices.Delete(model, i, i+1)
			}
		case 4:
			if len(model) == 0 {
				continue
			}
			first := slices.MinFunc(model, func(a, b entry) int {
				if a.at != b.at {
					return int(a.at - b.at)
				}
				return int(a.seq) - int(b.seq)
			})
			if _, at, ok := ts.due(first.at, never64); !ok || at != first.at || first.t.index != idle {
				t.Fatalf("due gave %v, %v; want the timer of %v", at, ok, first.at)
			}
			model = slices.DeleteFunc(model, func(e entry) bool { return e.t == first.t })
		}
		if len(ts.heap) != len(model) {
			t.Fatalf("%d in the heap, want %d", len(ts.heap), len(model))
		}
	}
}

const never64 = ^uint64(0)

func TestHeapGivesMemoryBack(t *testing.T) {
	var ts timers
	for range 100_000 {
		ts.start(1, nothing{})
	}
	for len(ts.heap) > 10 {
		ts.due(1, never64)
	}
	if c := cap(ts.heap); c > 4096 {
		t.Errorf("capacity is %d after a burst of 100000, want 4096 or less", c)
	}
}
