package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// readSource reads a program from a file.
func readSource(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	switch {
	case err == nil:
		return text, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("File not found: %s", name)
	case errors.Is(err, syscall.EISDIR):
		return nil, fmt.Errorf("Cannot read %s: it is a directory", name)
	}
	return nil, fmt.Errorf("Cannot read %s: %w", name, reason(err))
}

// reason is what went wrong, without the operation and the file.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// readStdin reads all of standard input. A terminal counts as no input: nobody
// types programs into a command that waits without a prompt.
func readStdin(in *os.File) (text []byte, terminal bool, err error) {
	if isTerminal(in) {
		return nil, true, nil
	}
	text, err = io.ReadAll(in)
	if errors.Is(err, syscall.EBADF) || errors.Is(err, os.ErrClosed) {
		return nil, false, nil // closed standard input is an empty one
	}
	if err != nil {
		return nil, false, fmt.Errorf("Cannot read standard input: %w", reason(err))
	}
	return text, false, nil
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0 && !isNull(info)
}

// isNull tells whether a device is the one that is always empty.
func isNull(info fs.FileInfo) bool {
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}
