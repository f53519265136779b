//go:build unix

// Command fifo times concurrent reads of FIFOs under Gene and plain Go.
//
//	go build -o /tmp/gene ./cmd/gene
//	go run ./bench/async/fifo -gene /tmp/gene
//
// Every FIFO has a feeding child process. The child opens the FIFO, which
// blocks until the reader comes, waits 100 ms and writes a text; so the 100 ms
// begin with the read, and neither the start of the children nor that of the
// reader is in the figure, which the reader itself prints.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gene/bench/measure"
)

const goPeer = "gene/bench/async/gopeer"

// text is what every feeder writes.
var text = strings.Repeat("a line from a slow device\n", 40)

func main() {
	gene := flag.String("gene", "gene", "the gene binary")
	rounds := flag.Int("n", 15, "rounds")
	delay := flag.Duration("delay", 100*time.Millisecond, "how long a feeder waits")
	program := flag.String("program", "bench/async/fifo_reads.gene", "the Gene program")
	feed := flag.String("feed", "", "internal: be the feeder of this FIFO")
	flag.Parse()
	var err error
	if *feed != "" {
		err = feedFIFO(*feed, *delay)
	} else {
		err = run(*gene, *program, *rounds, *delay)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fifo:", err)
		os.Exit(1)
	}
}

// feedFIFO is the child: it says that it is ready and serves one reader.
func feedFIFO(path string, delay time.Duration) error {
	fmt.Println("ready")
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	time.Sleep(delay)
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// readers are the two command lines, to be followed by the paths.
type readers struct{ gene, plain measure.Command }

// pair is one line of the report: what a and b are, and how each is run.
type pair struct {
	label  string
	a, b   measure.Command
	na, nb int // FIFOs that each reads
}

func run(gene, program string, rounds int, delay time.Duration) error {
	if rounds < 1 {
		return fmt.Errorf("-n %d: want at least one round", rounds)
	}
	peer, cleanup, err := measure.BuildGo(goPeer)
	if err != nil {
		return err
	}
	defer cleanup()
	r := readers{
		gene:  measure.Command{Name: "gene", Argv: []string{gene, "run", program}},
		plain: measure.Command{Name: "go", Argv: []string{peer, "fifo_reads"}},
	}
	fmt.Println("| comparison | a ms | b ms | ratio a/b | 95 % interval |")
	fmt.Println("| --- | ---: | ---: | ---: | --- |")
	for _, p := range []pair{
		{"Gene: 3 reads (a) against 1 (b)", r.gene, r.gene, 3, 1},
		{"Go: 3 reads (a) against 1 (b)", r.plain, r.plain, 3, 1},
		{"100 reads: Gene (a) against Go (b)", r.gene, r.plain, 100, 100},
	} {
		if err := p.report(rounds, delay); err != nil {
			return err
		}
	}
	fmt.Printf("\n%d rounds in alternation, medians; every feeder waits %v.\n", rounds, delay)
	return nil
}

// report measures one pair and prints its line of the table.
func (p pair) report(rounds int, delay time.Duration) error {
	var a, b []float64
	err := measure.Pair(rounds, func(_ int, first bool) error {
		command, n, samples := p.a, p.na, &a
		if !first {
			command, n, samples = p.b, p.nb, &b
		}
		ms, err := readOnce(command, n, delay)
		*samples = append(*samples, ms)
		return err
	})
	if err != nil {
		return err
	}
	q := measure.RatioOf(a, b)
	fmt.Printf("| %s | %.1f | %.1f | %.3f | %.3f – %.3f |\n",
		p.label, measure.Median(a), measure.Median(b), q.Value, q.Low, q.High)
	return nil
}

// readOnce sets up n fed FIFOs, has c read them, and gives c's own time in ms.
func readOnce(c measure.Command, n int, delay time.Duration) (float64, error) {
	dir, err := os.MkdirTemp("", "gene-fifo")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	feeders, paths, err := startFeeders(dir, n, delay)
	defer stopFeeders(feeders)
	if err != nil {
		return 0, err
	}
	c.Argv = append(append([]string{}, c.Argv...), paths...)
	res, err := measure.Run(c)
	if err != nil {
		return 0, err
	}
	size, err := measure.Figure(res.Stdout, "size")
	if err != nil {
		return 0, err
	}
	if want := n * len(text); int(size) != want {
		return 0, fmt.Errorf("%s read %.0f of %d characters", c.Name, size, want)
	}
	return measure.Figure(res.Stdout, "wall_ms")
}

// startFeeders makes n FIFOs in dir and a child for each, and returns when all
// children are about to open theirs. The children started are given back even
// with an error, to be stopped.
func startFeeders(dir string, n int, delay time.Duration) (feeders []*exec.Cmd, paths []string, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	for i := range n {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			return feeders, nil, fmt.Errorf("mkfifo %s: %w", path, err)
		}
		cmd := exec.Command(self, "-feed", path, "-delay", delay.String())
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			return feeders, nil, err
		}
		if err := cmd.Start(); err != nil {
			return feeders, nil, err
		}
		feeders, paths = append(feeders, cmd), append(paths, path)
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			return feeders, nil, fmt.Errorf("feeder of %s didn't get ready: %w", path, err)
		}
	}
	return feeders, paths, nil
}

// stopFeeders ends the children that found no reader and collects all of them.
func stopFeeders(feeders []*exec.Cmd) {
	for _, cmd := range feeders {
		cmd.Process.Kill() // one that is done already doesn't mind
		cmd.Wait()
	}
}
