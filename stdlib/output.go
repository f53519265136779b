package stdlib

import (
	"io"
	"os"
	"strconv"

	"gene/value"
	"gene/vm"
)

// defineOutput defines printing and the console (13.1). Standard output is
// buffered; it is flushed before anything goes to standard error, before the
// program waits for input, and at the end.
func (l *library) defineOutput() {
	m := l.m
	l.kwFunctions(m.Globals, []kwEntry{
		{"print", "Writes its arguments, separated by blanks.", l.printer("")},
		{"println", "Writes its arguments, separated by blanks, and ends the line.", l.printer("\n")},
	})
	l.functions(m.Globals, []entry{
		{"flush", "Writes what is buffered for standard output.", func(m *VM, args []Value) (Value, error) {
			return value.Nil, l.flushed(m.Out().Flush())
		}},
		{"debug", "Writes a value as literal text to standard error.", l.debug},
		{"readline", "The next line of standard input, or nil at the end.", func(m *VM, args []Value) (Value, error) {
			if len(args) > 0 {
				return argError(m, "readline does not accept arguments")
			}
			return l.readLine()
		}},
	})
	l.defineHandles()
}

func (l *library) printer(end string) vm.NativeKwFn {
	return func(m *VM, args []Value, kw *value.Map) (Value, error) {
		toErr := keyword(kw, "stderr").IsSet() && keyword(kw, "stderr").Truthy()
		if !toErr && plain(args) {
			return value.Nil, l.writePlain(args, end)
		}
		return m.Texts(args, vm.TextPrint, func(texts []string) (Value, error) {
			out := io.Writer(m.Out())
			if toErr {
				out = m.Err()
			}
			return value.Nil, l.write(out, texts, end)
		})
	}
}

// plain tells whether all values print without asking anybody.
func plain(vs []Value) bool {
	for _, v := range vs {
		switch v.Kind() {
		case value.KindString, value.KindInt, value.KindSymbol, value.KindNil, value.KindChar:
		default:
			return false
		}
	}
	return true
}

// writePlain prints without building the text first.
func (l *library) writePlain(vs []Value, end string) error {
	out := l.m.Out()
	for i, v := range vs {
		if i > 0 {
			out.WriteByte(' ')
		}
		switch v.Kind() {
		case value.KindString:
			out.WriteString(v.AsString())
		case value.KindInt:
			out.Write(strconv.AppendInt(out.AvailableBuffer(), v.AsInt(), 10))
		case value.KindSymbol:
			out.WriteString(v.AsSymbol().Name)
		case value.KindChar:
			out.WriteRune(v.AsChar())
		default:
			out.WriteString("nil")
		}
	}
	_, err := out.WriteString(end) // bufio keeps the first error
	return l.settle(err)
}

func (l *library) write(out io.Writer, texts []string, end string) error {
	var buf []byte
	for i, s := range texts {
		if i > 0 {
			buf = append(buf, ' ')
		}
		buf = append(buf, s...)
	}
	_, err := out.Write(append(buf, end...))
	return l.settle(err)
}

// settle ends a write to standard output: a terminal sees it at once.
func (l *library) settle(err error) error {
	if err == nil && l.stdin.interactive {
		err = l.m.Out().Flush()
	}
	return l.flushed(err)
}

// flushed turns a failed write, to a closed pipe for instance, into an IOError.
func (l *library) flushed(err error) error {
	if err == nil {
		return nil
	}
	return l.m.Raise(l.m.Errors.IO, vm.CodeIO, "Failed to write to standard output: %s", reason(err))
}

func (l *library) debug(m *VM, args []Value) (Value, error) {
	v := arg(args, 0)
	if !v.IsSet() {
		return value.Nil, nil
	}
	return m.Text(v, vm.TextLiteral, func(s string) (Value, error) {
		_, err := io.WriteString(m.Err(), "debug: "+s+"\n")
		return value.Nil, l.flushed(err)
	})
}

// isTerminal tells whether a stream is one that a person looks at.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
