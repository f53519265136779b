package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIndent(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"the example", "(fn area [w h]\n(if (w > 0)\n(w * h)\nelse\n0))   \n", "(fn area [w h]\n  (if (w > 0)\n    (w * h)\n   else\n    0))\n"},
		{"line ends", "(a\r\nb\rc)", "(a\n  b\n  c)"},
		{"blank lines", "(a\n \t\n\n  b)\n\n", "(a\n\n\n  b)\n\n"},
		{"shebang", "#!/usr/bin/env gene  \n  (a)", "#!/usr/bin/env gene\n(a)"},
		{"comments stay", "(a\n # one  \n\t## two\nb)", "(a\n # one\n\t## two\n  b)"},
		{"gap before a comment", "  (a)   # why \n\t(b)\t# b", "(a)   # why\n(b)\t# b"},
		{"brackets in comments", "(a # (\nb)", "(a # (\n  b)"},
		{"several brackets on a line", "((a {^b (c\nd)}\ne))", "((a {^b (c\n  d)}\n  e))"},
		{"closing brackets first", "(a\n(b\nc\n)\n)", "(a\n  (b\n    c\n  )\n)"},
		{"a line of closers and more", "(a (b\nc\n) d\n  e)", "(a (b\n  c\n  ) d\n  e)"},
		{"clauses", "(try\na\ncatch *\nb\nfinally\nc)", "(try\n  a\n catch *\n  b\n finally\n  c)"},
		{"a clause opens", "(if a\nb\nelse (c\nd))", "(if a\n  b\n else (c\n   d))"},
		{"no clause", "(a\nelsewhere\nelse/x\n(else))", "(a\n  elsewhere\n  else/x\n  (else))"},
		{"clause at the top", "else\n1", "else\n1"},
		{"hanging", "(var xs [1 2\n3\n  4])", "(var xs [1 2\n         3\n         4])"},
		{"hanging, nested", "[[1\n2]\n[3\n4]]", "[[1\n  2]\n [3\n  4]]"},
		{"hanging, sealed", "(x #[ a\nb])", "(x #[ a\n      b])"},
		{"hanging, letters", "(é [ü\nö])", "(é [ü\n    ö])"},
		{"array without an element", "[\n1\n# c\n2\n]", "[\n  1\n# c\n  2\n]"},
		{"array with a comment", "[ # c\n1]", "[ # c\n  1]"},
		{"array closed at once", "(a []\nb)", "(a []\n  b)"},
		{"a list in an array", "[(a\nb)\nc]", "[(a\n  b)\n c]"},
		{"hash maps", "{{1\n2}}", "{{1\n  2}}"},
		{"strings", "(a \"x  \n   y\" (b\nc))", "(a \"x  \n   y\" (b\n  c))"},
		{"long strings", "(a \"\"\"\n  ( \"\" \n  \"\"\"\nb)", "(a \"\"\"\n  ( \"\" \n  \"\"\"\n  b)"},
		{"interpolation", "(a #\"x#{(f \")\"\n)}  \n\"\nb)", "(a #\"x#{(f \")\"\n)}  \n\"\n  b)"},
		{"characters", "(a '(' '\\'' '\"'\nb)", "(a '(' '\\'' '\"'\n  b)"},
		{"regular expressions", "(a #/[(\"]/i #/x/(/\nb)", "(a #/[(\"]/i #/x/(/\n  b)"},
		{"escapes", "(a \\( b\\\"\nc)", "(a \\( b\\\"\n  c)"},
		{"escaped blank", "(a b\\ \nc)", "(a b\\ \n  c)"},
		{"block comment", "(a\n#< one  \n( two ># b\nc)", "(a\n#< one\n( two ># b\n  c)"},
		{"block comment before code", "(a\n#< x ># b)", "(a\n  #< x ># b)"},
		{"block comment alone", "(a\n#< x >#  \nb)", "(a\n#< x >#\n  b)"},
		{"lone hash", "(a)\n#  ", "(a)\n# "},
		{"unclosed string", "(a\n\"b  \n  c  \n", "(a\n  \"b  \n  c  \n"},
		{"surplus closers", ")\n )(a\nb", ")\n)(a\n  b"},
		{"byte order mark", "\ufeff  (a)", "\ufeff(a)"},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Indent(c.text)
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if again := Indent(got); again != got {
				t.Errorf("formatted again\n%s", again)
			}
		})
	}
}

// TestIndentIsLinear keeps deep nesting from costing its square.
func TestIndentIsLinear(t *testing.T) {
	for _, line := range []string{"(\n", "[a ", "[[[ x\n"} {
		text := strings.Repeat(line, 20_000)
		if got := Indent(text); len(got) > len(text)+20_000*(indentMax+1) {
			t.Errorf("%q became %d bytes", line, len(got))
		}
	}
}

// FuzzIndent: what is formatted reads to the same forms, and formatting it again
// changes nothing.
func FuzzIndent(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	for _, pattern := range []string{"../testsuite/*/*.gene", "../examples/*.gene"} {
		files, _ := filepath.Glob(pattern)
		for _, name := range files {
			if b, err := os.ReadFile(name); err == nil {
				f.Add(string(b))
			}
		}
	}
	f.Add("(a\r\n[b # c\r\n\td]\r)\n#<\n x \n># else\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.TrimPrefix(text, "\ufeff"), "\ufeff") {
			return // a symbol elsewhere, but nothing at the beginning of the text
		}
		got := Indent(text)
		if again := Indent(got); again != got {
			t.Errorf("%q was formatted as %q, and again as %q", text, got, again)
		}
		before, errs := Read("f", text)
		if len(errs) > 0 {
			return
		}
		after, errs := Read("f", got)
		if len(errs) > 0 || !sameAll(before.Forms, after.Forms) {
			t.Errorf("%q was formatted as %q, which reads differently (%v)", text, got, errs)
		}
	})
}
