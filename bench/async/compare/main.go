// Command compare runs the asynchronous benchmarks under Gene, plain Go, Node
// and asyncio in turn, and prints a markdown table of the medians.
//
//	go build -o /tmp/gene ./cmd/gene
//	go run ./bench/async/compare -gene /tmp/gene
//	go run ./bench/async/compare -gene /tmp/gene -n 3 million_sleepers
//
// A peer that isn't installed is left out, and the table says so.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"gene/bench/measure"
)

// benchmarks are the programs with the figure that each prints.
var benchmarks = []struct{ name, figure string }{
	{"sleeps", "wall_ms"},
	{"spawn_await", "ns_per_op"},
	{"switch", "ns_per_op"},
	{"million_sleepers", "wall_ms"},
}

// language says how one language runs a benchmark.
type language struct {
	name   string
	binary string
	argv   func(benchmark string) []string
}

func main() {
	gene := flag.String("gene", "gene", "the gene binary")
	rounds := flag.Int("n", 7, "rounds")
	dir := flag.String("dir", "bench/async", "directory of the programs")
	flag.Parse()
	if err := run(*gene, *dir, *rounds, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(gene, dir string, rounds int, names []string) error {
	if rounds < 1 {
		return fmt.Errorf("-n %d: want at least one round", rounds)
	}
	for _, name := range names {
		if !slices.ContainsFunc(benchmarks, func(b struct{ name, figure string }) bool { return b.name == name }) {
			return fmt.Errorf("no benchmark %q", name)
		}
	}
	peer, cleanup, err := measure.BuildGo("gene/bench/async/gopeer")
	if err != nil {
		return err
	}
	defer cleanup()
	languages, missing := installed(allLanguages(gene, peer, dir))
	if !slices.ContainsFunc(languages, func(l language) bool { return l.name == "Gene" }) {
		return fmt.Errorf("no gene binary %q (build one with: go build -o gene ./cmd/gene)", gene)
	}
	fmt.Println("| benchmark | language | figure | median | peak memory MiB |")
	fmt.Println("| --- | --- | --- | ---: | ---: |")
	for _, b := range benchmarks {
		if len(names) > 0 && !slices.Contains(names, b.name) {
			continue
		}
		if err := report(b.name, b.figure, languages, rounds); err != nil {
			return err
		}
	}
	fmt.Printf("\n%d rounds, the languages in turn.\n", rounds)
	if len(missing) > 0 {
		fmt.Println("Not installed here:", strings.Join(missing, ", ")+".")
	}
	return nil
}

func allLanguages(gene, peer, dir string) []language {
	peers := filepath.Join(dir, "peers")
	return []language{
		{"Gene", gene, func(b string) []string { return []string{gene, "run", filepath.Join(dir, b+".gene")} }},
		{"Go", peer, func(b string) []string { return []string{peer, b} }},
		{"Node", "node", func(b string) []string { return []string{"node", filepath.Join(peers, "peer.mjs"), b} }},
		{"asyncio", "python3", func(b string) []string { return []string{"python3", filepath.Join(peers, "peer.py"), b} }},
	}
}

func installed(all []language) (found []language, missing []string) {
	for _, l := range all {
		if _, err := exec.LookPath(l.binary); err != nil {
			missing = append(missing, l.name)
			continue
		}
		found = append(found, l)
	}
	return found, missing
}

// report runs one benchmark under all languages, forwards and backwards in
// turn, and prints a line for each.
func report(benchmark, figure string, languages []language, rounds int) error {
	figures := make([][]float64, len(languages))
	memory := make([][]float64, len(languages))
	order := make([]int, len(languages))
	for i := range order {
		order[i] = i
	}
	for range rounds {
		for _, i := range order {
			l := languages[i]
			res, err := measure.Run(measure.Command{Name: l.name + " " + benchmark, Argv: l.argv(benchmark)})
			if err != nil {
				return err
			}
			x, err := measure.Figure(res.Stdout, figure)
			if err != nil {
				return fmt.Errorf("%s %s: %w", l.name, benchmark, err)
			}
			if err := inOrder(res.Stdout); err != nil && l.name == "Gene" {
				return fmt.Errorf("%s %s: %w", l.name, benchmark, err)
			}
			figures[i] = append(figures[i], x)
			memory[i] = append(memory[i], float64(res.MaxRSSKB)/1024)
		}
		slices.Reverse(order)
	}
	for i, l := range languages {
		fmt.Printf("| %s | %s | %s | %.1f | %.0f |\n", benchmark, l.name, figure,
			measure.Median(figures[i]), measure.Median(memory[i]))
	}
	return nil
}

// inOrder refuses a run whose sleepers woke in another order than they should.
func inOrder(stdout string) error {
	n, err := measure.Figure(stdout, "out_of_order")
	if err == nil && n != 0 {
		return fmt.Errorf("%v sleepers woke out of order", n)
	}
	return nil
}
