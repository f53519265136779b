package value

import "unsafe"

// HashEntry is one entry of a hash map, or a member of a hash set (then Val is
// unset). A removed entry has an unset Key until the table is compacted.
type HashEntry struct {
	Key, Val Value
	Hash     uint64
}

// Table is what hash maps and hash sets share: entries in insertion order
// and, beyond mapLinearMax of them, an open-addressing index beside them.
type Table struct {
	entries []HashEntry
	index   []int32 // entry number + 1; 0 is free, -1 is deleted; nil while small
	live    int
}

// HashMap maps keys of any hashable kind to values, in insertion order.
type HashMap struct {
	Header
	Table
}

// HashSet is a set of values of hashable kinds, in insertion order.
type HashSet struct {
	Header
	Table
}

// NewHashMap makes an empty hash map with room for n entries.
func NewHashMap(n int) *HashMap {
	return &HashMap{Header{Kind: KindHashMap}, newTable(n)}
}

// NewHashSet makes an empty hash set with room for n members.
func NewHashSet(n int) *HashSet {
	return &HashSet{Header{Kind: KindHashSet}, newTable(n)}
}

func newTable(n int) (t Table) {
	if n > 0 {
		t.entries = make([]HashEntry, 0, n)
	}
	return t
}

// Value gives h as a value.
func (h *HashMap) Value() Value { return Value{P: unsafe.Pointer(h)} }

// AsHashMap is the map behind a value of KindHashMap.
func (v Value) AsHashMap() *HashMap { return (*HashMap)(v.P) }

// Value gives s as a value.
func (s *HashSet) Value() Value { return Value{P: unsafe.Pointer(s)} }

// AsHashSet is the set behind a value of KindHashSet.
func (v Value) AsHashSet() *HashSet { return (*HashSet)(v.P) }

// Len is the number of entries.
func (t *Table) Len() int { return t.live }

// Entries gives the entries in insertion order; skip those with an unset Key.
// The slice is the table's own and must not be kept across changes.
func (t *Table) Entries() []HashEntry { return t.entries }

// Find gives the position in Entries of the key with that hash for which eq
// holds, or -1. eq must not change the table.
func (t *Table) Find(hash uint64, eq func(Value) bool) int {
	found := -1
	t.probe(hash, func(i int) bool {
		if eq(t.entries[i].Key) {
			found = i
		}
		return found < 0
	})
	return found
}

// Candidates gives the positions of all keys with that hash, for a VM that has
// to run a user-defined == for each.
func (t *Table) Candidates(hash uint64) []int {
	var at []int
	t.probe(hash, func(i int) bool {
		at = append(at, i)
		return true
	})
	return at
}

// probe calls f with the positions of keys of a hash until it gives false.
func (t *Table) probe(hash uint64, f func(int) bool) {
	if t.index == nil {
		for i := range t.entries {
			if t.entries[i].Hash == hash && t.entries[i].Key.IsSet() && !f(i) {
				return
			}
		}
		return
	}
	mask := uint64(len(t.index) - 1)
	for h := hash & mask; ; h = (h + 1) & mask {
		e := t.index[h]
		if e == 0 || e > 0 && t.entries[e-1].Hash == hash && !f(int(e-1)) {
			return
		}
	}
}

// find is Find by Equal, without a closure.
func (t *Table) find(hash uint64, k Value) int {
	if t.index == nil {
		for i := range t.entries {
			if e := &t.entries[i]; e.Hash == hash && e.Key.IsSet() && sameKey(e.Key, k) {
				return i
			}
		}
		return -1
	}
	mask := uint64(len(t.index) - 1)
	for h := hash & mask; ; h = (h + 1) & mask {
		e := t.index[h]
		if e == 0 {
			return -1
		}
		if e > 0 && t.entries[e-1].Hash == hash && sameKey(t.entries[e-1].Key, k) {
			return int(e - 1)
		}
	}
}

func sameKey(a, b Value) bool {
	if a.IsInt() || a.Kind() == KindSymbol {
		return a == b
	}
	return Equal(a, b)
}

// Get gives the value of a key. ok is false when it is missing or can't be a
// key.
func (t *Table) Get(k Value) (v Value, ok bool) {
	hash, hashable := Hash(k)
	if !hashable {
		return Value{}, false
	}
	if i := t.find(hash, k); i >= 0 {
		return t.entries[i].Val, true
	}
	return Value{}, false
}

// Has tells whether a key is there.
func (t *Table) Has(k Value) bool {
	_, ok := t.Get(k)
	return ok
}

// Set gives a key a value; a new key goes to the end, an old one keeps its
// place. It gives false, and does nothing, for what can't be a key. It does
// not look at the sealed and frozen flags: that is the caller's.
func (t *Table) Set(k, v Value) bool {
	hash, ok := Hash(k)
	if !ok {
		return false
	}
	if i := t.find(hash, k); i >= 0 {
		t.entries[i].Val = v
	} else {
		t.Append(hash, k, v)
	}
	return true
}

// Add puts a member into a set; false for what can't be one.
func (s *HashSet) Add(k Value) bool { return s.Set(k, Value{}) }

// Delete removes a key and gives its value.
func (t *Table) Delete(k Value) (v Value, ok bool) {
	hash, hashable := Hash(k)
	if !hashable {
		return Value{}, false
	}
	i := t.find(hash, k)
	if i < 0 {
		return Value{}, false
	}
	return t.DeleteAt(i).Val, true
}

// SetAt changes the value of the entry at a position.
func (t *Table) SetAt(i int, v Value) { t.entries[i].Val = v }

// Append adds a key that is not there yet.
func (t *Table) Append(hash uint64, k, v Value) {
	t.entries = append(t.entries, HashEntry{k, v, hash})
	t.live++
	switch {
	case t.index == nil:
		if len(t.entries) > mapLinearMax {
			t.rebuild()
		}
	case len(t.entries)*4 > len(t.index)*3:
		t.rebuild()
	default:
		t.place(hash, int32(len(t.entries)))
	}
}

func (t *Table) place(hash uint64, e int32) {
	mask := uint64(len(t.index) - 1)
	h := hash & mask
	for t.index[h] > 0 {
		h = (h + 1) & mask
	}
	t.index[h] = e
}

// rebuild drops removed entries and makes the index anew.
func (t *Table) rebuild() {
	kept := t.entries[:0]
	for _, e := range t.entries {
		if e.Key.IsSet() {
			kept = append(kept, e)
		}
	}
	clear(t.entries[len(kept):])
	t.entries, t.index = kept, nil
	if len(kept) <= mapLinearMax {
		return
	}
	size := 16
	for size < len(kept)*2 {
		size *= 2
	}
	t.index = make([]int32, size)
	for i := range kept {
		t.place(kept[i].Hash, int32(i+1))
	}
}

// DeleteAt removes the entry at a position and gives it.
func (t *Table) DeleteAt(i int) HashEntry {
	e := t.entries[i]
	t.live--
	if t.index == nil {
		copy(t.entries[i:], t.entries[i+1:])
		t.entries[len(t.entries)-1] = HashEntry{}
		t.entries = t.entries[:len(t.entries)-1]
		return e
	}
	mask := uint64(len(t.index) - 1)
	h := e.Hash & mask
	for t.index[h] != int32(i+1) {
		h = (h + 1) & mask
	}
	t.index[h] = -1
	t.entries[i] = HashEntry{}
	if t.live*2 < len(t.entries) {
		t.rebuild()
	}
	return e
}

// Clear removes all entries.
func (t *Table) Clear() { *t = Table{} }

func (t *Table) clone() Table {
	c := newTable(t.live)
	for _, e := range t.entries {
		if e.Key.IsSet() {
			c.Append(e.Hash, e.Key, e.Val)
		}
	}
	return c
}

// Clone makes a shallow, unsealed copy.
func (h *HashMap) Clone() *HashMap { return &HashMap{Header{Kind: KindHashMap}, h.clone()} }

// Clone makes a shallow copy.
func (s *HashSet) Clone() *HashSet { return &HashSet{Header{Kind: KindHashSet}, s.clone()} }
