//go:build unix

package feed

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// FIFOs are named pipes in a directory of their own, each with a writer that
// waits for its reader.
type FIFOs struct {
	dir     string
	paths   []string
	writers sync.WaitGroup
	errs    []error // one for each writer, which alone sets it
}

// NewFIFOs makes n FIFOs. The writer of each opens it, which blocks until the
// reader comes, waits for the delay, writes Text and closes it.
func NewFIFOs(n int, delay time.Duration) (*FIFOs, error) {
	dir, err := os.MkdirTemp("", "gene-fifo")
	if err != nil {
		return nil, err
	}
	f := &FIFOs{dir: dir, errs: make([]error, n)}
	for i := range n {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("mkfifo %s: %w", path, err), f.Close())
		}
		f.paths = append(f.paths, path)
		f.writers.Go(func() { f.errs[i] = write(path, delay) })
	}
	return f, nil
}

// Paths are what the readers open.
func (f *FIFOs) Paths() []string { return f.paths }

func write(path string, delay time.Duration) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	time.Sleep(delay)
	_, err = f.WriteString(Text)
	return errors.Join(err, f.Close())
}

// Close releases writers that no reader has come for, waits for all of them
// and removes the FIFOs. It gives the errors of the writers; one whose reader
// left early has one.
func (f *FIFOs) Close() error {
	done := make(chan struct{})
	go func() {
		f.writers.Wait()
		close(done)
	}()
	err := f.drain(done)
	return errors.Join(append(f.errs, err, os.RemoveAll(f.dir))...)
}

// drain reads every FIFO until all writers are done: a writer that is on its
// way to the open would block in it if the reader came and left before.
func (f *FIFOs) drain(done <-chan struct{}) error {
	var readers []*os.File
	var errs []error
	for _, path := range f.paths {
		r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		readers = append(readers, r)
	}
	if len(errs) == 0 { // else a writer may wait for ever
		<-done
	}
	for _, r := range readers {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}
