package claims

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gene/bench/measure"
	"gene/bench/result"
)

// The two ways in which overhead/idle runs a program.
const (
	busyLoop = "busy loop"
	idleLoop = "nothing pending"
)

// idleTurns is how often a process runs a program each way.
const idleTurns = 4

// alternation runs main both ways in turn; %s is how it is called, %t whether the first one is busy. What is held is
// cancelled and closed after each turn, and has five milliseconds to go.
const alternation = `
(fn bench_hold []
  (var timers [])
  (repeat 1000 (timers .add (gene/sleep_async 86400000)))
  (var server (net/listen "tcp" "127.0.0.1:0" (fn [conn] (await (conn .read)))))
  (var conns [])
  (var reads [])
  (repeat 10
    (var conn (await (net/dial "tcp" (server .address))))
    (conns .add conn)
    (reads .add (conn .read)))
  (fn []
    (for timer in timers (timer .cancel))
    (for read in reads (read .cancel))
    (for conn in conns (conn .close))
    (server .close)))

(fn bench_turn [busy]
  (var release (if busy (bench_hold) else (fn [] nil)))
  (var start (time/now_us))
  %s
  (println (if busy "bench_busy" else "bench_idle") ((time/now_us) - start))
  (release)
  (await (gene/sleep_async 0.005)))

(bench_turn false)
(var bench_first %t)
(for first in [true false false true false true true false]
  (bench_turn (first == bench_first)))
(exit 0)
`

func (r *run) idle(ctx context.Context) error {
	r.turns = idleTurns
	r.total = r.plan.Rounds * len(shortPrograms)
	for round := range r.plan.Rounds {
		for _, p := range shortPrograms {
			if err := r.idleRound(ctx, p, round); err != nil {
				return err
			}
			r.advance()
		}
	}
	r.judge("idle-loop", r.overhead(busyLoop, idleLoop))
	return nil
}

// idleRound runs a program in one process, both ways.
func (r *run) idleRound(ctx context.Context, p shortProgram, round int) error {
	path, err := r.alternating(p, round%2 == 0)
	if err != nil {
		return err
	}
	binary, err := r.binary(ctx, gene)
	if err != nil {
		return err
	}
	res, err := measure.Run(ctx, measure.Command{Name: p.name + " both ways", Argv: []string{binary, "run", "--loop=" + r.loop, path}})
	if err != nil {
		return err
	}
	busy, idle, err := p.turns(res.Stdout)
	if err != nil {
		return err
	}
	for turn := range idleTurns {
		s := withCost(result.Sample{Round: round, Turn: turn}, res)
		s.Value = busy[turn]
		r.add(variant{name: busyLoop, program: p.name, unit: "us"}, s)
		s.Value = idle[turn]
		r.add(variant{name: idleLoop, program: p.name, unit: "us"}, s)
	}
	return nil
}

// alternating writes a program that runs in turns, short ones in both modes: many pairs close together say more than
// few long ones.
func (s *Session) alternating(p shortProgram, busyFirst bool) (string, error) {
	text, err := s.text(p)
	if err != nil {
		return "", err
	}
	definitions, _, ok := strings.Cut(text, "\n(main (")
	if !ok {
		return "", fmt.Errorf("%s.gene doesn't end in a call of main", p.name)
	}
	call := fmt.Sprintf("(main %s)", p.quick.argument)
	return s.write(fmt.Sprintf("%s_busy_first_%t", p.name, busyFirst), definitions+fmt.Sprintf(alternation, call, busyFirst))
}

// turns reads the times of all turns in microseconds, and checks each turn's output. The first turn doesn't count.
func (p shortProgram) turns(stdout string) (busy, idle []float64, err error) {
	want, rest := p.quick.want, stdout
	for turn := range 1 + 2*idleTurns {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, want); !ok {
			return nil, nil, fmt.Errorf("%s: wrong output\n got: %q\nwant: %q again and again", p.name, stdout, want)
		}
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		label, figure, _ := strings.Cut(line, " ")
		us, err := strconv.ParseFloat(figure, 64)
		if err != nil || us <= 0 {
			return nil, nil, fmt.Errorf("%s: turn %d ends in %q, want its time in microseconds", p.name, turn, line)
		}
		switch {
		case turn == 0:
		case label == "bench_busy":
			busy = append(busy, us)
		default:
			idle = append(idle, us)
		}
	}
	if rest != "" || len(busy) != idleTurns || len(idle) != idleTurns {
		return nil, nil, fmt.Errorf("%s: %d busy turns, %d idle ones and then %q, want %d of each", p.name, len(busy), len(idle), rest, idleTurns)
	}
	return busy, idle, nil
}
