package claims

import (
	"context"
	"errors"
	"strings"

	"gene/bench/peer"
	"gene/bench/result"
	"gene/bench/stats"
)

// PeerComparison is what a comparison with other languages is of.
type PeerComparison struct {
	Set      peer.Set
	Peers    []peer.Peer
	Programs []peer.Program
}

// Experiment compares Gene with the peers in turn. It is not in the list of
// experiments: how long it takes depends on the peers, some of which are slow.
func (c PeerComparison) Experiment() Experiment {
	e := Experiment{
		Name: "peers/" + string(c.Set), Kind: result.Peers, AnyLoop: c.Set == peer.CPU,
		Title:  "Processor time of programs against other languages",
		Method: "the same program in Gene and in the other languages, in turn, forwards and backwards; every output is checked. The figure is Gene's processor time, user and system, over the peer's: below 1 Gene is faster. Without a program it is the geometric mean over those that the peer has.",
		Quick:  Plan{Rounds: 2}, Full: Plan{Rounds: 7},
		run: func(ctx context.Context, r *run) error { return r.comparePeers(ctx, c) },
	}
	if c.Set == peer.Async {
		e.Title = "Asynchronous programs against other languages"
		e.Method = "the same program in Gene and in the other languages, in turn, forwards and backwards; every output is checked. The figure is what the program itself measures, in Gene over the peer's: below 1 Gene is faster."
	}
	// Half a second is a guess of one run; the slowest peers take ten.
	seconds := 0.5 * float64(len(c.Programs)*(1+len(c.Peers))*2)
	e.Quick.Seconds, e.Full.Seconds = seconds*float64(e.Quick.Rounds), seconds*float64(e.Full.Rounds)
	return e
}

func (r *run) comparePeers(ctx context.Context, c PeerComparison) (err error) {
	path, err := r.binary(ctx, gene)
	if err != nil {
		return err
	}
	o := peer.Options{Root: r.Repo, Gene: path}
	if r.loop != "" {
		o.GeneFlags = []string{"--loop=" + r.loop}
	}
	runner, err := peer.New(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runner.Close()) }()
	r.total = r.plan.Rounds * 2 * len(c.Programs) * (1 + len(c.Peers))
	var failed []error
	for _, p := range c.Programs {
		if err := r.compareProgram(ctx, runner, c, p); err != nil {
			if context.Cause(ctx) != nil {
				return err
			}
			failed = append(failed, err)
		}
	}
	for _, other := range c.Peers {
		r.peerRatios(c, other.Name)
	}
	return errors.Join(failed...)
}

// compareProgram runs a program under everybody who has it, first once without
// measuring: that warms the file cache and shows who has it. One
// that fails is left out, and its failure is the error.
func (r *run) compareProgram(ctx context.Context, runner *peer.Runner, c PeerComparison, p peer.Program) error {
	var variants []variant
	var failed []error
	for _, who := range append([]peer.Peer{peer.Gene()}, c.Peers...) {
		v := peerVariant(runner, who, p)
		_, err := v.measure(ctx)
		var absent *peer.Absent
		switch {
		case errors.As(err, &absent):
			r.note("%s", firstLine(absent))
			r.done += 2 * r.plan.Rounds
		case err != nil:
			failed = append(failed, err)
		default:
			variants = append(variants, v)
		}
	}
	return errors.Join(append(failed, r.rounds(ctx, 0, variants))...)
}

func peerVariant(runner *peer.Runner, who peer.Peer, p peer.Program) variant {
	unit := "ms"
	if strings.HasPrefix(p.Figure, "ns") {
		unit = "ns"
	}
	return variant{name: who.Name, program: p.Name, unit: unit, measure: func(ctx context.Context) (reading, error) {
		res, err := runner.Run(ctx, who, p)
		if p.Set == peer.CPU {
			return reading{1e3 * res.CPU.Seconds(), res.Result}, err
		}
		return reading{res.Figure, res.Result}, err
	}}
}

// peerRatios estimates Gene's figure over a peer's, for each program and on average.
func (r *run) peerRatios(c PeerComparison, other string) {
	var all [][]float64
	for _, p := range c.Programs {
		logs := r.logRatios(point{name: peer.Gene().Name, program: p.Name}, point{name: other, program: p.Name})
		if len(logs) == 0 {
			continue
		}
		all = append(all, logs)
		r.estimate(result.Estimate{Name: other, Program: p.Name, Unit: "ratio"}, stats.Location(logs).Ratio())
	}
	if len(all) > 1 {
		r.estimate(result.Estimate{Name: other, Unit: "ratio"}, stats.Location(stats.MeanByRound(all)).Ratio())
	}
	if len(all) == 0 {
		r.note("%s: none of the %d programs could be compared", other, len(c.Programs))
	}
}
