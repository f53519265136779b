package stdlib

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"gene/backends"
	"gene/stdlib/internal/http1"
	"gene/value"
	"gene/vm"
)

// servedWhole is how long a file is, in bytes, that is read before the answer begins; of longer ones as much
// is read as the client takes.
const servedWhole = 1 << 20

// servedFile is a file to answer with. What of it is sent depends on the
// request: nothing when the client has it already, or ranges.
type servedFile struct {
	name     string
	modified time.Time
	size     int64
	content  []byte // nil for a long one, which open opens
	open     func() (fs.File, error)
}

// tag is the ETag. It is weak, because the bytes that are sent may be compressed.
func (f *servedFile) tag() string { return fmt.Sprintf(`W/"%x-%x"`, f.modified.UnixNano(), f.size) }

// sendLarge answers with a long file, on a goroutine that reads as the client takes.
func (j *httpJob) sendLarge(f *servedFile) {
	m := j.srv.l.m
	r, ctx := j.r, j.srv.l.ctx
	w := j.srv.core.NewWriter(ctx, r)
	var err error
	refused := m.Loop().Background(func() {
		defer w.Close()
		var file fs.File
		if file, err = f.open(); err != nil {
			return
		}
		defer file.Close()
		w.Header().Set("ETag", f.tag())
		http.ServeContent(w, r.Request, f.name, f.modified, file.(io.ReadSeeker))
	}, backends.Func(func() {
		if err != nil { // it was there a moment ago
			j.srv.send(r, plainAnswer(http.StatusNotFound, "Not Found"))
		}
	}))
	if refused != nil {
		j.srv.send(r, plainAnswer(http.StatusServiceUnavailable, "Service overloaded"))
	}
}

// recorded is an answer that net/http writes.
type recorded struct {
	http1.Answer
	body bytes.Buffer
}

// Header is http.ResponseWriter's.
func (r *recorded) Header() http.Header { return r.Answer.Header }

// WriteHeader is http.ResponseWriter's.
func (r *recorded) WriteHeader(status int) { r.Status = status }

// Write is http.ResponseWriter's.
func (r *recorded) Write(b []byte) (int, error) { return r.body.Write(b) }

// answer gives what a request gets of the file.
func (f *servedFile) answer(r *http.Request) *http1.Answer {
	out := &recorded{Answer: http1.Answer{Status: http.StatusOK, Header: http.Header{}}}
	out.Header().Set("ETag", f.tag())
	if r.Method == http.MethodHead { // the connection leaves the body out
		r = r.Clone(r.Context())
		r.Method = http.MethodGet
	}
	http.ServeContent(out, r, f.name, f.modified, bytes.NewReader(f.content))
	out.Body = out.body.Bytes()
	return &out.Answer
}

// respondFile is (respond_file path).
func (s *httpServers) respondFile(m *VM, args []Value) (Value, error) {
	p, ok := text(orNil(arg(args, 0)))
	if !ok {
		return argError(m, "respond_file requires the path of a file, got %s", value.TypeName(orNil(arg(args, 0))))
	}
	full := s.l.path(p)
	return s.sendFile(p, func() (fs.File, error) { return openRegular(os.Stat, os.Open, full) }), nil
}

// serveFiles is (serve_files dir): a handler.
func (s *httpServers) serveFiles(m *VM, args []Value) (Value, error) {
	dir, ok := text(orNil(arg(args, 0)))
	if !ok {
		return argError(m, "serve_files requires the path of a directory, got %s", value.TypeName(orNil(arg(args, 0))))
	}
	full := s.l.path(dir)
	return vm.NewNative("serve_files", func(m *VM, args []Value) (Value, error) {
		req := orNil(arg(args, 0))
		if req.Kind() != value.KindInstance || jobOf(req) == nil {
			return argError(m, "the handler of serve_files requires a ServerRequest, got %s", value.TypeName(req))
		}
		r := jobOf(req).r
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return s.newAnswer(http.StatusMethodNotAllowed, []byte("Method Not Allowed"), http.Header{"Allow": {"GET, HEAD"}}), nil
		}
		name, ok := servedName(r.URL.Path)
		if !ok {
			return value.Nil, nil
		}
		return s.sendFile(name, func() (fs.File, error) { return openBelow(full, name) }), nil
	}).Value(), nil
}

// servedName gives the file that the path of a URL means. Names that begin with
// a dot are kept back; so are the ways upwards.
func servedName(urlPath string) (string, bool) {
	name := strings.TrimPrefix(urlPath, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") {
			return "", false
		}
	}
	return name, fs.ValidPath(name) && !strings.ContainsAny(name, "\\\x00") && path.Clean(name) == name
}

// openRegular opens a regular file; others are as good as missing. To open a
// pipe would wait for who writes.
func openRegular(stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error), name string) (*os.File, error) {
	info, err := stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fs.ErrNotExist
	}
	return open(name)
}

// openBelow opens a file of a directory; links that lead out of it are refused.
func openBelow(dir, name string) (fs.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := openRegular(root.Stat, root.Open, filepath.FromSlash(name))
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) && !errors.Is(err, fs.ErrPermission) {
			return nil, fs.ErrNotExist // also for a link that leads out, and a file used as directory
		}
		return nil, err
	}
	return f, nil
}

// sendFile gives the future of the answer with a file; nil, for 404, when there
// is none.
func (s *httpServers) sendFile(name string, open func() (fs.File, error)) Value {
	return start(s.l, onWorker, func(context.Context) (*servedFile, error) {
		f, err := open()
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readServed(name, f, open)
	}, func(f *servedFile, err error) (Value, error) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return value.Nil, nil
		case err != nil:
			return Value{}, s.l.ioError(err, "serve", name)
		}
		i := value.NewInstance(s.answer)
		i.Data = &serverAnswer{file: f}
		return i.Value(), nil
	})
}

func readServed(name string, f fs.File, open func() (fs.File, error)) (*servedFile, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	out := &servedFile{name: path.Base(filepath.ToSlash(name)), modified: info.ModTime(), size: info.Size(), open: open}
	if out.size > servedWhole {
		return out, nil
	}
	out.content, err = io.ReadAll(io.LimitReader(f, servedWhole))
	return out, err
}
