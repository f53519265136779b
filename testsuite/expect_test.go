package testsuite

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// expectation is what the comments of a program say about a run of it.
//
//	# Expected: TEXT     the next line of standard output
//	# Expected~: RE      the same, as a regular expression for the whole line
//	# Error: TEXT        standard error contains TEXT, and the exit code is 1
//	# ExitCode: N
//	# Args: A B          arguments of the program
//	# Flags: A B         options of gene run
//	# Stdin: TEXT        one line of standard input
//	# Loops: A B         the event loops that it runs on; all, without
//	# Stress: WHY        not under the stress build, and why
//
// They may stand behind code, on the line that prints. The expected lines are
// the whole output.
type expectation struct {
	want     []wanted
	errors   []string
	exit     int
	args     []string
	flags    []string
	stdin    strings.Builder
	loops    []string
	noStress string
	exitSeen bool
}

// wanted is one line of output.
type wanted struct {
	text string
	re   *regexp.Regexp // instead of text
}

func (w wanted) fits(line string) bool {
	if w.re != nil {
		return w.re.MatchString(line)
	}
	return w.text == line
}

func (w wanted) String() string {
	if w.re != nil {
		return "a line like " + w.text
	}
	return strconv.Quote(w.text)
}

var directiveRE = regexp.MustCompile(`(?:^|\s)# (Expected~?|Error|ExitCode|Args|Flags|Stdin|Loops|Stress):(?: (.*))?$`)

// readExpectation reads the comments of a program.
func readExpectation(t *testing.T, text string) *expectation {
	t.Helper()
	e := &expectation{}
	for n, line := range strings.Split(text, "\n") {
		m := directiveRE.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if err := e.directive(m[1], strings.TrimRight(m[2], " \t\r")); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
	}
	if len(e.errors) > 0 && !e.exitSeen {
		e.exit = 1
	}
	return e
}

func (e *expectation) directive(key, text string) (err error) {
	switch key {
	case "Expected":
		e.want = append(e.want, wanted{text: text})
	case "Expected~":
		w := wanted{text: text}
		w.re, err = regexp.Compile("^(?:" + text + ")$")
		e.want = append(e.want, w)
	case "Error":
		e.errors = append(e.errors, text)
	case "ExitCode":
		e.exit, err = strconv.Atoi(text)
		e.exitSeen = true
	case "Args":
		e.args = append(e.args, strings.Fields(text)...)
	case "Flags":
		e.flags = append(e.flags, strings.Fields(text)...)
	case "Stdin":
		e.stdin.WriteString(text + "\n")
	case "Stress":
		e.noStress = text
	case "Loops":
		e.loops = strings.Fields(text)
	}
	return err
}

// outcome is how a run ended.
type outcome struct {
	exit           int
	stdout, stderr string
}

// compare says how an outcome differs from what is expected, "" when it
// doesn't.
func (e *expectation) compare(o outcome) string {
	var p strings.Builder
	if o.exit != e.exit {
		fmt.Fprintf(&p, "exit code %d, want %d\n", o.exit, e.exit)
	}
	got := splitLines(o.stdout)
	for n := 0; n < max(len(got), len(e.want)); n++ {
		switch {
		case n >= len(got):
			fmt.Fprintf(&p, "line %d is missing, want %v\n", n+1, e.want[n])
		case n >= len(e.want):
			fmt.Fprintf(&p, "line %d is %q, want no more\n", n+1, got[n])
		case !e.want[n].fits(got[n]):
			fmt.Fprintf(&p, "line %d is %q, want %v\n", n+1, got[n], e.want[n])
		default:
			continue
		}
		break
	}
	for _, text := range e.errors {
		if !strings.Contains(o.stderr, text) {
			fmt.Fprintf(&p, "standard error lacks %q\n", text)
		}
	}
	if strings.Contains(o.stderr, "goroutine ") && strings.Contains(o.stderr, ".go:") {
		p.WriteString("a Go trace on standard error\n")
	}
	if p.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("%s--- stdout ---\n%s--- stderr ---\n%s", &p, o.stdout, o.stderr)
}

// splitLines gives the lines of an output without blanks at their ends.
func splitLines(out string) []string {
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if out == "" {
		return nil
	}
	for n := range lines {
		lines[n] = strings.TrimRight(lines[n], " \t\r")
	}
	return lines
}
