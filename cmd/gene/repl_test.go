package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script is a line reader that somebody has typed into.
type script struct {
	lines   []string // "^C" is Ctrl-C
	prompts []string
	history []string
}

func (s *script) read(prompt string) (string, error) {
	s.prompts = append(s.prompts, prompt)
	if len(s.lines) == 0 {
		return "", io.EOF
	}
	line := s.lines[0]
	s.lines = s.lines[1:]
	if line == "^C" {
		return "", errCancelled
	}
	return line, nil
}

func (s *script) remember(text string) { s.history = append(s.history, text) }
func (s *script) pause()               {}
func (s *script) resume()              {}
func (s *script) close() error         { return nil }

// session types lines into a session and gives what it printed.
func session(t *testing.T, s *script) (out, errs string) {
	t.Helper()
	var o, e strings.Builder
	str := streams{out: &o, err: &e}
	opts := execOptions{loop: "sim", contracts: "on", nativeTier: "never"}
	m, err := opts.newVM(str, replName, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &repl{m: m, session: m.NewSession(replName), s: str, lines: s}
	code, err := r.run()
	if code = opts.finish(m, str, code); code != exitOK || err != nil {
		t.Errorf("exit code %d, %v", code, err)
	}
	return strings.TrimPrefix(o.String(), replBanner), e.String()
}

func TestReplCancelsTheFormBeingTyped(t *testing.T) {
	s := &script{lines: []string{"(1 +", "^C", "(2 +", "3)", "help"}}
	out, errs := session(t, s)
	if out != "5\n"+replHelp || errs != "" {
		t.Errorf("printed %q and %q", out, errs)
	}
	want := "gene> |....> |gene> |....> |gene> |gene> "
	if got := strings.Join(s.prompts, "|"); got != want {
		t.Errorf("prompts %q, want %q", got, want)
	}
	if len(s.history) != 2 || s.history[0] != "(2 +\n3)" {
		t.Errorf("history %q", s.history)
	}
}

func TestReplGoesOnAfterErrors(t *testing.T) {
	out, errs := session(t, &script{lines: []string{"(var n 1)", "nowhere", "(if)", ")", "(n + 1)", "quit", "n"}})
	if out != "1\n2\n" {
		t.Errorf("printed %q", out)
	}
	for _, want := range []string{"nowhere is not defined", "if: missing condition", "Unmatched delimiter"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in %q", want, errs)
		}
	}
}

func TestPlainLines(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "in"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("a\r\n\nlast"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	r := newLineReader(streams{in: f})
	for _, want := range []string{"a", "", "last"} {
		if got, err := r.read(""); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	if _, err := r.read(""); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want io.EOF", err)
	}
}

func TestHistoryFile(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/var/state")
	if got := historyFile(); got != "/var/state/gene/history" {
		t.Errorf("got %s", got)
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "/home/ann")
	if got := historyFile(); got != "/home/ann/.local/state/gene/history" {
		t.Errorf("got %s", got)
	}
}
