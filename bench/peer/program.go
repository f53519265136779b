package peer

import (
	"fmt"
	"slices"
	"strings"
)

// Set is a set of benchmark programs.
type Set string

// The sets.
const (
	// CPU programs compute and print a result; what counts is the processor
	// time of the process.
	CPU Set = "cpu"
	// Async programs wait for many things at once and print a figure.
	Async Set = "async"
)

// Program is one program at one size.
type Program struct {
	// Name is unique.
	Name string
	Set  Set
	// About says in a few words what it does.
	About string
	// Tiny are arguments of a size that takes no time, for tests.
	Tiny []string
	// Figure is the name of what an Async program measures itself, "wall_ms" or
	// "ns_per_op"; empty for CPU.
	Figure string
	// OnRequest marks a program that takes so long that it only runs when it is named.
	OnRequest bool

	dir    string   // directory below bench of a CPU program, if it isn't programs
	script string   // the program's file, if it isn't Name
	size   []string // arguments of the full size, if it isn't the program's own
	feed   feeding  // what the program reads
}

// feeding is what an Async program reads.
type feeding int

const (
	nothing feeding = iota
	fifos           // as many FIFOs as its size says, named by its arguments
	sockets         // as many connections as its size says, to the address before that
)

var programs = []Program{
	{Name: "fib", Set: CPU, Tiny: []string{"12"}, About: "recursive calls"},
	{Name: "loop", Set: CPU, Tiny: []string{"200"}, About: "integer arithmetic in nested loops"},
	{Name: "sieve", Set: CPU, Tiny: []string{"300"}, About: "an array of booleans, read and written"},
	{Name: "nbody", Set: CPU, Tiny: []string{"20"}, About: "float arithmetic on fields of objects"},
	{Name: "strings", Set: CPU, Tiny: []string{"50"}, About: "interpolation, join, split, replace, find, substring, upper case"},
	{Name: "closures", Set: CPU, Tiny: []string{"20"}, About: "making, composing and calling closures, shared state"},
	{Name: "methods", Set: CPU, Tiny: []string{"600"}, About: "dispatch over three classes, fields, super"},
	{Name: "binary_trees", Set: CPU, Tiny: []string{"6"}, About: "allocation of small arrays, recursion"},
	{Name: "exceptions", Set: CPU, Tiny: []string{"60"}, About: "throw through three calls, catch by class, throw again"},
	{Name: "generators", Set: CPU, Tiny: []string{"40"}, About: "a pipeline of three, an endless one, many short ones"},
	{Name: "mandelbrot", Set: CPU, Tiny: []string{"16"}, About: "float arithmetic in locals"},
	{Name: "sort", Set: CPU, Tiny: []string{"200"}, About: "quicksort in place, merge sort into new arrays"},

	{Name: "property", Set: CPU, OnRequest: true, dir: "micro", Tiny: []string{"100"}, About: "property reads, monomorphic; in Gene and Lua only"},
	{Name: "method", Set: CPU, OnRequest: true, dir: "micro", Tiny: []string{"100"}, About: "method calls, monomorphic; in Gene and Lua only"},

	{Name: "sleeps_3", Set: Async, script: "sleeps", size: []string{"3", "100"}, Tiny: []string{"3", "1"}, Figure: "wall_ms", About: "3 sleeps of 100 ms at once"},
	{Name: "sleeps", Set: Async, size: []string{"1000", "100"}, Tiny: []string{"10", "1"}, Figure: "wall_ms", About: "1 000 sleeps of 100 ms at once"},
	{Name: "fifo_reads_3", Set: Async, script: "fifo_reads", feed: fifos, size: []string{"3"}, Tiny: []string{"3"}, Figure: "wall_ms", About: "3 FIFOs read at once, each after 100 ms"},
	{Name: "fifo_reads", Set: Async, feed: fifos, size: []string{"100"}, Tiny: []string{"5"}, Figure: "wall_ms", About: "100 FIFOs read at once, each after 100 ms"},
	{Name: "socket_reads_3", Set: Async, script: "socket_reads", feed: sockets, size: []string{"3"}, Tiny: []string{"3"}, Figure: "wall_ms", About: "3 connections read at once, each after 100 ms"},
	{Name: "socket_reads", Set: Async, feed: sockets, size: []string{"100"}, Tiny: []string{"5"}, Figure: "wall_ms", About: "100 connections read at once, each after 100 ms"},
	{Name: "spawn_await", Set: Async, Tiny: []string{"100"}, Figure: "ns_per_op", About: "a task started and awaited, a million times"},
	{Name: "switch", Set: Async, Tiny: []string{"100"}, Figure: "ns_per_op", About: "two tasks that wake each other, two million switches"},
	{Name: "tcp_echo", Set: Async, Tiny: []string{"3", "10"}, Figure: "ns_per_op", About: "64 bytes to a server in the same process and back, 10 connections, 20 000 times"},
	{Name: "million_sleepers", Set: Async, OnRequest: true, Tiny: []string{"50", "5"}, Figure: "wall_ms", About: "a million tasks asleep for 5 s"},
}

// AllPrograms gives every program of a set but those that only run on request.
func AllPrograms(set Set) []Program {
	var all []Program
	for _, p := range programs {
		if p.Set == set && !p.OnRequest {
			all = append(all, p)
		}
	}
	return all
}

// Programs gives the programs of those names; no names are [AllPrograms].
func Programs(set Set, names ...string) ([]Program, error) {
	if len(names) == 0 {
		return AllPrograms(set), nil
	}
	var found []Program
	for _, name := range names {
		i := slices.IndexFunc(programs, func(p Program) bool { return p.Set == set && p.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no program %q in the %s set (there are %s)", name, set, strings.Join(programNames(set), ", "))
		}
		found = append(found, programs[i])
	}
	return found, nil
}

func programNames(set Set) []string {
	var names []string
	for _, p := range programs {
		if p.Set == set {
			names = append(names, p.Name)
		}
	}
	return names
}

// folder is the directory of a CPU program, below bench.
func (p Program) folder() string {
	if p.dir != "" {
		return p.dir
	}
	return "programs"
}

// file is the program's name in the directory of its set.
func (p Program) file() string {
	if p.script != "" {
		return p.script
	}
	return p.Name
}
