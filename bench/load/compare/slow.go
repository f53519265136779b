package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"gene/bench/load"
	"gene/bench/measure"
	"gene/bench/stats"
)

// slowness is how long the slow servers take for a request.
const slowness = 100 * time.Millisecond

// slow compares three requests at once with one, where each takes 100 ms: Gene as the client, and
// Gene as the server.
func (b *bench) slow() error {
	fmt.Fprintf(b.out, "Three HTTP requests at once against one, each taking %v\n\n", slowness)
	fmt.Fprintln(b.out, "| Gene is | one ms | three ms | ratio | 95 % interval | to reach |")
	fmt.Fprintln(b.out, "| --- | ---: | ---: | ---: | --- | ---: |")
	one, three, err := b.slowClient()
	if err != nil {
		return err
	}
	b.slowRow("the client", one, three)
	if one, three, err = b.slowServer(); err != nil {
		return err
	}
	b.slowRow("the server", one, three)
	fmt.Fprintf(b.out, "\nMedians of %d rounds, in alternation.\n\n", slowRounds)
	return nil
}

const slowRounds = 20

func (b *bench) slowRow(who string, one, three []float64) {
	r := stats.PairedRatio(three, one)
	fmt.Fprintf(b.out, "| %s | %.1f | %.1f | %.3f | %.3f – %.3f | 1.1 |\n", who, stats.Median(one), stats.Median(three), r.Value, r.Low, r.High)
}

// slowClient gives the times in ms that the Gene program measured.
func (b *bench) slowClient() (one, three []float64, err error) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(slowness)
		fmt.Fprintln(w, "slow")
	}))
	defer server.Close()
	res, err := measure.Run(context.Background(), measure.Command{Name: "three_gets.gene", Argv: []string{b.gene, "run", b.root + "/bench/load/three_gets.gene",
		server.URL, fmt.Sprint(slowRounds)}})
	if err != nil {
		return nil, nil, err
	}
	for line := range strings.Lines(res.Stdout) {
		a, err := measure.Figure(line, "one_ms")
		if err != nil {
			return nil, nil, err
		}
		t, err := measure.Figure(line, "three_ms")
		if err != nil {
			return nil, nil, err
		}
		one, three = append(one, a), append(three, t)
	}
	return one, three, nil
}

// slowServer gives the longest time of the answers in ms.
func (b *bench) slowServer() (one, three []float64, err error) {
	var clients [2]*contestant
	for i, n := range []int{1, 3} {
		c := &contestant{Server: b.geneServer("goroutine", "hello.gene", fmt.Sprint(slowness.Milliseconds()))}
		if err := c.open(load.Hello{Body: "Hello, World!\n"}, n); err != nil {
			return nil, nil, err
		}
		defer c.close()
		clients[i] = c
	}
	var times [2][]float64
	err = measure.Pair(slowRounds, func(_ int, first bool) error {
		i := 1
		if first {
			i = 0
		}
		f, err := clients[i].client.Run(load.Run{})
		times[i] = append(times[i], float64(f.Max)/float64(time.Millisecond))
		return err
	})
	return times[0], times[1], err
}
