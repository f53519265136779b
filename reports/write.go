package reports

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"gene/bench/result"
)

// Write writes the report of a run into the directory, which it makes:
// results.json, index.html (which needs no other file), summary.md, and in
// plots/ every chart as SVG and PNG for light and for dark grounds. Plots of
// an earlier report that this one lacks are removed; other files stay. A
// report in reports/latest is also quoted in the README.md that lies where
// reports does, if there is one.
func Write(dir string, f *result.File) error {
	files, err := render(f)
	if err != nil {
		return err
	}
	plots := filepath.Join(dir, "plots")
	if err := os.MkdirAll(plots, 0o755); err != nil {
		return err
	}
	if err := f.Save(filepath.Join(dir, "results.json")); err != nil {
		return err
	}
	for name, data := range files {
		if err := result.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	if err := removeOld(plots, files); err != nil {
		return err
	}
	return quote(dir, f)
}

// quote updates the README.md that quotes the report in dir.
func quote(dir string, f *result.File) error {
	path, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	root, isLatest := strings.CutSuffix(filepath.ToSlash(path)+"/", "/"+latest)
	if !isLatest {
		return nil
	}
	err = UpdateReadme(filepath.Join(filepath.FromSlash(root), "README.md"), f)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// render makes all files of a report but results.json, by their names.
func render(f *result.File) (map[string][]byte, error) {
	d := drawAll(f)
	files := map[string][]byte{"summary.md": []byte(Markdown(f))}
	var err error
	if files["index.html"], err = htmlPage(d); err != nil {
		return nil, err
	}
	for i := range d.charts {
		c := &d.charts[i]
		for _, t := range []struct {
			theme  *theme
			suffix string
		}{{&light, ""}, {&dark, "-dark"}} {
			s := style{t.theme, false}
			if files["plots/"+c.id+t.suffix+".svg"], err = c.svg(s); err != nil {
				return nil, err
			}
			if files["plots/"+c.id+t.suffix+".png"], err = c.png(s); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// ours matches the names of plots that a report writes.
var ours = regexp.MustCompile(`^(speedup|timeline|scaling|overhead|latency|pending|load|loops|peers)(-[a-z0-9-]+)?\.(svg|png)$`)

func removeOld(plots string, files map[string][]byte) error {
	entries, err := os.ReadDir(plots)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, current := files["plots/"+e.Name()]; !current && ours.MatchString(e.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(plots, e.Name())))
		}
	}
	return err
}
