package claims

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gene/bench/measure"
	"gene/bench/peer"
	"gene/bench/result"
	"gene/bench/stats"
)

// PeerComparison is what a comparison with other languages is of.
type PeerComparison struct {
	Set      peer.Set
	Peers    []peer.Peer
	Programs []peer.Program
	// Short takes the sizes of the programs that take Gene about 80 ms, where
	// there is one. The full size takes about four times as long.
	Short bool
}

// firstRun limits the first run of a program under a peer. Without it, single
// pairs would take minutes each: a tree-walking interpreter on floats does.
const firstRun = 15 * time.Second

// errSlow ends a first run at its limit.
var errSlow = fmt.Errorf("still running after %v", firstRun)

// peerComparisons compare with all that there is. Quick mode is for our
// claims, which name no peer.
func peerComparisons() []Experiment {
	var list []Experiment
	for _, set := range []peer.Set{peer.CPU, peer.Async} {
		c := PeerComparison{Set: set, Peers: peer.All(set), Programs: peer.AllPrograms(set), Short: true}
		e := c.Experiment()
		e.Quick, e.command = Plan{}, ""
		e.OneLoop = !e.AnyLoop // the other experiments say how the loops differ
		list = append(list, e)
	}
	return list
}

// Experiment compares Gene with the peers in turn.
func (c PeerComparison) Experiment() Experiment {
	e := Experiment{
		Name: "peers/" + string(c.Set), Kind: result.Peers, AnyLoop: c.Set == peer.CPU, Single: true,
		Quick: c.plan(3), Full: c.plan(4), command: c.command(),
		run: func(ctx context.Context, r *run) error { return r.comparePeers(ctx, c) },
	}
	how := fmt.Sprintf(" in Gene and in the other languages, in turn, every other round backwards, after a first run that isn't measured; what is still running after %v then is left out. Every output is checked.", firstRun)
	if c.Set == peer.CPU {
		size := ""
		if c.Short {
			size = ", at a size that takes Gene about 80 ms,"
		}
		e.Title = "Processor time of programs against other languages"
		e.Method = "the same program" + size + how + " The figure is the processor time of Gene's process, user and system, its start included, over that of the peer's: below 1 Gene is faster. Without a program it is the geometric mean over those that the peer has."
		return e
	}
	e.Full = c.plan(5)
	e.Title = "Asynchronous programs against other languages"
	e.Method = "the same program" + how + " The figure is what the program itself measures, in Gene over the peer's: below 1 Gene is faster."
	return e
}

// plan is that of so many rounds after the first run.
func (c PeerComparison) plan(rounds int) Plan {
	seconds := 0.3
	switch {
	case c.Set == peer.Async:
		seconds = 0.25
	case c.Short:
		seconds = 0.08
	}
	pace := peer.Gene().Pace
	for _, p := range c.Peers {
		pace += p.Pace
	}
	return Plan{Rounds: rounds, Seconds: float64(1+rounds) * float64(len(c.Programs)) * pace * seconds}
}

// command is the line that repeats the comparison.
func (c PeerComparison) command() string {
	text := "genebench peers --set=" + string(c.Set)
	if len(c.Peers) < len(peer.All(c.Set)) {
		var names []string
		for _, p := range c.Peers {
			names = append(names, p.Name)
		}
		text += " --peers=" + strings.Join(names, ",")
	}
	if len(c.Programs) != len(peer.AllPrograms(c.Set)) {
		for _, p := range c.Programs {
			text += " " + p.Name
		}
	}
	return text
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
	all := len(c.Peers)
	if c.Peers = r.present(ctx, runner, c.Peers); len(c.Peers) == 0 {
		r.out.Missing = fmt.Sprintf("none of the %d peers can be run here", all)
		return context.Cause(ctx)
	}
	if err := measure.LowerOwnPeak(); err != nil {
		r.note("peaks of memory below that of the whole run can't be told: %v", err)
	}
	r.total = r.plan.Rounds * len(c.Programs) * (1 + len(c.Peers))
	var failed []error
	for _, p := range c.Programs {
		if err := r.compareProgram(ctx, runner, c, p); err != nil {
			failed = append(failed, err)
		}
		if context.Cause(ctx) != nil {
			break // what there is by now is estimated
		}
	}
	for _, other := range c.Peers {
		r.peerRatios(c, other.Name)
	}
	if floor := measure.OwnPeakKB(); floor > 0 {
		r.note("a peak of less than %d MiB, which is that of genebench, can't be told", (floor+1023)/1024)
	}
	return errors.Join(failed...)
}

// present gives the peers that can be run here, built where that is needed. Notes
// tell the versions, and why the others can't.
func (r *run) present(ctx context.Context, runner *peer.Runner, peers []peer.Peer) []peer.Peer {
	var there []peer.Peer
	var versions []string
	for _, p := range peers {
		if context.Cause(ctx) != nil {
			return nil
		}
		s := runner.Status(p)
		if s.Missing != "" {
			line, _, _ := strings.Cut(s.Missing, "\n")
			r.note("%s is left out: %s", p.Name, line)
			continue
		}
		there = append(there, p)
		versions = append(versions, p.Name+" "+s.Version)
	}
	if len(there) > 0 {
		r.note("compared with %s", strings.Join(versions, ", "))
	}
	return there
}

// compareProgram runs a program under everybody who has it, first once without
// measuring: that warms the file cache and shows who has it, and in time. One
// that fails is left out, and its failure is the error.
func (r *run) compareProgram(ctx context.Context, runner *peer.Runner, c PeerComparison, p peer.Program) error {
	variants := []variant{c.variant(runner, peer.Gene(), p)}
	if err := r.first(ctx, variants[0]); err != nil {
		r.done += r.plan.Rounds * (1 + len(c.Peers))
		return err // a ratio to nothing: the peers needn't run
	}
	var failed []error
	for _, who := range c.Peers {
		v := c.variant(runner, who, p)
		err := r.first(ctx, v)
		var absent *peer.Absent
		switch {
		case err == nil:
			variants = append(variants, v)
			continue
		case errors.As(err, &absent):
			r.note("%s has no %s: %s", who.Name, p.Name, absent.Reason)
		case errors.Is(err, errSlow):
			r.note("%s is left out of %s: %v", who.Name, p.Name, err)
		default:
			failed = append(failed, err)
		}
		r.done += r.plan.Rounds
	}
	return errors.Join(append(failed, r.rounds(ctx, 0, variants))...)
}

// first runs a variant once, without measuring and in limited time.
func (r *run) first(ctx context.Context, v variant) error {
	ctx, cancel := context.WithTimeoutCause(ctx, firstRun, errSlow)
	defer cancel()
	_, err := v.measure(ctx)
	return err
}

// variant is a program under a peer.
func (c PeerComparison) variant(runner *peer.Runner, who peer.Peer, p peer.Program) variant {
	unit := "ms"
	if strings.HasPrefix(p.Figure, "ns") {
		unit = "ns"
	}
	return variant{name: who.Name, program: p.Name, unit: unit, measure: func(ctx context.Context) (reading, error) {
		res, err := c.runOnce(ctx, runner, who, p)
		if p.Set == peer.CPU {
			return reading{1e3 * res.CPU.Seconds(), res.Result}, err
		}
		return reading{res.Figure, res.Result}, err
	}}
}

// runOnce runs a program at the size of the comparison. The runner checks the
// output of the full size.
func (c PeerComparison) runOnce(ctx context.Context, runner *peer.Runner, who peer.Peer, p peer.Program) (peer.Result, error) {
	short, ok := shortOf(p.Name)
	if !ok || !c.Short || p.Set != peer.CPU {
		return runner.Run(ctx, who, p)
	}
	res, err := runner.Run(ctx, who, p, short.full.argument)
	if err != nil {
		return res, err
	}
	// Output on Windows may have another line end.
	if got := strings.ReplaceAll(res.Stdout, "\r\n", "\n"); got != short.full.want {
		return res, fmt.Errorf("%s %s: wrong output\n got: %q\nwant: %q", who.Name, p.Name, got, short.full.want)
	}
	return res, nil
}

// ownPeak is the peak memory of a process in KiB, or 0 if that may be what genebench
// itself had when it started it.
func ownPeak(cost measure.Result) int64 {
	if cost.MaxRSSKB <= measure.OwnPeakKB() {
		return 0
	}
	return cost.MaxRSSKB
}

// peerRatios estimates Gene's figure over a peer's, for each program and on
// average; figures of several kinds have no average.
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
	if len(all) > 1 && c.Set == peer.CPU {
		r.estimate(result.Estimate{Name: other, Unit: "ratio"}, stats.Location(stats.MeanByRound(all)).Ratio())
	}
	if len(all) == 0 {
		r.note("%s: none of the %d programs could be compared", other, len(c.Programs))
	}
}
