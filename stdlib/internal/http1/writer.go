package http1

import (
	"context"
	"net/http"
	"strconv"

	"gene/backends"
)

// Writer answers a request from another goroutine than the VM's, in pieces that wait until the peer has taken
// them. It is the http.ResponseWriter of whoever knows the length beforehand and says so in Content-Length.
type Writer struct {
	ctx    context.Context
	r      *Request
	post   func(backends.Completion)
	header http.Header
	began  bool
	stream *Stream // VM's goroutine
	err    error
}

// NewWriter makes the writer; ctx ends its waiting.
func (s *Server) NewWriter(ctx context.Context, r *Request) *Writer {
	return &Writer{ctx: ctx, r: r, post: s.loop.Post, header: http.Header{}}
}

// Header is http.ResponseWriter's.
func (w *Writer) Header() http.Header { return w.header }

// WriteHeader begins the answer.
func (w *Writer) WriteHeader(status int) {
	if w.began {
		return
	}
	w.began = true
	length, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64)
	if err != nil || length < 0 {
		length = -1
	}
	w.err = w.do(func(told written) {
		w.stream, err = w.r.Stream(status, w.header, length)
		told <- err
	})
}

// Write waits until the peer has taken b, or is gone.
func (w *Writer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.err != nil {
		return 0, w.err
	}
	data := append([]byte(nil), b...)
	w.err = w.do(func(told written) {
		if finished, err := w.stream.Write(data, told); finished || err != nil {
			told <- err
		}
	})
	if w.err != nil {
		return 0, w.err
	}
	return len(b), nil
}

// Close ends the answer.
func (w *Writer) Close() {
	w.post(backends.Func(func() {
		if w.stream != nil {
			w.stream.Close()
		}
	}))
}

func (w *Writer) do(f func(written)) error {
	told := make(written, 1)
	w.post(backends.Func(func() { f(told) }))
	select {
	case err := <-told:
		return err
	case <-w.ctx.Done():
		return context.Cause(w.ctx)
	}
}
