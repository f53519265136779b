package stdlib

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gene/value"
)

// fileHandle is an open file that is read and written piece by piece. Operations
// take turns, so that the plain and the asynchronous ones may be mixed; the
// holder of turn owns the rest. It is closed with the VM at the latest.
type fileHandle struct {
	path   string
	turn   chan struct{} // holds a token while nobody works on the file
	file   *os.File      // nil once closed
	buf    *bufio.Reader
	at     int64 // where the program thinks it is: the buffer lies before the descriptor
	unhook func() bool
}

// GeneText is the printed form.
func (h *fileHandle) GeneText() string { return "<file " + h.path + ">" }

var errClosedFile = errors.New("the file is closed")

// readMax bounds one read of a line or of a number of bytes.
const readMax = 1 << 30

var fileModes = map[string]int{
	"r": os.O_RDONLY, "w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "a": os.O_WRONLY | os.O_CREATE | os.O_APPEND,
	"r+": os.O_RDWR, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	"x": os.O_WRONLY | os.O_CREATE | os.O_EXCL,
}

// defineFileHandles defines File/open and what it gives.
func (l *library) defineFileHandles() {
	c := l.m.NewClass("FileHandle", nil)
	file := l.m.Namespace("gene/io").Cell(value.Intern("File")).V.AsClass().Members
	l.fileOps(file, []fileOp{{"open", "Opens a file: mode r (the default), w, a, x, r+, w+ or a+.", "open file", false, l.openFile(c)}})
	l.fileMethods(c, []fileOp{
		{"read", "The next so many characters' bytes as text, or the rest; nil at the end.", "read file", false, onHandle(readSome(false))},
		{"read_bytes", "The next so many bytes, or the rest; nil at the end.", "read file", false, onHandle(readSome(true))},
		{"read_line", "The next line without its end, or nil at the end.", "read file", false, onHandle(readHandleLine)},
		{"write", "Writes a String or Bytes at the position.", "write file", true, onHandle(writeHandle(""))},
		{"write_line", "Writes a String and ends the line.", "write file", true, onHandle(writeHandle("\n"))},
		{"seek", "Goes to a byte offset; from its end with a negative one.", "seek in file", false, onHandle(seekHandle)},
		{"tell", "The byte offset of the position.", "seek in file", false, onHandle(func(m *VM, args []Value) (handleWork, error) {
			return func(h *fileHandle) (func() Value, error) {
				at := h.at
				return func() Value { return value.Int(at) }, nil
			}, nil
		})},
		{"size", "The number of bytes of the file.", "stat file", false, onHandle(func(m *VM, args []Value) (handleWork, error) {
			return func(h *fileHandle) (func() Value, error) {
				info, err := h.file.Stat()
				if err != nil {
					return nil, err
				}
				return func() Value { return value.Int(info.Size()) }, nil
			}, nil
		})},
		{"sync", "Waits until what was written is on the disk.", "write file", true, onHandle(func(m *VM, args []Value) (handleWork, error) {
			return func(h *fileHandle) (func() Value, error) { return nil, h.file.Sync() }, nil
		})},
		{"truncate", "Cuts or extends the file to a size.", "truncate file", true, onHandle(func(m *VM, args []Value) (handleWork, error) {
			size := orInt(arg(args, 1), 0)
			if !size.IsInt() || size.AsInt() < 0 {
				return nil, m.ArgError("truncate requires a size of at least 0")
			}
			return func(h *fileHandle) (func() Value, error) { return nil, h.file.Truncate(size.AsInt()) }, nil
		})},
		{"close", "Closes the file.", "close file", true, closeHandle},
	})
	l.methods(c, []entry{{"path", "The path it was opened with.", func(m *VM, args []Value) (Value, error) {
		return value.Str(handle(args[0]).path), nil
	}}})
}

func handle(v Value) *fileHandle { return v.AsInstance().Data.(*fileHandle) }

// openFile opens plain files. What may wait for somebody else, a FIFO for
// instance, has readers of its own.
func (l *library) openFile(c *value.Class) func(*VM, []Value, *value.Map) (string, fileWork, error) {
	return func(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
		p, err := filePath(m, arg(args, 0), "File/open")
		if err != nil {
			return "", nil, err
		}
		mode := "r"
		if v := arg(args, 1); v.IsSet() && !v.IsNil() {
			mode, _ = name(v)
		}
		flags, ok := fileModes[mode]
		if !ok {
			return "", nil, m.ArgError("File/open requires a mode of r w a x r+ w+ a+")
		}
		full := l.path(p)
		return p, func(ctx context.Context) (func() Value, error) {
			if isSlow(full) {
				return nil, errors.New("not a plain file; use File/reader or File/read_async")
			}
			f, err := os.OpenFile(full, flags, 0o666)
			if err != nil {
				return nil, err
			}
			if info, err := f.Stat(); err == nil && info.IsDir() {
				f.Close()
				return nil, errors.New("is a directory")
			}
			h := &fileHandle{path: p, turn: make(chan struct{}, 1), file: f, buf: bufio.NewReaderSize(f, 1<<16)}
			h.turn <- struct{}{}
			h.unhook = context.AfterFunc(l.ctx, func() { f.Close() })
			return func() Value {
				i := value.NewInstance(c)
				i.Data = h
				return i.Value()
			}, nil
		}, nil
	}
}

type handleWork func(h *fileHandle) (func() Value, error)

// onHandle makes the prepare of an operation on an open file.
func onHandle(prepare func(m *VM, args []Value) (handleWork, error)) func(*VM, []Value, *value.Map) (string, fileWork, error) {
	return func(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
		h := handle(args[0])
		work, err := prepare(m, args)
		if err != nil {
			return "", nil, err
		}
		return h.path, func(ctx context.Context) (func() Value, error) {
			if err := h.take(ctx); err != nil {
				return nil, err
			}
			defer h.give()
			if h.file == nil {
				return nil, errClosedFile
			}
			return work(h)
		}, nil
	}
}

func (h *fileHandle) take(ctx context.Context) error {
	select {
	case <-h.turn:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (h *fileHandle) give() { h.turn <- struct{}{} }

// shrunk says that a file has lost what was to be read next.
func (h *fileHandle) shrunk() error {
	info, err := h.file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() < h.at {
		return fmt.Errorf("the file changed while it was read: it has %d bytes, %d have been read", info.Size(), h.at)
	}
	return nil
}

func readSome(asBytes bool) func(m *VM, args []Value) (handleWork, error) {
	return func(m *VM, args []Value) (handleWork, error) {
		n := orInt(arg(args, 1), -1)
		if !n.IsInt() || n.AsInt() > readMax {
			return nil, m.ArgError("read requires a number of bytes up to %d", readMax)
		}
		return func(h *fileHandle) (func() Value, error) {
			data, err := h.read(n.AsInt(), !asBytes)
			if err != nil {
				return nil, err
			}
			switch {
			case len(data) == 0 && n.AsInt() != 0:
				return nil, h.shrunk()
			case asBytes:
				return func() Value { return value.NewBytes(data) }, nil
			}
			s, err := checked(data, nil)
			return func() Value { return value.Str(s) }, err
		}, nil
	}
}

// read reads n bytes, or the rest when n is negative. As text, it doesn't end
// within a character.
func (h *fileHandle) read(n int64, asText bool) ([]byte, error) {
	limit := n
	if n < 0 {
		limit = readMax + 1
	}
	var b bytes.Buffer
	got, err := io.CopyN(&b, h.buf, limit)
	h.at += got
	if err != nil && err != io.EOF {
		return nil, err
	}
	if n < 0 && got > readMax {
		return nil, fmt.Errorf("more than the limit of %d bytes; read it in pieces", readMax)
	}
	for asText && err == nil && n > 0 {
		next, peekErr := h.buf.Peek(1)
		if peekErr != nil || next[0]&0xc0 != 0x80 || b.Len() > int(n)+3 {
			break
		}
		b.WriteByte(next[0])
		h.buf.Discard(1)
		h.at++
	}
	return b.Bytes(), nil
}

func readHandleLine(m *VM, args []Value) (handleWork, error) {
	return func(h *fileHandle) (func() Value, error) {
		var line []byte
		for {
			part, err := h.buf.ReadSlice('\n')
			line = append(line, part...)
			h.at += int64(len(part))
			if len(line) > readMax {
				return nil, fmt.Errorf("a line is longer than the limit of %d bytes", readMax)
			}
			if err == bufio.ErrBufferFull {
				continue
			}
			if err != nil && err != io.EOF {
				return nil, err
			}
			break
		}
		if len(line) == 0 {
			return nil, h.shrunk()
		}
		s, err := checked(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil)
		return func() Value { return value.Str(s) }, err
	}, nil
}

func writeHandle(end string) func(m *VM, args []Value) (handleWork, error) {
	return func(m *VM, args []Value) (handleWork, error) {
		var b strings.Builder
		for _, v := range args[1:] {
			s, ok := contentOf(v)
			if !ok {
				if s, ok = plainText(v); !ok {
					return nil, m.ArgError("write requires a String or Bytes, got %s", value.TypeName(v))
				}
			}
			b.WriteString(s)
		}
		b.WriteString(end)
		content := b.String()
		return func(h *fileHandle) (func() Value, error) {
			if h.buf.Buffered() > 0 { // the descriptor is ahead of the program
				if _, err := h.file.Seek(h.at, io.SeekStart); err != nil {
					return nil, err
				}
				h.buf.Reset(h.file)
			}
			n, err := h.file.WriteString(content)
			h.at += int64(n)
			return nil, partial(err, n, len(content))
		}, nil
	}
}

func seekHandle(m *VM, args []Value) (handleWork, error) {
	to := arg(args, 1)
	if !to.IsInt() {
		return nil, m.ArgError("seek requires a byte offset")
	}
	return func(h *fileHandle) (func() Value, error) {
		whence := io.SeekStart
		if to.AsInt() < 0 {
			whence = io.SeekEnd
		}
		at, err := h.file.Seek(to.AsInt(), whence)
		if err != nil {
			return nil, err
		}
		h.buf.Reset(h.file)
		h.at = at
		return func() Value { return value.Int(at) }, nil
	}, nil
}

// closeHandle closes once; closing again does nothing.
func closeHandle(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
	h := handle(args[0])
	return h.path, func(ctx context.Context) (func() Value, error) {
		if err := h.take(ctx); err != nil {
			return nil, err
		}
		defer h.give()
		if h.file == nil {
			return nil, nil
		}
		f := h.file
		h.file = nil
		if !h.unhook() {
			return nil, nil // the VM is closing, and closes it
		}
		return nil, f.Close()
	}, nil
}
