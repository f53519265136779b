package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// leakPatience is how long what a program has left behind may take to go.
const leakPatience = 2 * time.Second

// resources are those that a process holds.
type resources struct {
	counted     bool
	goroutines  int
	descriptors map[string]string // what each open descriptor leads to
}

// resources counts them if there is to be a report.
func (o *execOptions) resources() resources {
	if o.leakReport == "" {
		return resources{}
	}
	// The runtime's poller comes with the first pipe and stays, and signals have
	// a goroutine that stays: neither is the program's.
	if r, w, err := os.Pipe(); err == nil {
		_, _ = r.Close(), w.Close()
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	signal.Stop(signals)
	return resources{true, runtime.NumGoroutine(), openDescriptors()}
}

// openDescriptors lists the open files of the process; it is empty where the
// system doesn't tell.
func openDescriptors() map[string]string {
	open := map[string]string{}
	const dir = "/proc/self/fd"
	list, err := os.ReadDir(dir)
	if err != nil {
		return open
	}
	for _, d := range list {
		if to, err := os.Readlink(filepath.Join(dir, d.Name())); err == nil { // else it was that of ReadDir
			open[d.Name()] = to
		}
	}
	return open
}

// report writes to a file what is left of a program beyond what there was
// before it, one thing a line. The file is empty when all is well.
func (r resources) report(file string) error {
	if !r.counted {
		return nil
	}
	var left []string
	for end := time.Now().Add(leakPatience); ; time.Sleep(time.Millisecond) {
		left = r.left()
		if len(left) == 0 || time.Now().After(end) {
			break
		}
	}
	return os.WriteFile(file, []byte(strings.Join(left, "")), 0o600)
}

// left gives what there is now beyond what there was.
func (r resources) left() []string {
	var left []string
	for n, to := range openDescriptors() {
		if _, was := r.descriptors[n]; !was {
			left = append(left, fmt.Sprintf("descriptor %s: %s\n", n, to))
		}
	}
	slices.Sort(left)
	if n := runtime.NumGoroutine() - r.goroutines; n > 0 {
		var b strings.Builder
		_ = pprof.Lookup("goroutine").WriteTo(&b, 1) // a Builder takes everything
		left = append(left, fmt.Sprintf("%d goroutines:\n%s", n, &b))
	}
	return left
}
