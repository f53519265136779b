//go:build !unix

package measure

import (
	"os"
	"os/exec"
)

// usage is not known here.
func usage(*os.ProcessState) (maxRSSKB, switches int64) { return 0, 0 }

// OwnPeakKB is the peak resident set of this process so far, in KiB; 0 where the
// system doesn't tell.
func OwnPeakKB() int64 { return 0 }

// LowerOwnPeak does nothing here.
func LowerOwnPeak() error { return nil }

// separate does nothing here.
func separate(*exec.Cmd) {}
