package core

import (
	"net"
	"sync"
	"time"

	"gene/backends"
)

// Listener is what the backends' listeners share: the bound on open connections and the
// events. The driver accepts, and calls NextSlot (or TrySlot), Accepted, Trouble and, last, Ended.
type Listener struct {
	loop     *Loop
	acceptor backends.Acceptor
	addr     net.Addr
	stop     func() // closes the driver's part; leads to Ended
	max      int

	mu     sync.Mutex
	slot   *sync.Cond
	open   int
	closed bool
	over   bool

	onClose map[int]func() // what ends with the listener
	lastKey int
}

// NewListener makes a listener; stop is called once, by any goroutine, and must not block.
func (l *Loop) NewListener(addr net.Addr, o backends.ListenOptions, a backends.Acceptor, stop func()) *Listener {
	ln := &Listener{loop: l, acceptor: a, addr: addr, stop: stop, max: o.MaxConns}
	if ln.max <= 0 {
		ln.max = backends.DefaultMaxConns
	}
	ln.slot = sync.NewCond(&ln.mu)
	l.Hold()
	if !l.AddSocket(ln) {
		ln.Close()
	}
	return ln
}

// Addr is where it listens.
func (ln *Listener) Addr() net.Addr { return ln.addr }

// Close stops accepting.
func (ln *Listener) Close() {
	ln.mu.Lock()
	if ln.closed {
		ln.mu.Unlock()
		return
	}
	ln.closed = true
	ln.slot.Broadcast()
	for _, f := range ln.onClose {
		f()
	}
	ln.onClose = nil
	ln.mu.Unlock()
	ln.stop()
}

// Shut is Close.
func (ln *Listener) Shut() { ln.Close() }

// Closed tells whether Close was called.
func (ln *Listener) Closed() bool {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	return ln.closed
}

// NextSlot blocks the driver's goroutine until another connection may be open; false means closed.
func (ln *Listener) NextSlot() bool {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	for ln.open >= ln.max && !ln.closed {
		ln.slot.Wait()
	}
	if ln.closed {
		return false
	}
	ln.open++
	return true
}

// TrySlot is NextSlot for drivers that can't wait.
func (ln *Listener) TrySlot() bool {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	if ln.open >= ln.max || ln.closed {
		return false
	}
	ln.open++
	return true
}

// FreeSlot gives back a slot for which no connection came, or whose connection is gone.
func (ln *Listener) FreeSlot() {
	ln.mu.Lock()
	ln.open--
	ln.slot.Signal()
	ln.mu.Unlock()
}

// Accepted hands over a connection, which takes the slot with it.
func (ln *Listener) Accepted(c *Conn) {
	c.listener = ln
	ln.loop.net.Accepted.Add(1)
	ln.loop.Post(backends.Func(func() { ln.acceptor.Accepted(c) }))
}

// Trouble tells of an error that the listener survives.
func (ln *Listener) Trouble(err error) {
	ln.loop.Post(backends.Func(func() { ln.acceptor.Trouble(err) }))
}

// Ended is the driver's last word; err is forgotten if the program closed the listener.
func (ln *Listener) Ended(err error) {
	ln.mu.Lock()
	if ln.over {
		ln.mu.Unlock()
		return
	}
	ln.over = true
	if ln.closed {
		err = nil
	}
	ln.closed = true
	ln.slot.Broadcast()
	ln.mu.Unlock()
	ln.loop.RemoveSocket(ln)
	ln.loop.Release()
	ln.loop.Post(backends.Func(func() { ln.acceptor.ListenerClosed(err) }))
}

// Pause blocks the driver's goroutine for d or until the listener is closed.
func (ln *Listener) Pause(d time.Duration) {
	ended := make(chan struct{})
	stop := ln.OnClose(func() { close(ended) })
	defer stop()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ended:
	}
}

// OnClose calls f once when the listener is closed, perhaps at once, unless stop is called before.
func (ln *Listener) OnClose(f func()) (stop func()) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	if ln.closed {
		f()
		return func() {}
	}
	if ln.onClose == nil {
		ln.onClose = map[int]func(){}
	}
	ln.lastKey++
	key := ln.lastKey
	ln.onClose[key] = f
	return func() {
		ln.mu.Lock()
		delete(ln.onClose, key)
		ln.mu.Unlock()
	}
}
