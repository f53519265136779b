// Command gene runs programs written in Gene, and has the tools around them.
// Each subcommand is a file with one constructor; root.go puts them together.
package main

import "os"

func main() {
	tuneGC(os.Getenv("GOGC"))
	os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
