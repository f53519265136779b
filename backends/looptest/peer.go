package looptest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"gene/backends"
)

// patience is the deadline of all that a peer does, so that it ends before the case's limit.
const patience = 40 * time.Second

// peers are the other sides of a case's connections: plain Go, on goroutines of their own.
type peers struct {
	running sync.WaitGroup
	mu      sync.Mutex
	open    []io.Closer
	over    bool
}

// keep sees to it that c is closed when the case is over.
func (p *peers) keep(c io.Closer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		c.Close()
		return
	}
	p.open = append(p.open, c)
}

// count is how many were kept.
func (p *peers) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open)
}

// end closes what is open and waits for the goroutines.
func (p *peers) end() {
	p.mu.Lock()
	p.over = true
	open := p.open
	p.mu.Unlock()
	for _, c := range open {
		c.Close()
	}
	p.running.Wait()
}

// errand is something that a peer does. Its fields belong to the case's goroutine.
type errand struct {
	done bool
	err  error
}

// aside runs f on a goroutine of its own.
func (x *exam) aside(f func() error) *errand {
	e := new(errand)
	x.peers.running.Go(func() {
		err := f()
		x.Post(backends.Func(func() { e.done, e.err = true, err }))
	})
	return e
}

// await runs completions until the errands are done, which must succeed.
func (x *exam) await(errands ...*errand) {
	for _, e := range errands {
		x.pollUntil(func() bool { return e.done })
		if e.err != nil {
			x.failf("the peer: %v", e.err)
		}
	}
}

// dialPeer connects to the loop. It is called by any goroutine.
func (x *exam) dialPeer(to net.Addr) (net.Conn, error) {
	c, err := net.DialTimeout(to.Network(), to.String(), patience)
	if err != nil {
		return nil, err
	}
	x.peers.keep(c)
	return c, c.SetDeadline(time.Now().Add(patience))
}

// peerListener is where the loop dials to.
func (x *exam) peerListener(network string) net.Listener {
	l, err := net.Listen(network, x.address(network))
	if err != nil {
		x.failf("the peer: %v", err)
	}
	x.peers.keep(l)
	return l
}

// acceptPeer takes one connection of the loop's.
func (x *exam) acceptPeer(l net.Listener) (net.Conn, error) {
	c, err := l.Accept()
	if err != nil {
		return nil, err
	}
	x.peers.keep(c)
	return c, c.SetDeadline(time.Now().Add(patience))
}

// payload is n bytes that repeat nowhere.
func payload(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{'p'}).Read(b)
	return b
}

// expect reads want, no more and no less.
func expect(r io.Reader, want []byte) error {
	got := make([]byte, len(want))
	if n, err := io.ReadFull(r, got); err != nil {
		return fmt.Errorf("read %d of %d bytes: %w", n, len(want), err)
	}
	return same(got, want)
}

// expectEnd reads want, and then the end.
func expectEnd(r io.Reader, want []byte) error {
	if err := expect(r, want); err != nil {
		return err
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return fmt.Errorf("after the last byte came %d bytes and %v, want the end", n, err)
	}
	return nil
}

// same tells where got differs from want.
func same(got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	return fmt.Errorf("got %d bytes, want %d; they differ at byte %d", len(got), len(want), at)
}

// halfClose sends the end of the stream.
func halfClose(c net.Conn) error {
	h, ok := c.(interface{ CloseWrite() error })
	if !ok {
		return fmt.Errorf("%T can't half-close", c)
	}
	return h.CloseWrite()
}

// reset closes a TCP connection with a reset.
func reset(c net.Conn) error {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return fmt.Errorf("%T can't reset", c)
	}
	return errors.Join(t.SetLinger(0), t.Close())
}
