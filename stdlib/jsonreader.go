package stdlib

import (
	"io"
	"unicode/utf8"

	"gene/value"
	"gene/vm"
)

// jsonReader reads the JSON texts of a file one by one. It holds no more of the
// file than the value that is being read and the rest of its chunk.
type jsonReader struct {
	path string
	file *fileReader // nil once closed
	p    jsonParser
	// line, col and offset are where p.src begins in the file.
	line, col int
	offset    int
	ahead     Value // what has_next read
}

// jsonChunkBytes is how much is read at once; a value that is longer is tried
// again each time the text has doubled.
const jsonChunkBytes = 1 << 16

// GeneText is the printed form.
func (r *jsonReader) GeneText() string { return "<json-reader " + r.path + ">" }

// jsonReaderClass makes the class of readers.
func (l *library) jsonReaderClass() *value.Class {
	c := value.NewClass("JSONReader", l.m.Object())
	l.methods(c, []entry{
		{"read next", "The next value, or not_found at the end of the file.", l.jsonNext},
		{"has_next", "Whether another value follows.", l.jsonHasNext},
		{"iter", "The reader itself, for loops.", func(m *VM, args []Value) (Value, error) { return args[0], nil }},
		{"close", "Closes the file.", func(m *VM, args []Value) (Value, error) {
			r := args[0].AsInstance().Data.(*jsonReader)
			r.ahead = Value{}
			return value.Nil, l.closeJSON(r)
		}},
	})
	return c
}

// newJSONReader makes the function that opens a file.
func (l *library) newJSONReader(c *value.Class) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "json.reader")
		if err != nil {
			return Value{}, err
		}
		f, err := l.newFileReader(m, args)
		if err != nil {
			return Value{}, err
		}
		i := value.NewInstance(c)
		i.Data = &jsonReader{path: p, file: f.AsInstance().Data.(*fileReader), line: 1, col: 1}
		return i.Value(), nil
	}
}

func (l *library) closeJSON(r *jsonReader) error {
	if r.file == nil {
		return nil
	}
	f := r.file
	r.file, r.p = nil, jsonParser{}
	return l.fileError(f.close(), "close file", r.path)
}

func (l *library) jsonNext(m *VM, args []Value) (Value, error) {
	r := args[0].AsInstance().Data.(*jsonReader)
	if v := r.ahead; v.IsSet() {
		r.ahead = Value{}
		return v, nil
	}
	return l.readJSON(r)
}

func (l *library) jsonHasNext(m *VM, args []Value) (Value, error) {
	r := args[0].AsInstance().Data.(*jsonReader)
	if !r.ahead.IsSet() {
		v, err := l.readJSON(r)
		if err != nil {
			return Value{}, err
		}
		if v.IsNotFound() {
			return value.False, nil
		}
		r.ahead = v
	}
	return value.True, nil
}

// readJSON gives the next value; at the end the file is closed.
func (l *library) readJSON(r *jsonReader) (Value, error) {
	for r.file != nil {
		if r.p.more() {
			start := r.p.at
			v, ok := r.p.value()
			if ok {
				return v, l.checkJSONText(r, start)
			}
			if !r.p.cut {
				err := r.p.raise(l.m, r.path, r.line, r.col)
				l.closeJSON(r) // what follows makes no sense any more
				return Value{}, err
			}
			r.p.at = start
		} else if r.p.final {
			return value.NotFound, l.closeJSON(r)
		}
		if err := l.fillJSON(r); err != nil {
			return Value{}, err
		}
	}
	return value.NotFound, nil
}

// checkJSONText refuses a value that was no valid UTF-8.
func (l *library) checkJSONText(r *jsonReader, start int) error {
	bad := notUTF8At(r.p.src[start:r.p.at])
	if bad < 0 {
		return nil
	}
	err := l.ioError(utf8Error{r.offset + start + bad}, "read file", r.path)
	l.closeJSON(r)
	return err
}

// notUTF8At gives the first byte of a text that is no UTF-8, or -1.
func notUTF8At(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, c := range s {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

// fillJSON drops what has been read and appends what comes next. Of a file
// that others are writing to it takes what is there.
func (l *library) fillJSON(r *jsonReader) error {
	done, rest := r.p.src[:r.p.at], r.p.src[r.p.at:]
	r.line, r.col = advance(done, r.line, r.col)
	r.offset += len(done)
	room, least := jsonChunkBytes, 1
	if len(rest) >= room {
		room, least = len(rest), len(rest)
	}
	buf := make([]byte, len(rest)+room)
	copy(buf, rest)
	n, err := io.ReadAtLeast(r.file.buf, buf[len(rest):], least)
	final := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !final {
		l.closeJSON(r)
		return l.ioError(err, "read file", r.path)
	}
	r.p = jsonParser{src: string(buf[:len(rest)+n]), final: final, cache: r.p.cache}
	return nil
}
