//go:build !linux || !(amd64 || arm64)

package evio

import "gene/backends"

func init() {
	backends.RegisterMissing(Name, description, "it needs Linux on amd64 or arm64")
}
