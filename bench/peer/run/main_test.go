package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gene/bench/measure"
	"gene/bench/peer"
)

func TestParseRefusesWhatIsNotThere(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-n 0", "-n 0: want at least one round"},
		{"-set gpu", "-set gpu: want cpu or async"},
		{"-peers lua5.4,perl", `no peer "perl"`},
		{"fob", `no program "fob"`},
	} {
		if _, err := parse(strings.Fields(c.args)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.args, err, c.want)
		}
	}
}

func TestTableSaysWhatIsMissing(t *testing.T) {
	found, err := peer.Find(peer.CPU, "lua5.4", "tengo", "goja")
	if err != nil {
		t.Fatal(err)
	}
	rows := []peer.Row{
		{Peer: peer.Gene(), Samples: samples(20, 20)},
		{Peer: found[0], Samples: samples(40, 40)},
		{Peer: found[1], Err: &peer.Absent{Peer: "tengo", Reason: "Tengo has no exceptions"}},
		{Peer: found[2], Err: errors.New("goja exceptions: wrong output\n got: 1")},
	}
	for i := range rows {
		rows[i].Program.Name = "exceptions"
	}
	var out strings.Builder
	table := table{w: &out, set: peer.CPU, rounds: 2}
	table.head()
	table.add(rows)
	table.end()
	for _, want := range []string{
		"| exceptions | gene | cpu_ms | 20.0 | 21 | 2 | | |\n",
		"| exceptions | lua5.4 | cpu_ms | 40.0 | 41 | 2 | 0.50 | 0.50 – 0.50 |\n",
		"| exceptions | tengo | Tengo has no exceptions | | | | | |\n",
		"| exceptions | goja | goja exceptions: wrong output got: 1 | | | | | |\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line %q in\n%s", want, out.String())
		}
	}
	if err := table.failure(); err == nil || strings.Contains(err.Error(), "Tengo") {
		t.Errorf("failure %v, want that of goja alone", err)
	}
}

func samples(cpuMS ...int) []peer.Result {
	var all []peer.Result
	for _, ms := range cpuMS {
		cpu := time.Duration(ms) * time.Millisecond
		all = append(all, peer.Result{Result: measure.Result{CPU: cpu, Wall: cpu + time.Millisecond, MaxRSSKB: 2048}})
	}
	return all
}
