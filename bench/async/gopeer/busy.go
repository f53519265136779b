package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lags are how late callbacks came, in microseconds, while the main goroutine computed.
type lags struct {
	mu     sync.Mutex
	us     []int64
	want   int
	err    error
	enough atomic.Bool
}

// add takes one, and reports whether more are wanted.
func (l *lags) add(us int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.us) < l.want {
		l.us = append(l.us, us)
	}
	if len(l.us) == l.want {
		l.enough.Store(true)
	}
	return len(l.us) < l.want
}

// compute never waits; it returns when there are enough. x is never 0: it is asked for so that the work is done.
func (l *lags) compute() {
	for x := 1; !l.enough.Load() || x == 0; {
		x = x * 48271 % 2147483647
	}
}

// print writes them, one a line.
func (l *lags) print() error {
	if l.err != nil {
		return l.err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, us := range l.us {
		fmt.Fprintln(out, us)
	}
	return out.Flush()
}

// busyTimer has chains of timers of unlike periods beside a goroutine that computes.
func busyTimer(args []string) error {
	n, err := numbers(args, 4000)
	if err != nil {
		return err
	}
	l := &lags{want: n[0]}
	for _, us := range []int{1100, 1300, 1700, 1900} {
		l.chain(time.Duration(us) * time.Microsecond)
	}
	l.compute()
	return l.print()
}

func (l *lags) chain(period time.Duration) {
	due := time.Now().Add(period)
	time.AfterFunc(period, func() {
		if l.add(time.Since(due).Microseconds()) {
			l.chain(period)
		}
	})
}

// busySocket reads lines, each the time of its sending in microseconds since 1970, beside a goroutine that computes.
func busySocket(args []string) error {
	address, count, err := addressAndCount("busy_socket", args)
	if err != nil {
		return err
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	l := &lags{want: count}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.err = l.read(conn)
		l.enough.Store(true)
	}()
	l.compute()
	<-done
	return l.print()
}

func (l *lags) read(conn net.Conn) error {
	lines := bufio.NewReader(conn)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		sent, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		if err != nil {
			return err
		}
		if !l.add(time.Now().UnixMicro() - sent) {
			return nil
		}
	}
}
