//go:build !unix

package main

// keepBrokenPipes has nothing to do where there is no such signal.
func keepBrokenPipes() {}
