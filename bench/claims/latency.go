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
			Method: "a program that computes without end has four chains of timers of 1.1 to 1.9 ms; the figure is how long after the time it asked for a callback runs, by the program's own clock. Plain Go has the same timers beside a goroutine that computes.",
			run:    func(ctx context.Context, r *run) error { return r.latency(ctx, busyTimer, "timer-latency", "p99") },
		},
		{
			Name: "latency/socket", Title: "From the sending of a line to the callback, in a busy program",
			Method: "a program that computes without end reads lines that another process sends it every 1 to 2 ms, each with the time of its sending. The figures are that time to the callback's, the way through the system and the waking of a thread included, and (ready) the time from when the loop has what it read to when it runs the callback, as the loop counts it: the part that is Gene's. Plain Go reads the same beside a goroutine that computes.",
			run: func(ctx context.Context, r *run) error {
				return r.latency(ctx, busySocket, "socket-latency", "ready p99")
			},
		},
	}
	for i := range list {
		list[i].Kind, list[i].Single = result.Latency, true
		list[i].Quick = Plan{Rounds: 3, Seconds: 5}
		list[i].Full = Plan{Rounds: 11, Seconds: 40}
	}
	return list
}

// busyProgram computes while callbacks come; it prints how late each was in microseconds.
type busyProgram struct {
	name        string // of the program in Gene and of plain Go's
	quick, full int    // how many callbacks: timers come 2 800 a second, lines 700
	// feed gives what else the program's arguments are, and what to call after it.
	feed func() (args []string, stop func(), err error)
}

var (
	busyTimer  = busyProgram{"busy_timer", 1500, 4000, func() ([]string, func(), error) { return nil, func() {}, nil }}
	busySocket = busyProgram{"busy_socket", 500, 1500, feedTimes}
)

// percentiles are those reported.
var percentiles = []struct {
	name string
	p    float64
}{{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}}

// latency runs a program in Gene and in plain Go in turn; each run gives its percentiles. The figure named judges
// the claim.
func (r *run) latency(ctx context.Context, b busyProgram, claim, figure string) error {
	var all []float64
	r.total = 2 * r.plan.Rounds
	for round := range r.plan.Rounds {
		us, err := r.lateness(ctx, b, round)
		if err != nil {
			return err
		}
		all = append(all, us...)
		if err := r.latenessOfGo(ctx, b, round); err != nil {
			return err
		}
	}
	r.out.Histogram = histogram(all)
	for _, series := range slices.Clone(r.out.Series) {
		if e := r.quantity(point{name: series.Name}, "us"); series.Name == figure {
			r.judge(claim, e)
		}
	}
	return nil
}

// lateness runs the program in Gene, and adds the loop's own count.
func (r *run) lateness(ctx context.Context, b busyProgram, round int) ([]float64, error) {
	us, res, err := r.lags(ctx, b, func(args []string) (measure.Command, error) {
		c, err := r.geneRun(ctx, r.loop, "async/"+b.name+".gene", args...)
		if err == nil {
			c.Argv = slices.Insert(c.Argv, 2, "--loop-stats")
		}
		return c, err
	})
	if err != nil {
		return nil, err
	}
	r.addPercentiles("", us, round, res)
	for _, p := range percentiles {
		ready, err := readyLag(res.Stderr, p.name)
		if err != nil {
			return nil, err
		}
		r.addLag("ready "+p.name, ready, round, res)
	}
	r.advance()
	return us, nil
}

func (r *run) latenessOfGo(ctx context.Context, b busyProgram, round int) error {
	us, res, err := r.lags(ctx, b, func(args []string) (measure.Command, error) {
		return r.goRun(ctx, append([]string{b.name}, args...)...)
	})
	if err != nil {
		return err
	}
	r.addPercentiles("plain Go ", us, round, res)
	r.advance()
	return nil
}

// lags runs a command and reads the numbers it prints.
func (r *run) lags(ctx context.Context, b busyProgram, command func(args []string) (measure.Command, error)) ([]float64, measure.Result, error) {
	args, stop, err := b.feed()
	if err != nil {
		return nil, measure.Result{}, err
	}
	defer stop()
	count := b.full
	if r.Quick {
		count = b.quick
	}
	c, err := command(append(args, strconv.Itoa(count)))
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
			return nil, res, fmt.Errorf("%s printed %q, want a number", c.Name, word)
		}
		us = append(us, max(x, 0.5)) // the clock counts whole microseconds
	}
	if len(us) < count {
		return nil, res, fmt.Errorf("%s printed %d latencies, want %d", c.Name, len(us), count)
	}
	return us, res, nil
}

func (r *run) addPercentiles(prefix string, us []float64, round int, res measure.Result) {
	for _, p := range percentiles {
		r.addLag(prefix+p.name, stats.Quantile(us, p.p), round, res)
	}
}

func (r *run) addLag(name string, us float64, round int, res measure.Result) {
	r.add(variant{name: name, unit: "us"}, withCost(result.Sample{Round: round, Value: us}, res))
}

// readyLag reads a percentile, in microseconds, off what gene run --loop-stats prints.
func readyLag(table, percentile string) (float64, error) {
	for line := range strings.Lines(table) {
		figure, ok := strings.CutPrefix(strings.TrimSpace(line), "lag, "+percentile+" ")
		if !ok {
			continue
		}
		d, err := time.ParseDuration(strings.TrimSpace(figure))
		return max(float64(d.Nanoseconds())/1e3, 0.001), err // a nanosecond is the clock's least
	}
	return 0, fmt.Errorf("no lag, %s in the table of the loop's counters: %q", percentile, table)
}

// feedTimes listens for the program that is to read the times of sending.
func feedTimes() (args []string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		sendTimes(listener)
	}()
	return []string{listener.Addr().String()}, func() { listener.Close(); <-sent }, nil
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
