package value

import "unsafe"

// mapLinearMax is the number of entries up to which a Map is searched
// linearly. Comparing eight pointers costs less than one hash probe.
const mapLinearMax = 8

// MapEntry is one entry of a Map. A removed entry has a nil Key until the
// table is compacted.
type MapEntry struct {
	Key *Symbol
	Val Value
}

// Map maps symbols to values and keeps insertion order. Up to mapLinearMax
// entries it is a flat array; beyond, an open-addressing index stands beside
// the array.
type Map struct {
	Header
	entries []MapEntry
	index   []int32 // entry number + 1; 0 is free, -1 is deleted; nil while small
	live    int
}

// NewMap makes an empty map with room for n entries.
func NewMap(n int) *Map {
	m := &Map{Header: Header{Kind: KindMap}}
	if n > 0 {
		m.entries = make([]MapEntry, 0, n)
	}
	return m
}

// Value gives m as a value.
func (m *Map) Value() Value { return Value{P: unsafe.Pointer(m)} }

// AsMap is the map behind a value of KindMap.
func (v Value) AsMap() *Map { return (*Map)(v.P) }

// Len is the number of entries.
func (m *Map) Len() int {
	if m == nil {
		return 0
	}
	return m.live
}

// Entries gives the entries in insertion order; skip those with a nil Key. The
// slice is the map's own and must not be kept across changes.
func (m *Map) Entries() []MapEntry {
	if m == nil {
		return nil
	}
	return m.entries
}

// Find gives the position of a key in Entries, or -1.
func (m *Map) Find(k *Symbol) int {
	if m.index == nil {
		for i := range m.entries {
			if m.entries[i].Key == k {
				return i
			}
		}
		return -1
	}
	mask := uint32(len(m.index) - 1)
	for h := k.Hash & mask; ; h = (h + 1) & mask {
		e := m.index[h]
		if e == 0 {
			return -1
		}
		if e > 0 && m.entries[e-1].Key == k {
			return int(e - 1)
		}
	}
}

// findText is Find for a key given as text, without interning it.
func (m *Map) findText(s string) int {
	if m.index == nil {
		for i := range m.entries {
			if k := m.entries[i].Key; k != nil && k.Name == s {
				return i
			}
		}
		return -1
	}
	mask := uint32(len(m.index) - 1)
	for h := hashText(s) & mask; ; h = (h + 1) & mask {
		e := m.index[h]
		if e == 0 {
			return -1
		}
		if e > 0 && m.entries[e-1].Key.Name == s {
			return int(e - 1)
		}
	}
}

// Get gives the value of a key; ok is false when it is missing.
func (m *Map) Get(k *Symbol) (v Value, ok bool) {
	if m == nil {
		return Value{}, false
	}
	if i := m.Find(k); i >= 0 {
		return m.entries[i].Val, true
	}
	return Value{}, false
}

// GetText is Get for a key given as text.
func (m *Map) GetText(s string) (v Value, ok bool) {
	if m == nil {
		return Value{}, false
	}
	if i := m.findText(s); i >= 0 {
		return m.entries[i].Val, true
	}
	return Value{}, false
}

// Set gives a key a value; a new key goes to the end. It does not look at the
// sealed and frozen flags: that is the caller's.
func (m *Map) Set(k *Symbol, v Value) {
	if i := m.Find(k); i >= 0 {
		m.entries[i].Val = v
		return
	}
	m.add(k, v)
}

// SetText is Set for a key given as text.
func (m *Map) SetText(s string, v Value) {
	if i := m.findText(s); i >= 0 {
		m.entries[i].Val = v
		return
	}
	m.add(Intern(s), v)
}

func (m *Map) add(k *Symbol, v Value) {
	m.entries = append(m.entries, MapEntry{k, v})
	m.live++
	if m.index == nil {
		if len(m.entries) > mapLinearMax {
			m.rebuild()
		}
		return
	}
	if len(m.entries)*4 > len(m.index)*3 {
		m.rebuild()
		return
	}
	m.place(k, int32(len(m.entries)))
}

func (m *Map) place(k *Symbol, e int32) {
	mask := uint32(len(m.index) - 1)
	h := k.Hash & mask
	for m.index[h] > 0 {
		h = (h + 1) & mask
	}
	m.index[h] = e
}

// rebuild drops removed entries and makes the index anew.
func (m *Map) rebuild() {
	kept := m.entries[:0]
	for _, e := range m.entries {
		if e.Key != nil {
			kept = append(kept, e)
		}
	}
	clear(m.entries[len(kept):])
	m.entries = kept
	if len(kept) <= mapLinearMax {
		m.index = nil
		return
	}
	size := 16
	for size < len(kept)*2 {
		size *= 2
	}
	m.index = make([]int32, size)
	for i := range kept {
		m.place(kept[i].Key, int32(i+1))
	}
}

// Delete removes a key and gives its value; ok is false when it was missing.
func (m *Map) Delete(k *Symbol) (v Value, ok bool) {
	i := m.Find(k)
	if i < 0 {
		return Value{}, false
	}
	v = m.entries[i].Val
	m.live--
	if m.index == nil {
		copy(m.entries[i:], m.entries[i+1:])
		m.entries[len(m.entries)-1] = MapEntry{}
		m.entries = m.entries[:len(m.entries)-1]
		return v, true
	}
	m.unplace(k, int32(i+1))
	m.entries[i] = MapEntry{}
	if m.live*2 < len(m.entries) {
		m.rebuild()
	}
	return v, true
}

func (m *Map) unplace(k *Symbol, e int32) {
	mask := uint32(len(m.index) - 1)
	for h := k.Hash & mask; ; h = (h + 1) & mask {
		if m.index[h] == e {
			m.index[h] = -1
			return
		}
	}
}

// Clear removes all entries.
func (m *Map) Clear() { m.entries, m.index, m.live = nil, nil, 0 }

// Clone makes a shallow, unsealed copy.
func (m *Map) Clone() *Map {
	c := NewMap(m.Len())
	if m == nil {
		return c
	}
	for _, e := range m.entries {
		if e.Key != nil {
			c.Set(e.Key, e.Val)
		}
	}
	return c
}
