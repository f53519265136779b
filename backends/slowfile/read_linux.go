package slowfile

import (
	"context"
	"io"
	"io/fs"
	"os"
	"syscall"
	"unsafe"
)

// Stdin returns a reader of the process's standard input. A pipe or terminal is opened
// anew, so that it can be non-blocking here without being so for others that share it.
func Stdin(ctx context.Context) (*Reader, error) {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0 {
		if r, err := Open(ctx, "/dev/stdin"); err == nil {
			return r, nil
		}
	}
	return borrowStdin(ctx), nil
}

// read waits in the runtime poller. Before the first writer opens a FIFO, read yields
// 0 bytes, as it does after the last one closed it; but poll reports a hang-up only for
// the latter. The poller's events are edges, and one that came before the read is
// forgotten, so the state is asked for, not counted from events.
func (r *Reader) read(p []byte) (int, error) {
	if !r.alone {
		return r.file.Read(p)
	}
	conn, err := r.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	var n int
	var readErr error
	err = conn.Read(func(fd uintptr) bool {
		var done bool
		n, done, readErr = r.try(int(fd), p)
		return done
	})
	switch {
	case err != nil:
		return 0, err
	case readErr != nil:
		return 0, &fs.PathError{Op: "read", Path: r.path, Err: readErr}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// try reads once; done is false where there is something to wait for.
func (r *Reader) try(fd int, p []byte) (n int, done bool, err error) {
	for {
		n, err = syscall.Read(fd, p)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN: // somebody has it open for writing
			r.alone = false
			return 0, false, nil
		case err != nil:
			return 0, true, err
		case n > 0:
			r.alone = false
			return n, true, nil
		case !r.alone:
			return 0, true, nil
		}
		events, err := pollNow(fd)
		if err != nil {
			return 0, true, err
		}
		switch {
		case events&pollIn != 0: // arrived since the read
			continue
		case events&pollHup != 0:
			r.alone = false
			return 0, true, nil
		}
		return 0, false, nil
	}
}

// Of poll.h; the same on all architectures of Linux that Go knows.
const (
	pollIn  = 0x1
	pollHup = 0x10
)

// pollNow asks for fd's state without waiting.
func pollNow(fd int) (events int16, err error) {
	set := struct {
		fd              int32
		events, revents int16
	}{fd: int32(fd), events: pollIn}
	var none syscall.Timespec
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&set)), 1,
			uintptr(unsafe.Pointer(&none)), 0, 0, 0)
		switch errno {
		case 0:
			return set.revents, nil
		case syscall.EINTR:
		default:
			return 0, errno
		}
	}
}
