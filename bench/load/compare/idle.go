package main

import (
	"fmt"
	"time"

	"gene/bench/load"
	"gene/bench/stats"
)

// idleConnections shows what connections cost that say nothing.
func (b *bench) idleConnections() error {
	bin, err := b.hosted("echo")
	if err != nil {
		return err
	}
	rows := []struct {
		server load.Server
		most   string
	}{
		{b.geneServer("goroutine", "echo.gene"), "12"}, {load.Server{Name: "Go, net", Argv: []string{bin, "net"}}, ""},
		{b.geneServer("netpoll", "echo.gene"), "6"}, {load.Server{Name: "Go, netpoll", Argv: []string{bin, "netpoll"}}, ""},
		{b.geneServer("evio", "echo.gene"), ""}, {load.Server{Name: "Go, evio", Argv: []string{bin, "evio"}}, ""},
	}
	fmt.Fprintf(b.out, "%d idle connections beside %d active ones; %.0f messages per second are due\n\n", b.idle, b.active, b.rate)
	fmt.Fprintln(b.out, "| server | p99 µs without idle | with | ratio (≤ 3) | 95 % interval | KiB per idle connection | to reach | idle CPU ms/s |")
	fmt.Fprintln(b.out, "| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |")
	for _, r := range rows {
		if r.server.Argv[0] == b.gene && !b.hasLoop(r.server.Name[len("Gene, "):]) {
			continue
		}
		m, err := b.measureIdle(r.server)
		if err != nil {
			return err
		}
		ratio := stats.PairedRatio(m.loaded, m.alone)
		fmt.Fprintf(b.out, "| %s | %.0f | %.0f | %.2f | %.2f – %.2f | %.1f | %s | %.1f |\n", r.server.Name, stats.Median(m.alone)/1000,
			stats.Median(m.loaded)/1000, ratio.Value, ratio.Low, ratio.High, m.kib, r.most, m.idleCPU)
	}
	fmt.Fprintf(b.out, "\nMedians of %d runs of %v. After them every idle connection was used once, without an error.\n\n", idleRounds, b.window)
	return nil
}

// idleRounds is how often each of the two p99 is measured.
const idleRounds = 7

// idleFigures are what one server has shown.
type idleFigures struct {
	alone, loaded []float64 // p99 in ns
	kib           float64   // of memory per idle connection
	idleCPU       float64   // ms of the server's time per second in which nobody says anything
}

// measureIdle measures the active connections first alone and then beside the idle ones: a server that has
// had many connections is no longer one that hasn't, so the two can't alternate.
func (b *bench) measureIdle(s load.Server) (*idleFigures, error) {
	p, err := load.Start(s)
	if err != nil {
		return nil, err
	}
	defer p.Stop()
	active, err := load.Dial(p, load.Echo{Size: 64}, b.active)
	if err != nil {
		return nil, err
	}
	defer active.Close()
	m := &idleFigures{}
	if m.alone, err = b.p99s(active); err != nil {
		return nil, err
	}
	before, err := p.RSS()
	if err != nil {
		return nil, err
	}
	idle, err := load.Dial(p, load.Echo{Size: 64}, b.idle)
	if err != nil {
		return nil, err
	}
	defer idle.Close()
	if err := useAll(idle); err != nil { // so that all of them are accepted
		return nil, err
	}
	if err := m.rest(p, before, b.idle); err != nil {
		return nil, err
	}
	if m.loaded, err = b.p99s(active); err != nil {
		return nil, err
	}
	return m, useAll(idle)
}

// useAll lets each connection send and get one message.
func useAll(c *load.Client) error {
	_, err := c.Run(load.Run{})
	return err
}

// rest looks at a server that has nothing to do for a while.
func (m *idleFigures) rest(p *load.Process, rssBefore int64, idle int) error {
	const rest = time.Second
	begin, err := p.CPU()
	if err != nil {
		return err
	}
	time.Sleep(rest)
	end, err := p.CPU()
	if err != nil {
		return err
	}
	after, err := p.RSS()
	m.kib = float64(after-rssBefore) / 1024 / float64(max(idle, 1))
	m.idleCPU = float64(end-begin) / float64(time.Millisecond) / rest.Seconds()
	return err
}

// p99s drives the active connections, the first time to warm up.
func (b *bench) p99s(c *load.Client) (all []float64, err error) {
	for i := range idleRounds + 1 {
		f, err := c.Run(load.Run{Rate: b.rate, For: b.window})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			all = append(all, float64(f.P99))
		}
	}
	return all, nil
}
