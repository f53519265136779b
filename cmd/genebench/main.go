// Command genebench checks what we claim of Gene's speed on the machine at hand:
// it builds the binaries, measures, judges and reports. Each subcommand is a
// file with one constructor; root.go puts them together.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
