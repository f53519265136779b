package stdlib

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gene/value"
)

// jsonMiB is a text of about 1 MiB as programs meet it: records with numbers,
// strings, some of them with escapes, and nested parts.
func jsonMiB() string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteByte('[')
	for i := 0; b.Len() < 1<<20; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"user %d","mail":"user%d@example.org","active":%t,"score":%.4f,`,
			i, i, i, i%3 == 0, r.Float64()*1000)
		fmt.Fprintf(&b, `"note":"line one\nline \"two\" h\u00e9","tags":["a","bc","d%d"],"at":{"x":%d,"y":%d,"z":null}}`,
			i%50, r.IntN(1e6), -r.IntN(1e6))
	}
	b.WriteByte(']')
	return b.String()
}

func parseText1(t testing.TB, s string) Value {
	p := jsonParser{src: s, final: true}
	v, ok := p.only()
	if !ok {
		t.Fatalf("%s at %d", p.msg, p.failAt)
	}
	return v
}

func BenchmarkJSONParse(b *testing.B) {
	s := jsonMiB()
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		parseText1(b, s)
	}
}

func BenchmarkGoUnmarshal(b *testing.B) {
	s := []byte(jsonMiB())
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		var v any
		if err := json.Unmarshal(s, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSONStringify(b *testing.B) {
	s := jsonMiB()
	v := parseText1(b, s)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		w := jsonWriter{}
		if err := w.value(v); err != nil {
			b.Fatal(err)
		}
		_ = value.Str(string(w.out))
	}
}

func BenchmarkGoMarshal(b *testing.B) {
	s := jsonMiB()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(v); err != nil {
			b.Fatal(err)
		}
	}
}

// TestJSONAgreesWithGo compares what is accepted, and what is written, with the
// standard library.
func TestJSONAgreesWithGo(t *testing.T) {
	texts := []string{
		`null`, ` true `, `0.5e-3`, `1E5`, `""`, `"\/\b\f\n\r\t\"\\"`, `"\u0041\uD834\uDD1E\ud834x"`, `[]`, `[[],{}]`,
		`{"a":{"b":[1,2,{"c":null}]}}`, `[1,]`, `[,1]`, `{,}`, `{"a"}`, `{"a":}`, `{a:1}`, `01`, `+1`, `.5`, `1.`, `1e`, `--1`, `0x1`,
		`"a`, "\"\x01\"", `"\q"`, `"\u12"`, `nul`, `nullx`, `true false`, `[`, `{`, `]`, ``, "\ufeff1", `[1 2]`, `{"a":1 "b":2}`, `NaN`, `Infinity`, `'a'`,
		"\"\x7f\"", "[1]\x00", `"\u00zz"`, `-`, `1e+`, `{"a":1,"a":2}`,
	}
	for _, s := range append(texts, jsonMiB()) {
		checkAgainstGo(t, s)
	}
}

// checkAgainstGo reads a text here and with the standard library.
func checkAgainstGo(t *testing.T, s string) {
	t.Helper()
	p := jsonParser{src: s, final: true}
	v, ok := p.only()
	var want any
	err := json.Unmarshal([]byte(s), &want)
	if ok != (err == nil) {
		t.Errorf("%.100q: accepted is %t (%s), Go says %v", s, ok, p.msg, err)
		return
	}
	if !ok {
		return
	}
	w := jsonWriter{}
	if err := w.value(v); err != nil || len(w.asked) > 0 {
		t.Errorf("%.100q can't be written: %v", s, err)
		return
	}
	var again any
	if err := json.Unmarshal(w.out, &again); err != nil {
		t.Errorf("%.100q is written as %.100q: %v", s, w.out, err)
		return
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Errorf("%.100q is written as %.100q", s, w.out)
	}
	if back := parseText1(t, string(w.out)); !value.Equal(v, back) {
		t.Errorf("%.100q reads back as %.100s", s, value.Literal(back))
	}
}

// FuzzJSON checks that every text is accepted or refused as by the standard
// library, that what was read is written and read back as an equal value, and
// that a reader of parts finds the same.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,null,true,"x\n"]}`, `[1e5,-0.1,"\ud834\udd1e"]`, `{"":{}}`, "[1]\n2", `"`, `12345678901234567890`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		p := jsonParser{src: s, final: true}
		if v, ok := p.only(); ok && hasHugeNumber(v) {
			return // Go keeps no Int beyond 2^53 exactly
		}
		checkAgainstGo(t, s)
		for cut := range min(len(s), 64) {
			checkCut(t, s, cut)
		}
	})
}

// checkCut reads the beginning of a text as a reader of chunks does: a value
// that is complete there is the one in the whole text, and one that is not is
// cut, unless the text is wrong anyway.
func checkCut(t *testing.T, s string, cut int) {
	part, whole := jsonParser{src: s[:cut]}, jsonParser{src: s, final: true}
	if !part.more() || !whole.more() {
		return
	}
	v, ok := part.value()
	w, wok := whole.value()
	if ok && (!wok || !value.Equal(v, w)) {
		t.Errorf("%q cut at %d reads as %s", s, cut, value.Literal(v))
	}
	if !ok && wok && !part.cut {
		t.Errorf("%q cut at %d: %s", s, cut, part.msg)
	}
}

// hasHugeNumber tells whether a value has a number that a float64 changes, or a
// zero with a sign.
func hasHugeNumber(v Value) bool {
	switch v.Kind() {
	case value.KindInt:
		i := v.AsInt()
		return i == 0 || i > exactInt || i < -exactInt
	case value.KindFloat:
		return v.AsFloat() == 0
	case value.KindArray:
		for _, x := range items(v) {
			if hasHugeNumber(x) {
				return true
			}
		}
	case value.KindMap:
		for _, e := range v.AsMap().Entries() {
			if hasHugeNumber(e.Val) {
				return true
			}
		}
	}
	return false
}
