// Package socket is what the backends that accept by themselves do to a descriptor, where package net would
// have done it.
package socket

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// Addr is the address in the form of package net.
func Addr(sa unix.Sockaddr) net.Addr {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	case *unix.SockaddrInet6:
		t := &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
		if a.ZoneId != 0 {
			if i, err := net.InterfaceByIndex(int(a.ZoneId)); err == nil {
				t.Zone = i.Name
			}
		}
		return t
	case *unix.SockaddrUnix:
		return &net.UnixAddr{Name: a.Name, Net: "unix"}
	}
	return &net.UnixAddr{Net: "unix"}
}

// NoDelay sends small pieces at once, as package net does by default; without it they are only slower.
func NoDelay(fd int) { unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) }

// KeepAlive sets TCP's probes as net.TCPConn does: negative is off, 0 leaves the system's times, others are whole
// seconds, rounded up.
func KeepAlive(fd int, every time.Duration) error {
	if every < 0 {
		return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil || every == 0 {
		return err
	}
	seconds := int(min((every+time.Second-1)/time.Second, 32767))
	for _, option := range []int{unix.TCP_KEEPIDLE, unix.TCP_KEEPINTVL} {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, option, seconds); err != nil {
			return err
		}
	}
	return nil
}
