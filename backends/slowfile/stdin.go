package slowfile

import (
	"context"
	"io/fs"
	"os"
)

// borrowStdin reads standard input as it is. Its mode belongs to others too (a shell's
// terminal, a parent's socket), so it isn't made non-blocking.
func borrowStdin(ctx context.Context) *Reader {
	return &Reader{file: os.Stdin, ctx: ctx, path: os.Stdin.Name(), borrowed: true, unwatch: func() bool { return true }}
}

// readBorrowed reads on a goroutine of its own, which may hold a thread. If ctx ends first, that
// goroutine stays until something arrives, and what arrives is lost.
func (r *Reader) readBorrowed(p []byte) (int, error) {
	type result struct {
		data []byte
		err  error
	}
	results := make(chan result, 1)
	go func() {
		data := make([]byte, len(p)) // p is the caller's again when ctx ends
		n, err := r.file.Read(data)
		results <- result{data[:n], err}
	}()
	select {
	case got := <-results:
		return copy(p, got.data), got.err
	case <-r.ctx.Done():
		return 0, &fs.PathError{Op: "read", Path: r.path, Err: context.Cause(r.ctx)}
	}
}
