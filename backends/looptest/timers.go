package looptest

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gene/backends"
)

// count is a completion that counts its runs.
type count int

func (c *count) Complete() { *c++ }

// appendTo is a completion that notes that it ran.
func appendTo(list *[]int, i int) backends.Completion {
	return backends.Func(func() { *list = append(*list, i) })
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func timerRules() []rule {
	return []rule{
		{name: "deadline order", says: "timers fire by deadline, whatever the order of start", check: func(x *exam) {
			var fired []int
			for _, i := range []int{3, 1, 4, 0, 2} {
				x.AfterFunc(time.Duration(i+1)*5*time.Millisecond, appendTo(&fired, i))
			}
			x.pollUntil(func() bool { return len(fired) == 5 })
			if !slices.Equal(fired, upTo(5)) {
				x.failf("fired in order %v", fired)
			}
		}},
		{name: "start order", says: "timers due together fire in order of start", check: func(x *exam) {
			var fired []int
			for i := range 1000 {
				x.AfterFunc(time.Millisecond, appendTo(&fired, i))
			}
			x.Sleep(20 * time.Millisecond)
			x.want("the number that ran", x.Poll(0), 1000)
			if !slices.Equal(fired, upTo(1000)) {
				x.failf("fired in order %v", fired)
			}
		}},
		{name: "not early", says: "a timer doesn't fire before its deadline", check: func(x *exam) {
			for d := time.Duration(1); d < 20*time.Millisecond; d *= 3 {
				start, end := x.Now(), time.Duration(-1)
				x.AfterFunc(d, backends.Func(func() { end = x.Now() }))
				x.pollUntil(func() bool { return end >= 0 })
				if end-start < d {
					x.failf("%v fired after %v", d, end-start)
				}
			}
		}},
		{name: "zero", says: "a delay of 0 fires at the next Poll, not in AfterFunc", check: func(x *exam) { immediate(x, 0) }},
		{name: "negative", says: "a negative delay is 0", check: func(x *exam) { immediate(x, -time.Hour) }},
		{name: "huge", says: "the longest delay doesn't overflow", check: func(x *exam) {
			var fired count
			timer := x.AfterFunc(math.MaxInt64, &fired)
			x.want("Poll", x.Poll(0), 0)
			x.want("Stop", timer.Stop(), true)
		}},
		{name: "stop", says: "a stopped timer doesn't fire; Stop is true once", check: func(x *exam) {
			var fired, other count
			timer := x.AfterFunc(time.Millisecond, &fired)
			x.AfterFunc(2*time.Millisecond, &other)
			x.want("Stop", timer.Stop(), true)
			x.want("the second Stop", timer.Stop(), false)
			x.pollUntil(func() bool { return other == 1 })
			x.want("the number of firings", int(fired), 0)
		}},
		{name: "stop after firing", says: "Stop of a timer that fired is false, also in its own completion", check: func(x *exam) {
			inside := true
			var timer backends.Timer
			timer = x.AfterFunc(0, backends.Func(func() { inside = timer.Stop() }))
			x.Poll(0)
			x.want("Stop inside", inside, false)
			x.want("Stop afterwards", timer.Stop(), false)
		}},
		{name: "stop in a callback", says: "a timer stopped by another that is due in the same Poll doesn't fire", check: func(x *exam) {
			var fired count
			var second backends.Timer
			stopped := false
			x.AfterFunc(0, backends.Func(func() { stopped = second.Stop() }))
			second = x.AfterFunc(0, &fired)
			x.Poll(0)
			x.want("Stop", stopped, true)
			x.want("the number of firings", int(fired), 0)
		}},
		{name: "start in a callback", says: "a timer started in a completion waits for the next Poll, even with delay 0", check: func(x *exam) {
			var fired count
			x.AfterFunc(0, backends.Func(func() { x.AfterFunc(0, &fired) }))
			x.want("the first Poll", x.Poll(0), 1)
			x.want("the firings after it", int(fired), 0)
			x.want("the second Poll", x.Poll(0), 1)
			x.want("the firings after that", int(fired), 1)
		}},
		{name: "re-arm", says: "a completion may start its timer anew, again and again", check: func(x *exam) {
			n := 0
			var again backends.Func
			again = func() {
				if n++; n < 100 {
					x.AfterFunc(time.Duration(n%3)*100*time.Microsecond, again)
				}
			}
			x.AfterFunc(0, again)
			x.pollUntil(func() bool { return n == 100 })
			x.want("Pending", x.Pending(), 0)
		}},
		{name: "many", says: "of many timers, those not stopped fire once each, by deadline", check: manyTimers},
		{name: "before completions", says: "in one Poll the timers due come first, then the queue", check: func(x *exam) {
			var ran []int
			x.Post(appendTo(&ran, 1))
			x.AfterFunc(0, appendTo(&ran, 0))
			x.want("Poll", x.Poll(0), 2)
			if !slices.Equal(ran, upTo(2)) {
				x.failf("ran in order %v, want the timer (0) first", ran)
			}
		}},
	}
}

func immediate(x *exam, d time.Duration) {
	var fired count
	x.AfterFunc(d, &fired)
	x.want("the firings in AfterFunc", int(fired), 0)
	x.want("Poll(0)", x.Poll(0), 1)
	x.want("the firings", int(fired), 1)
	x.want("another Poll(0)", x.Poll(0), 0)
}

func manyTimers(x *exam) {
	const n = 50_000
	random := rand.New(rand.NewPCG(1, 2))
	type record struct {
		from, to time.Duration // between these two readings it was started
		fired    int
	}
	records := make([]record, n)
	timers := make([]backends.Timer, n)
	var order []int
	for _, i := range random.Perm(n) {
		d := time.Duration(random.IntN(50)) * time.Millisecond
		records[i].from = x.Now() + d
		timers[i] = x.AfterFunc(d, backends.Func(func() { records[i].fired++; order = append(order, i) }))
		records[i].to = x.Now() + d
	}
	stopped := 0
	for _, i := range random.Perm(n)[:n/2] {
		if timers[i].Stop() {
			stopped++
			records[i].fired = 1
		}
	}
	x.want("the number stopped", stopped, n/2)
	x.pollUntil(func() bool { return len(order) == n-stopped })
	for i, r := range records {
		if r.fired != 1 {
			x.failf("timer %d fired or was stopped %d times", i, r.fired)
		}
	}
	for k := 1; k < len(order); k++ {
		if before, after := records[order[k-1]], records[order[k]]; before.from > after.to {
			x.failf("a deadline of %v or later fired before one of %v or earlier", before.from, after.to)
		}
	}
}
