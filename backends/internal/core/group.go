package core

import (
	"sync"
	"time"
)

// group counts goroutines, for Close to wait on with an end.
type group struct {
	mu   sync.Mutex
	n    int
	over bool          // nothing starts any more
	zero chan struct{} // closed at n == 0, if somebody waits
}

// start reports whether it started f.
func (g *group) start(f func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return false
	}
	g.n++
	go func() {
		defer g.end() // also when f ends the goroutine
		f()
	}()
	return true
}

// enter counts something that isn't a goroutine of ours, until end. It reports false when nothing starts any more.
func (g *group) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return false
	}
	g.n++
	return true
}

func (g *group) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n--
	if g.n == 0 && g.zero != nil {
		close(g.zero)
		g.zero = nil
	}
}

// finish lets nothing start any more and returns how many are still running after at most limit.
func (g *group) finish(limit time.Duration) int {
	g.mu.Lock()
	g.over = true
	if g.n == 0 {
		g.mu.Unlock()
		return 0
	}
	if g.zero == nil {
		g.zero = make(chan struct{})
	}
	zero := g.zero
	g.mu.Unlock()

	end := time.NewTimer(limit)
	defer end.Stop()
	select {
	case <-zero:
		return 0
	case <-end.C:
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n
}
