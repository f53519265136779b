//go:build amd64 || arm64

package evio

import (
	"fmt"
	"net"
	"reflect"
	"unsafe"

	library "github.com/tidwall/evio"
	"golang.org/x/sys/unix"
)

// What is read of the library's connection by reflection, on its goroutine. The version is
// pinned, and inspect refuses another shape before a listener serves.

func field(c library.Conn, name string) reflect.Value {
	return reflect.ValueOf(c).Elem().FieldByName(name)
}

func descriptor(c library.Conn) int { return int(field(c, "fd").Int()) }

// pendingOutput is what the library took and the system hasn't.
func pendingOutput(c library.Conn) int { return field(c, "out").Len() }

func pollDescriptor(c library.Conn) int {
	return int(field(c, "loop").Elem().FieldByName("poll").Elem().FieldByName("fd").Int())
}

// inspect says whether the connection has the fields that the functions above read.
func inspect(c library.Conn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("loop evio: the library's connection isn't that of v1.0.8: %v", p)
		}
	}()
	descriptor(c)
	pendingOutput(c)
	pollDescriptor(c)
	return nil
}

// listening finds the descriptor that the library accepts from: it is the only one that can be
// taken out of its epoll set and listens. It is put back at once.
func listening(epoll int) (int, error) {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil {
		return 0, err
	}
	for fd := range int(min(r.Cur, 1<<24)) {
		if n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || n == 0 {
			continue
		}
		if unix.EpollCtl(epoll, unix.EPOLL_CTL_DEL, fd, nil) == nil {
			return fd, watch(epoll, fd)
		}
	}
	return 0, fmt.Errorf("loop evio: the library's listening descriptor wasn't found")
}

func watch(epoll, fd int) error {
	return unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Fd: int32(fd), Events: unix.EPOLLIN})
}

func unwatch(epoll, fd int) error { return unix.EpollCtl(epoll, unix.EPOLL_CTL_DEL, fd, nil) }

func writable(fd int) bool {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(p, 0)
	return n > 0 || err != nil
}

// reset disconnects a TCP socket, which resets it, and makes it ready for the library to
// notice even when the peer takes nothing.
func reset(fd int) {
	none := unix.RawSockaddr{Family: unix.AF_UNSPEC}
	unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&none)), unsafe.Sizeof(none))
}

// peerName is who connected: for unix the name that the peer bound, if it did.
func peerName(c library.Conn) string {
	sa, err := unix.Getpeername(descriptor(c))
	if err != nil {
		return ""
	}
	if u, ok := sa.(*unix.SockaddrUnix); ok {
		return u.Name
	}
	return c.RemoteAddr().String()
}

// reserve is how many descriptors are kept free for everything but accepted connections.
const reserve = 64

// nearLimit: descriptors are numbered from the lowest free one, so that the number tells how full
// the table is.
func nearLimit(fd int) bool {
	var r unix.Rlimit
	return unix.Getrlimit(unix.RLIMIT_NOFILE, &r) == nil && uint64(fd)+min(reserve, r.Cur/4) >= r.Cur
}

// reachable is the address to dial a listener at from this machine.
func reachable(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	if !ok || !t.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("", fmt.Sprint(t.Port))
}
