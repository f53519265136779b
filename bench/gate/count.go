package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// program is what is counted: arguments of gene.
type program struct {
	name string
	args []string
}

// startup is the first program; its count is taken off all others, so that 1 %
// of a count is 1 % of what the program does.
const startup = "startup"

// programs are of a size that makes their own instructions several times those
// of the start. The asynchronous one runs on virtual time.
var programs = []program{
	{startup, []string{"eval", "1"}},
	{"fib", []string{"run", "bench/programs/fib.gene", "25"}},
	{"loop", []string{"run", "bench/programs/loop.gene", "60000"}},
	{"strings", []string{"run", "bench/programs/strings.gene", "1000"}},
	{"methods", []string{"run", "bench/programs/methods.gene", "5000"}},
	{"sort", []string{"run", "bench/programs/sort.gene", "4000"}},
	{"switch", []string{"run", "--loop=sim", "bench/async/switch.gene", "15000"}},
}

// environment of the counted process, and nothing else. One processor and no
// collector leave little to chance; a goroutine is only preempted where it
// agrees; no allocation is sampled for a profile; and no instruction is used
// that another processor may lack.
var environment = []string{
	"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1,memprofilerate=0,cpu.all=off",
}

// chance lists functions of Go's runtime whose count depends on how long the
// process took or on where the heap came to lie: the monitor's thread, its
// clock and its polls, and the search for free pages.
var chance = []string{
	"runtime.sysmon", "runtime.retake", "runtime.nanotime1", "runtime.usleep", "runtime.netpoll",
	"runtime.incidlelocked", "runtime.checkdead", "runtime.setBlockOnExitSyscall", "runtime.gcTrigger.test",
	"runtime.lock2", "runtime.unlock2", "runtime.pcvalue", "runtime.procyield",
	"runtime.(*pageAlloc).", "runtime.(*pallocBits).", "runtime.mergeSummaries",
}

func byChance(function string) bool {
	for _, prefix := range chance {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// count is a program's instructions, and how far its runs lay apart.
type count struct {
	program      string
	instructions int64
	spread       int64
}

// countAll runs every program several times, as many at once as there are
// processors.
func countAll(ctx context.Context, gene, root, work string) ([]count, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	raw := make([][runs]int64, len(programs))
	free := make(chan struct{}, runtime.NumCPU())
	var all sync.WaitGroup
	for i, p := range programs {
		for r := range runs {
			all.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				if ctx.Err() != nil {
					return
				}
				var err error
				file := filepath.Join(work, fmt.Sprintf("%s.%d.cachegrind", p.name, r))
				if raw[i][r], err = countOne(ctx, gene, root, file, p); err != nil {
					cancel(err) // the first error is the one that stays
				}
			})
		}
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return countsOf(raw), nil
}

// countsOf takes the smallest of each program's runs, and the start off all
// but the start itself.
func countsOf(raw [][runs]int64) []count {
	counts := make([]count, len(raw))
	for i, r := range raw {
		low := slices.Min(r[:])
		counts[i] = count{programs[i].name, low, slices.Max(r[:]) - low}
		if i > 0 {
			counts[i].instructions -= counts[0].instructions
		}
	}
	return counts
}

// countOne runs gene under cachegrind once.
func countOne(ctx context.Context, gene, root, file string, p program) (int64, error) {
	cmd := exec.CommandContext(ctx, "valgrind", append([]string{
		"--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=" + file, gene}, p.args...)...)
	cmd.Dir, cmd.Env = root, environment
	var messages bytes.Buffer
	cmd.Stderr = &messages
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s under valgrind: %w\n%s", p.name, err, messages.String())
	}
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	functions, err := parseCachegrind(f)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	return steady(functions), nil
}

// steady adds up what isn't left to chance.
func steady(functions map[string]int64) (sum int64) {
	for name, n := range functions {
		if !byChance(name) {
			sum += n
		}
	}
	return sum
}

// buildOf says what a binary's counts belong to: the version of Go and all
// that changes the code it makes.
func buildOf(binary string) (string, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return "", err
	}
	words := []string{info.GoVersion}
	for _, s := range info.Settings {
		switch s.Key {
		case "GOOS", "GOARCH", "GOAMD64", "GOARM64", "CGO_ENABLED", "-tags", "-pgo":
			value := s.Value
			if s.Key == "-pgo" {
				value = filepath.Base(value)
			}
			words = append(words, s.Key+"="+value)
		}
	}
	return strings.Join(words, " "), nil
}
