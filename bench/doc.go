// Package bench measures Gene: the CPU programs of programs/ as Go benchmarks,
// and, in the commands below it, comparisons with other languages and with
// plain Go. README.md lists each benchmark with the command of its figure.
package bench
