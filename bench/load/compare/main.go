// Command compare measures servers written in Gene beside others that do the same, and prints
// markdown tables: what a message costs the server's process, and how long the client waits.
//
//	go build -o /tmp/gene ./cmd/gene
//	go run ./bench/load/compare -gene /tmp/gene
//	go run ./bench/load/compare -gene /tmp/gene -n 20 echo http
//
// The subjects are echo, http, idle and slow; without names it measures all. The servers of one subject run
// side by side, and are driven one after the other, forwards and backwards, so that a drift of the machine hits all
// alike. A peer that isn't installed is left out, and the report says so.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"gene/bench/load"
	"gene/bench/measure"
	"gene/bench/stats"
)

// options of the command line.
type options struct {
	gene   string
	root   string // of the repository
	rounds int
	window time.Duration
	idle   int
	active int
	rate   float64
}

// bench is one run of the command.
type bench struct {
	options
	out    io.Writer
	bin    string // where peers are built
	absent []string
}

// subject is one comparison.
type subject struct {
	name string
	run  func(*bench) error
}

var subjects = []subject{
	{"echo", (*bench).echo},
	{"http", (*bench).http},
	{"idle", (*bench).idleConnections},
	{"slow", (*bench).slow},
}

func main() {
	var o options
	flag.StringVar(&o.gene, "gene", "gene", "the gene binary")
	flag.StringVar(&o.root, "root", ".", "directory of the repository")
	flag.IntVar(&o.rounds, "n", 8, "rounds of each comparison; each drives every server twice")
	flag.DurationVar(&o.window, "window", 400*time.Millisecond, "how long a server is driven at a time")
	flag.IntVar(&o.idle, "idle", 9000, "idle connections")
	flag.IntVar(&o.active, "active", 500, "active connections beside the idle ones")
	flag.Float64Var(&o.rate, "rate", 5000, "messages per second on the active connections")
	flag.Parse()
	if err := run(o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(o options, names []string) error {
	if o.rounds < 1 {
		return fmt.Errorf("-n %d: want at least one round", o.rounds)
	}
	for _, name := range names {
		if !slices.ContainsFunc(subjects, func(s subject) bool { return s.name == name }) {
			return fmt.Errorf("no subject %q (there are echo, http, idle and slow)", name)
		}
	}
	if _, err := exec.LookPath(o.gene); err != nil {
		return fmt.Errorf("no gene binary %q (build one with: go build -o gene ./cmd/gene)", o.gene)
	}
	if err := load.Pin(); err != nil {
		return err
	}
	bin, err := os.MkdirTemp("", "gene-load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	b := &bench{options: o, out: os.Stdout, bin: bin}
	for _, s := range subjects {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		if err := s.run(b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if len(b.absent) > 0 {
		fmt.Fprintln(b.out, "Left out:", strings.Join(b.absent, "; ")+".")
	}
	return nil
}

// contestant is a server of a comparison.
type contestant struct {
	load.Server
	peer string // the name of whom its cost is compared with
	most string // the ratio to reach, for the table

	process *load.Process
	client  *load.Client
	cost    []float64 // ns of CPU per message, one for each time it was driven
	rate    []float64
	p50     []float64 // ns
	p99     []float64
}

// geneServer is a program of bench/load on one of Gene's loops.
func (b *bench) geneServer(loop, program string, args ...string) load.Server {
	argv := append([]string{b.gene, "run", "--loop=" + loop, b.root + "/bench/load/" + program}, args...)
	return load.Server{Name: "Gene, " + loop, Argv: argv}
}

// hasLoop tells whether the gene binary has a loop, and notes if it hasn't.
func (b *bench) hasLoop(loop string) bool {
	list, err := exec.Command(b.gene, "loops").Output()
	if err != nil || !slices.Contains(strings.Fields(string(list)), loop) {
		b.absent = append(b.absent, "Gene on "+loop+": this binary hasn't the loop")
		return false
	}
	return true
}

// hosted builds a command of bench/peers.
func (b *bench) hosted(pkg string) (string, error) {
	return measure.BuildGo(b.root+"/bench/peers", "./"+pkg, b.bin)
}

// script adds a server in another language, if that is installed.
func (b *bench) script(all []*contestant, name, command, file string) []*contestant {
	if _, err := exec.LookPath(command); err != nil {
		b.absent = append(b.absent, name+": "+command+" is not on PATH")
		return all
	}
	return append(all, &contestant{Server: load.Server{Name: name, Argv: []string{command, b.root + "/bench/peers/" + file}}})
}

// echo compares echo servers.
func (b *bench) echo() error {
	bin, err := b.hosted("echo")
	if err != nil {
		return err
	}
	var all []*contestant
	for _, l := range []struct{ loop, peer string }{{"goroutine", "net"}, {"netpoll", "netpoll"}, {"evio", "evio"}} {
		peer := "Go, " + l.peer
		if b.hasLoop(l.loop) {
			all = append(all, &contestant{Server: b.geneServer(l.loop, "echo.gene"), peer: peer, most: "1.8"})
		}
		all = append(all, &contestant{Server: load.Server{Name: peer, Argv: []string{bin, l.peer}}})
	}
	all = b.script(all, "Node", "node", "echo/echo.mjs")
	all = b.script(all, "asyncio", "python3", "echo/echo.py")
	return b.compare("TCP echo, 64 bytes, 64 connections", all, load.Echo{Size: 64})
}

// http compares HTTP servers.
func (b *bench) http() error {
	bin, err := b.hosted("httphello")
	if err != nil {
		return err
	}
	var all []*contestant
	for _, loop := range []string{"goroutine", "netpoll", "evio"} {
		if b.hasLoop(loop) {
			all = append(all, &contestant{Server: b.geneServer(loop, "hello.gene"), peer: "Go, net/http", most: "1.5"})
		}
	}
	all = append(all, &contestant{Server: load.Server{Name: "Go, net/http", Argv: []string{bin, "nethttp"}}},
		&contestant{Server: load.Server{Name: "Go, fasthttp", Argv: []string{bin, "fasthttp"}}})
	all = b.script(all, "Node", "node", "httphello/hello.mjs")
	return b.compare("HTTP, a short text, 64 connections", all, load.Hello{Body: "Hello, World!\n"})
}

// conns is how many connections the closed runs have.
const conns = 64

// compare drives all in turn and prints their figures.
func (b *bench) compare(title string, all []*contestant, p load.Protocol) error {
	for _, c := range all {
		if err := c.open(p, conns); err != nil {
			return err
		}
		defer c.close()
	}
	for _, c := range all {
		if _, err := c.client.Run(load.Run{For: b.window}); err != nil { // warms up
			return err
		}
	}
	for range b.rounds {
		if err := drive(all, b.window); err != nil {
			return err
		}
		slices.Reverse(all)
		if err := drive(all, b.window); err != nil {
			return err
		}
		slices.Reverse(all)
	}
	b.table(title, all)
	return nil
}

func (c *contestant) open(p load.Protocol, n int) (err error) {
	if c.process, err = load.Start(c.Server); err != nil {
		return err
	}
	if c.client, err = load.Dial(c.process, p, n); err != nil {
		c.process.Stop()
	}
	return err
}

func (c *contestant) close() {
	c.client.Close()
	c.process.Stop()
}

func drive(all []*contestant, window time.Duration) error {
	for _, c := range all {
		f, err := c.client.Run(load.Run{For: window})
		if err != nil {
			return err
		}
		c.cost = append(c.cost, float64(f.CPU)/float64(f.Messages))
		c.rate = append(c.rate, f.Rate())
		c.p50, c.p99 = append(c.p50, float64(f.P50)), append(c.p99, float64(f.P99))
	}
	return nil
}

func (b *bench) table(title string, all []*contestant) {
	fmt.Fprintf(b.out, "%s\n\n", title)
	fmt.Fprintln(b.out, "| server | CPU µs per message | ratio to | | 95 % interval | to reach | messages/s | p50 µs | p99 µs |")
	fmt.Fprintln(b.out, "| --- | ---: | --- | ---: | --- | ---: | ---: | ---: | ---: |")
	for _, c := range all {
		ratio, interval := "", ""
		for _, other := range all {
			if other.Name == c.peer {
				r := stats.PairedRatio(c.cost, other.cost)
				ratio, interval = fmt.Sprintf("%.2f", r.Value), fmt.Sprintf("%.2f – %.2f", r.Low, r.High)
			}
		}
		fmt.Fprintf(b.out, "| %s | %.2f | %s | %s | %s | %s | %.0f | %.0f | %.0f |\n", c.Name, stats.Median(c.cost)/1000,
			c.peer, ratio, interval, c.most, stats.Median(c.rate), stats.Median(c.p50)/1000, stats.Median(c.p99)/1000)
	}
	fmt.Fprintf(b.out, "\nMedians of %d runs of %v each, in alternation.\n\n", len(all[0].cost), b.window)
}
