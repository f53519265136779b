//go:build unix

package looptest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"syscall"

	"gene/backends"
	"gene/backends/slowfile"
)

func readFIFOs(x *exam) {
	const n = 100
	dir, err := os.MkdirTemp("", "looptest")
	if err != nil {
		x.failf("%v", err)
	}
	x.cleanup(func() { os.RemoveAll(dir) })
	ctx, cancel := context.WithCancel(context.Background())
	x.cleanup(cancel)

	threads := pprof.Lookup("threadcreate").Count()
	done := 0
	for i := range n {
		path := fifoPath(dir, i)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			x.failf("%v", err)
		}
		var data []byte
		var err error
		x.background(func() { data, err = slowfile.ReadAll(ctx, path, 0) }, backends.Func(func() {
			if err != nil || string(data) != path {
				x.failf("read %q, %v", data, err)
			}
			done++
		}))
	}
	feedFIFOs(x, dir, n, threads)
	x.pollUntil(func() bool { return done == n })
}

// feedFIFOs opens all before it writes any: an open returns when the reader is there, so
// then all of them wait.
func feedFIFOs(x *exam, dir string, n, threads int) {
	writers := make([]*os.File, n)
	for i := range writers {
		w, err := os.OpenFile(fifoPath(dir, i), os.O_WRONLY, 0)
		if err != nil {
			x.failf("%v", err)
		}
		writers[i] = w
	}
	if made := pprof.Lookup("threadcreate").Count() - threads; made > n/2 {
		x.failf("%d threads were made for %d reads", made, n)
	}
	for i, w := range writers {
		if _, err := w.WriteString(fifoPath(dir, i)); err != nil {
			x.failf("%v", err)
		}
		w.Close()
	}
}

func fifoPath(dir string, i int) string { return filepath.Join(dir, fmt.Sprint(i)) }
