package reports

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gene/bench/result"
)

// TestReadmeQuotesTheLatestResults holds README.md and reports/latest
// together: both have the results, or neither.
func TestReadmeQuotesTheLatestResults(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	section, quoted, err := currentSection(string(readme))
	if err != nil {
		t.Fatalf("README.md: %v", err)
	}
	f, err := result.Read("latest/results.json")
	switch {
	case errors.Is(err, fs.ErrNotExist) && quoted:
		t.Fatal("README.md quotes results, and there is no reports/latest/results.json")
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		t.Fatal(err)
	case !quoted:
		t.Fatal("reports/latest/results.json is not quoted in README.md: genebench report -i reports/latest/results.json -o reports/latest")
	}
	if section != Readme(f) {
		t.Error("README.md does not quote reports/latest/results.json: genebench report -i reports/latest/results.json -o reports/latest")
	}
	checkLatest(t, f)
}

// checkLatest compares reports/latest with what its results give now. The
// bytes of PNG depend on Go's compressor, so only their presence counts.
func checkLatest(t *testing.T, f *result.File) {
	t.Helper()
	files, err := render(f)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("latest", filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		} else if !strings.HasSuffix(name, ".png") && !bytes.Equal(got, want) {
			t.Errorf("reports/latest/%s is not what its results give", name)
		}
	}
}

func TestUpdateReadme(t *testing.T) {
	const head, tail = "# Gene\n\n## Claims\n\nEach is measured.\n", "\n## Where to read on\n\nThere.\n"
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, []byte(head+tail), 0o644); err != nil {
		t.Fatal(err)
	}
	other := synthetic()
	other.Command = "another run"
	for _, f := range []*result.File{synthetic(), other, synthetic()} {
		if err := UpdateReadme(path, f); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := head + "\n" + Readme(f) + "\n" + tail; string(got) != want {
			t.Errorf("README.md is\n%s\nwant\n%s", got, want)
		}
	}
}

func TestWriteUpdatesTheReadmeOfTheRepository(t *testing.T) {
	root := t.TempDir()
	readme := filepath.Join(root, "README.md")
	if err := os.WriteFile(readme, []byte("# Gene\n\n## Claims\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := &result.File{Schema: result.Schema}
	for _, tt := range []struct {
		dir    string
		quoted bool
	}{{"report", false}, {"reports/latest", true}} {
		if err := Write(filepath.Join(root, tt.dir), f); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(readme)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), Readme(f)); got != tt.quoted {
			t.Errorf("after a report in %s README.md quotes it: %v, want %v", tt.dir, got, tt.quoted)
		}
	}
}

func TestUpdateReadmeRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no place", "# Gene\n", "no chapter"},
		{"half", "## Claims\n" + end, "one of the markers"},
		{"the wrong way round", end + "\n" + begin, "wrong way round"},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "README.md")
		if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := UpdateReadme(path, synthetic()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q in it", tt.name, err, tt.want)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != tt.text {
			t.Errorf("%s: the file was changed to %q, %v", tt.name, got, err)
		}
	}
	if err := UpdateReadme(filepath.Join(t.TempDir(), "none.md"), synthetic()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
