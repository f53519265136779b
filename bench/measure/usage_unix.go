//go:build unix

package measure

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"syscall"
)

// usage is the peak resident set and the involuntary context switches of a
// process that has ended.
func usage(s *os.ProcessState) (maxRSSKB, switches int64) {
	ru, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, 0
	}
	return peakKB(ru), int64(ru.Nivcsw)
}

// peakKB is a peak resident set in KiB.
func peakKB(ru *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" { // which counts bytes
		return int64(ru.Maxrss) >> 10
	}
	return int64(ru.Maxrss)
}

// OwnPeakKB is the peak resident set of this process so far, in KiB; 0 where the
// system doesn't tell. Linux counts it as that of the processes it starts, whose
// own peak doesn't show if it is less.
func OwnPeakKB() int64 {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		return 0
	}
	return peakKB(&ru)
}

// LowerOwnPeak forgets the peak so far, where the system can, and gives memory
// back first: the less this process has, the more of others' peaks shows.
func LowerOwnPeak() error {
	if runtime.GOOS != "linux" {
		return nil
	}
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // proc_pid_clear_refs(5)
}

// separate takes a child out of the terminal's group: Ctrl-C is for the
// command that measures, which then ends its children itself.
func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
