// Package load measures network servers from outside: it starts one as a process of
// its own on one processor, drives it from another, and gives what each message cost
// the server and how long the client waited for it.
//
// The client is closed (a connection sends again when it has its answer) or open (messages
// are due at a fixed rate). In an open run a message's time counts from when it was due, not from
// when it could be sent, so a server that stalls is not excused from the messages that would have come
// meanwhile ("coordinated omission"). Every answer is compared with what it should be; a wrong one, or
// a connection that breaks, ends the run with an error.
//
// It works on Linux only.
package load

import (
	"fmt"
	"slices"
	"time"
)

// Server is a program that, when it is ready, prints a line "ready HOST:PORT" and then serves
// until it is killed.
type Server struct {
	Name string
	Argv []string
}

// Run says how a client drives a server.
type Run struct {
	// Rate is how many messages are due per second, on all connections together; 0
	// is a closed run.
	Rate float64
	// For is how long messages are sent; with 0 each connection sends one.
	For time.Duration
}

// Figures are what a run has shown.
type Figures struct {
	Messages int           // all of them answered, and rightly
	Wall     time.Duration // from the first message to the last answer
	CPU      time.Duration // of the server's process meanwhile, user and system
	P50, P99 time.Duration // from when a message was due to its answer
	Max      time.Duration
}

// Rate is the number of messages per second.
func (f Figures) Rate() float64 { return float64(f.Messages) / f.Wall.Seconds() }

// CPUPerMessage is the server's time for one message.
func (f Figures) CPUPerMessage() time.Duration {
	return f.CPU / time.Duration(max(f.Messages, 1))
}

// String is for people.
func (f Figures) String() string {
	return fmt.Sprintf("%d messages, %.0f/s, p50 %v, p99 %v, max %v, server CPU %v per message",
		f.Messages, f.Rate(), f.P50, f.P99, f.Max, f.CPUPerMessage())
}

// fill computes the percentiles of times, which it sorts.
func (f *Figures) fill(times []time.Duration) {
	slices.Sort(times)
	f.Messages = len(times)
	f.P50, f.P99, f.Max = percentile(times, 50), percentile(times, 99), percentile(times, 100)
}

// percentile is the nearest rank of sorted times; 0 for none.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*p + 99) / 100
	return sorted[max(rank, 1)-1]
}
