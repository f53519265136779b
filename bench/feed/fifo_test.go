//go:build unix

package feed

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"
)

func TestFIFOsWaitThenSendTheText(t *testing.T) {
	const delay = 20 * time.Millisecond
	f, err := NewFIFOs(2, delay)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range f.Paths() {
		start := time.Now()
		text, err := os.ReadFile(path)
		if err != nil || string(text) != Text {
			t.Errorf("read %q, error %v, want the text", text, err)
		}
		if took := time.Since(start); took < delay {
			t.Errorf("the text came after %v, want %v at least", took, delay)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(f.Paths()[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Close: error %v, want the FIFO gone", err)
	}
}

// Close must not wait for readers that never come.
func TestFIFOsWithoutReadersAreClosed(t *testing.T) {
	f, err := NewFIFOs(5, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
