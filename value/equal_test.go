package value

import (
	"math"
	"testing"
	"unsafe"
)

func TestEqual(t *testing.T) {
	nan := Float(math.NaN())
	inst := NewInstance(NewClass("P", nil)).Value()
	g := gene("f", Int(1))
	e1, e2 := &Enum{Name: "A"}, &Enum{Name: "B"}
	v1 := &Variant{Header: Header{Kind: KindVariant}, Enum: e1, Name: Intern("a")}
	v2 := &Variant{Header: Header{Kind: KindVariant}, Enum: e2, Name: Intern("a")}
	hash := func(kv ...Value) Value {
		h := NewHashMap(0)
		for i := 0; i < len(kv); i += 2 {
			h.Set(kv[i], kv[i+1])
		}
		return h.Value()
	}
	set := func(vs ...Value) Value {
		s := NewHashSet(0)
		for _, v := range vs {
			s.Add(v)
		}
		return s.Value()
	}
	for _, c := range []struct {
		a, b Value
		want bool
	}{
		{Int(2), Int(2), true}, {Int(1), Float(1), false}, {Float(0), Float(math.Copysign(0, -1)), true},
		{nan, nan, false}, {Arr(nan), Arr(nan), false}, {Str("ab"), Str("ab"), true}, {Sym("ab"), Str("ab"), false},
		{Sym("a"), Sym("a"), true}, {Char('a'), Str("a"), false}, {Nil, False, false}, {Nil, Void, false}, {Nil, Nil, true},
		{NewPath([]string{"a", "b"}).Value(), NewPath([]string{"a", "b"}).Value(), true},
		{Arr(Int(1), Arr(Int(2))), Arr(Int(1), Arr(Int(2))), true}, {sealed(Arr(Int(1))), Arr(Int(1)), true},
		{Arr(Int(1), Int(2)), Arr(Int(2), Int(1)), false}, {Arr(inst), Arr(inst), true},
		{mapOf("a", Int(1), "b", Int(2)), mapOf("b", Int(2), "a", Int(1)), true},
		{mapOf("a", Int(1)), mapOf("a", Int(1), "b", Int(2)), false}, {mapOf("a", Int(1)), mapOf("b", Int(1)), false},
		{hash(Int(1), Str("a"), Nil, Void), hash(Nil, Void, Int(1), Str("a")), true}, {hash(Int(1), Nil), hash(Float(1), Nil), false},
		{hash(hash(Int(1), Int(2)), Int(3)), hash(hash(Int(1), Int(2)), Int(3)), true},
		{set(Int(1), Int(2)), set(Int(2), Int(1)), true}, {set(Int(1)), set(Int(2)), false},
		{NewBytes([]byte{1}), NewBytes([]byte{1}), true}, {NewBytes([]byte{1}), Int(1), false},
		{g, g, true}, {g, gene("f", Int(1)), false},
		{NewEnumValue(v1, Int(1)), NewEnumValue(v1, Int(1)), true}, {NewEnumValue(v1, Int(1)), NewEnumValue(v2, Int(1)), false},
		{NewRange(Int(1), Int(2), Int(1)).Value(), NewRange(Int(1), Int(2), Int(1)).Value(), false},
	} {
		if got := Equal(c.a, c.b); got != c.want {
			t.Errorf("%s == %s is %v", Literal(c.a), Literal(c.b), got)
		}
		ha, oka := Hash(c.a)
		hb, okb := Hash(c.b)
		if c.want && oka && okb && ha != hb {
			t.Errorf("%s and %s are equal and hash differently", Literal(c.a), Literal(c.b))
		}
	}
}

func cyclic(n int) Value {
	first := NewArray(nil)
	a := first
	for range n - 1 {
		b := NewArray(nil)
		a.Items = []Value{b.Value(), b.Value()}
		a = b
	}
	a.Items = []Value{first.Value(), first.Value()}
	return first.Value()
}

func TestEqualEnds(t *testing.T) {
	if !Equal(cyclic(1), cyclic(1)) || !Equal(cyclic(3), cyclic(200)) {
		t.Error("cycles of one shape are not equal")
	}
	a, b := Arr(), Arr()
	for range 200_000 {
		a, b = Arr(a), Arr(b)
	}
	if !Equal(a, b) || Equal(a, Arr(b)) {
		t.Error("deep arrays compare wrongly")
	}
	if _, ok := Hash(cyclic(100)); !ok {
		t.Error("a cyclic array has no hash")
	}
	h1, h2 := NewHashMap(0), NewHashMap(0)
	for range 1000 {
		n1, n2 := NewHashMap(0), NewHashMap(0)
		n1.Set(h1.Value(), Nil)
		n2.Set(h2.Value(), Nil)
		h1, h2 = n1, n2
	}
	Equal(h1.Value(), h2.Value()) // must only end
}

func TestCompare(t *testing.T) {
	naive := func(hour int8) *Temporal {
		d := NewTemporal(KindDateTime)
		d.Year, d.Month, d.Day, d.Hour = 2031, 1, 1, hour
		return d
	}
	zoned := func(hour int8, offset int16) *Temporal {
		d := naive(hour)
		d.HasOffset, d.OffsetMin = true, offset
		return d
	}
	date, clock := NewTemporal(KindDate), NewTemporal(KindTime)
	for _, c := range []struct {
		a, b Value
		want int
		ok   bool
	}{
		{Int(2), Float(2.5), -1, true}, {Float(2), Int(2), 0, true}, {Int(1<<62 + 1), Float(1 << 62), 1, true},
		{Float(math.Inf(-1)), Int(math.MinInt64), -1, true}, {Float(math.NaN()), Int(1), Unordered, true},
		{Int(math.MaxInt64), Float(1 << 63), -1, true}, {Int(-1), Float(-0.5), -1, true},
		{Str("a"), Str("b"), 0, false}, {Int(1), Str("b"), 0, false},
		{zoned(10, 120).Value(), zoned(9, 0).Value(), -1, true}, {zoned(11, 60).Value(), zoned(10, 0).Value(), 0, true},
		{naive(1).Value(), naive(2).Value(), -1, true}, {naive(1).Value(), zoned(1, 0).Value(), 0, false},
		{date.Value(), clock.Value(), 0, false}, {clock.Value(), clock.Value(), 0, true},
	} {
		if got, ok := Compare(c.a, c.b); got != c.want || ok != c.ok {
			t.Errorf("Compare(%s, %s) is %d, %v", Literal(c.a), Literal(c.b), got, ok)
		}
	}
	if !Equal(zoned(11, 60).Value(), zoned(10, 0).Value()) || Equal(naive(1).Value(), zoned(1, 0).Value()) {
		t.Error("DateTimes are equal wrongly")
	}
}

func TestTypeName(t *testing.T) {
	e := &Enum{Header: Header{Kind: KindEnum}, Name: "Lid"}
	v := &Variant{Header: Header{Kind: KindVariant}, Enum: e, Name: Intern("open")}
	for want, val := range map[string]Value{
		"Int": Int(1), "ComplexSymbol": NewPath([]string{"a", "b"}).Value(), "Crate": NewInstance(NewClass("Crate", nil)).Value(),
		"Lid": v.Value(), "Enum": e.Value(), "Function": Obj(unsafe.Pointer(&Func{Header: Header{Kind: KindNative}})),
		"Block": Obj(unsafe.Pointer(&Func{Header: Header{Kind: KindBlock}})), "NotFound": NotFound,
	} {
		if got := TypeName(val); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := TypeName(NewEnumValue(v)); got != "Lid" {
		t.Errorf("an enum value's type is %s", got)
	}
	for k := KindNil; k < NumKinds; k++ {
		if KindName(k) == "" {
			t.Errorf("kind %d has no name", k)
		}
	}
}
