package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// testFile is a test program with what its comments say about a run of it.
type testFile struct {
	path     string // as reports name it
	numbered bool   // by the rules of tests with a number in their name

	want     []wantedLine
	errors   []string
	exit     int
	exitSeen bool
	args     []string
	flags    []string
	stdin    strings.Builder
	loops    []string
	input    string // command whose output is piped in
	code     string // for gene pipe
	usesTest bool   // imports genex/test
}

// wantedLine is one line of expected output.
type wantedLine struct {
	text string
	re   *regexp.Regexp // instead of text
}

func (w wantedLine) fits(line string) bool {
	if w.re != nil {
		return w.re.MatchString(line)
	}
	return w.text == line
}

func (w wantedLine) String() string {
	if w.re != nil {
		return "a line like " + w.text
	}
	return strconv.Quote(w.text)
}

const testKeys = `(Expected~?|Error|ExitCode|Args|Flags|Stdin|Loops|Stress|Input|Code)`

var (
	numberedName   = regexp.MustCompile(`^[0-9].*_.*\.gene$`)
	numberedRule   = regexp.MustCompile(`^# ` + testKeys + `:(.*)$`)
	plainRule      = regexp.MustCompile(`(?:^|\s)# ` + testKeys + `:(?: (.*))?$`)
	importsTesting = regexp.MustCompile(`\(import\s+genex/test\b`)
)

// findTests gives the tests in files and directories, sorted by path.
func findTests(paths []string, filter *regexp.Regexp) ([]*testFile, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var tests []*testFile
	add := func(path string, named bool) error {
		if slices.ContainsFunc(tests, func(t *testFile) bool { return t.path == path }) || !filter.MatchString(filepath.ToSlash(path)) {
			return nil
		}
		t, err := readTest(path)
		if err == nil && (named || t.isTest()) {
			tests = append(tests, t)
		}
		return err
	}
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, fmt.Errorf("File not found: %s", root)
		}
		if !info.IsDir() {
			err = add(root, true)
		} else {
			err = walkTests(root, add)
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(tests, func(a, b *testFile) int { return strings.Compare(a.path, b.path) })
	return tests, nil
}

// walkTests goes through a directory, leaving out what belongs to tools and the
// companion files of tests.
func walkTests(root string, add func(path string, named bool) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("Cannot read %s: %w", path, reason(err))
		case path == root:
			return nil
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || isCompanion(path)):
			return filepath.SkipDir
		case d.Type().IsRegular() && filepath.Ext(path) == ".gene":
			return add(path, false)
		}
		return nil
	})
}

// isCompanion tells whether a directory holds the files of the program that
// stands beside it and has its name.
func isCompanion(dir string) bool {
	_, err := os.Stat(dir + ".gene")
	return err == nil
}

// readTest reads the comments of a program.
func readTest(path string) (*testFile, error) {
	text, err := readSource(path)
	if err != nil {
		return nil, err
	}
	t := &testFile{path: path, numbered: numberedName.MatchString(filepath.Base(path)), usesTest: importsTesting.Match(text)}
	rule := plainRule
	if t.numbered {
		rule = numberedRule
	}
	for n, line := range strings.Split(string(text), "\n") {
		m := rule.FindStringSubmatch(strings.TrimRight(line, " \t\r"))
		if m == nil {
			continue
		}
		if err := t.directive(m[1], strings.TrimSpace(m[2]), m[2]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n+1, err)
		}
	}
	if len(t.errors) > 0 && !t.exitSeen {
		t.exit = exitFailed
	}
	return t, nil
}

// isTest tells whether a program that was found says that it is a test.
func (t *testFile) isTest() bool {
	return t.numbered || t.usesTest || t.exitSeen || len(t.want) > 0 || len(t.errors) > 0
}

// directive takes one comment; raw is the text with the blanks around it.
func (t *testFile) directive(key, text, raw string) (err error) {
	switch key {
	case "Expected":
		if !t.numbered {
			t.want = append(t.want, wantedLine{text: raw})
		} else if text != "" {
			t.want = append(t.want, wantedLine{text: squeezed(text)})
		}
	case "Expected~":
		w := wantedLine{text: text}
		w.re, err = regexp.Compile("^(?:" + text + ")$")
		t.want = append(t.want, w)
	case "Error":
		t.errors = append(t.errors, text)
	case "ExitCode":
		if t.exitSeen {
			return nil // the first one counts
		}
		t.exitSeen = true
		t.exit, err = strconv.Atoi(text)
	case "Args":
		t.args = append(t.args, strings.Fields(text)...)
	case "Flags":
		t.flags = append(t.flags, strings.Fields(text)...)
	case "Stdin":
		t.stdin.WriteString(raw + "\n")
	case "Loops":
		t.loops = strings.Fields(text)
	case "Input":
		t.input = text
	case "Code":
		t.code = text
	}
	return err
}

// squeezed is a line without its blanks: tests with a number compare so.
func squeezed(line string) string { return strings.Join(strings.Fields(line), "") }
