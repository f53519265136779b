package compiler

import (
	"errors"
	"math/rand"
	"sort"
	"strings"
	"testing"

	"gene/syntax"
	"gene/value"
)

// TestMixedForms puts forms of the reference into places where they don't
// belong. The result compiles into code that passes Verify, or is refused.
func TestMixedForms(t *testing.T) {
	var pool []value.Value
	blocks := docBlocks(t)
	names := make([]string, 0, len(blocks))
	for n := range blocks {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if f, errs := syntax.Read("main.gene", blocks[n]); len(errs) == 0 {
			for _, v := range f.Forms {
				collect(v, &pool)
			}
		}
	}
	rounds := 4000
	if testing.Short() {
		rounds = 400
	}
	r := rand.New(rand.NewSource(1))
	for i := 0; i < rounds; i++ {
		var forms []value.Value
		var pos []value.Pos
		for n := 1 + r.Intn(4); n > 0; n-- {
			forms = append(forms, mix(r, pool, pool[r.Intn(len(pool))], 3))
			pos = append(pos, value.Pos{Line: 1, Col: 1})
		}
		if r.Intn(2) == 0 {
			body := append([]value.Value{value.Sym("fn"), value.Sym("mixed"), value.Arr(value.Sym("a"))}, forms...)
			forms, pos = []value.Value{value.NewGene(body[0], nil, body[1:]).Value()}, pos[:1]
		}
		f := &syntax.File{Name: "main.gene", Forms: forms, Pos: pos}
		checkMixed(t, f)
	}
}

func checkMixed(t *testing.T, f *syntax.File) {
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%v\n%s", r, formsText(f.Forms))
		}
	}()
	p, _, err := CompileModule(f, newTestModule(), testOptions)
	if err == nil {
		err = Verify(p)
	} else if errs := (Errors)(nil); errors.As(err, &errs) && !strings.Contains(err.Error(), "internal error") {
		return
	}
	if err != nil {
		t.Errorf("%v\n%s", err, formsText(f.Forms))
	}
}

func formsText(vs []value.Value) string {
	var b strings.Builder
	for _, v := range vs {
		b.WriteString(formText(v) + "\n")
	}
	return b.String()
}

func collect(v value.Value, pool *[]value.Value) {
	switch v.Kind() {
	case value.KindGene:
		*pool = append(*pool, v)
		for _, c := range v.AsGene().Children {
			collect(c, pool)
		}
	case value.KindArray:
		*pool = append(*pool, v)
		for _, c := range v.AsArray().Items {
			collect(c, pool)
		}
	case value.KindMap, value.KindPath, value.KindSymbol:
		*pool = append(*pool, v)
	}
}

// mix gives a copy of v with some parts exchanged for others.
func mix(r *rand.Rand, pool []value.Value, v value.Value, depth int) value.Value {
	if depth == 0 {
		return v
	}
	pick := func(c value.Value) value.Value {
		if r.Intn(6) == 0 {
			c = pool[r.Intn(len(pool))]
		}
		return mix(r, pool, c, depth-1)
	}
	switch v.Kind() {
	case value.KindGene:
		g := *v.AsGene()
		g.Children = append([]value.Value{}, g.Children...)
		for i, c := range g.Children {
			if isMarker(c) {
				continue
			}
			g.Children[i] = pick(c)
		}
		if g.Props.Len() > 0 {
			g.Props = g.Props.Clone()
			for _, e := range g.Props.Entries() {
				g.Props.Set(e.Key, pick(e.Val))
			}
		}
		return g.Value()
	case value.KindArray:
		items := append([]value.Value{}, v.AsArray().Items...)
		for i, c := range items {
			items[i] = pick(c)
		}
		return value.Arr(items...)
	}
	return v
}

// isMarker tells whether a child is a word that gives its form its shape;
// most of those stay, so that most mixtures are not refused at once.
func isMarker(v value.Value) bool {
	s := symName(v)
	return s != "" && (infixLevel[s] > 0 || isAssignOp(s) || isBranchWord(s) || s == "in" || s == "when" || s == "catch" || s == "finally" || s == "->")
}
