package stdlib

import (
	"strings"
	"unsafe"

	"gene/value"
)

// stringSlabs makes String values out of parts of a text without keeping the
// text. Objects and the bytes of short strings come in small slabs, which costs
// a fraction of two allocations each; one string that lives on keeps its
// slabs, less than a kilobyte.
type stringSlabs struct {
	objs  []value.String
	nobjs int // of the latest slab; small texts have small slabs
	bytes strings.Builder
}

const (
	slabObjs  = 16
	slabBytes = 512
	slabShort = 64 // longer strings have bytes of their own
)

// str makes a String with a copy of s.
func (m *stringSlabs) str(s string) Value {
	if len(m.objs) == 0 {
		m.nobjs = min(max(2, 2*m.nobjs), slabObjs)
		m.objs = make([]value.String, m.nobjs)
	}
	o := &m.objs[0]
	m.objs = m.objs[1:]
	o.Kind, o.S = value.KindString, m.copied(s)
	return value.Obj(unsafe.Pointer(o))
}

func (m *stringSlabs) copied(s string) string {
	if len(s) > slabShort {
		return strings.Clone(s)
	}
	if m.bytes.Cap()-m.bytes.Len() < len(s) {
		size := min(2*m.bytes.Cap(), slabBytes)
		m.bytes = strings.Builder{}
		m.bytes.Grow(max(size, len(s)))
	}
	start := m.bytes.Len()
	m.bytes.WriteString(s)
	return m.bytes.String()[start:]
}
