package stdlib

import (
	"context"
	"os"

	"gene/value"
	"gene/vm"
)

// defineAsyncFiles defines the forms of the file operations that give a future
// (10.6). None of them throws from the call itself.
func (l *library) defineAsyncFiles() {
	m := l.m
	io := m.Namespace("gene/io")
	file := io.Cell(value.Intern("File")).V.AsClass().Members
	read := entry{"read_async", "A future of the text of a file.", asyncNative(l.readAsync(func(s string) Value { return value.Str(s) }))}
	l.functions(io, []entry{read, {"write_async", "Writes a String to a file; a future of nil.", asyncNative(l.ioWriteAsync)}})
	l.functions(file, []entry{
		read,
		{"read_lines_async", "A future of the lines of a file.", asyncNative(l.readAsync(linesOf))},
		{"write_async", "Writes the text of a value; a future of nil.", asyncNative(l.writeAsync("write", os.O_TRUNC))},
		{"append_async", "Appends the text of a value; a future of nil.", asyncNative(l.writeAsync("append", os.O_APPEND))},
		{"exists_async", "A future of whether a path names a plain file.", asyncNative(func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "File/exists_async")
			if err != nil {
				return Value{}, err
			}
			full := l.path(p)
			return start(l, onWorker, func(context.Context) (bool, error) {
				return isPlainFile(full), nil
			}, func(is bool, err error) (Value, error) { return value.Bool(is), err }), nil
		})},
		{"delete_async", "Removes a file if it is there; a future of nil.", asyncNative(func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "File/delete_async")
			if err != nil {
				return Value{}, err
			}
			full := l.path(p)
			return l.startChange("delete file", p, onWorker, func(context.Context) error { return deleteFile(full) }), nil
		})},
	})
}

// placeFor says where to read or write a path: what may wait for somebody else
// must not take a worker.
func placeFor(path string) how {
	if isSlow(path) {
		return inPoller
	}
	return onWorker
}

func (l *library) readAsync(result func(string) Value) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "File/read_async")
		if err != nil {
			return Value{}, err
		}
		full := l.path(p)
		return start(l, placeFor(full), func(ctx context.Context) (string, error) {
			return checked(load(ctx, full))
		}, func(s string, err error) (Value, error) {
			if err != nil {
				return Value{}, l.ioError(err, "read file", p)
			}
			return result(s), nil
		}), nil
	}
}

// startChange starts work that changes something and may fail with an IOError.
func (l *library) startChange(what, path string, where how, work func(context.Context) error) Value {
	return startFor(l, l.m.NewEffect(), where, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, work(ctx)
	}, func(_ struct{}, err error) (Value, error) { return value.Nil, l.fileError(err, what, path) })
}

func (l *library) startWrite(what, path, content string, flags int) Value {
	full := l.path(path)
	return l.startChange(what, path, placeFor(full), func(ctx context.Context) error {
		return save(ctx, full, content, flags)
	})
}

func (l *library) ioWriteAsync(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "File/write_async")
	if err != nil {
		return Value{}, err
	}
	s, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "File/write_async requires string content")
	}
	return l.startWrite("write file", p, s, os.O_TRUNC), nil
}

func (l *library) writeAsync(verb string, flags int) vm.NativeFn {
	what := verb + " file"
	if verb == "append" {
		what = "append to file"
	}
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "File/"+verb+"_async")
		if err != nil {
			return Value{}, err
		}
		if len(args) < 2 {
			return argError(m, "File/%s_async requires path and content", verb)
		}
		v := args[1]
		if v.Kind() == value.KindString {
			return l.startWrite(what, p, v.AsString(), flags), nil
		}
		return l.textOrFail(v, func(s string) Value { return l.startWrite(what, p, s, flags) })
	}
}

// textOrFail gives what then makes of the text of a value, or a failed future
// when its to_s throws.
func (l *library) textOrFail(v Value, then func(string) Value) (Value, error) {
	return l.m.InvokeTry(vm.NewNative("text", printText).Value(), []Value{v}, func(s Value) (Value, error) {
		return then(s.AsString()), nil
	}, func(e *vm.Exception) (Value, error) { return l.m.Failed(e), nil })
}
