//go:build unix

package slowfile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newFIFO(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// limited is a context for what must end soon.
func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeoutCause(context.Background(), 20*time.Second, errors.New("the test's time is up"))
	t.Cleanup(cancel)
	return ctx
}

type result struct {
	data []byte
	err  error
}

func readInBackground(ctx context.Context, path string, maxBytes int64) <-chan result {
	results := make(chan result, 1)
	go func() {
		data, err := ReadAll(ctx, path, maxBytes)
		results <- result{data, err}
	}()
	return results
}

func (r result) want(t *testing.T, data string) {
	t.Helper()
	if r.err != nil || string(r.data) != data {
		t.Fatalf("read %q, %v; want %q", r.data, r.err, data)
	}
}

// openWriter returns when a reader has the FIFO open: that is what a blocking open waits for.
func openWriter(t *testing.T, path string) *os.File {
	t.Helper()
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestReadWaitsForFirstWriterAndReadsToTheLast(t *testing.T) {
	path := newFIFO(t)
	got := readInBackground(limited(t), path, 0)
	first, second := openWriter(t, path), openWriter(t, path)
	io.WriteString(first, "one ")
	first.Close()
	io.WriteString(second, "two")
	second.Close()
	(<-got).want(t, "one two")
}

func TestWriterThatWritesNothingEndsTheRead(t *testing.T) {
	for range 50 { // the hang-up comes before, during or after the first read
		path := newFIFO(t)
		r, err := Open(limited(t), path)
		if err != nil {
			t.Fatal(err)
		}
		got := make(chan result, 1)
		go func() {
			data, err := r.ReadAll(0)
			got <- result{data, err}
		}()
		openWriter(t, path).Close()
		(<-got).want(t, "")
		r.Close()
	}
}

func TestWriterGoneBeforeTheFirstRead(t *testing.T) {
	path := newFIFO(t)
	r, err := Open(limited(t), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	openWriter(t, path).Close()
	data, err := r.ReadAll(0)
	result{data, err}.want(t, "")
}

func TestCancelWhileNoWriter(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	path := newFIFO(t)
	got := readInBackground(ctx, path, 0)
	w := openWriter(t, path) // the reader has opened
	w.Close()
	(<-got).want(t, "")

	got = readInBackground(ctx, path, 0)
	reason := errors.New("changed our mind")
	cancel(reason)
	if r := <-got; !errors.Is(r.err, reason) || !strings.Contains(r.err.Error(), path) {
		t.Fatalf("error %v; want the cause and the path", r.err)
	}
}

func TestCancelHalfWayKeepsWhatWasRead(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	path := newFIFO(t)
	r, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w := openWriter(t, path)
	defer w.Close()
	io.WriteString(w, "half")
	buf := make([]byte, 16)
	if n, err := r.Read(buf); err != nil || string(buf[:n]) != "half" {
		t.Fatalf("read %q, %v", buf[:n], err)
	}
	got := make(chan error, 1)
	go func() {
		_, err := r.Read(buf)
		got <- err
	}()
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v; want context.Canceled", err)
	}
}

func TestHundredReadersHoldNoThreads(t *testing.T) {
	const n = 100
	ctx := limited(t)
	before := pprof.Lookup("threadcreate").Count()
	var paths [n]string
	var results [n]<-chan result
	for i := range n {
		paths[i] = newFIFO(t)
		results[i] = readInBackground(ctx, paths[i], 0)
	}
	var writers [n]*os.File
	for i := range n {
		writers[i] = openWriter(t, paths[i])
	}
	if made := pprof.Lookup("threadcreate").Count() - before; made > n/2 {
		t.Errorf("%d threads were made for %d readers; want them to wait in the poller", made, n)
	}
	for i := range n {
		io.WriteString(writers[i], strconv.Itoa(i))
		writers[i].Close()
	}
	for i := range n {
		(<-results[i]).want(t, strconv.Itoa(i))
	}
}

func TestLimitOnBothSides(t *testing.T) {
	path := newFIFO(t)
	ctx := limited(t)
	for _, c := range []struct {
		text string
		ok   bool
	}{{"1234", true}, {"12345", true}, {"123456", false}} {
		got := readInBackground(ctx, path, 5)
		w := openWriter(t, path)
		io.WriteString(w, c.text)
		w.Close()
		r := <-got
		if c.ok {
			r.want(t, c.text)
		} else if !errors.Is(r.err, ErrTooLarge) || !strings.Contains(r.err.Error(), "5 bytes") || string(r.data) != "12345" {
			t.Fatalf("read %q, %v; want the limit's bytes and an error that tells it", r.data, r.err)
		}
	}
}

func TestWriteAllWaitsForReader(t *testing.T) {
	path := newFIFO(t)
	ctx := limited(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // more than a pipe holds
	var wrote int
	var err error
	var done sync.WaitGroup
	done.Go(func() { wrote, err = WriteAll(ctx, path, data) })
	got := <-readInBackground(ctx, path, 0)
	done.Wait()
	if err != nil || wrote != len(data) || !bytes.Equal(got.data, data) || got.err != nil {
		t.Fatalf("wrote %d (%v), read %d (%v); want %d", wrote, err, len(got.data), got.err, len(data))
	}
}

func TestWriteAllCancelled(t *testing.T) {
	path := newFIFO(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	if n, err := WriteAll(ctx, path, []byte("x")); n != 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("without a reader: %d, %v; want 0 and the deadline's error", n, err)
	}
}

func TestWriteAllCancelledHalfWay(t *testing.T) {
	path := newFIFO(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	type written struct {
		n   int
		err error
	}
	got := make(chan written, 1)
	go func() {
		n, err := WriteAll(ctx, path, make([]byte, 4<<20))
		got <- written{n, err}
	}()
	if _, err := io.ReadFull(r, make([]byte, 1<<10)); err != nil { // it is writing
		t.Fatal(err)
	}
	cancel()
	if w := <-got; w.n < 1<<10 || w.n >= 4<<20 || !errors.Is(w.err, context.Canceled) {
		t.Fatalf("wrote %d, %v; want a part and context.Canceled", w.n, w.err)
	}
}

func TestWriteAllReaderGone(t *testing.T) {
	path := newFIFO(t)
	r, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		_, err := WriteAll(limited(t), path, make([]byte, 4<<20))
		got <- err
	}()
	if _, err := io.ReadFull(r, make([]byte, 1<<10)); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if err := <-got; !errors.Is(err, syscall.EPIPE) {
		t.Fatalf("error %v; want EPIPE", err)
	}
}

func TestAlreadyCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ReadAll(ctx, newFIFO(t), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("ReadAll: %v", err)
	}
	if _, err := WriteAll(ctx, newFIFO(t), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("WriteAll: %v", err)
	}
}

func TestInheritedPipeWithoutWriterIsAtItsEnd(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w.Close()
	data, err := ReadAll(limited(t), "/dev/fd/"+strconv.Itoa(int(r.Fd())), 0)
	result{data, err}.want(t, "")
}

func TestPlainFilesAndDevices(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := ReadAll(limited(t), file, 0)
	result{data, err}.want(t, "text")
	data, err = ReadAll(limited(t), os.DevNull, 0)
	result{data, err}.want(t, "")
	if _, err := WriteAll(limited(t), os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if _, err := ReadAll(limited(t), file+"-missing", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := ReadAll(limited(t), filepath.Dir(file), 0); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("directory: %v", err)
	}
}

func TestIsSlow(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]bool{newFIFO(t): true, dir: false, os.DevNull: true} {
		if got, err := IsSlow(path); err != nil || got != want {
			t.Errorf("IsSlow(%s) = %v, %v; want %v", path, got, err, want)
		}
	}
	if _, err := IsSlow(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}
