package looptest

import (
	"time"

	"gene/backends"
)

func statsRules() []rule {
	return []rule{
		{name: "counts", says: "Stats counts what happened", check: func(x *exam) {
			x.AfterFunc(time.Hour, new(count))
			x.AfterFunc(time.Hour, new(count)).Stop()
			x.AfterFunc(0, new(count))
			for range 7 {
				x.Post(new(count))
			}
			x.Poll(0)
			var done count
			x.offload(backends.PoolFiles, func() {}, &done)
			x.background(func() {}, &done)
			x.pollUntil(func() bool { return done == 2 })
			s := x.Stats()
			x.want("Completions", s.Completions, uint64(9))
			x.want("TimersStarted", s.TimersStarted, uint64(3))
			x.want("TimersFired", s.TimersFired, uint64(1))
			x.want("TimersStopped", s.TimersStopped, uint64(1))
			x.want("TimersPending", s.TimersPending, 1)
			x.want("Offloaded", s.Offloaded, uint64(1))
			x.want("Background", s.Background, uint64(1))
			x.want("QueueMax", s.QueueMax, 7)
			x.want("two polls or more", s.Polls >= 2, true)
		}},
		{name: "lag", says: "Stats tells the time from ready to run", check: func(x *exam) {
			x.AfterFunc(time.Millisecond, new(count))
			x.Post(new(count))
			x.Sleep(6 * time.Millisecond)
			x.Poll(0)
			s := x.Stats()
			if s.LagMax < 6*time.Millisecond || s.LagMean < 5*time.Millisecond || s.LagMean > s.LagMax {
				x.failf("LagMax is %v and LagMean %v; the post waited 6 ms and the timer 5", s.LagMax, s.LagMean)
			}
		}},
		{name: "blocked", says: "Stats counts the times that Poll waited", check: func(x *exam) {
			x.Poll(0)
			x.want("Blocked after Poll(0)", x.Stats().Blocked, uint64(0))
			x.Poll(time.Millisecond)
			x.want("Blocked at least once", x.Stats().Blocked > 0, true)
		}},
	}
}
