package claims

import (
	"slices"
	"strings"
	"testing"
)

func TestTurns(t *testing.T) {
	p := shortProgram{name: "p", quick: sized{"1", "out\n"}}
	all := "out\nbench_idle 9\n" + strings.Repeat("out\nbench_busy 3\nout\nbench_idle 2\n", idleTurns)
	busy, idle, err := p.turns(all)
	if err != nil || !slices.Equal(busy, []float64{3, 3, 3, 3}) || !slices.Equal(idle, []float64{2, 2, 2, 2}) {
		t.Errorf("busy %v, idle %v, error %v; want four 3s and four 2s", busy, idle, err)
	}
	for name, bad := range map[string]string{
		"nothing":      "",
		"a turn short": strings.TrimSuffix(all, "out\nbench_idle 2\n"),
		"more":         all + "and more",
		"wrong output": strings.Replace(all, "out", "oops", 1),
		"no time":      strings.Replace(all, "bench_idle 2", "bench_idle", 1),
		"one way only": strings.ReplaceAll(all, "bench_busy", "bench_idle"),
	} {
		if _, _, err := p.turns(bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
