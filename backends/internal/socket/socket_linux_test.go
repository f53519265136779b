package socket

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestAddr(t *testing.T) {
	for _, c := range []struct {
		of   unix.Sockaddr
		want string
	}{
		{&unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: 80}, "127.0.0.1:80"},
		{&unix.SockaddrInet6{Addr: [16]byte{15: 1}, Port: 80}, "[::1]:80"},
		{&unix.SockaddrUnix{Name: "/run/x"}, "/run/x"},
		{nil, ""},
	} {
		if got := Addr(c.of).String(); got != c.want {
			t.Errorf("Addr(%v) = %q, want %q", c.of, got, c.want)
		}
	}
}

func TestAddrZone(t *testing.T) {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	a := Addr(&unix.SockaddrInet6{Addr: [16]byte{0: 0xfe, 1: 0x80, 15: 1}, Port: 80, ZoneId: uint32(lo.Index)})
	if a.String() != "[fe80::1%lo]:80" {
		t.Errorf("the address is %v", a)
	}
}

func TestKeepAlive(t *testing.T) {
	for _, c := range []struct {
		every       time.Duration
		on, seconds int // seconds of 0: those of the system
	}{{-1, 0, 0}, {0, 1, 0}, {time.Millisecond, 1, 1}, {2500 * time.Millisecond, 1, 3}, {1 << 60, 1, 32767}} {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		before, _ := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL)
		if c.seconds == 0 {
			c.seconds = before
		}
		if err := KeepAlive(fd, c.every); err != nil {
			t.Errorf("%v: %v", c.every, err)
		}
		on, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
		seconds, _ := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL)
		if on != c.on || seconds != c.seconds {
			t.Errorf("%v: on %d, every %d s, want %d, %d", c.every, on, seconds, c.on, c.seconds)
		}
	}
}
