package stdlib

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"gene/backends/slowfile"
	"gene/value"
	"gene/vm"
)

// input is standard input. It is opened at the first read, so that a program
// that never reads doesn't touch it.
type input struct {
	source      io.Reader
	interactive bool // standard output is a terminal
	buf         *bufio.Reader
}

func (l *library) open() *bufio.Reader {
	in := l.stdin
	if in.buf == nil {
		in.buf = bufio.NewReader(readerFunc(l.readInput))
	}
	return in.buf
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// readInput reads from standard input, in a way that Interrupt can end.
func (l *library) readInput(p []byte) (n int, err error) {
	l.m.Out().Flush()           // a prompt
	own := make([]byte, len(p)) // p is ours only until we return
	blockErr := l.block(func(ctx context.Context) {
		var src io.Reader = l.stdin.source
		if src == io.Reader(os.Stdin) {
			r, openErr := slowfile.Stdin(ctx)
			if openErr != nil {
				err = openErr
				return
			}
			defer r.Close()
			src = r
		}
		n, err = src.Read(own)
	})
	if blockErr != nil {
		return 0, blockErr
	}
	return copy(p, own[:n]), err
}

// readLine gives the next line of standard input without its end, or nil.
func (l *library) readLine() (Value, error) {
	line, err := l.open().ReadString('\n')
	if err != nil && err != io.EOF {
		return Value{}, l.inputError(err)
	}
	if line == "" {
		return value.Nil, nil
	}
	return l.inputText(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
}

func (l *library) readRest() (Value, error) {
	data, err := io.ReadAll(l.open())
	if err != nil {
		return Value{}, l.inputError(err)
	}
	return l.inputText(string(data))
}

func (l *library) inputText(s string) (Value, error) {
	if !utf8.ValidString(s) {
		return Value{}, l.inputError(notUTF8(s))
	}
	return value.Str(s), nil
}

func (l *library) inputError(err error) error {
	if isException(err) {
		return err
	}
	return l.m.Raise(l.m.Errors.IO, vm.CodeIO, "Failed to read standard input: %s", reason(err))
}

// stream is one of stdin, stdout and stderr as the program sees it.
type stream struct {
	name string
	out  func() io.Writer // nil for stdin
	file any              // for isatty?
}

// GeneText is the printed form.
func (s *stream) GeneText() string { return "<" + s.name + ">" }

func (l *library) defineHandles() {
	m := l.m
	o := m.Options()
	l.stdin = &input{source: o.Stdin, interactive: isTerminal(o.Stdout)}
	c := m.NewClass("IOHandle", nil)
	l.methods(c, []entry{
		{"read", "The rest of the input.", l.onInput(l.readRest)},
		{"read_line", "The next line, or nil at the end.", l.onInput(l.readLine)},
		{"write", "Writes the text of a value.", l.onOutput("")},
		{"write_line", "Writes the text of a value and ends the line.", l.onOutput("\n")},
		{"flush", "Writes what is buffered.", func(m *VM, args []Value) (Value, error) {
			return value.Nil, l.flushed(m.Out().Flush())
		}},
		{"isatty?", "Whether the stream is a terminal.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(isTerminal(handleOf(args[0]).file)), nil
		}},
	})
	for _, s := range []*stream{
		{name: "stdin", file: o.Stdin},
		{name: "stdout", file: o.Stdout, out: func() io.Writer { return m.Out() }},
		{name: "stderr", file: o.Stderr, out: m.Err},
	} {
		h := value.NewInstance(c)
		h.Data = s
		m.Globals.Set(value.Intern(s.name), h.Value())
	}
}

func handleOf(v Value) *stream { return v.AsInstance().Data.(*stream) }

func (l *library) onInput(read func() (Value, error)) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		if s := handleOf(args[0]); s.out != nil {
			return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "%s is not readable", s.name)
		}
		return read()
	}
}

func (l *library) onOutput(end string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		s := handleOf(args[0])
		if s.out == nil {
			return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "%s is not writable", s.name)
		}
		return m.Texts(args[1:], vm.TextToS, func(texts []string) (Value, error) {
			return value.Nil, l.write(s.out(), []string{strings.Join(texts, "")}, end)
		})
	}
}

// notUTF8 says where a text stops being one.
func notUTF8(s string) error {
	at := 0
	for at < len(s) {
		r, n := utf8.DecodeRuneInString(s[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return utf8Error{at}
}

// textLines splits a text into lines without their ends.
func textLines(data []byte) [][]byte {
	data = bytes.TrimSuffix(data, []byte("\n"))
	if len(data) == 0 {
		return nil
	}
	return bytes.Split(data, []byte("\n"))
}
