package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWrite compares what is written with what the same results give once
// more: the same bytes. Every plot is well-formed, and has a PNG beside it.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, synthetic()); err != nil {
		t.Fatal(err)
	}
	files, err := render(synthetic())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs between two runs", name)
		}
		stem, isSVG := strings.CutSuffix(name, ".svg")
		if !isSVG {
			continue
		}
		if err := wellFormed(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(files[stem+".png"], []byte("\x89PNG")) {
			t.Errorf("%s: there is no PNG of it", name)
		}
	}
}

// wellFormed reads a document to its end.
func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
