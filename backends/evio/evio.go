// Package evio is the event loop whose server connections (tcp and unix) are read and written by the library of
// that name: one Serve with one loop for all listeners, started by the first. The shared core does the rest,
// and what the library hasn't, dialling, TLS and UDP, is Go's net package's.
//
// The library's own accepting ends its loop when descriptors are exhausted, can't be paused, and its listener closes a
// descriptor twice. So connections are accepted here and put into the library's tables the way its accept
// does, on its goroutine; its only listener is a private one, over which it gets the one connection by which
// it can be told something (the control). A second descriptor of each socket is kept, because the library
// closes its own at a peer's half-close: what is still to be said then goes through package net.
package evio

// Name is what the backend is registered under.
const Name = "evio"

const description = "server connections by tidwall/evio, the rest as goroutine"
