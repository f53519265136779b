package value

import "unsafe"

// Trail is a stack of objects that can be asked what is on it: what a walk
// over values that may contain themselves keeps. Beyond a few objects a set
// stands beside the list. The zero Trail is empty.
type Trail struct {
	list []unsafe.Pointer
	set  map[unsafe.Pointer]struct{}
}

const trailLinear = 32

// Len is the number of objects on the trail.
func (t *Trail) Len() int { return len(t.list) }

// Has tells whether an object is on the trail.
func (t *Trail) Has(p unsafe.Pointer) bool {
	if t.set != nil {
		_, ok := t.set[p]
		return ok
	}
	for _, q := range t.list {
		if q == p {
			return true
		}
	}
	return false
}

// Push puts an object, which must not be there yet, on top.
func (t *Trail) Push(p unsafe.Pointer) {
	t.list = append(t.list, p)
	switch {
	case t.set != nil:
		t.set[p] = struct{}{}
	case len(t.list) > trailLinear:
		t.set = make(map[unsafe.Pointer]struct{}, 2*trailLinear)
		for _, q := range t.list {
			t.set[q] = struct{}{}
		}
	}
}

// Pop takes the top object off.
func (t *Trail) Pop() {
	last := len(t.list) - 1
	if t.set != nil {
		delete(t.set, t.list[last])
	}
	t.list = t.list[:last]
	if last == 0 {
		t.set = nil
	}
}
