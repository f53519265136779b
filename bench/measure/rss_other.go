//go:build !unix

package measure

import "os"

// maxRSSKB is not known here.
func maxRSSKB(*os.ProcessState) int64 { return 0 }
