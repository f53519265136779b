package value

import (
	"hash/maphash"
	"unsafe"
)

// hashWidth bounds how many parts of a container count for its hash, by how
// deep it lies in the key. A cycle or a widely shared part would otherwise
// make hashing endless; equality decides in the end.
var hashWidth = [...]int{1 << 30, 64, 16, 8}

// mix spreads the bits of x (the finisher of splitmix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// join folds the hash of a part into that of a whole.
func join(h, part uint64) uint64 { return mix(h*31 + part + 0x9e3779b97f4a7c15) }

// Hash gives the structural hash of a value as a key of hash maps and sets;
// values that are Equal have the same. ok is false for kinds that are no keys.
// An instance hashes by identity: a user-defined hash is the VM's business.
func Hash(v Value) (h uint64, ok bool) { return hashAt(v, 0) }

func hashAt(v Value, depth int) (uint64, bool) {
	seed := uint64(v.Kind()) << 56
	switch v.Kind() {
	case KindNil, KindVoid, KindBool, KindInt, KindChar:
		return mix(seed ^ v.N), true
	case KindFloat:
		n := v.N
		if v.AsFloat() == 0 {
			n = 0 // 0.0 and -0.0 are equal
		}
		return mix(seed ^ n), true
	case KindString:
		return maphash.String(hashSeed, v.AsString()), true
	case KindSymbol, KindInstance:
		return mix(seed ^ uint64(uintptr(v.P))), true
	case KindPath:
		h := seed
		for _, p := range v.AsPath().Parts {
			h = join(h, maphash.String(hashSeed, p))
		}
		return h, true
	case KindArray:
		return hashArray(v.AsArray(), seed, depth)
	case KindMap:
		return hashMap(v.AsMap(), seed, depth)
	case KindHashMap:
		return hashHashMap(v.AsHashMap(), seed, depth)
	}
	return 0, false
}

func hashArray(a *Array, seed uint64, depth int) (uint64, bool) {
	h := join(seed, uint64(len(a.Items)))
	if depth >= len(hashWidth) {
		return h, true
	}
	for _, v := range a.Items[:min(len(a.Items), hashWidth[depth])] {
		part, ok := hashAt(v, depth+1)
		if !ok {
			return 0, false
		}
		h = join(h, part)
	}
	return h, true
}

// hashMap adds the hashes of the entries, since their order does not count.
// Where the map is too wide only its keys count.
func hashMap(m *Map, seed uint64, depth int) (uint64, bool) {
	h := join(seed, uint64(m.Len()))
	if depth >= len(hashWidth) {
		return h, true
	}
	deep := m.Len() <= hashWidth[depth]
	for _, e := range m.Entries() {
		if e.Key == nil {
			continue
		}
		part := uint64(uintptr(unsafe.Pointer(e.Key)))
		if deep {
			val, ok := hashAt(e.Val, depth+1)
			if !ok {
				return 0, false
			}
			part = join(part, val)
		}
		h += mix(part)
	}
	return h, true
}

func hashHashMap(m *HashMap, seed uint64, depth int) (uint64, bool) {
	h := join(seed, uint64(m.Len()))
	if depth >= len(hashWidth) {
		return h, true
	}
	deep := m.Len() <= hashWidth[depth]
	for _, e := range m.Entries() {
		if !e.Key.IsSet() {
			continue
		}
		part := e.Hash
		if deep {
			val, ok := hashAt(e.Val, depth+1)
			if !ok {
				return 0, false
			}
			part = join(part, val)
		}
		h += mix(part)
	}
	return h, true
}
