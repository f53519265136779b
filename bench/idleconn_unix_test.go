//go:build unix

package bench

import (
	"bytes"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gene/backends"
	_ "gene/backends/netpoll"
	"gene/stdlib"
	"gene/vm"
)

// idleServer has a task for each connection, which waits for input.
const idleServer = `
(fn echo [conn]
  (for chunk in conn
    (if (chunk == "quit") (exit))
    (conn .write chunk)))
(println ((net/listen "tcp" "127.0.0.1:0" echo) .address))
`

// BenchmarkIdleConn reports the memory of a server's connection that has echoed once and whose task
// waits for more: all that Gene and the loop's library keep, in the heap and in goroutines'
// stacks. What the system keeps is not counted.
func BenchmarkIdleConn(b *testing.B) {
	for _, loop := range []string{"goroutine", "netpoll"} {
		if !slices.Contains(backends.Names(), loop) {
			continue
		}
		b.Run(loop, func(b *testing.B) {
			var heap, stack float64
			for b.Loop() {
				h, s := idleConn(b, loop)
				heap, stack = max(heap, h), max(stack, s) // of the first; the library keeps something for the others
			}
			b.ReportMetric(heap, "heap-B/conn")
			b.ReportMetric(stack, "stack-B/conn")
			b.ReportMetric(0, "ns/op") // says nothing here
		})
	}
}

// idleConn gives the bytes of one connection, as the mean of many.
func idleConn(b *testing.B, loop string) (heap, stack float64) {
	const n = 1000
	address, ended := serveIdle(b, loop)
	closeAll(openIdle(b, address, 10)) // what the first ones make serves all
	before := memory()
	open := openIdle(b, address, n)
	after := memory()
	closeAll(open)
	last := dialIdle(b, address)
	defer syscall.Close(last)
	if _, err := syscall.Write(last, []byte("quit")); err != nil {
		b.Fatal(err)
	}
	<-ended
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / n, (float64(after.StackInuse) - float64(before.StackInuse)) / n
}

// serveIdle starts the program and gives where it listens.
func serveIdle(b *testing.B, name string) (address syscall.Sockaddr, ended chan struct{}) {
	loop, err := backends.New(name, backends.Options{})
	if err != nil {
		b.Fatal(err)
	}
	out := make(lines, 1)
	m, err := stdlib.New(vm.Options{Loop: loop, Env: []string{}, Stdin: strings.NewReader(""), Stdout: out, Stderr: b.Output()})
	if err != nil {
		b.Fatal(err)
	}
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		m.RunMain("idle.gene", []byte(idleServer))
		if err := m.Close(); err != nil {
			b.Error(err)
		}
	}()
	at, err := netip.ParseAddrPort(<-out)
	if err != nil {
		b.Fatal(err)
	}
	return &syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}, ended
}

// lines is a writer of whole lines.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(bytes.TrimSpace(p))
	return len(p), nil
}

// openIdle gives n connections that have echoed. A descriptor alone takes no memory of ours.
func openIdle(b *testing.B, address syscall.Sockaddr, n int) (open []int) {
	open = make([]int, n)
	for i := range open {
		open[i] = dialIdle(b, address)
		var answer [4]byte
		if _, err := syscall.Write(open[i], []byte("ping")); err != nil {
			b.Fatal(err)
		}
		if n, err := syscall.Read(open[i], answer[:]); err != nil || string(answer[:n]) != "ping" {
			b.Fatalf("the server answers %q, %v", answer[:n], err)
		}
	}
	return open
}

func dialIdle(b *testing.B, address syscall.Sockaddr) int {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		err = syscall.Connect(fd, address)
	}
	if err != nil {
		b.Fatal(err)
	}
	return fd
}

// closeAll returns when the server has seen the end of all.
func closeAll(open []int) {
	for _, fd := range open {
		syscall.Shutdown(fd, syscall.SHUT_WR)
		syscall.Read(fd, make([]byte, 1)) // its end
		syscall.Close(fd)
	}
}

// memory is read when nothing can be freed any more: pools keep what they hold for two collections.
func memory() (m runtime.MemStats) {
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m
}
