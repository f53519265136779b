package main

import (
	"errors"
	"fmt"
	"io"

	"gene/bench/peer"
	"gene/bench/stats"
)

// table writes the rows of programs and keeps them; the first of a program is Gene's.
type table struct {
	w        io.Writer
	set      peer.Set
	rounds   int
	programs [][]peer.Row
}

// add takes the rows of one program.
func (t *table) add(rows []peer.Row) {
	t.programs = append(t.programs, rows)
	for _, row := range rows {
		t.writeRow(rows[0], row)
	}
}

// what is the figure that is compared: processor time, or what the program
// measured itself.
func (t *table) what(r peer.Result) float64 {
	if t.set == peer.Async {
		return r.Figure
	}
	return 1000 * r.CPU.Seconds()
}

func wall(r peer.Result) float64   { return 1000 * r.Wall.Seconds() }
func memory(r peer.Result) float64 { return float64(r.MaxRSSKB) / 1024 }

func (t *table) head() {
	fmt.Fprintln(t.w, "| program | peer | figure | median | wall ms | peak memory MiB | Gene's / peer's | 95 % interval |")
	fmt.Fprintln(t.w, "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |")
}

// end writes what is said of all programs.
func (t *table) end() {
	t.writeMeans()
	fmt.Fprintf(t.w, "\n%d rounds, all in turn and in reverse in turn, medians, output checked each time. Below 1, Gene is faster.\n", t.rounds)
}

func (t *table) writeRow(gene, row peer.Row) {
	name := row.Program.Name
	if row.Err != nil {
		text := row.Err.Error()
		var absent *peer.Absent
		if errors.As(row.Err, &absent) {
			text = absent.Reason
		}
		fmt.Fprintf(t.w, "| %s | %s | %s | | | | | |\n", name, row.Peer.Name, line(text))
		return
	}
	figure := row.Program.Figure
	if t.set == peer.CPU {
		figure = "cpu_ms"
	}
	fmt.Fprintf(t.w, "| %s | %s | %s | %.1f | %.0f | %.0f |", name, row.Peer.Name, figure,
		stats.Median(row.Values(t.what)), stats.Median(row.Values(wall)), stats.Median(row.Values(memory)))
	if row.Peer.Name == gene.Peer.Name || gene.Err != nil {
		fmt.Fprintln(t.w, " | |")
		return
	}
	q := stats.PairedRatio(gene.Values(t.what), row.Values(t.what))
	fmt.Fprintf(t.w, " %.2f | %.2f – %.2f |\n", q.Value, q.Low, q.High)
}

// writeMeans gives for every peer the geometric mean over the programs that
// both ran; means of figures of several kinds would mean nothing.
func (t *table) writeMeans() {
	if t.set != peer.CPU || len(t.programs) < 2 {
		return
	}
	for i := 1; i < len(t.programs[0]); i++ {
		var gene, other [][]float64
		for _, rows := range t.programs {
			if rows[0].Err == nil && rows[i].Err == nil {
				gene = append(gene, rows[0].Values(t.what))
				other = append(other, rows[i].Values(t.what))
			}
		}
		if len(gene) == 0 {
			continue
		}
		q := stats.MeanRatio(gene, other)
		fmt.Fprintf(t.w, "| **geometric mean of %d** | %s | | | | | **%.2f** | %.2f – %.2f |\n",
			len(gene), t.programs[0][i].Peer.Name, q.Value, q.Low, q.High)
	}
}

// failure gives the errors of rows, without those of peers that are absent.
func (t *table) failure() error {
	var failed []error
	for _, rows := range t.programs {
		for _, row := range rows {
			var absent *peer.Absent
			if row.Err != nil && !errors.As(row.Err, &absent) {
				failed = append(failed, row.Err)
			}
		}
	}
	return errors.Join(failed...)
}
