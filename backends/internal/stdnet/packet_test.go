package stdnet

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"gene/backends"
	"gene/backends/internal/core"
)

// faulty is a socket whose reads give what is in the channel: an error, or nil for a datagram.
type faulty struct {
	net.PacketConn
	reads  chan error
	closed chan struct{}
	tried  int
}

var peer = &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}

func (f *faulty) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case err := <-f.reads:
		f.tried++
		if err != nil {
			return 0, nil, err
		}
		return copy(b, "x"), peer, nil
	case <-f.closed:
		return 0, nil, net.ErrClosed
	}
}

func (f *faulty) WriteTo(b []byte, _ net.Addr) (int, error) { return len(b), nil }
func (f *faulty) Close() error                              { close(f.closed); return nil }

// give queues n reads.
func (f *faulty) give(n int, err error) {
	for range n {
		f.reads <- err
	}
}

// inbox is a program with a faulty socket.
type inbox struct {
	*core.Loop
	pc     *faulty
	conn   backends.PacketConn
	got    int
	closed bool
	err    error
}

func (i *inbox) Packet(b []byte, _ net.Addr) { i.got++; i.conn.Consumed(len(b)) }
func (i *inbox) PacketsClosed(err error)     { i.closed, i.err = true, err }

func (i *inbox) pollUntil(done func() bool) {
	for !done() {
		i.Poll(-1)
	}
}

var errBroken = errors.New("broken")

// withFaulty runs check on virtual time.
func withFaulty(t *testing.T, check func(t *testing.T, i *inbox)) {
	synctest.Test(t, func(t *testing.T) {
		loop, err := core.NewReal("test", backends.Options{})
		if err != nil {
			t.Fatal(err)
		}
		i := &inbox{Loop: loop, pc: &faulty{reads: make(chan error, 1000), closed: make(chan struct{})}}
		if i.conn, err = (Network{Loop: loop}).receive(i.pc, i); err != nil {
			t.Fatal(err)
		}
		check(t, i)
		if err := loop.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestLastingReadErrorEndsTheSocket(t *testing.T) {
	withFaulty(t, func(t *testing.T, i *inbox) {
		i.pc.give(1000, errBroken)
		start := time.Now()
		i.pollUntil(func() bool { return i.closed })
		if !errors.Is(i.err, errBroken) || i.pc.tried != readTries {
			t.Errorf("after %d reads came %v, want %d and %v", i.pc.tried, i.err, readTries, errBroken)
		}
		if took := time.Since(start); took < time.Second || took > readTries*pauseMax {
			t.Errorf("it was given up after %v, want more than a second and less than %v", took, readTries*pauseMax)
		}
		if n := i.Waiting(); n != 0 {
			t.Errorf("Waiting is %d, want 0", n)
		}
	})
}

func TestPassingReadErrorsAreSurvived(t *testing.T) {
	withFaulty(t, func(t *testing.T, i *inbox) {
		const rounds = 5
		for range rounds {
			i.pc.give(readTries-1, errBroken)
			i.pc.give(1, nil)
		}
		i.pollUntil(func() bool { return i.got == rounds || i.closed })
		if i.closed {
			t.Errorf("the socket was given up: %v", i.err)
		}
	})
}

func TestAnswersToDatagramsCostNothing(t *testing.T) {
	withFaulty(t, func(t *testing.T, i *inbox) {
		const sent = 50
		told := 0
		for range sent {
			err := i.conn.Send([]byte("x"), peer.String(), func(err error) {
				if told++; err != nil {
					t.Error(err)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		i.pollUntil(func() bool { return told == sent })
		start := time.Now()
		i.pc.give(sent, errBroken)
		i.pc.give(1, nil)
		i.pollUntil(func() bool { return i.got == 1 || i.closed })
		if took := time.Since(start); took != 0 || i.closed {
			t.Errorf("the datagram behind %d answers took %v (closed: %v, %v), want no time", sent, took, i.closed, i.err)
		}
	})
}

func TestCloseEndsThePause(t *testing.T) {
	withFaulty(t, func(t *testing.T, i *inbox) {
		i.pc.give(1, errBroken)
		synctest.Wait() // it pauses now
		start := time.Now()
		i.conn.Close()
		i.pollUntil(func() bool { return i.closed })
		if took := time.Since(start); took != 0 || i.err != nil {
			t.Errorf("Close was told after %v with %v, want at once and no error", took, i.err)
		}
	})
}
