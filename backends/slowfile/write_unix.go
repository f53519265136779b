//go:build unix

package slowfile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openForWriting opens without blocking. A FIFO that nobody reads refuses with ENXIO, and
// there is no event for its first reader, so it is tried again.
func openForWriting(ctx context.Context, path string) (*os.File, error) {
	var p pauses
	for {
		file, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil || !errors.Is(err, syscall.ENXIO) || !isFIFO(path) {
			return file, err
		}
		if cause := p.pause(ctx); cause != nil {
			return nil, &fs.PathError{Op: "open", Path: path, Err: cause}
		}
	}
}

func isFIFO(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}
