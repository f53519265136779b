package core

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepPrecisely blocks a thread for d, some ten microseconds longer at most on a machine that isn't busy: the
// system would add fifty to group wake-ups, unless it is told not to.
func sleepPrecisely(d time.Duration) {
	unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) // fails where it isn't known; then it is as before
	ts := unix.NsecToTimespec(int64(d))
	for unix.Nanosleep(&ts, &ts) == unix.EINTR { // the runtime's signals
	}
}
