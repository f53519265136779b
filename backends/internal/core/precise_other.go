//go:build !linux

package core

import "time"

// sleepPrecisely sleeps as exactly as the runtime can.
func sleepPrecisely(d time.Duration) { time.Sleep(d) }
