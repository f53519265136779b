package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gene/bench/measure"
)

// samples are the times of one program under one language, in seconds.
type samples struct{ cpu, wall []float64 }

func (s *samples) add(r measure.Result) {
	s.cpu = append(s.cpu, r.CPU.Seconds())
	s.wall = append(s.wall, r.Wall.Seconds())
}

// row is one program under both languages.
type row struct {
	name       string
	gene, peer samples
}

func (r row) ratio() measure.Ratio { return measure.RatioOf(r.gene.cpu, r.peer.cpu) }

func writeTable(w io.Writer, rows []row, o options) {
	peer := strings.Join(append([]string{filepath.Base(o.peer[0])}, o.peer[1:]...), " ")
	fmt.Fprintf(w, "| program | gene CPU ms | %s CPU ms | gene wall ms | %s wall ms | ratio of CPU | 95 %% interval |\n", peer, peer)
	fmt.Fprintln(w, "| --- | ---: | ---: | ---: | ---: | ---: | --- |")
	var gene, other [][]float64
	worst := rows[0]
	for _, r := range rows {
		q := r.ratio()
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %.2f | %.2f – %.2f |\n", r.name,
			ms(r.gene.cpu), ms(r.peer.cpu), ms(r.gene.wall), ms(r.peer.wall), q.Value, q.Low, q.High)
		gene, other = append(gene, r.gene.cpu), append(other, r.peer.cpu)
		if q.Value > worst.ratio().Value {
			worst = r
		}
	}
	g := measure.GeoMeanRatio(gene, other)
	fmt.Fprintf(w, "| **geometric mean** | | | | | **%.2f** | %.2f – %.2f |\n", g.Value, g.Low, g.High)
	fmt.Fprintf(w, "\n%d rounds in alternation, medians, output checked each time; largest ratio: %s %.2f.\n",
		o.rounds, worst.name, worst.ratio().Value)
}

func ms(seconds []float64) string { return fmt.Sprintf("%.0f", 1000*measure.Median(seconds)) }
