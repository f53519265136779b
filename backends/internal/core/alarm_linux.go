package core

import (
	"errors"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// lead is how long before its moment an alarm wakes a thread, which waits for the rest with its eyes open: an
// idle processor takes some 40 µs to wake and to find the goroutine, 90 in one of a hundred cases.
const lead = 60 * time.Microsecond

// alarm is a timer of the system (timerfd). The runtime's own are a millisecond late while all that runs is the program,
// because its idle threads wait for them in whole milliseconds, and a thread that sleeps by itself keeps a
// processor of the runtime's from everybody else.
type alarm struct {
	fd   int // file's own, used by who may close it
	file *os.File
	lead time.Duration
	done chan struct{} // closed when the watcher has ended
}

// newAlarm returns an alarm that calls near, each time, from a goroutine of its own, a little before the moment it is
// set to. It is nil where the system gives none.
func newAlarm(near func()) *alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil
	}
	a := &alarm{fd: fd, file: os.NewFile(uintptr(fd), "timer"), done: make(chan struct{})}
	if runtime.GOMAXPROCS(0) > 1 && runtime.NumCPU() > 1 {
		a.lead = lead
	}
	go a.watch(near)
	return a
}

func (a *alarm) watch(near func()) {
	defer close(a.done)
	var count [8]byte
	for {
		switch _, err := a.file.Read(count[:]); {
		case err == nil:
			near()
		case errors.Is(err, os.ErrClosed):
			return
		default:
			panic("internal error: the system's timer: " + err.Error())
		}
	}
}

// set makes it call near d from now, or at once, in place of when it was set to before. It reports whether it could.
func (a *alarm) set(d time.Duration) bool {
	d = max(d, 1) // 0 would turn it off
	return unix.TimerfdSettime(a.fd, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(int64(d))}, nil) == nil
}

// stop ends it, and waits until near isn't running.
func (a *alarm) stop() {
	a.file.Close() // fails only for one that is closed
	<-a.done
}
