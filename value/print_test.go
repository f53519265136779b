package value

import (
	"math"
	"strings"
	"testing"
	"unsafe"
)

func gene(head string, kids ...Value) Value { return NewGene(Sym(head), nil, kids).Value() }

func mapOf(kv ...any) Value {
	m := NewMap(len(kv) / 2)
	for i := 0; i < len(kv); i += 2 {
		m.SetText(kv[i].(string), kv[i+1].(Value))
	}
	return m.Value()
}

func sealed(v Value) Value {
	v.Header().Flags |= FlagSealed
	return v
}

func instanceOf(c *Class, kv ...any) *Instance {
	i := NewInstance(c)
	for n := 0; n < len(kv); n += 2 {
		i.Set(Intern(kv[n].(string)), kv[n+1].(Value))
	}
	return i
}

type shownAs string

func (s shownAs) GeneText() string { return string(s) }

// TestText has a row for each row of the table in chapter 0 and of 2.6; empty
// columns are the same as the literal text.
func TestText(t *testing.T) {
	object := NewClass("Object", nil)
	exception := NewClass("Exception", object)
	exception.IsException = true
	ioError := NewClass("IOError", exception)
	point := NewClass("Point", object)
	enum := &Enum{Header: Header{Kind: KindEnum}, Name: "E"}
	unit := &Variant{Header: Header{Kind: KindVariant}, Enum: enum, Name: Intern("a")}
	iface := &Interface{Header: Header{Kind: KindInterface}, Name: "Readable"}
	handle := func(k Kind, text string) Value {
		return Obj(unsafe.Pointer(&Handle{Header{Kind: k}, text}))
	}
	fn := func(k Kind, name string) Value { return Obj(unsafe.Pointer(&Func{Header{Kind: k}, &name})) }
	hm := NewHashMap(0)
	hm.Set(Str("k"), Arr(Char('x')))
	hs := NewHashSet(0)
	hs.Add(Str("m"))
	actor := NewInstance(object)
	actor.Data = shownAs("<actor 3>")
	match := &Match{Header: Header{Kind: KindMatch}, Text: "sku: pen-42!", ByteStart: 5, ByteEnd: 11}
	regexp := &Regexp{Header: Header{Kind: KindRegexp}, Pattern: `a/\d`, Flags: "i", HasReplacement: true, Replacement: `\1`}
	for _, c := range []struct {
		v                           Value
		literal, print, toS, interp string
	}{
		{Nil, "nil", "nil", "-", "nil"},
		{Void, "void", "", "", ""},
		{NotFound, "not_found", "", "", ""},
		{True, "true", "", "", ""},
		{Int(-7), "-7", "", "", ""},
		{Float(2), "2.0", "", "", ""},
		{Str(`say "hi"`), `"say "hi""`, `say "hi"`, `say "hi"`, `say "hi"`},
		{Char('c'), "'c'", "c", "c", "c"},
		{Sym("a:b"), "a:b", "", "", ""},
		{NewPath([]string{"", "x"}).Value(), "/x", "", "", ""},
		{Arr(Str("s"), Char('d'), Nil, Arr(Str("e"))), `["s" 'd' nil ["e"]]`, `[s d nil [e]]`, "", ""},
		{sealed(Arr(sealed(Arr()))), "#[#[]]", "", "[#[]]", ""},
		{mapOf("k", Str("v"), "n", Int(1)), `{^k "v" ^n 1}`, "{^k v ^n 1}", "", ""},
		{sealed(mapOf("k", Nil)), "#{^k nil}", "", "{^k nil}", ""},
		{hm.Value(), `{{"k" ['x']}}`, "{{k [x]}}", "", ""},
		{hs.Value(), `(HashSet "m")`, "(HashSet m)", "", ""},
		{gene("row", Str("s"), Arr(Char('t'))), `(row "s" ['t'])`, "", "", ""},
		{sealed(gene("row")), "#(row)", "", "(row)", ""},
		{Arr(gene("`", gene("a"))), "[`(a)]", "", "", ""},
		{gene(`#"`, Str("a"), Sym("x")), `#"a#{x}"`, "", "", ""},
		{gene("{{", Int(1), Str("a")), `{{1 "a"}}`, "", "", ""},
		{NewRange(Int(1), Int(5), Int(1)).Value(), "1..5", "", "", ""},
		{NewRange(Int(1), Int(9), Int(2)).Value(), "1..9 step 2", "", "", ""},
		{NewBytes([]byte{0xff, 1}), "0#ff01", "", "", ""},
		{regexp.Value(), `#/a\/\\d/\\1/i`, "", "", ""},
		{match.Value(), `<match "pen-42">`, "", "", ""},
		{NewSelector([]Value{Str("a"), Sym("*"), Int(0), fn(KindFunction, "")}).Value(), "@(a/*/0/<fn>)", "", "", ""},
		{enum.Value(), "E", "", "", ""},
		{unit.Value(), "E/a", "", "", ""},
		{NewEnumValue(unit, Int(1), Str("x")), `(E/a 1 "x")`, "", "", ""},
		{fn(KindFunction, "area"), "<fn area>", "", "", ""},
		{fn(KindNative, "println"), "<fn println>", "", "", ""},
		{fn(KindBlock, ""), "<fn>", "", "", ""},
		{point.Value(), "<class Point>", "", "", ""},
		{iface.Value(), "<interface Readable>", "", "", ""},
		{NewNamespace("geo", nil).Value(), "<namespace geo>", "", "", ""},
		{instanceOf(point, "x", Int(1), "y", Str("a")).Value(), `<Point ^x 1 ^y "a">`, "", "", ""},
		{NewInstance(point).Value(), "<Point>", "", "", ""},
		{instanceOf(ioError, "code", Int(1), "message", Str("gone")).Value(), `<IOError "gone">`, "", "", ""},
		{actor.Value(), "<actor 3>", "", "", ""},
		{(&Adapter{Header: Header{Kind: KindAdapter}, Iface: iface, Inner: Str("v")}).Value(), `<Readable of "v">`, "", "", ""},
		{handle(KindGenerator, "count*"), "<generator count*>", "", "", ""},
		{handle(KindGenerator, ""), "<generator>", "", "", ""},
		{handle(KindIterator, ""), "<iterator>", "", "", ""},
		{handle(KindFuture, ""), "<future pending>", "", "", ""},
		{NewUnquote(Sym("x"), false).Value(), "%x", "", "", ""},
		{NewUnquote(Sym("x"), true).Value(), "%_x", "", "", ""},
	} {
		p := Printer{}
		for _, r := range []struct {
			name, want string
			got        []byte
		}{
			{"literal", c.literal, p.AppendLiteral(nil, c.v)},
			{"print", c.print, p.AppendPrint(nil, c.v)},
			{"to_s", c.toS, p.AppendToS(nil, c.v)},
			{"interpolated", c.interp, p.AppendInterp(nil, c.v)},
		} {
			switch r.want {
			case "":
				r.want = c.literal
			case "-":
				r.want = ""
			}
			if string(r.got) != r.want {
				t.Errorf("%s text is %s, want %s", r.name, r.got, r.want)
			}
		}
	}
}

func TestPrintCycles(t *testing.T) {
	a := NewArray([]Value{Int(1)})
	m := mapOf("a", a.Value())
	i := instanceOf(NewClass("P", nil), "m", m)
	h := NewHashMap(0)
	h.Set(Int(1), i.Value())
	g := NewGene(Sym("g"), nil, []Value{h.Value()})
	a.Items = append(a.Items, g.Value(), a.Value())
	for range 2 { // the second run finds nothing left behind by the first
		if got, want := Print(a.Value()), "[1 (g {{1 <P ^m {^a ...}>}}) ...]"; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	twice := Arr(Str("x"))
	if got := Print(Arr(twice, twice)); got != "[[x] [x]]" {
		t.Errorf("a part that occurs twice prints as %s", got)
	}
}

func TestPrintDeep(t *testing.T) {
	v := Arr()
	for range 1_000_000 {
		v = Arr(v)
	}
	if got := Print(v); !strings.Contains(got, "[...]") || len(got) != 2*maxPrintDepth+3 {
		t.Errorf("%d bytes", len(got))
	}
	if found := NeedsToS(v, func(*Class) bool { return true }); found != nil {
		t.Errorf("found %v", found)
	}
}

func TestNeedsToS(t *testing.T) {
	box, pin := NewClass("Box", nil), NewClass("Pin", nil)
	b1, b2, b3 := NewInstance(box), NewInstance(box), instanceOf(box, "in", Int(1))
	p := instanceOf(pin, "box", b2.Value(), "tag", Nil)
	b3.Set(Intern("hidden"), NewInstance(box).Value()) // its to_s decides what shows
	v := Arr(b1.Value(), p.Value(), gene("g", b3.Value(), b1.Value()))
	hasToS := func(c *Class) bool { return c == box }
	found := NeedsToS(v, hasToS)
	if len(found) != 3 || found[0] != b1 || found[1] != b2 || found[2] != b3 {
		t.Fatalf("found %v", found)
	}
	pr := Printer{ToS: map[unsafe.Pointer]string{}}
	for i, b := range found {
		pr.ToS[unsafe.Pointer(b)] = "Box " + string(rune('1'+i))
	}
	if got, want := string(pr.AppendPrint(nil, v)), "[Box 1 <Pin ^box Box 2 ^tag nil> (g Box 3 Box 1)]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if NeedsToS(Int(1), hasToS) != nil {
		t.Error("a number needs to_s")
	}
}

func TestFloatText(t *testing.T) {
	for want, f := range map[string]float64{
		"1000.0": 1e3, "1000000000000000.0": 1e15, "10000000000000000.0": 1e16, "1e+17": 1e17, "0.0001": 1e-4,
		"0.0000001": 1e-7, "1e-8": 1e-8, "1.5e+300": 1.5e300, "123456789.125": 123456789.125,
		"0.30000000000000004": 0.30000000000000004, "-0.0": math.Copysign(0, -1), "inf": math.Inf(1), "-inf": math.Inf(-1),
		"nan": math.NaN(), "5e-324": 5e-324, "99999999999999980.0": 99999999999999980, "-2.5": -2.5,
	} {
		if got := string(AppendFloat(nil, f)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParseNumbers(t *testing.T) {
	for s, want := range map[string]string{
		" 42 ": "42", "-7": "-7", "+7": "7", "1_500": "1500", "3.7": "", "": "", " ": "", "_1": "", "1_": "",
		"--1": "", "0x10": "", "9223372036854775808": "", "1 2": "", "-9223372036854775808": "-9223372036854775808",
	} {
		got := ""
		if i, ok := ParseInt(s); ok {
			got = Print(Int(i))
		}
		if got != want {
			t.Errorf("ParseInt(%q) is %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{
		"2": "2.0", "1e3": "1000.0", " 2.50 ": "2.5", "inf": "", "nan": "", "0x1p4": "", "": "", "1_0.5": "", "e": "",
	} {
		got := ""
		if f, ok := ParseFloat(s); ok {
			got = Print(Float(f))
		}
		if got != want {
			t.Errorf("ParseFloat(%q) is %q, want %q", s, got, want)
		}
	}
}

func TestTypeText(t *testing.T) {
	named := func(s string) *Type { return &Type{Header: Header{Kind: KindType}, Op: TypeNamed, Name: s} }
	i, s, n := named("Int"), named("String"), named("Nil")
	user := &Type{Header: Header{Kind: KindType}, Op: TypeClass, Class: NewClass("Zoo", nil)}
	arr := &Type{Header: Header{Kind: KindType}, Op: TypeApplied, Name: "Array", Args: []*Type{i}}
	fn := &Type{Header: Header{Kind: KindType}, Op: TypeFn, Args: []*Type{i, s}, Kw: []*Symbol{Intern("k")}, Ret: n}
	for want, typ := range map[string]*Type{
		"(Array Int)":                     arr,
		"(Fn [Int ^k String] -> Nil)":     fn,
		"(Nil | String)":                  NewUnion(s, n, s),
		"Int":                             NewUnion(i, i),
		"((Array Int) | Zoo | Int | Nil)": NewUnion(n, user, NewUnion(arr, i)),
		"Any":                             {Op: TypeAny},
	} {
		if got := typ.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if !TypesEquivalent(NewUnion(i, s), NewUnion(s, i)) || TypesEquivalent(i, s) || !TypesEquivalent(i, named("Any")) ||
		!TypesEquivalent(arr, arr) || TypesEquivalent(arr, i) || TypesEquivalent(i, NewUnion(i, s)) || TypesEquivalent(user, i) {
		t.Error("TypesEquivalent is wrong")
	}
}

func BenchmarkPrint(b *testing.B) {
	v := Arr(Int(1), Str("two"), mapOf("k", Arr(Float(2.5), Nil)), gene("g", Sym("a")))
	p := Printer{}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = p.AppendPrint(buf[:0], v)
	}
}
