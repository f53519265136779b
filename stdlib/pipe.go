package stdlib

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// pipe is one output of a child process. Reads wait in the runtime poller and
// take turns: the holder of lock owns buf and eof.
type pipe struct {
	file *os.File
	lock chan struct{} // holds a token while nobody reads
	buf  []byte
	eof  bool
}

func newPipe(file *os.File) *pipe {
	p := &pipe{file: file, lock: make(chan struct{}, 1)}
	p.lock <- struct{}{}
	return p
}

// acquire waits for the pipe's turn.
func (p *pipe) acquire(ctx context.Context) error {
	select {
	case <-p.lock:
		return nil
	default:
	}
	select {
	case <-p.lock:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *pipe) release() { p.lock <- struct{}{} }

// fill reads what there is to read, waiting for the first byte. At the end it
// sets eof; when ctx ends first it gives the context's cause.
func (p *pipe) fill(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	p.file.SetReadDeadline(time.Time{})
	fired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		p.file.SetReadDeadline(time.Unix(1, 0))
		close(fired)
	})
	var chunk [1 << 13]byte
	n, err := p.file.Read(chunk[:])
	if !stop() {
		<-fired // else it might hit the next read
	}
	p.buf = append(p.buf, chunk[:n]...)
	switch {
	case err == nil:
		return nil
	case err == io.EOF, errors.Is(err, os.ErrClosed):
		p.eof = true
		p.file.Close()
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return context.Cause(ctx)
	}
	return err
}

// take removes the first n bytes of the buffer.
func (p *pipe) take(n int) string {
	s := string(p.buf[:n])
	p.buf = append(p.buf[:0], p.buf[n:]...)
	return s
}

// piece is what a read of a pipe gave; ok is false at the end and when the
// time was over.
type piece struct {
	text string
	ok   bool
}

// until reads up to and including mark, or what remains at the end.
func (p *pipe) until(ctx context.Context, mark string) (piece, error) {
	if err := p.acquire(ctx); err != nil {
		return piece{}, err
	}
	defer p.release()
	seen := 0
	for {
		if i := bytes.Index(p.buf[seen:], []byte(mark)); i >= 0 {
			return piece{p.take(seen + i + len(mark)), true}, nil
		}
		if p.eof {
			rest := p.take(len(p.buf))
			return piece{rest, rest != ""}, nil
		}
		seen = max(0, len(p.buf)-len(mark)+1)
		if err := p.fill(ctx); err != nil {
			return piece{}, err
		}
	}
}

// available gives what can be read without waiting.
func (p *pipe) available() (string, error) {
	select {
	case <-p.lock:
	default:
		return "", nil // another read is waiting, so there is nothing
	}
	defer p.release()
	// A moment, not none: what the child wrote just now should count.
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	for !p.eof {
		before := len(p.buf)
		if err := p.fill(ctx); err != nil || len(p.buf) == before {
			break
		}
	}
	return p.take(len(p.buf)), nil
}

// rest reads to the end. When ctx ends first it gives what has come so far.
func (p *pipe) rest(ctx context.Context) (piece, error) {
	if err := p.acquire(ctx); err != nil {
		return piece{}, err
	}
	defer p.release()
	for !p.eof {
		if err := p.fill(ctx); err != nil {
			if isTimeout(err) {
				break
			}
			return piece{}, err
		}
	}
	return piece{p.take(len(p.buf)), true}, nil
}

func isTimeout(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
