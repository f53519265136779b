//go:build amd64 || arm64

package evio

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"unsafe"

	library "github.com/tidwall/evio"
	"golang.org/x/sys/unix"
)

// inside is what is read and written of the library's own state, by reflection and on its goroutine.
// The version is pinned, and lookInside refuses another shape before anything is served.
type inside struct {
	epoll    int
	loop     reflect.Value // the library's *loop
	conns    reflect.Value // its map from descriptors to connections
	connType reflect.Type

	outAt, actionAt uintptr // offsets in a connection
}

// lookInside starts from a connection of the library.
func lookInside(c library.Conn) (in *inside, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("loop evio: the library's state isn't that of v1.0.8: %v", p)
		}
	}()
	conn := reflect.ValueOf(c).Elem()
	in = &inside{connType: conn.Type(), loop: open(conn.FieldByName("loop"))}
	loop := in.loop.Elem()
	in.conns = open(loop.FieldByName("fdconns"))
	poll := loop.FieldByName("poll").Elem()
	in.epoll = int(poll.FieldByName("fd").Int())
	for _, fd := range []int64{poll.FieldByName("fd").Int(), poll.FieldByName("wfd").Int(), conn.FieldByName("fd").Int()} {
		unix.CloseOnExec(int(fd))
	}
	if want := reflect.MapOf(reflect.TypeFor[int](), reflect.PointerTo(in.connType)); in.conns.Type() != want {
		return nil, fmt.Errorf("loop evio: the library's connections are a %v, want %v", in.conns.Type(), want)
	}
	in.outAt = in.offset("out", reflect.TypeFor[[]byte]())
	in.actionAt = in.offset("action", reflect.TypeFor[library.Action]())
	in.offset("fd", reflect.TypeFor[int]())
	in.offset("opened", reflect.TypeFor[bool]())
	return in, nil
}

// offset is where a connection has the field.
func (in *inside) offset(name string, want reflect.Type) uintptr {
	f, ok := in.connType.FieldByName(name)
	if !ok || f.Type != want {
		panic(fmt.Sprintf("no field %s of type %v", name, want))
	}
	return f.Offset
}

// open makes a field that isn't exported usable.
func open(f reflect.Value) reflect.Value {
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// adopt does what the library's accept does, for a socket that we accepted.
func (in *inside) adopt(fd int) (library.Conn, error) {
	c := reflect.New(in.connType)
	open(c.Elem().FieldByName("fd")).SetInt(int64(fd))
	open(c.Elem().FieldByName("opened")).SetBool(true)
	open(c.Elem().FieldByName("loop")).Set(in.loop)
	in.conns.SetMapIndex(reflect.ValueOf(fd), c)
	err := unix.EpollCtl(in.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Fd: int32(fd), Events: unix.EPOLLIN})
	if err != nil {
		in.conns.SetMapIndex(reflect.ValueOf(fd), reflect.Value{})
		return nil, fmt.Errorf("accept: epoll_ctl: %w", err)
	}
	return c.Interface().(library.Conn), nil
}

func (in *inside) field(c library.Conn, offset uintptr) unsafe.Pointer {
	return unsafe.Add(reflect.ValueOf(c).UnsafePointer(), offset)
}

// pendingOutput is what the library took and the system hasn't.
func (in *inside) pendingOutput(c library.Conn) int {
	return len(*(*[]byte)(in.field(c, in.outAt)))
}

// give does what the library does with what Data returns. It keeps the bytes of out: they must be a copy.
func (in *inside) give(c library.Conn, fd int, out []byte, action library.Action) {
	if len(out) == 0 && action == library.None {
		return
	}
	*(*library.Action)(in.field(c, in.actionAt)) = action
	if len(out) > 0 {
		*(*[]byte)(in.field(c, in.outAt)) = out
	}
	in.watch(fd, unix.EPOLLIN|unix.EPOLLOUT)
}

// watch says what of a connection wakes the library. It fails only for a descriptor that isn't its.
func (in *inside) watch(fd int, events uint32) {
	unix.EpollCtl(in.epoll, unix.EPOLL_CTL_MOD, fd, &unix.EpollEvent{Fd: int32(fd), Events: events})
}

// ownPeer tells whether this process is at the other end.
func (in *inside) ownPeer(c library.Conn) bool {
	fd := int(reflect.ValueOf(c).Elem().FieldByName("fd").Int())
	who, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	return err == nil && int(who.Pid) == os.Getpid()
}

// forgetListener takes the library's listener, the only descriptor of its set that listens, out for good.
func (in *inside) forgetListener() error {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil {
		return err
	}
	for fd := range int(min(r.Cur, 1<<24)) {
		if n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || n == 0 {
			continue
		}
		if unix.EpollCtl(in.epoll, unix.EPOLL_CTL_DEL, fd, nil) == nil {
			return nil
		}
	}
	return errors.New("loop evio: the library's listening descriptor wasn't found")
}
