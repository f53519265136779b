// Command startup times the start of an interpreter that has nothing to do:
// gene eval 1 beside a peer that reads an empty program, in alternation.
//
//	go run ./bench/startup -gene /tmp/gene
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"gene/bench/measure"
)

func main() {
	gene := flag.String("gene", "gene", "the gene binary")
	peer := flag.String("peer", "lua5.4 -v", "command line of the peer, split at blanks")
	rounds := flag.Int("n", 31, "rounds")
	flag.Parse()
	if err := run(*gene, strings.Fields(*peer), *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "startup:", err)
		os.Exit(1)
	}
}

func run(gene string, peer []string, rounds int) error {
	if len(peer) == 0 || rounds < 1 {
		return fmt.Errorf("want a peer and at least one round")
	}
	commands := [2]measure.Command{
		{Name: "gene eval 1", Argv: []string{gene, "eval", "1"}},
		{Name: strings.Join(peer, " "), Argv: peer},
	}
	var wall [2][]float64
	err := measure.Pair(rounds, func(_ int, first bool) error {
		which := 0
		if !first {
			which = 1
		}
		res, err := measure.Run(commands[which])
		wall[which] = append(wall[which], 1000*res.Wall.Seconds())
		return err
	})
	if err != nil {
		return err
	}
	fmt.Println("| command | wall ms, median |")
	fmt.Println("| --- | ---: |")
	for i, c := range commands {
		fmt.Printf("| `%s` | %.1f |\n", c.Name, measure.Median(wall[i]))
	}
	fmt.Printf("\n%d rounds in alternation.\n", rounds)
	return nil
}
