//go:build !linux

package netpoll

import "gene/backends"

func init() {
	backends.RegisterMissing(Name, description, "it is tested on Linux only; --loop=goroutine does the same here")
}
