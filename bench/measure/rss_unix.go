//go:build unix

package measure

import (
	"os"
	"runtime"
	"syscall"
)

// maxRSSKB is the peak resident set of a process that has ended.
func maxRSSKB(s *os.ProcessState) int64 {
	ru, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // which counts bytes
		return int64(ru.Maxrss) >> 10
	}
	return int64(ru.Maxrss)
}
