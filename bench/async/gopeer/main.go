// Command gopeer is the plain Go equivalent of the asynchronous benchmarks: the
// same work with goroutines and channels, the same figures on standard output.
//
//	gopeer sleeps [COUNT [MS]]
//	gopeer spawn_await [COUNT]
//	gopeer switch [ROUNDS]
//	gopeer million_sleepers [COUNT [MS]]
//	gopeer pending_cost [MOST [ROUNDS]]
//	gopeer fifo_reads PATH...
//	gopeer socket_reads ADDRESS COUNT
//	gopeer tcp_echo [CONNECTIONS [ROUNDS]]
//	gopeer busy_timer [COUNT]
//	gopeer busy_socket ADDRESS COUNT
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

var benchmarks = map[string]func(args []string) error{
	"sleeps":           sleeps,
	"spawn_await":      spawnAwait,
	"switch":           switches,
	"million_sleepers": millionSleepers,
	"pending_cost":     pendingCost,
	"fifo_reads":       fifoReads,
	"socket_reads":     socketReads,
	"tcp_echo":         tcpEcho,
	"busy_timer":       busyTimer,
	"busy_socket":      busySocket,
}

func main() {
	if len(os.Args) < 2 || benchmarks[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: gopeer sleeps|spawn_await|switch|million_sleepers|pending_cost|fifo_reads|socket_reads|tcp_echo|busy_timer|busy_socket [ARGS]")
		os.Exit(2)
	}
	if err := benchmarks[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "gopeer:", err)
		os.Exit(1)
	}
}

// numbers reads optional integer arguments over their defaults.
func numbers(args []string, defaults ...int) ([]int, error) {
	out := append([]int{}, defaults...)
	for i, a := range args {
		if i == len(out) {
			return nil, fmt.Errorf("too many arguments: %q", args)
		}
		n, err := strconv.Atoi(a)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

func millis(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func nsPer(d time.Duration, ops int) float64 { return float64(d.Nanoseconds()) / float64(ops) }

func sleeps(args []string) error {
	n, err := numbers(args, 1000, 100)
	if err != nil {
		return err
	}
	start := time.Now()
	var wg sync.WaitGroup
	for range n[0] {
		wg.Go(func() { time.Sleep(time.Duration(n[1]) * time.Millisecond) })
	}
	wg.Wait()
	fmt.Println("wall_ms", millis(time.Since(start)))
	return nil
}

func spawnAwait(args []string) error {
	n, err := numbers(args, 1_000_000)
	if err != nil {
		return err
	}
	start := time.Now()
	sum := 0
	for range n[0] {
		result := make(chan int)
		go func() { result <- 1 }()
		sum += <-result
	}
	if sum != n[0] {
		return fmt.Errorf("sum %d, want %d", sum, n[0])
	}
	fmt.Println("ns_per_op", nsPer(time.Since(start), n[0]))
	return nil
}

func switches(args []string) error {
	n, err := numbers(args, 1_000_000)
	if err != nil {
		return err
	}
	fmt.Println("ns_per_op", nsPer(pingPong(n[0]), 2*n[0]))
	return nil
}

// pingPong has two goroutines wake each other over unbuffered channels.
func pingPong(rounds int) time.Duration {
	ping, pong := make(chan int), make(chan int)
	start := time.Now()
	go func() {
		for range rounds {
			pong <- <-ping
		}
	}()
	for range rounds {
		ping <- 1
		<-pong
	}
	return time.Since(start)
}

func millionSleepers(args []string) error {
	n, err := numbers(args, 1_000_000, 5000)
	if err != nil {
		return err
	}
	start := time.Now()
	var wg sync.WaitGroup
	for range n[0] {
		wg.Go(func() { time.Sleep(time.Duration(n[1]) * time.Millisecond) })
	}
	started := time.Since(start)
	wg.Wait()
	fmt.Println("woken", n[0])
	fmt.Println("start_ms", millis(started))
	fmt.Println("wall_ms", millis(time.Since(start)))
	return nil
}

func pendingCost(args []string) error {
	n, err := numbers(args, 1_000_000, 20_000)
	if err != nil {
		return err
	}
	most, rounds := n[0], n[1]
	waiting := 0
	for level := 10; level <= most; level *= 10 {
		before, start := waiting, time.Now()
		for ; waiting < level; waiting++ {
			go time.Sleep(24 * time.Hour)
		}
		create := nsPer(time.Since(start), level-before)
		fired := time.Now()
		for range rounds {
			<-time.After(0)
		}
		timer := nsPer(time.Since(fired), rounds)
		fmt.Println("pending", level, "create_ns", create, "timer_ns", timer,
			"roundtrip_ns", nsPer(pingPong(rounds), rounds))
	}
	return nil
}

func fifoReads(paths []string) error {
	return readTogether(len(paths), func(i int) (int, error) {
		text, err := os.ReadFile(paths[i])
		return len(text), err
	})
}

// readTogether runs n reads at once and prints how long they took together and
// what they read.
func readTogether(n int, read func(i int) (size int, err error)) error {
	start := time.Now()
	sizes, errs := make([]int, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { sizes[i], errs[i] = read(i) })
	}
	wg.Wait()
	elapsed := time.Since(start)
	size := 0
	for _, s := range sizes {
		size += s
	}
	fmt.Println("wall_ms", millis(elapsed))
	fmt.Println("size", size)
	return errors.Join(errs...)
}
