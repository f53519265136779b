// Package netpoll is the event loop whose server connections are read and written by
// github.com/cloudwego/netpoll: its poller moves the bytes, and an idle connection has no
// goroutine. Dialling, TLS and datagrams come from Go's net package.
//
// Two things go past the library, and are counted apart (NetStats.DirectIn and DirectOut): a write goes out at once
// as far as the system takes it, on the VM's goroutine, because the library's Flush waits for
// the rest; and a small message that ends with the library's buffer is read to its own end.
//
// The library's poller is one per process; its goroutine and descriptors stay once a loop was made.
package netpoll

import "gene/backends"

// Name is what the backend is registered under.
const Name = "netpoll"

const description = "server connections by cloudwego/netpoll: no goroutine for an idle one"

// notes are where this loop is not as the reference is.
var notes = []backends.Note{
	{Feature: "dial, TLS, datagrams", How: "by Go's net package"},
	{Feature: "a peer that half-closes", How: "is answered by Go's net poller; output that waits then is lost where the system can't tell how much it took"},
	{Feature: "a peer that floods a program which doesn't read", How: "is disconnected beyond the hard cap; it can't be held up"},
	{Feature: "more connections than max_conns", How: "wait as elsewhere, and up to a second longer"},
	{Feature: "a reset after our own end of the stream, or on a unix socket", How: "looks like an end"},
}
