package measure

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Figure finds a figure in the output of an asynchronous benchmark, which is a
// sequence of names each followed by its number: "woken 1000 wall_ms 104.2".
func Figure(stdout, name string) (float64, error) {
	words := strings.Fields(stdout)
	for i := 0; i+1 < len(words); i++ {
		if words[i] != name {
			continue
		}
		x, err := strconv.ParseFloat(words[i+1], 64)
		if err != nil {
			return 0, fmt.Errorf("figure %s: %w", name, err)
		}
		return x, nil
	}
	return 0, fmt.Errorf("no figure %s in the output %q", name, stdout)
}

// BuildGo builds the Go command at the import path pkg into a directory of its
// own, for its start must not be timed with the compiler's. The caller removes
// the directory with cleanup.
func BuildGo(pkg string) (binary string, cleanup func(), err error) {
	dir, err := os.MkdirTemp("", "gene-bench")
	if err != nil {
		return "", nil, err
	}
	cleanup = func() { os.RemoveAll(dir) }
	binary = filepath.Join(dir, filepath.Base(pkg))
	out, err := exec.Command("go", "build", "-o", binary, pkg).CombinedOutput()
	if err != nil {
		cleanup()
		return "", nil, fmt.Errorf("go build %s: %w%s", pkg, err, indented(string(out)))
	}
	return binary, cleanup, nil
}
