package slowfile

import (
	"context"
	"time"
)

// pauses is a row of growing pauses between looks, for what the kernel gives no event for.
type pauses struct{ next time.Duration }

// Short enough to go unnoticed beside a process start, long enough to cost nothing.
const (
	firstPause = time.Millisecond
	lastPause  = 16 * time.Millisecond
)

// pause returns the context's cause if that ends first.
func (p *pauses) pause(ctx context.Context) error {
	p.next = min(max(2*p.next, firstPause), lastPause)
	t := time.NewTimer(p.next)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
