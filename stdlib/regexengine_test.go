package stdlib

import (
	"slices"
	"strings"
	"testing"
)

// FuzzTranslate checks that a pattern that needs no backtracking finds the same
// with both engines.
func FuzzTranslate(f *testing.F) {
	for _, p := range []string{`a.c`, `^(\w+)-(\d+)$`, `[^\W\d]+?x`, `(?i)[a-c]B*`, `\bfoo\b|\B`, `(?m)^a$`, `[[:alpha:]\s-]`, `(?<n>a)|b{2,3}`, `\x{41}\Q.*\E`, `(?s:.)+`, `(?x) a b # c`, `[]a]\h`} {
		for _, s := range []string{"abc", "foo-12", "A\nb a", "  bbb."} {
			f.Add(p, s)
		}
	}
	f.Fuzz(func(t *testing.T, p, s string) {
		if len(p) > 40 || len(s) > 60 || !ascii(p) || !ascii(s) {
			t.Skip()
		}
		a, err := translate(p, "")
		if err != nil || a.backtrack {
			t.Skip()
		}
		linear, err := a.compile(p)
		if err != nil {
			t.Skip()
		}
		b, err := forceBacktrack(p, "")
		if err != nil {
			t.Fatalf("%q: only the linear engine takes it: %v", p, err)
		}
		back, err := b.compile(p)
		if err != nil {
			if strings.Contains(err.Error(), "nested quantifier") {
				t.Skip()
			}
			t.Fatalf("%q became %q: %v", p, b.pattern, err)
		}
		// Repetitions of what may be empty are where the engines differ by design.
		if strings.ContainsAny(p, "*+?{") && linear.linear.MatchString("") {
			t.Skip()
		}
		var x, y []int
		linear.each(nil, s, -1, func(loc []int) { x = append(x, loc[:2]...) })
		err = back.each(nil, s, -1, func(loc []int) { y = append(y, loc[:2]...) })
		if err == nil && !slices.Equal(x, y) {
			t.Errorf("%q on %q: linear %v, backtracking (%q) %v", p, s, x, b.pattern, y)
		}
	})
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

func TestTranslate(t *testing.T) {
	for pattern, want := range map[string]string{
		`a(?=b)$`:         `a(?=b)\z`,
		`(?<n>a)(b)\k<n>`: `(a)(b)(?:\1)`,
		`a++b`:            `(?>a+)b`,
		`(a|b)*+`:         `(?>(a|b)*)`,
		`(?x) a b #c`:     `ab`,
		`\d(?!x)`:         `[0-9](?!x)`,
		`(?P<y>\d+)/`:     `(\d+)/`,
	} {
		got, err := translate(pattern, "")
		if err != nil || got.pattern != want {
			t.Errorf("%s became %s, %v; want %s", pattern, got.pattern, err, want)
		}
	}
}

// BenchmarkRegexp compares what a program pays on 1 MiB with Go's own library.
func BenchmarkRegexp(b *testing.B) {
	s := strings.Repeat("the quick brown fox 12345 jumps over, the lazy dog 678. ", 1<<20/56)
	p, err := compilePattern(`(\w+) (\d+)`, "")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("find_all/ours", func(b *testing.B) {
		for b.Loop() {
			texts, _ := p.texts(nil, s)
			stringArray(texts)
		}
	})
	b.Run("find_all/go", func(b *testing.B) {
		for b.Loop() {
			p.linear.FindAllString(s, -1)
		}
	})
	b.Run("replace_all/ours", func(b *testing.B) {
		for b.Loop() {
			p.replace(nil, s, `\2 \1`, -1)
		}
	})
	b.Run("replace_all/go", func(b *testing.B) {
		for b.Loop() {
			p.linear.ReplaceAllString(s, `$2 $1`)
		}
	})
	b.Run("split/ours", func(b *testing.B) {
		for b.Loop() {
			pieces, _ := p.split(nil, s, -1)
			stringArray(pieces)
		}
	})
	b.Run("split/go", func(b *testing.B) {
		for b.Loop() {
			p.linear.Split(s, -1)
		}
	})
	b.Run("split_text/ours", func(b *testing.B) {
		for b.Loop() {
			splitArray(s, " ", 0)
		}
	})
	b.Run("split_text/go", func(b *testing.B) {
		for b.Loop() {
			strings.Split(s, " ")
		}
	})
}
