package stdlib

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gene/backends/slowfile"
	"gene/value"
	"gene/vm"
)

// Files hold text: what isn't valid UTF-8 is an IOError that names the first
// bad byte. A read or write is whole or fails; a failed write says how much of
// it the file has got.

// chunkBytes is how much of a file is read before the context is asked again.
const chunkBytes = 1 << 20

// path resolves a path that the program gave. The working directory is the
// VM's, since several VMs share one process.
func (l *library) path(p string) string {
	if l.dir == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(l.dir, p)
}

// isSlow tells whether reading a path may wait for somebody else.
func isSlow(path string) bool {
	slow, err := slowfile.IsSlow(path)
	return err == nil && slow
}

// load reads a whole file. Any goroutine may call it.
func load(ctx context.Context, path string) ([]byte, error) {
	if isSlow(path) {
		return slowfile.ReadAll(ctx, path, 0)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readChunks(ctx, f)
}

// readChunks reads what a file held when it was opened. What is appended meanwhile
// isn't read, so that a file that grows and grows comes to an end; one that
// has shrunk or was written over gives an error, not a mixture. Files whose size
// the system doesn't know, such as those in /proc, are read to their end.
func readChunks(ctx context.Context, f *os.File) ([]byte, error) {
	before, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := before.Size()
	known := before.Mode().IsRegular() && size > 0
	data := make([]byte, 0, size+bytes.MinRead)
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		if cap(data)-len(data) < bytes.MinRead {
			data = append(data, make([]byte, len(data)+bytes.MinRead)...)[:len(data)]
		}
		room := data[len(data):min(cap(data), len(data)+chunkBytes)]
		n, err := f.Read(room)
		data = data[:len(data)+n]
		switch {
		case known && int64(len(data)) >= size:
			return data[:size], changed(before, f)
		case err == io.EOF && known:
			return nil, fmt.Errorf("the file changed while it was read: %d of %d bytes are left", len(data), size)
		case err == io.EOF:
			return data, nil
		case err != nil:
			return nil, err
		}
	}
}

// changed tells of a file that was written over while it was read.
func changed(before os.FileInfo, f *os.File) error {
	after, err := f.Stat()
	if err != nil {
		return err
	}
	if after.Size() < before.Size() || after.Size() == before.Size() && !after.ModTime().Equal(before.ModTime()) {
		return errors.New("the file changed while it was read")
	}
	return nil
}

func validText(data []byte) bool { return utf8.Valid(data) }

// checked refuses what is no text.
func checked(data []byte, err error) (string, error) {
	if err == nil && !validText(data) {
		err = notUTF8(string(data))
	}
	return string(data), err
}

// save writes a whole file with some flags. Any goroutine may call it.
func save(ctx context.Context, path, content string, flags int) error {
	if isSlow(path) {
		n, err := slowfile.WriteAll(ctx, path, []byte(content))
		return partial(err, n, len(content))
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flags, 0o666)
	if err != nil {
		return err
	}
	n, err := f.WriteString(content)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return partial(err, n, len(content))
}

// partial says how much of a failed write is done.
func partial(err error, n, size int) error {
	if err != nil && n > 0 {
		return fmt.Errorf("%s (wrote %d of %d bytes)", reason(err), n, size)
	}
	return err
}

// ioError makes the IOError `Failed to VERB file 'p': REASON`.
func (l *library) ioError(err error, what, path string) error {
	if isException(err) {
		return err
	}
	why := reason(err)
	if errors.Is(err, fs.ErrNotExist) {
		why = "cannot open: " + path
	}
	return l.m.Raise(l.m.Errors.IO, vm.CodeIO, "Failed to %s '%s': %s", what, path, why)
}

// readFile reads a file while the program stands still.
func (l *library) readFile(path string) (data []byte, err error) {
	path = l.path(path)
	if !isSlow(path) {
		return load(l.ctx, path)
	}
	l.m.Out().Flush()
	if blockErr := l.block(func(ctx context.Context) { data, err = load(ctx, path) }); blockErr != nil {
		return nil, blockErr
	}
	return data, err
}

// writeFile writes a file while the program stands still.
func (l *library) writeFile(path, content string, flags int) (err error) {
	path = l.path(path)
	if !isSlow(path) {
		return save(l.ctx, path, content, flags)
	}
	if blockErr := l.block(func(ctx context.Context) { err = save(ctx, path, content, flags) }); blockErr != nil {
		return blockErr
	}
	return err
}

// filePath checks the operand that names a file.
func filePath(m *VM, v Value, what string) (string, error) {
	p, ok := text(v)
	if !ok {
		return "", m.ArgError("%s requires a file path", what)
	}
	if strings.IndexByte(p, 0) >= 0 {
		return "", m.ArgError("%s requires a file path without zero bytes", what)
	}
	return p, nil
}

// defineFiles defines the synchronous operations on files (13.6).
func (l *library) defineFiles() {
	m := l.m
	io := m.Namespace("gene/io")
	read := entry{"read", "The text of a file; the program stands still meanwhile.", l.fileRead}
	l.functions(io, []entry{read, {"write", "Writes a String to a file.", l.ioWrite}})

	c := m.NewClass("File", nil)
	io.Set(value.Intern("File"), c.Value())
	l.functions(c.Members, []entry{
		read,
		{"write", "Writes the text of a value to a file.", l.fileWrite("write", os.O_TRUNC)},
		{"append", "Appends the text of a value to a file.", l.fileWrite("append", os.O_APPEND)},
		{"read_lines", "The lines of a file.", func(m *VM, args []Value) (Value, error) {
			v, err := l.fileRead(m, args)
			if err != nil {
				return v, err
			}
			return linesOf(v.AsString()), nil
		}},
		{"each_line", "Calls a function for each line of a file.", l.eachLine},
		{"exists", "Whether a path names a plain file.", l.fileExists},
		{"delete", "Removes a file if it is there.", func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "File/delete")
			if err != nil {
				return Value{}, err
			}
			return value.Nil, l.fileError(deleteFile(l.path(p)), "delete file", p)
		}},
		{"reader", "An object that reads a file line by line.", l.newFileReader},
	})
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		p, err := filePath(m, arg(args, 1), "File")
		if err != nil {
			return Value{}, err
		}
		args[0].AsInstance().Set(value.Intern("path"), value.Str(p))
		return args[0], nil
	})
	l.methods(c, []entry{
		{"read", "The text of the file.", func(m *VM, args []Value) (Value, error) {
			return l.fileRead(m, []Value{pathField(args[0])})
		}},
		{"write", "Writes the text of a value to the file.", func(m *VM, args []Value) (Value, error) {
			return l.fileWrite("write", os.O_TRUNC)(m, append([]Value{pathField(args[0])}, args[1:]...))
		}},
	})
	l.defineFileReader()
}

func pathField(file Value) Value {
	v, _ := file.AsInstance().Get(value.Intern("path"))
	return v
}

// fileError is ioError that lets success pass.
func (l *library) fileError(err error, what, path string) error {
	if err == nil {
		return nil
	}
	return l.ioError(err, what, path)
}

func (l *library) fileRead(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "File/read")
	if err != nil {
		return Value{}, err
	}
	s, err := checked(l.readFile(p))
	if err != nil {
		return Value{}, l.ioError(err, "read file", p)
	}
	return value.Str(s), nil
}

func (l *library) ioWrite(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "File/write")
	if err != nil {
		return Value{}, err
	}
	s, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "File/write requires string content")
	}
	return value.Nil, l.fileError(l.writeFile(p, s, os.O_TRUNC), "write file", p)
}

// fileWrite makes write or append for values of any kind.
func (l *library) fileWrite(verb string, flags int) vm.NativeFn {
	what := verb + " file"
	if verb == "append" {
		what = "append to file"
	}
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "File/"+verb)
		if err != nil {
			return Value{}, err
		}
		if len(args) < 2 {
			return argError(m, "File/%s requires path and content", verb)
		}
		return m.Text(args[1], vm.TextPrint, func(s string) (Value, error) {
			return value.Nil, l.fileError(l.writeFile(p, s, flags), what, p)
		})
	}
}

func linesOf(s string) Value {
	lines := textLines([]byte(s))
	out := make([]Value, len(lines))
	for i, line := range lines {
		out[i] = value.Str(strings.TrimSuffix(string(line), "\r"))
	}
	return value.NewArray(out).Value()
}

func isPlainFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (l *library) fileExists(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "File/exists")
	if err != nil {
		return Value{}, err
	}
	return value.Bool(isPlainFile(l.path(p))), nil
}

// deleteFile removes a file; a missing one is fine, a directory isn't a file.
func deleteFile(path string) error {
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return errors.New("is a directory")
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// eachLine opens the file here and calls back in the prelude, which closes it.
func (l *library) eachLine(m *VM, args []Value) (Value, error) {
	fn := orNil(arg(args, 1))
	if !m.Callable(fn) {
		return exception(m, vm.CodeNotCallable, "each_line callback must be a function, got %s", value.TypeName(fn))
	}
	r, err := l.newFileReader(m, args)
	if err != nil {
		return Value{}, err
	}
	return m.Invoke(l.prelude("each_line"), []Value{r, fn}, nil)
}

// fileReader reads a file line by line.
type fileReader struct {
	path   string
	file   *os.File
	buf    *bufio.Reader
	slow   *slowfile.Reader
	cancel context.CancelFunc
	read   int64 // bytes
}

// shrunk says that the file has lost what was to be read next.
func (r *fileReader) shrunk() error {
	if r.file == nil {
		return nil
	}
	info, err := r.file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.Size() < r.read {
		return fmt.Errorf("the file changed while it was read: it has %d bytes, %d have been read", info.Size(), r.read)
	}
	return nil
}

// GeneText is the printed form.
func (r *fileReader) GeneText() string { return "<file-reader " + r.path + ">" }

func (l *library) defineFileReader() {
	c := l.m.NewClass("FileReader", nil)
	l.fileReader = c
	l.methods(c, []entry{
		{"read_line", "The next line, or nil at the end.", l.readerLine},
		{"close", "Closes the file.", func(m *VM, args []Value) (Value, error) {
			r := args[0].AsInstance().Data.(*fileReader)
			return value.Nil, l.fileError(r.close(), "close file", r.path)
		}},
	})
}

func (l *library) newFileReader(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "File/reader")
	if err != nil {
		return Value{}, err
	}
	r := &fileReader{path: p}
	full := l.path(p)
	if isSlow(full) {
		ctx, cancel := context.WithCancel(l.ctx)
		r.cancel = cancel
		if r.slow, err = slowfile.Open(ctx, full); err == nil {
			r.buf = bufio.NewReader(readerFunc(func(b []byte) (n int, err error) { return l.readSlow(r, b) }))
		}
	} else if r.file, err = os.Open(full); err == nil {
		r.buf = bufio.NewReaderSize(r.file, 1<<16)
	}
	if err != nil {
		r.close()
		return Value{}, l.ioError(err, "read file", p)
	}
	i := value.NewInstance(l.fileReader)
	i.Data = r
	return i.Value(), nil
}

// readSlow waits for a slow file in a way that Interrupt can end.
func (l *library) readSlow(r *fileReader, b []byte) (n int, err error) {
	blockErr := l.block(func(ctx context.Context) {
		stop := context.AfterFunc(ctx, r.cancel)
		defer stop()
		n, err = r.slow.Read(b)
	})
	if blockErr != nil {
		return 0, blockErr
	}
	return n, err
}

func (r *fileReader) close() (err error) {
	if r.file != nil {
		err = r.file.Close()
	}
	if r.slow != nil {
		err = r.slow.Close()
	}
	if r.cancel != nil {
		r.cancel()
	}
	r.file, r.slow, r.buf = nil, nil, nil
	return err
}

// readerLine gives the next line; a closed reader is at its end.
func (l *library) readerLine(m *VM, args []Value) (Value, error) {
	r := args[0].AsInstance().Data.(*fileReader)
	if r.buf == nil {
		return value.Nil, nil
	}
	line, err := r.buf.ReadString('\n')
	if err != nil && err != io.EOF {
		return Value{}, l.ioError(err, "read file", r.path)
	}
	r.read += int64(len(line))
	if line == "" {
		return value.Nil, l.fileError(r.shrunk(), "read file", r.path)
	}
	if !utf8.ValidString(line) {
		return Value{}, l.ioError(notUTF8(line), "read file", r.path)
	}
	return value.Str(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")), nil
}
