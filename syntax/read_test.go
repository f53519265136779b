package syntax

import (
	"io"
	"strings"
	"testing"

	"gene/value"
)

func readAll(t *testing.T, text string) []value.Value {
	t.Helper()
	f, errs := Read("t.gene", text)
	if len(errs) > 0 {
		t.Fatalf("Read(%q): %v", text, errs)
	}
	return f.Forms
}

// TestRead compares what forms print as, joined by ` | `, with literal text.
func TestRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// 1.1 comments and blanks
		{"#!/usr/bin/env gene\n## h\n(a 1, 2,, 3) # x\n#< b\n c >#d#\n#\te\n#", "(a 1 2 3) | d#"},
		{"#foo #< never closed", "#foo"},
		{"\ufeffa", "a"},
		// 1.2, 1.3 tokens and symbols
		{`it's c# a:b <=> a.b k^v x... ... name: :x _ .m ./k ./ /x // $ex/y @a/b/0 größe`,
			"it's | c# | a:b | <=> | a.b | k^v | x... | ... | name: | :x | _ | .m | ./k | ./ | /x | // | $ex/y | @a/b/0 | größe"},
		{`a%b x"y" a(b) (f)[1]`, `a | %b | x | "y" | a | (b) | (f) | [1]`},
		{`% (% a) [%] %= %(a) %_x %_ %%=`, `% | (% a) | [%] | %= | %(a) | %_x | %_ | %%=`},
		{`in\/out a\ b \5 \nil a\/b/c`, `in/out | a b | 5 | nil | a/b/c`},
		{"nil void true false not_found nil/x", "nil | void | true | false | not_found | nil/x"},
		{"a - 5 -5 -x +3 .5 -.5 +-3", "a | - | 5 | -5 | -x | 3 | .5 | -.5 | +-3"},
		// 1.4 numbers
		{"0 -7 +3 007 0xFF 0XfF 0xff_00 0xFFFFFFFFFFFFFFFF", "0 | -7 | 3 | 7 | 255 | 255 | 65280 | -1"},
		{"1. 2.50 -0.25 2e3 1.5e-3 1.E+2 -0.0 2e", "1.0 | 2.5 | -0.25 | 2000.0 | 0.0015 | 100.0 | -0.0 | 2.0"},
		{"9223372036854775807 -9223372036854775808 1_000", "9223372036854775807 | -9223372036854775808 | 1 | _000"},
		// 1.5, 12.3 dates and times
		{"2031-07-09 2031-07-09T06:05 2031-07-09T06:05:04.250Z", "2031-07-09 | 2031-07-09T06:05 | 2031-07-09T06:05:04.25Z"},
		{"2031-07-09T06:05:04-03:30[America/St_Johns] 18:45 18:45:10+02:00", "2031-07-09T06:05:04-03:30[America/St_Johns] | 18:45 | 18:45:10+02:00"},
		{"9:05 09:05:30.25 21:00:00 12:00[Asia/Tokyo] 2031-01-01T10:00+00:00 [9:05] 9:05.5", "09:05 | 09:05:30.25 | 21:00 | 12:00:00[Asia/Tokyo] | 2031-01-01T10:00:00Z | [09:05] | 09:05:00.5"},
		// 1.6, 12.4 bytes
		{"0#C0FFEE 0!10000001 0*R2VuZQ== 0#de~ad 0!111 0#abc 0!1111~ \n0000 0*AQID 0*QQ", "0#c0ffee | 0#81 | 0#47656e65 | 0#dead | 0#07 | 0#ab0c | 0#f0 | 0#010203 | 0#41"},
		// 1.7 strings and chars; the printed text has no escapes
		{`"a\n\t\"\\\q\#\u00e9\ud83d\ude00" "two
lines" ""`, "\"a\n\t\"\\q#é😀\" | \"two\nlines\" | \"\""},
		{"\"\"\"   \n  say \"hi\"\n   \"\"\" \"\"\"one \"word\".\"\"\"", "\"\n  say \"hi\"\n\" | \"one \"word\".\""},
		{`#"n=#{n}, #{ (n * n) } #[n "s"] #(n + 1) #{^k n} \#{n} #tag #"`, `#"n=#{n}, #{(n * n)} #{[n "s"]} #{(n + 1)} #{{^k n}} #{n} #tag #"`},
		{`#"a#< gone >#b" #"" #"a#{"b"}c"`, `#"ab" | #"" | #"abc"`},
		{"#\"\"\"dear #{who},\n  \"bye\".\"\"\"", "#\"dear #{who},\n  \"bye\".\""},
		{`'x' '\'' '(' '#' ' ' '\n' '\u' '\u00e9' 'ß' '"'`, `'x' | ''' | '(' | '#' | ' ' | '` + "\n" + `' | 'u' | 'é' | 'ß' | '"'`},
		// 1.8 other # forms
		{`#[1 [2]] #{^a 1} #{{"k" 2}} #(a b)`, `#[1 [2]] | #{^a 1} | #{{"k" 2}} | #(a b)`},
		{`#/cat|dog/i #/a\/b/ #/\d{2}/m #/(\w+)=(\w+)/\2=\1/ #/\d/#/ #/no+/yes/i #/a/mi #//`,
			`#/cat|dog/i | #/a\/b/ | #/\\d{2}/m | #/(\\w+)=(\\w+)/\\2=\\1/ | #/\\d/#/ | #/no+/yes/i | #/a/im | #//`},
		{"#@twice 21 (a #@b c d) #@(x 1) y", "(twice 21) | (a (b c) d) | ((x 1) y)"},
		// 1.9 arrays and maps
		{`{^^on ^!off ^count 2 ^a-b? 3 ^7 "seven" ^a/b 1 ^... m ^...1 n}`, `{^on true ^off nil ^count 2 ^a-b? 3 ^7 "seven" ^a/b 1 ^... m ^...1 n}`},
		{`{^net^host "h" ^net^port 80 ^net^^tls ^net^!proxy ^^a ^^a}`, `{^net {^host "h" ^port 80 ^tls true ^proxy false} ^a true}`},
		{`{^a^b^c 1 ^a^b^d 2 ^a^e 3}`, `{^a {^b {^c 1 ^d 2} ^e 3}}`},
		{`{{1 "one" "k" [2]}} {{}} {{1 {^a 2}}} {{{^a 1} {{2 3}}}}`, `{{1 "one" "k" [2]}} | {{}} | {{1 {^a 2}}} | {{{^a 1} {{2 3}}}}`},
		// 1.10 Gene expressions
		{`(book ^title "Dune" 1965 (tags ^^scifi) [1 2])`, `(book ^title "Dune" 1965 (tags ^scifi true) [1 2])`},
		{"(row 1 2 ^id 7) (row 1 ^id 7 2) (1 a) ((f) x) () (^x 1) [^x]", "(row ^id 7 1 2) | (row ^id 7 1 2) | (1 a) | ((f) x) | (nil) | (^x 1) | [^x]"},
		{"(a b; c ^k 1; d) (a; b) (2 + 3; * 10)", "(((a b) ^k 1 c) d) | ((a) b) | ((2 + 3) * 10)"},
		{"`form `` x (`list %x) %`y", "`form | ``x | (`list %x) | %`y"},
	} {
		var got []string
		for _, v := range readAll(t, c.text) {
			got = append(got, value.Literal(v))
		}
		if g := strings.Join(got, " | "); g != c.want {
			t.Errorf("Read(%q)\n got %s\nwant %s", c.text, g, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	for text, want := range map[string]value.Kind{
		`in\/out`: value.KindSymbol, "in/out": value.KindPath, "/": value.KindSymbol, "/=": value.KindSymbol,
		"{{1 2}}": value.KindGene, "#\"a\"": value.KindGene, "`a": value.KindGene, "%a": value.KindUnquote,
		"(1 .. 2)": value.KindGene, "@a": value.KindSymbol, "\\true": value.KindSymbol, "1e3": value.KindFloat,
		"{}": value.KindMap, "#{}": value.KindMap, "#[]": value.KindArray, "9:00": value.KindTime,
	} {
		if got := readAll(t, text)[0].Kind(); got != want {
			t.Errorf("%s has kind %d, want %d", text, got, want)
		}
	}
	if f := readAll(t, "#(a)")[0].Header().Flags; f&value.FlagSealed == 0 {
		t.Error("#(a) is not sealed")
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{")", "1:1: Unmatched delimiter: )"},
		{"(a\n ])", "2:2: Unmatched delimiter: ]"},
		{"{{1 2}", "1:6: Unmatched delimiter: }; 1:1: EOF while reading hash map"},
		{"a ; b", "1:3: `;` outside a Gene expression"},
		{"(f [a; b])", "1:6: `;` outside a Gene expression"},
		{"(é (1 + 2)", "1:1: EOF while reading list"},
		{"[1", "1:1: EOF while reading array"},
		{"{^a", "1:1: EOF while reading map"},
		{"x \"abc", "1:3: EOF while reading string"},
		{"#\"a#{b", "1:5: EOF while reading interpolation"},
		{"#/a", "1:1: EOF while reading regex"},
		{"`", "1:1: EOF while reading form after `"},
		{"(`)", "1:2: Expect form after `"},
		{"9223372036854775808", "1:1: Parsed integer outside of valid range: 9223372036854775808"},
		{"é 5km 1/2 1..5 -0x1", "1:3: Invalid number: 5km; 1:7: Invalid number: 1/2; 1:11: Invalid number: 1..5; 1:16: Invalid number: -0x1"},
		{"2031-13-01 2031-1-1 2031-01-32", "1:1: Invalid month: 13; 1:12: Expected 2-digit month in date literal; 1:21: Invalid day: 32"},
		{"24:00 10:60 10:10:60 10:1 2031-01-01T10", "1:1: Invalid hour: 24; 1:7: Invalid minute: 60; 1:13: Invalid second: 60; 1:22: Expected 2-digit minute in time literal; 1:27: Expected ':' after hour in datetime literal"},
		{"10:10+24:00 10:10+1:00 10:10+1000", "1:1: Invalid timezone offset; 1:13: Expected 2-digit hour in timezone offset; 1:24: Invalid timezone offset"},
		{"10:10[Oslo] 2031-01-01T10:10[Europe/Oslo]", "1:1: IANA timezone name must contain '/': Oslo; 1:13: DateTime literal requires offset or Z before [Zone/Name]"},
		{"0# 0! 0* 0#x", "1:1: parse_hex: no hex digits after 0#; 1:4: parse_bin: no binary digits after 0!; 1:7: parse_base64: no data after 0*; 1:12: Invalid hex digit in bytes literal: x"},
		{`"\u12" "\ud800"`, "1:2: Invalid escape; 1:9: Invalid escape"},
		{`'xy' ''`, "1:1: Expected closing '; 1:6: Empty character literal: expected one character between apostrophes"},
		{"#/a/z #/a/q)", "1:5: Invalid regex flag: z; 1:11: Invalid regex flag: q; 1:12: Unmatched delimiter: )"},
		{"(println #/a/z)", "1:14: Invalid regex flag: z"},
		{"{^a 1 ^b 2 ^a 3}", "1:12: Property ^a conflict with property shortcut found earlier"},
		{"{^a {^b 1} ^a^c 2}", "1:12: Property ^a^c conflict with property shortcut found earlier"},
		{"{a 1}", "1:2: Expect key"},
		{"{^a 1 ^b}", "1:7: Expect value for b"},
		{"(f ^a ^b 1)", "1:4: Expect value for a"},
		{"{^ 1}", "1:2: Expect key after ^; 1:4: Expect key"},
		{"(row ^id 7 1 ^x 2)", "1:14: properties found in wrong place"},
		{`#"#{} #{a b}"`, "1:3: Interpolation #{} without a form; 1:7: More than one form in an interpolation"},
		{"a \xff", "1:3: Invalid UTF-8 in source text"},
	} {
		_, errs := Read("f", c.text)
		var got []string
		for _, e := range errs {
			got = append(got, posText(e.Pos)+": "+e.Msg)
		}
		if g := strings.Join(got, "; "); g != c.want {
			t.Errorf("Read(%q)\n got %s\nwant %s", c.text, g, c.want)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, errs := Read("job.gene", "(a\n  (b")
	want := "job.gene:2:3: ParseException: EOF while reading list"
	if errs.Error() != want || !errs.Incomplete() || errs[0].End != (value.Pos{Line: 2, Col: 5}) {
		t.Errorf("got %v (incomplete %v, end %v), want %s", errs, errs.Incomplete(), errs[0].End, want)
	}
	_, errs = Read("f", "(fn f [x]\n  (g x)\n(fn h [] 1)")
	if !strings.Contains(errs[0].Hint, "missing before 3:1") {
		t.Errorf("hint %q does not show the place", errs[0].Hint)
	}
	if _, errs = Read("f", strings.Repeat(") ", 1000)); len(errs) != maxErrors {
		t.Errorf("%d errors, want %d", len(errs), maxErrors)
	}
	if (Errors)(nil).Err() != nil {
		t.Error("no errors is not nil")
	}
}

func TestDepth(t *testing.T) {
	for _, c := range []struct{ open, mid, close string }{
		{"(", "", ")"}, {"[", "", "]"}, {"{^a ", "1", "}"}, {"`", "x", ""}, {"%", "x", ""},
		{"#@a ", "x", ""}, {"{{", "", "}}"}, {`#"#{`, "1", `}"`}, {"(a", "", ")"},
	} {
		for n, ok := range map[int]bool{MaxDepth - 1: true, MaxDepth: true, MaxDepth + 1: false, 1_000_000: false} {
			_, errs := Read("f", strings.Repeat(c.open, n)+c.mid+strings.Repeat(c.close, n))
			if (len(errs) == 0) != ok {
				t.Errorf("%d times %q: errors %v", n, c.open, errs)
			}
			if !ok && (len(errs) != 1 || !strings.Contains(errs[0].Msg, "nested too deeply")) {
				t.Errorf("%d times %q: errors %v", n, c.open, errs)
			}
		}
	}
	for _, text := range []string{"(a" + strings.Repeat(";", MaxDepth+1) + ")", "{" + strings.Repeat("^a", MaxDepth+2) + " 1}"} {
		if _, errs := Read("f", text); len(errs) != 1 || !strings.Contains(errs[0].Msg, "nested too deeply") {
			t.Errorf("%.10s…: errors %v", text, errs)
		}
	}
}

func TestLocations(t *testing.T) {
	f, errs := Read("f", "é\n (fn ^a 1 [x\n y] {^k 2 ^n^m 3})")
	if errs != nil {
		t.Fatal(errs)
	}
	p := func(line, col uint32) value.Pos { return value.Pos{Line: line, Col: col} }
	if f.Pos[1] != p(2, 2) {
		t.Errorf("second form at %v", f.Pos[1])
	}
	g := f.Forms[1].AsGene()
	l := g.Loc
	if l.File != "f" || l.Pos != p(2, 2) || l.End != p(3, 19) || l.Type != p(2, 3) || l.Props[0] != p(2, 9) ||
		l.Children[0] != p(2, 11) || l.Children[1] != p(3, 5) {
		t.Errorf("Gene at %+v", l)
	}
	if a := f.Locs[g.Children[0].P]; a == nil || a.Children[1] != p(3, 2) || a.End != p(3, 4) {
		t.Errorf("array at %+v", a)
	}
	m := g.Children[1].AsMap()
	if ml := f.Locs[m.Value().P]; ml == nil || ml.Props[0] != p(3, 9) || ml.Props[1] != p(3, 11) {
		t.Errorf("map at %+v", ml)
	}
	n, _ := m.GetText("n")
	if nl := f.Locs[n.P]; nl == nil || nl.Props[0] != p(3, 16) {
		t.Errorf("shortcut's map at %+v", nl)
	}
}

func TestReaderOneByOne(t *testing.T) {
	r := NewReader("f", "a ) (b) (c")
	var got []string
	for {
		v, pos, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, posText(pos)+" "+value.Literal(v))
	}
	want := "1:1 a|f:1:3: ParseException: Unmatched delimiter: )|f:1:9: ParseException: EOF while reading list"
	if g := strings.Join(got, "|"); g != want {
		t.Errorf("got %s\nwant %s", g, want)
	}
	if v, err := ReadOne(" (a b) c"); err != nil || value.Literal(v) != "(a b)" {
		t.Errorf("ReadOne gives %v, %v", value.Literal(v), err)
	}
	if _, err := ReadOne("# nothing"); err == nil || !strings.Contains(err.Error(), "EOF while reading") {
		t.Errorf("ReadOne of nothing: %v", err)
	}
}

func TestFormats(t *testing.T) {
	v := readAll(t, "(shelf ^n 2 [1] x {^a [] ^b (c)})")[0]
	for f, want := range map[Format]string{
		Pretty:  "(shelf ^n 2\n  [\n    1\n  ]\n  x\n  {\n    ^a []\n    ^b (c)\n  }\n)",
		Compact: "(shelf ^n 2 [1] x {^a [] ^b (c)})",
		Sexp:    "(shelf :n 2 [1] x {^a [] ^b (c)})",
	} {
		if got := FormatForm(v, f); got != want {
			t.Errorf("format %d:\n%s\nwant\n%s", f, got, want)
		}
	}
	if got := FormatForms(readAll(t, "(shelf ^n 2 [1 \"a b\"]   nil) x"), Compact); got != "(shelf ^n 2 [1 \"a b\"] nil)\n\nx\n" {
		t.Errorf("two forms: %q", got)
	}
	if got := FormatForms(nil, Pretty); got != "(empty)\n" {
		t.Errorf("no forms: %q", got)
	}
}
