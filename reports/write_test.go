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

func TestWriteMakesWellFormedPlots(t *testing.T) {
	dir := t.TempDir()
	if out := os.Getenv("REPORT_OUT"); out != "" {
		dir = out
	}
	if err := Write(dir, synthetic()); err != nil {
		t.Fatal(err)
	}
	plots, err := filepath.Glob(filepath.Join(dir, "plots", "*.svg"))
	if err != nil || len(plots) < 20 {
		t.Fatalf("%d plots, %v", len(plots), err)
	}
	for _, name := range plots {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := wellFormed(data); err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
		png, err := os.ReadFile(strings.TrimSuffix(name, ".svg") + ".png")
		if err != nil || !bytes.HasPrefix(png, []byte("\x89PNG")) {
			t.Errorf("%s: no PNG beside it: %v", filepath.Base(name), err)
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
