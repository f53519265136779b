package measure

import (
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
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

// BuildGo builds the Go command pkg, a path that begins with "./", of the
// module in dir, into the directory bin: a command's start must not be timed
// with the compiler's. Flags are those of go build.
func BuildGo(dir, pkg, bin string, flags ...string) (binary string, err error) {
	binary = filepath.Join(bin, path.Base(pkg))
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", binary, pkg)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build %s: %w%s", pkg, err, indented(string(out)))
	}
	return binary, nil
}
