//go:build unix

package stdnet

import (
	"io"
	"net"
	"os"
	"syscall"
)

func rawConn(nc net.Conn) syscall.RawConn {
	switch nc := nc.(type) {
	case *net.TCPConn:
		raw, _ := nc.SyscallConn() // nil, without raw, is only slower
		return raw
	case *net.UnixConn:
		raw, _ := nc.SyscallConn()
		return raw
	}
	return nil
}

// rawRead reads without holding a buffer while it waits. The reader's goroutine owns it.
type rawRead struct {
	attempt func(fd uintptr) bool
	most    int
	buf     *[]byte
	n       int
	err     error
}

func (r *rawRead) next(raw syscall.RawConn, most int) (*[]byte, int, error) {
	if r.attempt == nil {
		r.attempt = r.once
	}
	r.most, r.buf, r.n, r.err = most, nil, 0, nil
	if err := raw.Read(r.attempt); err != nil {
		return r.buf, 0, err
	}
	if r.err != nil {
		return r.buf, 0, os.NewSyscallError("read", r.err)
	}
	if r.n == 0 {
		return r.buf, 0, io.EOF
	}
	return r.buf, r.n, nil
}

func (r *rawRead) once(fd uintptr) bool {
	r.buf = pieces.Get().(*[]byte)
	for {
		r.n, r.err = syscall.Read(int(fd), (*r.buf)[:r.most])
		switch r.err {
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
			pieces.Put(r.buf)
			r.buf, r.n, r.err = nil, 0, nil
			return false
		}
		return true
	}
}

// rawWrite writes once without waiting. The VM's goroutine owns it.
type rawWrite struct {
	attempt func(fd uintptr) bool
	b       []byte
	n       int
	err     error
}

func (w *rawWrite) try(raw syscall.RawConn, b []byte) (int, error) {
	if w.attempt == nil {
		w.attempt = w.once
	}
	w.b, w.n, w.err = b, 0, nil
	err := raw.Write(w.attempt)
	w.b = nil
	switch {
	case err != nil:
		return 0, err
	case w.err == syscall.EAGAIN:
		return 0, nil
	case w.err != nil:
		return 0, os.NewSyscallError("write", w.err)
	}
	return w.n, nil
}

func (w *rawWrite) once(fd uintptr) bool {
	for {
		w.n, w.err = syscall.Write(int(fd), w.b)
		if w.err != syscall.EINTR {
			w.n = max(w.n, 0)
			return true
		}
	}
}
