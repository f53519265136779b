package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// testReport writes results, which come in the order of the tests.
type testReport interface {
	begin(tests int) error
	add(n int, t *testFile, r testResult) error
	end(sum testSum) error
}

// testReports makes the reports, by format.
var testReports = map[string]func(io.Writer) testReport{
	"plain": func(w io.Writer) testReport { return plainReport{w} },
	"tap":   func(w io.Writer) testReport { return tapReport{w} },
	"junit": func(w io.Writer) testReport { return &junitReport{w: w} },
}

// plainReport is for people.
type plainReport struct{ w io.Writer }

func (p plainReport) begin(int) error { return nil }

func (p plainReport) add(_ int, t *testFile, r testResult) error {
	return say(p.w, "%s", plainResult(t, r))
}

func (p plainReport) end(sum testSum) error { return say(p.w, "%v\n", sum) }

// plainResult shows one result.
func plainResult(t *testFile, r testResult) string {
	switch r.status {
	case testSkipped:
		return fmt.Sprintf("skip  %s: %s\n", t.path, r.why)
	case testFailed:
		return fmt.Sprintf("FAIL  %s (%.2f s)\n%s", t.path, r.took.Seconds(), indented(r.why, "  "))
	}
	return fmt.Sprintf("ok    %s (%.2f s)\n", t.path, r.took.Seconds())
}

// indented puts a prefix before every line.
func indented(text, prefix string) string {
	return prefix + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+prefix) + "\n"
}

// tapReport is for test harnesses.
type tapReport struct{ w io.Writer }

func (p tapReport) begin(tests int) error { return say(p.w, "TAP version 13\n1..%d\n", tests) }

func (p tapReport) add(n int, t *testFile, r testResult) error {
	name := strings.ReplaceAll(filepath.ToSlash(t.path), "#", `\#`)
	switch r.status {
	case testSkipped:
		return say(p.w, "ok %d - %s # SKIP %s\n", n, name, r.why)
	case testFailed:
		return say(p.w, "not ok %d - %s\n  ---\n  duration_ms: %d\n  message: |\n%s  ...\n", n, name, r.took.Milliseconds(), indented(r.why, "    "))
	}
	return say(p.w, "ok %d - %s\n", n, name)
}

func (p tapReport) end(sum testSum) error { return say(p.w, "# %v\n", sum) }

// junitReport is for build servers; it is written at the end, because the sums
// stand at the beginning.
type junitReport struct {
	w     io.Writer
	suite junitSuite
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Skipped *junitMessage `xml:"skipped"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (p *junitReport) begin(tests int) error {
	p.suite = junitSuite{Name: "gene", Tests: tests}
	return nil
}

func (p *junitReport) add(_ int, t *testFile, r testResult) error {
	path := filepath.ToSlash(strings.TrimSuffix(t.path, ".gene"))
	class, name := "", path
	if n := strings.LastIndexByte(path, '/'); n >= 0 {
		class, name = path[:n], path[n+1:]
	}
	c := junitCase{Class: class, Name: name, Time: fmt.Sprintf("%.3f", r.took.Seconds())}
	switch r.status {
	case testFailed:
		first, _, _ := strings.Cut(r.why, "\n")
		c.Failure = &junitMessage{first, r.why}
	case testSkipped:
		c.Skipped = &junitMessage{Message: r.why}
	}
	p.suite.Cases = append(p.suite.Cases, c)
	return nil
}

func (p *junitReport) end(sum testSum) error {
	p.suite.Failures, p.suite.Skipped, p.suite.Time = sum.failed, sum.skipped, fmt.Sprintf("%.3f", sum.took.Seconds())
	text, err := xml.MarshalIndent(p.suite, "", "  ")
	if err != nil {
		return err
	}
	return say(p.w, "%s%s\n", xml.Header, text)
}
