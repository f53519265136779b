//go:build unix && !linux

package slowfile

import (
	"context"
	"io"
	"io/fs"
	"syscall"
)

// Stdin returns a reader of the process's standard input.
func Stdin(ctx context.Context) (*Reader, error) { return borrowStdin(ctx), nil }

// read looks at a pipe every few milliseconds: kqueue gives no event when a FIFO's last
// writer closes. Before the first one, reads yield 0 bytes; a writer that opens and closes
// between two looks without writing isn't seen.
func (r *Reader) read(p []byte) (int, error) {
	if !r.pipe {
		return r.file.Read(p)
	}
	var wait pauses
	for {
		n, err := r.readNow(p)
		switch {
		case err == syscall.EAGAIN: // somebody has it open for writing
			r.alone = false
		case err != nil:
			return 0, &fs.PathError{Op: "read", Path: r.path, Err: err}
		case n > 0:
			r.alone = false
			return n, nil
		case !r.alone:
			return 0, io.EOF
		}
		if cause := wait.pause(r.ctx); cause != nil {
			return 0, &fs.PathError{Op: "read", Path: r.path, Err: cause}
		}
	}
}

func (r *Reader) readNow(p []byte) (n int, err error) {
	conn, err := r.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	controlErr := conn.Control(func(fd uintptr) {
		for {
			if n, err = syscall.Read(int(fd), p); err != syscall.EINTR {
				return
			}
		}
	})
	if controlErr != nil {
		return 0, controlErr
	}
	return n, err
}
