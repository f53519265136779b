// Package peers is the module of the programs that benchmarks compare Gene
// with and that depend on libraries of others: interpreters hosted in Go, each
// a command that takes a script and its arguments, and servers on other event
// loops. It is a module of its own so that whoever uses Gene downloads none of
// them. Package gene/bench/peer says how each is called and builds it on demand.
package peers
