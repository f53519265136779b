package value

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// TestInternIdentity guards what Intern assumes of unique.Handle: that it is
// one pointer to the canonical copy.
func TestInternIdentity(t *testing.T) {
	name := []byte("intern-identity")
	a := Intern(string(name))
	runtime.GC()
	b := Intern(string(name))
	if a != b || a.Name != "intern-identity" || a.Kind != KindSymbol || a.Hash != hashText(a.Name) {
		t.Fatalf("%p %+v, %p %+v", a, a, b, b)
	}
	if c := Intern("intern-other"); c == a {
		t.Fatal("two names have one symbol")
	}
	done := make(chan *Symbol)
	go func() { done <- Intern(string(name)) }()
	if c := <-done; c != a {
		t.Fatal("another goroutine gets another symbol")
	}
}

func TestValueSize(t *testing.T) {
	if n := unsafe.Sizeof(Value{}); n != 16 {
		t.Errorf("a Value has %d bytes", n)
	}
	if n := unsafe.Sizeof(Header{}); n != 8 {
		t.Errorf("a Header has %d bytes", n)
	}
}

// model is a map with insertion order, the slow way.
type model struct {
	keys []string
	vals map[string]Value
}

func (m *model) set(k string, v Value) {
	if _, ok := m.vals[k]; !ok {
		m.keys = append(m.keys, k)
	}
	m.vals[k] = v
}

func (m *model) delete(k string) {
	if _, ok := m.vals[k]; ok {
		delete(m.vals, k)
		m.keys = slices.DeleteFunc(m.keys, func(s string) bool { return s == k })
	}
}

// run carries out one command per two bytes on a Map, a HashMap and the model.
func run(t *testing.T, commands []byte) {
	m, h, ref := NewMap(0), NewHashMap(0), model{vals: map[string]Value{}}
	for i := 0; i+1 < len(commands); i += 2 {
		k, v := fmt.Sprint("k", commands[i+1]), Int(int64(i))
		switch op := commands[i] % 16; {
		case op == 0:
			m, h = m.Clone(), h.Clone()
		case op == 1 && commands[i+1] == 0:
			m.Clear()
			h.Clear()
			ref = model{vals: map[string]Value{}}
		case op < 9:
			m.SetText(k, v)
			h.Set(Str(k), v)
			ref.set(k, v)
		default:
			_, had := ref.vals[k]
			if _, ok := m.Delete(Intern(k)); ok != had {
				t.Fatalf("step %d: Map.Delete(%s) is %v", i, k, ok)
			}
			if _, ok := h.Delete(Str(k)); ok != had {
				t.Fatalf("step %d: HashMap.Delete(%s) is %v", i, k, ok)
			}
			ref.delete(k)
		}
		if m.Len() != len(ref.keys) || h.Len() != len(ref.keys) {
			t.Fatalf("step %d: %d and %d entries, want %d", i, m.Len(), h.Len(), len(ref.keys))
		}
	}
	compareWithModel(t, m, h, ref)
}

func compareWithModel(t *testing.T, m *Map, h *HashMap, ref model) {
	var keys, hashKeys []string
	for _, e := range m.Entries() {
		if e.Key != nil {
			keys = append(keys, e.Key.Name)
		}
	}
	for _, e := range h.Entries() {
		if e.Key.IsSet() {
			hashKeys = append(hashKeys, e.Key.AsString())
		}
	}
	if !slices.Equal(keys, ref.keys) || !slices.Equal(hashKeys, ref.keys) {
		t.Fatalf("keys %v and %v, want %v", keys, hashKeys, ref.keys)
	}
	for k := range 256 {
		k := fmt.Sprint("k", k)
		want, has := ref.vals[k]
		if v, ok := m.GetText(k); ok != has || ok && v != want {
			t.Fatalf("Map has %s: %v", k, ok)
		}
		if v, ok := h.Get(Str(k)); ok != has || ok && v != want {
			t.Fatalf("HashMap has %s: %v", k, ok)
		}
	}
}

func TestMapsAgainstModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		commands := make([]byte, r.IntN(2000))
		few := byte(1 << (3 + r.IntN(5)))
		for i := range commands {
			commands[i] = byte(r.Uint32())
			if i%2 == 1 {
				commands[i] %= few
			}
		}
		run(t, commands)
	}
}

func FuzzMaps(f *testing.F) {
	f.Add([]byte{2, 1, 2, 2, 9, 1, 2, 1, 0, 0, 1, 0})
	f.Fuzz(run)
}

func TestHashMapKeys(t *testing.T) {
	inst := NewInstance(NewClass("P", nil)).Value()
	keys := []Value{Nil, Void, True, False, Int(1), Float(1), Char('a'), Str("a"), Sym("a"), Str(""),
		NewPath([]string{"a", "b"}).Value(), Arr(), Arr(Int(1)), mapOf("a", Int(1)), NewHashMap(0).Value(), inst}
	h := NewHashMap(0)
	for i, k := range keys {
		if !h.Set(k, Int(int64(i))) {
			t.Fatalf("%s is no key", Literal(k))
		}
	}
	for i, k := range keys {
		if v, ok := h.Get(k); !ok || v != Int(int64(i)) {
			t.Errorf("key %s gives %s", Literal(k), Literal(v))
		}
	}
	if v, ok := h.Get(Arr(Int(1))); !ok || v != Int(12) {
		t.Error("an equal array is not the same key")
	}
	for _, k := range []Value{gene("f"), Obj(unsafe.Pointer(&Func{Header: Header{Kind: KindFunction}})), NotFound, Arr(gene("f"))} {
		if h.Set(k, Nil) {
			t.Errorf("%s is a key", Literal(k))
		}
	}
	for _, k := range keys[:8] {
		h.Delete(k)
	}
	if h.Len() != 8 || Literal(h.Entries()[0].Key) == "nil" && h.Entries()[0].Key.IsSet() {
		t.Errorf("after deletion: %s", Literal(h.Value()))
	}
}

// TestOwnHash is how a VM uses a table for keys with user-defined hash and ==.
func TestOwnHash(t *testing.T) {
	h, c := NewHashMap(0), NewClass("P", nil)
	var insts []Value
	for i := range 40 {
		v := instanceOf(c, "n", Int(int64(i))).Value()
		insts = append(insts, v)
		h.Append(uint64(i%4), v, Int(int64(i)))
	}
	if got := h.Candidates(3); len(got) != 10 {
		t.Errorf("candidates %v", got)
	}
	i := h.Find(3, func(k Value) bool { n, _ := k.AsInstance().Get(Intern("n")); return n == Int(7) })
	if i < 0 || h.Entries()[i].Key != insts[7] {
		t.Fatalf("found %d", i)
	}
	h.SetAt(i, Nil)
	if e := h.DeleteAt(i); e.Key != insts[7] || e.Val != Nil || h.Len() != 39 {
		t.Errorf("deleted %+v", e)
	}
}

func BenchmarkMapGet(b *testing.B) {
	for _, n := range []int{4, 8, 9, 1000} {
		m, h := NewMap(0), NewHashMap(0)
		for i := range n {
			m.SetText(fmt.Sprint("key", i), Nil)
			h.Set(Int(int64(i)), Nil)
		}
		k := Intern(fmt.Sprint("key", n-1))
		b.Run(fmt.Sprint("Map", n), func(b *testing.B) {
			for b.Loop() {
				m.Get(k)
			}
		})
		b.Run(fmt.Sprint("HashMap", n), func(b *testing.B) {
			for b.Loop() {
				h.Get(Int(int64(n - 1)))
			}
		})
	}
}

func BenchmarkIntern(b *testing.B) {
	for b.Loop() {
		Intern("println")
	}
}
