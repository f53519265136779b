package check_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gene/check"
)

// deliberate lists programs that show what goes wrong, with the warning they
// deserve: a file, and the beginning of the message.
var deliberate = map[string][]string{
	"testsuite/02-values/no_type_check.gene":            {"Type error: expected Int, got String in call"},
	"testsuite/02-values/typed_parameter_converts.gene": {"Type error: expected Float, got String in call"},
	"testsuite/04-functions/argument_errors.gene":       {"Type error: too few positional", "Type error: missing keyword", "Type error: unexpected keyword"},
	"testsuite/04-functions/not_callable.gene":          {"Type error: a call requires a callable, got Int"},
	"testsuite/09-errors/codes_of_built_in_errors.gene": {"Type error: cannot add Int and String", "Type error: unknown method frob on String"},
	"testsuite/09-errors/list_of_classes.gene":          {"Type error: cannot compare Int < String"},
	"testsuite/09-errors/operand_messages.gene":         {"Type error: cannot add", "Type error: cannot compare", "Type error: ++ expects"},
	"02-values-and-types.md":                            {"Type error: expected Int, got String in call", "Type error: too few positional", "Type error: unknown variant blue of enum Signal"},
	"04-functions-and-macros.md":                        {"Type error: too few positional", "Type error: missing keyword", "Type error: unexpected keyword"},
	"06-patterns.md":                                    {"non-exhaustive case over Light; missing variants: red", "non-exhaustive case over Result; missing variants: Err"},
	"09-errors.md":                                      {"Type error: cannot compare Int < String", "Type error: unknown method frobnicate on String", "Type error: too few positional", "Type error: missing keyword"},
	"12-regex-strings-dates-bytes.md":                   {"Type error: cannot compare Date < Time"},
}

// allowed tells whether a warning about a program is expected.
func allowed(file, msg string) bool {
	for _, m := range deliberate[file] {
		if strings.HasPrefix(msg, m) {
			return true
		}
	}
	return false
}

// TestSilence holds that there are no warnings about the programs of the
// project: neither those of the documentation nor those that stand alone.
func TestSilence(t *testing.T) {
	o := check.Options{Globals: globals(t)}
	used := map[string]bool{}
	look := func(file, text string, line int) {
		for _, w := range warnings(t, file, text, o) {
			if allowed(file, w.Msg) {
				used[file] = true
				continue
			}
			t.Errorf("%s:%d:%d: %s", file, line+int(w.Pos.Line), w.Pos.Col, w.Msg)
		}
	}
	for _, dir := range []string{"testsuite", "examples", "bench/programs"} {
		programs(t, "../"+dir, func(path, text string) {
			if !strings.Contains(text, "# error: ") && !strings.Contains(text, "# Error: ") {
				look(strings.TrimPrefix(path, "../"), text, 0)
			}
		})
	}
	chapters, err := filepath.Glob("../docs/language/*.md")
	if err != nil || len(chapters) == 0 {
		t.Fatal("no chapters", err)
	}
	for _, path := range chapters {
		blocks(t, path, func(text string, line int) {
			if !strings.Contains(text, "# error: ") && !strings.Contains(text, "# warns") {
				look(strings.TrimPrefix(path, "../docs/language/"), text, line)
			}
		})
	}
	for file := range deliberate {
		if !used[file] {
			t.Errorf("%s gives no warning any more: remove it from the list", file)
		}
	}
}

// programs gives the programs below a directory that have one.
func programs(t *testing.T, dir string, do func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".gene" {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			do(path, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// blocks gives the programs of a chapter with the line that is before each.
func blocks(t *testing.T, path string, do func(text string, line int)) {
	t.Helper()
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(all), "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] != "```gene" && !strings.HasPrefix(lines[i], "```gene-file ") {
			continue
		}
		start := i + 1
		for i = start; i < len(lines) && lines[i] != "```"; i++ {
		}
		do(strings.Join(lines[start:min(i, len(lines))], "\n")+"\n", start)
	}
}
