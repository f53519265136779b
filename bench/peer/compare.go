package peer

import (
	"context"
	"slices"
)

// Row is what one program cost under one peer.
type Row struct {
	Peer    Peer
	Program Program
	// Samples are the rounds, in order; none if Err is set.
	Samples []Result
	// Err is why there are no figures: an [*Absent], or what went wrong.
	Err error
}

// Compare runs a program under all of the peers in turn: one run that isn't
// measured, which warms the file cache, then the rounds, every other of them
// in reverse, so that a drift of the machine hits all alike. A peer that fails
// is left out of the further rounds, and its row says why.
func (r *Runner) Compare(ctx context.Context, prog Program, peers []Peer, rounds int, size ...string) []Row {
	rows := make([]Row, len(peers))
	order := make([]int, len(peers))
	for i, p := range peers {
		order[i] = i
		rows[i] = Row{Peer: p, Program: prog}
		_, rows[i].Err = r.Run(ctx, p, prog, size...)
	}
	for range rounds {
		for _, i := range order {
			rows[i].round(ctx, r, size)
		}
		slices.Reverse(order)
	}
	return rows
}

func (row *Row) round(ctx context.Context, r *Runner, size []string) {
	if row.Err != nil {
		return
	}
	res, err := r.Run(ctx, row.Peer, row.Program, size...)
	if err != nil {
		row.Samples, row.Err = nil, err
		return
	}
	row.Samples = append(row.Samples, res)
}

// Values are the samples as numbers.
func (row Row) Values(of func(Result) float64) []float64 {
	values := make([]float64, len(row.Samples))
	for i, s := range row.Samples {
		values[i] = of(s)
	}
	return values
}
