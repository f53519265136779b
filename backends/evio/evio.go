// Package evio is the event loop whose server connections (tcp and unix) are moved by the library of
// that name: one Serve with one loop per listener. The shared core does the rest, and what the library
// hasn't, dialling, TLS and UDP, is Go's net package's. Only Linux is supported: a listener
// is stopped and paused through the library's epoll descriptor.
//
// All of a connection but its requests happens on the library's goroutine, because the library closes
// descriptors there: elsewhere their numbers may mean something else already.
//
// It is not part of the command yet: one rule of the exam fails (with descriptors exhausted its listener starts
// anew, and refuses peers meanwhile), and the library's own closing of its listener wants a closer look. The
// exam runs with: go test -tags evio ./backends/evio
package evio

// Name is what the backend is registered under.
const Name = "evio"

const description = "server connections by tidwall/evio, the rest as goroutine"
