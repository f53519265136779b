package looptest

import (
	"sync"
	"time"
)

func interruptRules() []rule {
	return []rule{
		{name: "blocked", says: "Interrupt makes Poll(-1) return, with 0 if nothing ran", check: func(x *exam) {
			for range 100 {
				go x.Interrupt()
				x.want("Poll", x.Poll(-1), 0)
			}
		}},
		{name: "early", says: "an Interrupt before Poll counts, once", check: func(x *exam) {
			x.Interrupt()
			x.Interrupt()
			x.want("the first Poll", x.Poll(-1), 0)
			x.AfterFunc(time.Millisecond, new(count))
			x.want("the second Poll", x.Poll(-1), 1)
		}},
		{name: "sleep", says: "Interrupt ends Sleep, and the next Poll sees it too", check: func(x *exam) {
			go x.Interrupt()
			x.Sleep(time.Hour)
			x.want("Poll", x.Poll(-1), 0)
		}},
		{name: "loses nothing", says: "Interrupt beside posts loses neither", check: func(x *exam) {
			var running sync.WaitGroup
			for range 4 {
				running.Go(func() {
					for range 500 {
						x.Interrupt()
					}
				})
			}
			hammer(x, 4, 500)
			running.Wait()
		}},
	}
}
