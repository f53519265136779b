//go:build amd64 || arm64

package evio

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"gene/backends"
	"gene/backends/internal/core"
	"gene/backends/internal/socket"
	"gene/backends/internal/stdnet"
)

// listener accepts on a goroutine of its own and hands the sockets to the library.
type listener struct {
	server *server
	ln     *core.Listener
	inner  net.Listener
	raw    syscall.RawConn
	flow   backends.Flow
	local  net.Addr // nil where the listener has no one address

	next    pair // accepted, and its second descriptor is still to come
	waiting bool // next is set
}

// pair is an accepted socket: the descriptor for the library, the one kept, and who is at the other end.
type pair struct {
	fd, kept int
	peer     unix.Sockaddr
}

func listen(s *server, inner net.Listener, o backends.ListenOptions, a backends.Acceptor) (backends.Listener, error) {
	file, raw, err := waitable(inner)
	if err != nil {
		inner.Close()
		return nil, err
	}
	inner = both{inner, file}
	k := &listener{server: s, inner: inner, raw: raw, flow: o.Flow, local: inner.Addr()}
	if t, ok := k.local.(*net.TCPAddr); ok && t.IP.IsUnspecified() {
		k.local = nil
	}
	k.ln = s.loop.NewListener(inner.Addr(), o, a, func() { inner.Close() })
	if !s.loop.Go(k.run) {
		inner.Close()
		return nil, backends.ErrClosed
	}
	return k.ln, nil
}

// waitable is the listener as a file: package net lets nobody wait for a listener of its own.
func waitable(inner net.Listener) (*os.File, syscall.RawConn, error) {
	file, err := inner.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		return nil, nil, err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
	}
	return file, raw, err
}

// both closes a listener's two descriptors.
type both struct {
	net.Listener
	file *os.File
}

// Close ends a wait for connections.
func (b both) Close() error { return errors.Join(b.file.Close(), b.Listener.Close()) }

func (k *listener) run() {
	stdnet.AcceptAll(k.ln, k.inner, k.accept)
	if k.waiting {
		unix.Close(k.next.fd)
	}
}

// accept takes one connection. One for whose second descriptor there was no room is kept for the next call.
func (k *listener) accept() error {
	if !k.waiting {
		if err := k.acceptFirst(); err != nil {
			return err
		}
		k.waiting = true
	}
	kept, err := unix.FcntlInt(uintptr(k.next.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return &net.OpError{Op: "accept", Net: k.inner.Addr().Network(), Addr: k.inner.Addr(), Err: err}
	}
	p := k.next
	k.waiting, p.kept = false, kept
	if !k.server.post(func() { k.adopt(p) }) {
		p.close()
		k.ln.FreeSlot()
	}
	return nil
}

func (k *listener) acceptFirst() error {
	var err error
	waited := k.raw.Read(func(fd uintptr) bool {
		for {
			k.next.fd, k.next.peer, err = unix.Accept4(int(fd), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
			if err != unix.EINTR && err != unix.ECONNABORTED {
				return err != unix.EAGAIN
			}
		}
	})
	if waited != nil {
		return waited // closed
	}
	if err != nil {
		return &net.OpError{Op: "accept", Net: k.inner.Addr().Network(), Addr: k.inner.Addr(), Err: err}
	}
	return nil
}

// adopt runs on the library's goroutine.
func (k *listener) adopt(p pair) {
	if k.server.ending {
		p.close()
		k.ln.FreeSlot()
		return
	}
	d := &conn{s: k.server, fd: p.fd, kept: p.kept, tcp: k.inner.Addr().Network() != "unix"}
	if d.tcp {
		socket.NoDelay(p.fd)
		socket.KeepAlive(p.fd, backends.DefaultAlive) // only a vanished peer would be noticed later
	}
	var err error
	if d.ec, err = k.server.inside.adopt(p.fd); err != nil {
		p.close()
		k.ln.FreeSlot()
		k.ln.Trouble(err)
		return
	}
	k.server.conns[d.ec] = d
	local := k.local
	if local == nil {
		if own, err := unix.Getsockname(p.fd); err == nil {
			local = socket.Addr(own)
		} else {
			local = k.inner.Addr()
		}
	}
	k.ln.Accepted(k.server.loop.NewConn(d, k.flow, local, socket.Addr(p.peer)))
}

func (p pair) close() {
	unix.Close(p.fd)
	unix.Close(p.kept)
}
