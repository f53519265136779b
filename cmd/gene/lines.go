package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/peterh/liner"
)

// errCancelled is given for a line during which Ctrl-C was pressed.
var errCancelled = errors.New("cancelled")

// lineReader is where a session gets its lines from.
type lineReader interface {
	// read gives the next line without its end, io.EOF or errCancelled.
	read(prompt string) (string, error)
	// remember puts an input into the history.
	remember(text string)
	// pause and resume surround the evaluation of an input, during which the
	// terminal belongs to the program.
	pause()
	resume()
	close() error
}

// newLineReader chooses by whether somebody is typing.
func newLineReader(s streams) lineReader {
	if isTerminal(s.in) {
		return newEditor()
	}
	return &plainLines{bufio.NewReader(s.in)}
}

// plainLines reads a pipe or a file; there is nobody to prompt.
type plainLines struct{ r *bufio.Reader }

func (p *plainLines) read(string) (string, error) {
	line, err := p.r.ReadString('\n')
	if err != nil && (line == "" || !errors.Is(err, io.EOF)) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (p *plainLines) remember(string) {}
func (p *plainLines) pause()          {}
func (p *plainLines) resume()         {}
func (p *plainLines) close() error    { return nil }

// editor edits lines on a terminal and keeps a history.
type editor struct {
	line    *liner.State
	cooked  liner.ModeApplier // the terminal as it was
	raw     liner.ModeApplier // as the editor wants it
	history string            // file name, "" when there is no place for one
}

func newEditor() *editor {
	e := &editor{history: historyFile()}
	e.cooked, _ = liner.TerminalMode() // nil when it can't be known; then nothing is switched
	e.line = liner.NewLiner()
	e.raw, _ = liner.TerminalMode()
	e.line.SetCtrlCAborts(true)
	e.line.SetMultiLineMode(true)
	if f, err := os.Open(e.history); err == nil {
		_, _ = e.line.ReadHistory(f) // a damaged history is no reason not to start
		_ = f.Close()
	}
	return e
}

func (e *editor) read(prompt string) (string, error) {
	line, err := e.line.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", errCancelled
	}
	return line, err
}

func (e *editor) remember(text string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if !strings.Contains(text, "#") { // a comment would swallow what follows it
		lines = []string{strings.Join(lines, " ")}
	}
	for _, line := range lines {
		if line != "" {
			e.line.AppendHistory(line)
		}
	}
}

func (e *editor) pause()  { apply(e.cooked) }
func (e *editor) resume() { apply(e.raw) }

func apply(mode liner.ModeApplier) {
	if mode != nil {
		_ = mode.ApplyMode() // the terminal has gone; the next read says so
	}
}

func (e *editor) close() error {
	saveErr := e.save()
	if err := e.line.Close(); err != nil {
		return err
	}
	return saveErr
}

func (e *editor) save() error {
	if e.history == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(e.history), 0o700); err != nil {
		return fmt.Errorf("Cannot save the history: %w", err)
	}
	f, err := os.OpenFile(e.history, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("Cannot save the history: %w", err)
	}
	if _, err = e.line.WriteHistory(f); err == nil {
		return f.Close()
	}
	_ = f.Close()
	return fmt.Errorf("Cannot save the history: %w", err)
}

// historyFile is in the directory for what programs keep between runs.
func historyFile() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "gene", "history")
}
