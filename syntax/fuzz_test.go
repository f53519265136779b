package syntax

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gene/value"
)

// same compares read values part by part: unlike value.Equal also inside Genes
// and with flags and kinds of zero.
func same(a, b value.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case value.KindFloat:
		return math.Float64bits(a.AsFloat()) == math.Float64bits(b.AsFloat())
	case value.KindArray:
		return a.Header().Flags == b.Header().Flags && sameAll(a.AsArray().Items, b.AsArray().Items)
	case value.KindMap:
		return a.Header().Flags == b.Header().Flags && sameMap(a.AsMap(), b.AsMap())
	case value.KindGene:
		x, y := a.AsGene(), b.AsGene()
		return x.Flags == y.Flags && same(x.Type, y.Type) && sameMap(x.Props, y.Props) && sameAll(x.Children, y.Children)
	case value.KindUnquote:
		x, y := a.AsUnquote(), b.AsUnquote()
		return x.Discard == y.Discard && same(x.Form, y.Form)
	case value.KindRegexp:
		x, y := a.AsRegexp(), b.AsRegexp()
		return x.Pattern == y.Pattern && x.Flags == y.Flags && x.Replacement == y.Replacement && x.HasReplacement == y.HasReplacement
	}
	return value.Equal(a, b)
}

func sameAll(a, b []value.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

func sameMap(a, b *value.Map) bool {
	if a.Len() != b.Len() {
		return false
	}
	for i, e := range a.Entries() {
		if f := b.Entries()[i]; e.Key != f.Key || !same(e.Val, f.Val) {
			return false
		}
	}
	return true
}

var seeds = []string{
	"(a ^b 1 [c 2.5 'x' \"s\\n\"] {^k v ^^t ^!n ^a^b 1}; .d)",
	"`(x %y %_z %\\_w %\\= %(a)) #\"a#{b}c#(d)#[e]#{^f g}\\#{h}\" {{1 [2] {^a 3} {{}}}}",
	"#/a\\/b\\\\d/i #/x/y z/m #(q 1) #[] #{} #{{}} #@d f 0#ab 0!1 0*QQ==",
	"2031-07-09T06:05:04.25-03:30[America/St_Johns] 9:05 18:45[Asia/Tokyo] 2031-01-01",
	"a/b/c /x a\\/b/c \\5 \\-5 \\^k \\# \\nil #\\/ % %= / /= /\\= // ./ 1e999 -1e999 -0.0 0xff",
	"\"\"\" \n x \"y\"\n \"\"\" #\"\"\"a\n #{b}\n\"\"\" '\\'' '\\\\' '\\u00e9' \"\\ud83d\\ude00\"",
	"(\\` a) (\\` a b) #(\\` a) (\\#\\\" \"a\" \"\" b) (\\{\\{ a) #(\\{\\{ a b) (\\{\\{ ^k 1)",
	"(a ])) {a 1} {^a} (f ^a 1 b ^c 2) 5km #/a/z \"\\u12\" 'xy' ; `) %; #\"#{}\"",
	"{^\\!a 1 ^\\^b 2 ^c\\^d 3 ^\\ e 4 ^5 6 ^a/b 7 ^... m}", "#//\\\n/ #/a/\\/ x/", "\x00 \x00a", "a\\", "#", "%", "#\"", "\ufeff\\\ufeff",
}

// FuzzRead: the reader neither panics nor hangs, and what it reads can be
// written and read back.
func FuzzRead(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	examples, _ := filepath.Glob("../testsuite/*/*.gene")
	for _, name := range examples {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(string(b))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, errs := Read("f", text)
		for _, e := range errs {
			if e.Pos.Line == 0 || e.Msg == "" || e.End.Line < e.Pos.Line {
				t.Errorf("error without a place: %+v", e)
			}
		}
		for _, v := range file.Forms {
			source := Source(v)
			back, errs := Read("f", source)
			if len(errs) > 0 || len(back.Forms) != 1 || !same(v, back.Forms[0]) {
				t.Fatalf("%q was written as %q, which reads differently (%v)", text, source, errs)
			}
			for _, format := range []Format{Pretty, Compact} {
				text := FormatForm(v, format)
				if back, errs := Read("f", text); len(errs) > 0 || !same(v, back.Forms[0]) {
					t.Fatalf("formatted as %q, which reads differently (%v)", text, errs)
				}
			}
		}
	})
}

func benchmarkText() string {
	part := `
# An order book: what a typical program looks like.
(fn match_order [book order ^limit 100 ^^strict]
  (var best (book/asks .find (fn [ask] (ask/price <= order/price))))
  (if (best == nil)
    (println #"no match for #{order/id} at #{order/price}" [1 2.5 "three"])
    (book .fill best (best/amount - 1) {^id order/id ^at 2031-07-09T06:05 ^ok true})))
`
	return strings.Repeat(part, 500)
}

func BenchmarkRead(b *testing.B) {
	text := benchmarkText()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := Read("bench", text); errs != nil {
			b.Fatal(errs)
		}
	}
}

func BenchmarkSource(b *testing.B) {
	f, _ := Read("bench", benchmarkText())
	n := 0
	for _, v := range f.Forms {
		n += len(Source(v))
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		for _, v := range f.Forms {
			Source(v)
		}
	}
}
