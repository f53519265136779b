//go:build unix

package slowfile

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

func open(ctx context.Context, path string) (*Reader, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	r := newReader(ctx, file, path)
	r.pipe = info.Mode()&fs.ModeNamedPipe != 0
	r.alone = r.pipe && !isInherited(path)
	return r, nil
}

// isInherited reports whether path names a descriptor that is open already. If that is a pipe, it
// had its writer, and a read of 0 bytes is the end.
func isInherited(path string) bool {
	path = filepath.Clean(path)
	return path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/")
}
