package load

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Client drives a server on a number of connections, all by one thread that asks epoll: what it costs
// itself is little more than its system calls. During a run it never sleeps. A server on the same machine would pay for
// waking it, the more the slower the server is, which a server with clients elsewhere does not.
type Client struct {
	server   *Process
	protocol Protocol
	epoll    int
	conns    []clientConn
	events   []unix.EpollEvent
	out, in  []byte

	// Of a run.
	start   time.Time
	end     time.Duration // after start; no message is sent later
	every   time.Duration // between messages; 0 if closed
	due     time.Duration // of the next message, if open
	free    []int         // connections that wait for nothing, if open
	waiting int
	times   []time.Duration
}

type clientConn struct {
	fd   int
	seq  int
	due  time.Duration // of the message under way
	busy bool
	rest []byte // of an answer that came in pieces
}

const (
	answerMax   = 10 * time.Second // without any answer at all
	portsPerIP  = 20_000           // below what a system has by default for one address
	readBuffer  = 64 << 10
	eventsAtOne = 256
)

// Dial opens connections to the server; they come from several loopback addresses if one has not enough
// ports.
func Dial(p *Process, protocol Protocol, conns int) (*Client, error) {
	to, err := netip.ParseAddrPort(p.Address)
	if err != nil || !to.Addr().Is4() {
		return nil, fmt.Errorf("%s: want an IPv4 address and a port, got %q", p.Name, p.Address)
	}
	c := &Client{server: p, protocol: protocol, events: make([]unix.EpollEvent, eventsAtOne), in: make([]byte, readBuffer)}
	if c.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	for i := range conns {
		if err := c.dial(to, i); err != nil {
			c.Close()
			return nil, p.explain(fmt.Errorf("connection %d: %w", i, err))
		}
	}
	return c, nil
}

func (c *Client) dial(to netip.AddrPort, i int) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	c.conns = append(c.conns, clientConn{fd: fd})
	if to.Addr().IsLoopback() {
		// The port is chosen at connect, when the peer is known too.
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1); err != nil {
			return err
		}
		if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(1 + i/portsPerIP)}}); err != nil {
			return err
		}
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return err
	}
	return unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)})
}

// Close closes the connections.
func (c *Client) Close() {
	for _, k := range c.conns {
		unix.Close(k.fd)
	}
	unix.Close(c.epoll)
}

// Run drives the server once. After an error the client is of no more use.
func (c *Client) Run(r Run) (Figures, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if c.times == nil {
		c.times = make([]time.Duration, 0, 1<<20)
	}
	c.times, c.waiting = c.times[:0], 0
	before, err := c.server.CPU()
	if err != nil {
		return Figures{}, err
	}
	c.start, c.end = time.Now(), r.For
	if c.every = 0; r.Rate > 0 {
		c.every = time.Duration(float64(time.Second) / r.Rate)
	}
	if err := c.drive(); err != nil {
		return Figures{}, c.server.explain(err)
	}
	f := Figures{Wall: time.Since(c.start)}
	after, err := c.server.CPU()
	if err != nil {
		return Figures{}, err
	}
	f.CPU = after - before
	f.fill(c.times)
	return f, nil
}

func (c *Client) drive() error {
	if err := c.begin(); err != nil {
		return err
	}
	last := time.Now()
	for c.waiting > 0 || c.every > 0 && c.due < c.end {
		if err := c.sendDue(); err != nil {
			return err
		}
		n, err := unix.EpollWait(c.epoll, c.events, 0)
		if err != nil && err != unix.EINTR {
			return err
		}
		for _, e := range c.events[:max(n, 0)] {
			if err := c.read(int(e.Fd)); err != nil {
				return err
			}
		}
		switch now := time.Now(); {
		case n > 0 || c.waiting == 0:
			last = now
		case now.Sub(last) > answerMax:
			return fmt.Errorf("%d messages without an answer for %v", c.waiting, answerMax)
		}
	}
	return nil
}

// begin sends the first messages of a closed run.
func (c *Client) begin() error {
	if c.every > 0 {
		c.due, c.free = 0, c.free[:0]
		for i := range c.conns {
			c.free = append(c.free, i)
		}
		return nil
	}
	for i := range c.conns {
		if err := c.send(i, time.Since(c.start)); err != nil {
			return err
		}
	}
	return nil
}

// sendDue sends what is due in an open run, as far as there are connections.
func (c *Client) sendDue() error {
	if c.every == 0 {
		return nil
	}
	for now := time.Since(c.start); c.due <= now && c.due < c.end && len(c.free) > 0; c.due += c.every {
		i := c.free[0]
		c.free = c.free[1:]
		if err := c.send(i, c.due); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) send(i int, due time.Duration) error {
	k := &c.conns[i]
	k.seq++
	k.due, k.busy = due, true
	c.waiting++
	c.out = c.protocol.Request(c.out[:0], i, k.seq)
	n, err := unix.Write(k.fd, c.out)
	if err == nil && n < len(c.out) {
		err = fmt.Errorf("only %d of %d bytes could be sent", n, len(c.out))
	}
	if err != nil {
		return fmt.Errorf("connection %d: message %d: %w", i, k.seq, err)
	}
	return nil
}

func (c *Client) read(i int) error {
	k := &c.conns[i]
	n, err := unix.Read(k.fd, c.in)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return nil
	case err == nil && n == 0:
		err = io.ErrUnexpectedEOF
	case err == nil && !k.busy:
		err = errors.New("more than the answer came")
	}
	if err != nil {
		return fmt.Errorf("connection %d: behind message %d: %w", i, k.seq, err)
	}
	b := c.in[:n]
	if len(k.rest) > 0 {
		k.rest = append(k.rest, b...)
		b = k.rest
	}
	size, err := c.protocol.Answer(b, i, k.seq)
	if err == nil && size > 0 && size < len(b) {
		err = fmt.Errorf("connection %d: %d bytes more than the answer to message %d came", i, len(b)-size, k.seq)
	}
	if err != nil {
		return err
	}
	if size == 0 {
		if len(k.rest) == 0 {
			k.rest = append(k.rest, b...)
		}
		return nil
	}
	k.rest = k.rest[:0]
	return c.answered(i)
}

// answered notes an answer and goes on.
func (c *Client) answered(i int) error {
	k := &c.conns[i]
	k.busy = false
	c.waiting--
	now := time.Since(c.start)
	c.times = append(c.times, now-k.due)
	if c.every > 0 {
		c.free = append(c.free, i)
		return nil
	}
	if now < c.end {
		return c.send(i, now)
	}
	return nil
}
