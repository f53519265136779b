package claims

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"gene/bench/measure"
	"gene/bench/result"
	"gene/bench/stats"
)

// latencies measure how late a callback is while the program computes.
func latencies() []Experiment {
	list := []Experiment{
		{
			Name: "latency/timer", Title: "From a timer's deadline to its callback, in a busy program",
			Method: "a program that computes without end has four chains of timers of 1.1 to 1.9 ms; the figure is how long after the time it asked for a callback runs, by the program's own clock.",
			run:    func(ctx context.Context, r *run) error { return r.latency(ctx, "timer-latency", r.timerLags) },
		},
		{
			Name: "latency/socket", Title: "From the sending of a line to the callback, in a busy program",
			Method: "a program that computes without end reads lines that another process sends it every 1 to 2 ms, each with the time of its sending; the figure is that time to the callback's, the system's loopback included.",
			run:    func(ctx context.Context, r *run) error { return r.latency(ctx, "socket-latency", r.socketLags) },
		},
	}
	for i := range list {
		list[i].Kind, list[i].Single = result.Latency, true
		list[i].Quick = Plan{Rounds: 3, Seconds: 2.5}
		list[i].Full = Plan{Rounds: 11, Seconds: 20}
	}
	return list
}

// percentiles are those reported; the claims are of the second.
var percentiles = []struct {
	name string
	p    float64
}{{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}}

// latency runs a program several times; each run gives its percentiles.
func (r *run) latency(ctx context.Context, claim string, lags func(ctx context.Context) ([]float64, measure.Result, error)) error {
	var all []float64
	r.total = r.plan.Rounds
	for round := range r.plan.Rounds {
		us, res, err := lags(ctx)
		if err != nil {
			return err
		}
		dropped := disturbed(res)
		for _, p := range percentiles {
			r.add(variant{name: p.name, unit: "us"}, result.Sample{
				Round: round, Value: stats.Quantile(us, p.p), StealMS: 1e3 * res.Steal.Seconds(), Switches: res.Switches, Dropped: dropped,
			})
		}
		all = append(all, us...)
		r.advance()
	}
	r.out.Histogram = histogram(all)
	for _, p := range percentiles {
		e := r.quantity(point{name: p.name}, "us")
		if p.name == "p99" {
			r.judge(claim, e)
		}
	}
	return nil
}

// lagCounts are how many latencies a run is of: timers come 2 800 a second,
// lines 700.
type lagCounts struct{ quick, full int }

var timerCounts, socketCounts = lagCounts{1500, 4000}, lagCounts{500, 1500}

func (n lagCounts) of(quick bool) int {
	if quick {
		return n.quick
	}
	return n.full
}

func (r *run) timerLags(ctx context.Context) ([]float64, measure.Result, error) {
	return r.lagsOf(ctx, timerCounts.of(r.Quick), "async/busy_timer.gene")
}

// lagsOf runs a program whose last argument is a number, and which prints so many numbers.
func (r *run) lagsOf(ctx context.Context, count int, program string, args ...string) ([]float64, measure.Result, error) {
	c, err := r.geneRun(ctx, r.loop, program, append(args, strconv.Itoa(count))...)
	if err != nil {
		return nil, measure.Result{}, err
	}
	res, err := measure.Run(ctx, c)
	if err != nil {
		return nil, res, err
	}
	var us []float64
	for _, word := range strings.Fields(res.Stdout) {
		x, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, res, fmt.Errorf("%s printed %q, want a number", program, word)
		}
		us = append(us, max(x, 0.5)) // the clock counts whole microseconds
	}
	if len(us) < count {
		return nil, res, fmt.Errorf("%s printed %d latencies, want %d", program, len(us), count)
	}
	return us, res, nil
}

func (r *run) socketLags(ctx context.Context) ([]float64, measure.Result, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, measure.Result{}, err
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		sendTimes(listener)
	}()
	us, res, err := r.lagsOf(ctx, socketCounts.of(r.Quick), "async/busy_socket.gene", listener.Addr().String())
	listener.Close()
	<-sent
	return us, res, err
}

// sendTimes sends the time, every 1 to 2 ms, until its reader has gone.
func sendTimes(listener net.Listener) {
	conn, err := listener.Accept()
	if err != nil {
		return // closed before anybody came
	}
	defer conn.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	for {
		time.Sleep(time.Millisecond + time.Duration(rng.IntN(1000))*time.Microsecond)
		line := append(strconv.AppendInt(nil, time.Now().UnixMicro(), 10), '\n')
		if _, err := conn.Write(line); err != nil {
			return
		}
	}
}

// bucketsPerDecade of the histogram, whose bounds grow by a constant factor.
const bucketsPerDecade = 10

// histogram counts microseconds, from what is less than one on.
func histogram(us []float64) *result.Histogram {
	h := &result.Histogram{Unit: "us", Bounds: []float64{0, 1}, Counts: []int64{0}}
	for _, x := range slices.Sorted(slices.Values(us)) {
		for x >= h.Bounds[len(h.Bounds)-1] {
			next := math.Pow(10, float64(len(h.Bounds)-1)/bucketsPerDecade)
			h.Bounds, h.Counts = append(h.Bounds, next), append(h.Counts, 0)
		}
		h.Counts[len(h.Counts)-1]++
	}
	return h
}
