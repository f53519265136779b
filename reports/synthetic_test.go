package reports

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"gene/bench/result"
)

// The figures of synthetic are invented: they only have the shape of real ones.

var syntheticLoops = []string{"goroutine", "netpoll", "sim"}

var syntheticPrograms = []string{"fib", "loop", "sieve", "nbody", "strings", "closures", "methods", "binary_trees", "exceptions", "generators", "mandelbrot", "sort"}

// synthetic is a run with experiments of every kind, three loops and two peers.
func synthetic() *result.File {
	r := rand.New(rand.NewPCG(1, 2))
	f := &result.File{
		Schema: result.Schema, Started: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Seconds: 1834, Mode: "full", Complete: true,
		Command: "genebench run -o results.json",
		Env: result.Env{OS: "linux", Arch: "amd64", CPU: "Example 9000", Cores: 2, MemoryMB: 7936, Kernel: "6.1.0", Go: "go1.26.0",
			Commit: "0123456789ab", GOMAXPROCS: 2, Loops: syntheticLoops, Load1: 0.14, Warnings: []string{"no steal counter: noise of the host stays unseen"}},
	}
	for i, loop := range syntheticLoops {
		shift := 1 + 0.07*float64(i)
		f.Experiments = append(f.Experiments, syntheticReads(r, loop, shift)...)
		f.Experiments = append(f.Experiments, syntheticCosts(r, loop, shift)...)
	}
	f.Experiments = append(f.Experiments, syntheticStructure(r), syntheticPeers(r), result.Experiment{
		Name: "load/http", Kind: result.Load, Loop: "evio", Title: "HTTP server under load", Command: "genebench run load/http --loop=evio",
		Missing: "the loop evio is not in this build",
	})
	return f
}

// around is an estimate with an interval of a few per cent.
func around(r *rand.Rand, name, unit string, value float64) result.Estimate {
	half := value * (0.004 + 0.02*r.Float64())
	return result.Estimate{Name: name, Unit: unit, Value: value, Low: value - half, High: value + half*1.2, N: 40, MDE: half * 1.4}
}

func verdict(name, text string, e result.Estimate, limit float64, atMost bool) result.Verdict {
	return result.Verdict{Claim: name, Text: text, Limit: limit, AtMost: atMost, Estimate: e, Outcome: result.Judge(e, limit, atMost)}
}

// syntheticReads is what concerns operations at once.
func syntheticReads(r *rand.Rand, loop string, shift float64) []result.Experiment {
	speedup := around(r, "speedup", "ratio", 2.985/math.Pow(shift, 0.2))
	reads := result.Experiment{Name: "speedup/fifo", Kind: result.Speedup, Loop: loop, Title: "Three slow FIFO reads",
		Method: "Three FIFOs are fed after 100 ms each; 40 rounds in alternation.", Command: "genebench run speedup/fifo --loop=" + loop,
		Estimates: []result.Estimate{speedup}, Verdicts: []result.Verdict{verdict("concurrent-reads", "three concurrent slow reads take the time of one: speed-up of at least 2.9", speedup, 2.9, false)}}
	for _, variant := range []string{"sequential", "concurrent"} {
		s := result.Series{Name: variant, Unit: "ms"}
		for round := range 10 {
			s.Samples = append(s.Samples, result.Sample{Round: round, Value: 100 + r.Float64()})
		}
		reads.Series = append(reads.Series, s)
	}
	spans := result.Experiment{Name: "timeline/fifo", Kind: result.Timeline, Loop: loop, Title: "Three FIFO reads",
		Method: "One round, each read from its start to its end.", Command: "genebench run timeline/fifo --loop=" + loop}
	for i := range 3 {
		at := 100.9 * float64(i)
		spans.Spans = append(spans.Spans, result.Span{Group: "sequential", Label: fmt.Sprint("read ", i+1), Start: at, End: at + 100.6*shift})
	}
	for i := range 3 {
		spans.Spans = append(spans.Spans, result.Span{Group: "concurrent", Label: fmt.Sprint("read ", i+1), Start: 400 + 0.1*float64(i), End: 501 + 0.2*float64(i)})
	}
	scaling := result.Experiment{Name: "scaling/sleeps", Kind: result.Scaling, Loop: loop, Title: "Sleeps of 100 ms",
		Method: "N sleeps started together, against N one after the other.", Command: "genebench run scaling/sleeps --loop=" + loop}
	var against result.Estimate
	for _, n := range []float64{1, 10, 100, 1000} {
		time := around(r, "gene", "ms", 100.4*(1+n*0.00002*shift))
		time.X = n
		scaling.Estimates = append(scaling.Estimates, time)
		against = around(r, "against one", "ratio", 1+n*0.00002*shift*shift*shift)
		against.Low, against.High, against.X = against.Value-0.012, against.Value+0.013, n
		if n > 1 {
			scaling.Estimates = append(scaling.Estimates, against)
		}
	}
	scaling.Verdicts = []result.Verdict{verdict("thousand-sleeps", "1 000 sleeps take at most 1.06 times as long as one", against, 1.06, true)}
	return []result.Experiment{reads, spans, scaling}
}

// syntheticCosts is what concerns the loop itself.
func syntheticCosts(r *rand.Rand, loop string, shift float64) []result.Experiment {
	return []result.Experiment{syntheticIdle(r, loop), syntheticLatency(r, loop, shift), syntheticPending(r, loop, shift), syntheticSpawn(r, loop, shift), syntheticLoad(r, loop, shift)}
}

func syntheticSpawn(r *rand.Rand, loop string, shift float64) result.Experiment {
	return result.Experiment{Name: "cost/spawn", Kind: result.Cost, Loop: loop, Title: "Spawn and await", Method: "A million trivial tasks, one after the other.",
		Command: "genebench run cost/spawn --loop=" + loop, Estimates: []result.Estimate{around(r, "spawn and await", "ns/op", 93*shift), around(r, "memory", "B/op", 612)}}
}

func syntheticLoad(r *rand.Rand, loop string, shift float64) result.Experiment {
	return result.Experiment{Name: "load/http", Kind: result.Load, Loop: loop, Title: "HTTP server under load", Method: "64 connections for 10 s, 20 rounds.",
		Command: "genebench run load/http --loop=" + loop, Estimates: syntheticRates(r, shift),
		Notes: []string{"two rounds were dropped: the hypervisor took more than 5 % of the time"}}
}

func syntheticRates(r *rand.Rand, shift float64) []result.Estimate {
	var es []result.Estimate
	for _, rate := range []float64{1000, 5000, 20000} {
		for i, name := range []string{"p50", "p99", "server CPU"} {
			e := around(r, name, "us", (30+180*float64(i%2)+rate/900)*shift)
			e.X = rate
			es = append(es, e)
		}
	}
	return append(es, around(r, "most", "ops/s", 41230/shift))
}

func syntheticIdle(r *rand.Rand, loop string) result.Experiment {
	e := result.Experiment{Name: "overhead/idle", Kind: result.Overhead, Loop: loop, Title: "Idle cost of pending operations",
		Method: "The same binary with 1 000 timers, a listener and 10 reads pending, against nothing pending.", Command: "genebench run overhead/idle --loop=" + loop}
	for _, p := range append(syntheticPrograms, "") {
		est := result.Estimate{Name: "ratio", Program: p, Unit: "ratio", Value: 1 + 0.006*(r.Float64()-0.4), N: 40, MDE: 0.004}
		half := 0.001 + 0.004*r.Float64()
		if p == "" {
			est.Value, half = 1.0007, 0.0011
		}
		est.Low, est.High = est.Value-half, est.Value+half
		e.Estimates = append(e.Estimates, est)
	}
	all := e.Estimates[len(e.Estimates)-1]
	e.Verdicts = []result.Verdict{verdict("idle-cost", "code that uses no async pays less than 1 % for the loop", all, 1.01, true)}
	return e
}

// syntheticStructure is the structural cost, of one loop only; it is undecided.
func syntheticStructure(r *rand.Rand) result.Experiment {
	e := syntheticIdle(r, "goroutine")
	e.Name, e.Title, e.Command = "overhead/safepoints", "Structural cost of safepoints", "genebench run overhead/safepoints"
	e.Method = "The default build against one without safepoints, in 20 code layouts."
	for i := range e.Estimates {
		est := &e.Estimates[i]
		est.Value += 0.005 * r.Float64()
		est.Low, est.High = est.Value-0.008, est.Value+0.009
	}
	e.Verdicts = []result.Verdict{verdict("structural-cost", "safepoints cost less than 1 %", e.Estimates[len(e.Estimates)-1], 1.01, true)}
	return e
}

func syntheticLatency(r *rand.Rand, loop string, shift float64) result.Experiment {
	h := &result.Histogram{Unit: "ns"}
	for i := range 61 {
		bound := 500 * math.Pow(10, float64(i)/15)
		h.Bounds = append(h.Bounds, bound)
		if i < 60 {
			d := math.Log(bound/(9000*shift)) / 0.55
			h.Counts = append(h.Counts, int64(20000*math.Exp(-d*d/2)+90*math.Exp(-math.Abs(d)/2.2)))
		}
	}
	e := result.Experiment{Name: "latency/timer", Kind: result.Latency, Loop: loop, Title: "A timer's lag in a busy program",
		Method: "A program computes without pause; a timer fires each millisecond.", Command: "genebench run latency/timer --loop=" + loop, Histogram: h}
	for name, us := range map[string]float64{"p50": 9.1, "p99": 61, "p99.9": 240} {
		e.Estimates = append(e.Estimates, around(rand.New(rand.NewPCG(3, uint64(us))), name, "µs", us*shift))
	}
	sortEstimates(e.Estimates)
	e.Verdicts = []result.Verdict{verdict("prompt-completions", "p99 from ready to callback is at most 100 µs", e.Estimates[1], 100, true)}
	return e
}

func sortEstimates(es []result.Estimate) {
	for i := range es {
		for k := i + 1; k < len(es); k++ {
			if es[k].Value < es[i].Value {
				es[i], es[k] = es[k], es[i]
			}
		}
	}
}

func syntheticPending(r *rand.Rand, loop string, shift float64) result.Experiment {
	e := result.Experiment{Name: "pending/timer", Kind: result.Pending, Loop: loop, Title: "Pending timers",
		Method: "With N timers pending: memory for each, and the time to set and fire another.", Command: "genebench run pending/timer --loop=" + loop}
	var last result.Estimate
	for x := 10.0; x <= 1e6; x *= 10 {
		memory := around(r, "memory", "B", 180+900/x+30*(shift-1))
		fire := around(r, "set and fire", "ns", 410*shift*(1+0.02*math.Log10(x)))
		memory.X, fire.X = x, x
		e.Estimates = append(e.Estimates, memory, fire)
		last = memory
	}
	e.Verdicts = []result.Verdict{verdict("pending-memory", "a pending timer future takes at most 170 B", last, 170, true)}
	return e
}

func syntheticPeers(r *rand.Rand) result.Experiment {
	e := result.Experiment{Name: "peers/cpu", Kind: result.Peers, Title: "Processor time of twelve programs",
		Method: "Each program in alternation with the same in the other language; output checked before time counts.", Command: "genebench run peers/cpu"}
	for i, peer := range []string{"lua5.4", "python3"} {
		sum := 0.0
		for _, p := range syntheticPrograms {
			est := around(r, peer, "ratio", math.Exp(r.Float64()-0.6)*(1-0.55*float64(i)))
			est.Program = p
			sum += math.Log(est.Value)
			e.Estimates = append(e.Estimates, est)
		}
		e.Estimates = append(e.Estimates, around(r, peer, "ratio", math.Exp(sum/float64(len(syntheticPrograms)))))
	}
	return e
}
