//go:build !unix

package slowfile

import (
	"context"
	"os"
)

func open(ctx context.Context, path string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return newReader(ctx, file, path), nil
}

// Stdin returns a reader of the process's standard input.
func Stdin(ctx context.Context) (*Reader, error) { return borrowStdin(ctx), nil }

func (r *Reader) read(p []byte) (int, error) { return r.file.Read(p) }

func openForWriting(_ context.Context, path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY, 0)
}
