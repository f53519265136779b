// Package slowfile reads and writes what may keep its reader waiting: FIFOs, pipes,
// terminals, standard input. Its functions block the calling goroutine and no
// operating system thread, where the system allows; so they are what
// backends.EventLoop.Background is for. All of them end when their context does.
//
// Any goroutine may call it; a [Reader] serves one at a time. It imports nothing of ours.
//
// On Linux everything goes through Go's runtime poller. Elsewhere on Unix the kernel's poller
// tells too little about FIFOs, so they are looked at every few milliseconds. On Windows
// reads are plain blocking ones, and the context is looked at between them.
package slowfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// ErrTooLarge is wrapped by the error of a read beyond its limit.
var ErrTooLarge = errors.New("more data than the limit allows")

// IsSlow reports whether reading path may wait for somebody else: whether it is a FIFO, a
// pipe, a socket or a character device, such as a terminal. It follows symbolic links.
func IsSlow(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	return isSlowMode(info.Mode()), nil
}

func isSlowMode(m fs.FileMode) bool {
	return m&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeCharDevice) != 0
}

// Reader reads one slow file.
type Reader struct {
	file     *os.File
	ctx      context.Context
	path     string
	unwatch  func() bool // ends the watch on ctx
	borrowed bool        // the file isn't ours to close
	pipe     bool
	alone    bool // no writer of the pipe has been seen yet: a read of 0 bytes isn't the end
}

// Open opens path for reading. It doesn't wait for a FIFO's writer; the first Read does.
func Open(ctx context.Context, path string) (*Reader, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return open(ctx, path)
}

func newReader(ctx context.Context, file *os.File, path string) *Reader {
	r := &Reader{file: file, ctx: ctx, path: path}
	r.unwatch = context.AfterFunc(ctx, func() { file.SetDeadline(past()) })
	return r
}

// past is a deadline that has passed: setting it wakes whoever waits in the poller.
func past() time.Time { return time.Unix(1, 0) }

// Read reads what is there, waiting for the first byte. On a FIFO it also waits for the
// first writer. At the end of ctx it returns an error that wraps the context's cause.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := context.Cause(r.ctx); err != nil {
		return 0, &fs.PathError{Op: "read", Path: r.path, Err: err}
	}
	read := r.read
	if r.borrowed {
		read = r.readBorrowed
	}
	n, err := read(p)
	return n, causeOf(r.ctx, "read", r.path, err)
}

// Close closes the file, unless it is the process's standard input.
func (r *Reader) Close() error {
	r.unwatch()
	if r.borrowed {
		return nil
	}
	return r.file.Close()
}

// causeOf replaces the deadline that newReader set by why it was set.
func causeOf(ctx context.Context, op, path string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if cause := context.Cause(ctx); cause != nil && (errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, os.ErrClosed)) {
		return &fs.PathError{Op: op, Path: path, Err: cause}
	}
	return err
}

// ReadAll reads path to its end. Beyond maxBytes it fails with ErrTooLarge; 0 or less is
// no limit. With an error it returns what it had read until then.
func ReadAll(ctx context.Context, path string, maxBytes int64) ([]byte, error) {
	r, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.ReadAll(maxBytes)
}

// ReadAll reads to the end, as the function of this name does.
func (r *Reader) ReadAll(maxBytes int64) ([]byte, error) {
	if maxBytes <= 0 {
		return io.ReadAll(r)
	}
	data, err := io.ReadAll(io.LimitReader(r, maxBytes))
	if err != nil || int64(len(data)) < maxBytes {
		return data, err
	}
	// Exactly full: one more byte tells whether that was all.
	if n, err := io.ReadFull(r, make([]byte, 1)); n == 0 {
		if err == io.EOF {
			err = nil
		}
		return data, err
	}
	return data, &fs.PathError{Op: "read", Path: r.path,
		Err: fmt.Errorf("%w (%d bytes)", ErrTooLarge, maxBytes)}
}

// WriteAll opens path for writing, waits for a FIFO's first reader, writes data and
// closes. It returns how many bytes the kernel took.
func WriteAll(ctx context.Context, path string, data []byte) (int, error) {
	if err := context.Cause(ctx); err != nil {
		return 0, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	file, err := openForWriting(ctx, path)
	if err != nil {
		return 0, err
	}
	unwatch := context.AfterFunc(ctx, func() { file.SetDeadline(past()) })
	n, err := file.Write(data)
	unwatch()
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return n, causeOf(ctx, "write", path, err)
}
