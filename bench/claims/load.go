package claims

import (
	"context"

	"gene/bench/load"
	"gene/bench/result"
	"time"
)

// loadConns is how many connections a client drives.
const loadConns = 50

// loads drive servers at fixed rates. They come last: the client keeps this process, and what it
// starts from then on, off the server's processor.
func loads() []Experiment {
	list := []Experiment{
		{
			Name: "load/echo", Title: "An echo server in Gene, at fixed rates",
			run: func(ctx context.Context, r *run) error {
				return r.load(ctx, "load/echo.gene", load.Echo{Size: 64}, 2000, 10000)
			},
		},
		{
			Name: "load/http", Title: "An HTTP server in Gene, at fixed rates",
			run: func(ctx context.Context, r *run) error {
				return r.load(ctx, "load/hello.gene", load.Hello{Body: "Hello, World!\n"}, 1000, 4000)
			},
		},
	}
	for i := range list {
		list[i].Kind, list[i].Single, list[i].QuickOnOne = result.Load, true, true
		list[i].Method = "a server in Gene on one processor, a client with 50 connections on another. Messages are due at a fixed rate; the time of each counts from when it was due, so a server that stalls is not excused (no coordinated omission). Every answer is checked."
		list[i].Quick = Plan{Rounds: 2, Seconds: 2.5}
		list[i].Full = Plan{Rounds: 5, Seconds: 22}
	}
	return list
}

// loadFor is how long messages are sent in a round, at each rate.
func (r *run) loadFor() time.Duration {
	if r.Quick {
		return 500 * time.Millisecond
	}
	return 2 * time.Second
}

func (r *run) load(ctx context.Context, program string, protocol load.Protocol, rates ...float64) error {
	c, err := r.geneRun(ctx, r.loop, program)
	if err != nil {
		return err
	}
	if err := load.Pin(); err != nil {
		return err
	}
	r.total = r.plan.Rounds * len(rates)
	for round := range r.plan.Rounds {
		for _, rate := range rates {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			if err := r.loadRound(load.Server{Name: c.Name, Argv: c.Argv}, protocol, round, rate); err != nil {
				return err
			}
			r.advance()
		}
	}
	for _, rate := range rates {
		for _, name := range []string{"p50", "p99", "max", "server CPU"} {
			r.quantity(point{name: name, x: rate}, "us")
		}
		r.quantity(point{name: "rate", x: rate}, "messages/s")
	}
	return nil
}

// loadRound drives a fresh server at one rate.
func (r *run) loadRound(s load.Server, protocol load.Protocol, round int, rate float64) error {
	server, err := load.Start(s)
	if err != nil {
		return err
	}
	defer server.Stop()
	client, err := load.Dial(server, protocol, loadConns)
	if err != nil {
		return err
	}
	defer client.Close()
	f, err := client.Run(load.Run{Rate: rate, For: r.loadFor()})
	if err != nil {
		return err
	}
	for _, figure := range []struct {
		name, unit string
		value      float64
	}{
		{"p50", "us", micros(f.P50)}, {"p99", "us", micros(f.P99)}, {"max", "us", micros(f.Max)},
		{"server CPU", "us", micros(f.CPUPerMessage())}, {"rate", "messages/s", f.Rate()},
	} {
		r.add(variant{name: figure.name, unit: figure.unit}, result.Sample{X: rate, Round: round, Value: figure.value})
	}
	return nil
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
