// Command heap runs a Gene program and weighs the live heap each time that the
// program writes a line:
//
//	heap LOOP PROGRAM [ARGS...]
//
// After each line it prints "heap_bytes N": what is reachable after a
// collection, and the stacks. Lines must be flushed one by one.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"gene/backends"
	_ "gene/backends/evio" // registers itself, as the next two
	_ "gene/backends/goroutine"
	_ "gene/backends/netpoll"
	"gene/stdlib"
	"gene/vm"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: heap LOOP PROGRAM [ARGS...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "heap:", err)
		code = 1
	}
	os.Exit(code)
}

func run(loopName, path string, args []string) (code int, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	loop, err := backends.New(loopName, backends.Options{})
	if err != nil {
		return 0, err
	}
	m, err := stdlib.New(vm.Options{
		Loop: loop, Args: args, Program: path, Env: os.Environ(),
		Stdin: strings.NewReader(""), Stdout: weigher{}, Stderr: os.Stderr,
	})
	if err != nil {
		return 0, err
	}
	code = m.RunMain(path, text)
	return code, m.Close()
}

// weigher passes lines on, each with the size of the heap behind it.
type weigher struct{}

func (weigher) Write(line []byte) (int, error) {
	fmt.Printf("%sheap_bytes %d\n", line, live())
	return len(line), nil
}

// live collects twice: what finalizers and pools still hold goes in the second.
func live() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
