package peer

import (
	"debug/buildinfo"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"gene/bench/measure"
)

// found is a peer's binary, or why there is none.
type found struct {
	binary string
	err    error
}

// Status says whether a peer can be run here.
type Status struct {
	// Version is what it says of itself; empty if Missing is not.
	Version string
	// Missing is why it can't be run; empty if it can.
	Missing string
}

// Status looks for a peer, builds it if that is how it is come by, and asks
// for its version.
func (r *Runner) Status(p Peer) Status {
	binary, err := r.binary(p)
	if err != nil {
		return Status{Missing: reason(err)}
	}
	version, err := r.versionOf(p, binary)
	if err != nil {
		return Status{Missing: err.Error()}
	}
	return Status{Version: version}
}

// reason is an error without the name of the peer, where it is a column.
func reason(err error) string {
	if a, ok := err.(*Absent); ok {
		return a.Reason
	}
	return err.Error()
}

// binary finds or builds a peer's binary once.
func (r *Runner) binary(p Peer) (string, error) {
	f, ok := r.found[p.Name]
	if !ok {
		f.binary, f.err = r.obtain(p)
		r.found[p.Name] = f
	}
	return f.binary, f.err
}

func (r *Runner) obtain(p Peer) (string, error) {
	switch p.how {
	case gene:
		path, err := exec.LookPath(r.gene)
		if err != nil {
			return "", fmt.Errorf("no gene binary %q (build one with: go build -o gene ./cmd/gene)", r.gene)
		}
		return filepath.Abs(path)
	case hosted:
		return r.build(p, r.path("bench", "peers"), "./"+p.binary)
	case ours:
		return r.build(p, r.root, "./"+p.binary)
	}
	path, err := exec.LookPath(p.binary)
	if err != nil {
		return "", &Absent{p.Name, p.binary + " is not on PATH"}
	}
	if p.itself != nil {
		if path, err = itself(p, path); err != nil {
			return "", err
		}
	}
	if p.needs != "" && exec.Command(path, "-c", "import "+p.needs).Run() != nil {
		return "", &Absent{p.Name, fmt.Sprintf("%s has no module %s", p.binary, p.needs)}
	}
	return path, nil
}

// itself asks a command for the path of the binary that runs in the end.
func itself(p Peer, command string) (string, error) {
	out, err := exec.Command(command, p.itself...).Output()
	if err != nil {
		return "", &Absent{p.Name, fmt.Sprintf("%s on PATH can't be run: %v", p.binary, err)}
	}
	path, err := exec.LookPath(strings.TrimSpace(string(out)))
	if err != nil {
		return "", &Absent{p.Name, fmt.Sprintf("%s on PATH doesn't say where it is: %v", p.binary, err)}
	}
	return path, nil
}

// build compiles a package in the directory of its module.
func (r *Runner) build(p Peer, dir, pkg string) (string, error) {
	binary, err := measure.BuildGo(dir, pkg, r.bin)
	if err != nil {
		return "", &Absent{p.Name, fmt.Sprintf("can't be built (it needs the Go command, and once the network): %v", err)}
	}
	return binary, nil
}

// number is where a version begins in what a command prints.
var number = regexp.MustCompile(`v?\d+\.\d+\S*`)

// versionOf asks a command, or reads in a binary which version of its module
// was built in.
func (r *Runner) versionOf(p Peer, binary string) (string, error) {
	if p.version != nil || p.how == gene {
		args := p.version
		if p.how == gene {
			args = []string{"version"}
		}
		out, err := exec.Command(binary, args...).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("%s %s: %w", p.binary, strings.Join(args, " "), err)
		}
		return number.FindString(string(out)), nil
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return "", err
	}
	for _, dep := range info.Deps {
		if dep.Path == p.module {
			return dep.Version, nil
		}
	}
	return info.GoVersion, nil
}
