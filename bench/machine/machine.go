// Package machine describes the computer and the build that figures come
// from, and says what makes them worth less.
package machine

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"gene/bench/measure"
	"gene/bench/result"
)

// Env describes this machine, the state of the sources in repo and the loops to be measured.
func Env(ctx context.Context, repo string, loops []string) result.Env {
	e := result.Env{
		OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU(),
		Go: goVersion(ctx), GOMAXPROCS: runtime.GOMAXPROCS(0), Loops: loops,
		CPU:      field(read("/proc/cpuinfo"), "model name"),
		MemoryMB: memoryMB(read("/proc/meminfo")),
		Kernel:   strings.TrimSpace(read("/proc/sys/kernel/osrelease")),
		Load1:    load1(read("/proc/loadavg")),
	}
	e.Commit = git(ctx, repo, "rev-parse", "--short=12", "HEAD")
	e.Dirty = git(ctx, repo, "status", "--porcelain") != ""
	e.Warnings = warnings(&e)
	return e
}

// goVersion is that of the compiler that builds what is measured, which need not be our own.
func goVersion(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION").Output()
	if err != nil {
		return runtime.Version()
	}
	return strings.TrimSpace(string(out))
}

// read gives a file of the system, or nothing where there is none.
func read(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}

// field is the value of the first line "name : value".
func field(text, name string) string {
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func memoryMB(text string) int64 {
	kb, err := strconv.ParseInt(strings.TrimSuffix(field(text, "MemTotal"), " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return kb >> 10
}

func load1(text string) float64 {
	first, _, _ := strings.Cut(text, " ")
	load, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return load
}

// git asks for a fact of the sources; nothing when they are no repository.
func git(ctx context.Context, repo string, args ...string) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "git", append([]string{"-C", repo}, args...)...).Output()
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(out))
}

// busy is the load average per processor from which on others disturb.
const busy = 0.25

func warnings(e *result.Env) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if e.Cores < 2 {
		add("one processor: feeders, load generators and the garbage collector share it with what is measured")
	}
	if e.Load1 > busy*float64(e.Cores) {
		add("the machine was busy when the run began: load %.2f on %d processors", e.Load1, e.Cores)
	}
	if !measure.TellsStolen() {
		add("this system doesn't tell stolen processor time: rounds disturbed by a hypervisor are not dropped")
	}
	if e.Commit == "" {
		add("the sources are no git repository: the commit is unknown")
	}
	if e.Dirty {
		add("the sources differ from the commit")
	}
	return list
}

// Difference gives the first reason why times measured on a and on b cannot be
// compared, or nothing.
func Difference(a, b result.Env) string {
	for _, f := range []struct {
		name string
		a, b any
	}{
		{"operating system", a.OS, b.OS},
		{"architecture", a.Arch, b.Arch},
		{"processor", a.CPU, b.CPU},
		{"number of processors", a.Cores, b.Cores},
		{"GOMAXPROCS", a.GOMAXPROCS, b.GOMAXPROCS},
		{"memory in MiB", a.MemoryMB, b.MemoryMB},
		{"kernel", a.Kernel, b.Kernel},
		{"Go version", a.Go, b.Go},
	} {
		if f.a != f.b {
			return fmt.Sprintf("the %s differs: %v and %v", f.name, f.a, f.b)
		}
	}
	return ""
}
