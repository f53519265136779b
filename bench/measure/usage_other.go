//go:build !unix

package measure

import (
	"os"
	"os/exec"
)

// usage is not known here.
func usage(*os.ProcessState) (maxRSSKB, switches int64) { return 0, 0 }

// separate does nothing here.
func separate(*exec.Cmd) {}
