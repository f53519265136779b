package stdlib

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gene/value"
	"gene/vm"
)

// defineDirs defines the operations on directories (13.6), plain and with
// futures.
func (l *library) defineDirs() {
	m := l.m
	c := m.NewClass("Dir", nil)
	m.Namespace("gene/io").Set(value.Intern("Dir"), c.Value())
	l.functions(c.Members, []entry{
		{"create", "Makes a directory and its parents.", l.dirChange("create", makeDir)},
		{"delete", "Removes a directory with all it holds.", l.dirChange("delete", removeDir)},
		{"list", "The paths of what a directory holds.", func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "Dir/list")
			if err != nil {
				return Value{}, err
			}
			names, err := listDir(l.path(p))
			if err != nil {
				return Value{}, l.ioError(err, "list directory", p)
			}
			return joined(p, names), nil
		}},
		{"exists", "Whether a path names a directory.", func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "Dir/exists")
			if err != nil {
				return Value{}, err
			}
			return value.Bool(isDir(l.path(p))), nil
		}},
		{"create_async", "Makes a directory and its parents; a future of nil.", asyncNative(l.dirChangeAsync("create", makeDir))},
		{"delete_async", "Removes a directory with all it holds; a future of nil.", asyncNative(l.dirChangeAsync("delete", removeDir))},
		{"list_async", "A future of the paths of what a directory holds.", asyncNative(l.listAsync)},
		{"exists_async", "A future of whether a path names a directory.", asyncNative(l.dirExistsAsync)},
	})
}

func makeDir(path string) error { return os.MkdirAll(path, 0o777) }

// removeDir removes a directory; what isn't one stays.
func removeDir(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return errors.New("not a directory")
	}
	return os.RemoveAll(path)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// listDir gives the names in a directory; a missing one holds nothing.
func listDir(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func joined(dir string, names []string) Value {
	sep := "/"
	if strings.HasSuffix(dir, "/") || dir == "" {
		sep = ""
	}
	out := make([]Value, len(names))
	for i, n := range names {
		out[i] = value.Str(dir + sep + n)
	}
	return value.NewArray(out).Value()
}

func (l *library) dirChange(verb string, change func(string) error) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "Dir/"+verb)
		if err != nil {
			return Value{}, err
		}
		return value.Nil, l.fileError(change(l.path(p)), verb+" directory", p)
	}
}

func (l *library) dirChangeAsync(verb string, change func(string) error) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), "Dir/"+verb+"_async")
		if err != nil {
			return Value{}, err
		}
		full := l.path(p)
		return l.startChange(verb+" directory", p, onWorker, func(context.Context) error { return change(full) }), nil
	}
}

func (l *library) listAsync(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "Dir/list_async")
	if err != nil {
		return Value{}, err
	}
	full := l.path(p)
	return start(l, onWorker, func(context.Context) ([]string, error) { return listDir(full) },
		func(names []string, err error) (Value, error) {
			if err != nil {
				return Value{}, l.ioError(err, "list directory", p)
			}
			return joined(p, names), nil
		}), nil
}

func (l *library) dirExistsAsync(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "Dir/exists_async")
	if err != nil {
		return Value{}, err
	}
	full := l.path(p)
	return start(l, onWorker, func(context.Context) (bool, error) { return isDir(full), nil },
		func(is bool, err error) (Value, error) { return value.Bool(is), err }), nil
}

// definePaths defines the functions on paths as texts.
func (l *library) definePaths() {
	l.functions(l.m.Namespace("gene/io"), []entry{
		{"path_join", "Paths joined.", func(m *VM, args []Value) (Value, error) {
			parts := make([]string, len(args))
			for i, v := range args {
				p, err := filePath(m, v, "path_join")
				if err != nil {
					return Value{}, err
				}
				parts[i] = p
			}
			return value.Str(filepath.ToSlash(filepath.Join(parts...))), nil
		}},
		{"path_abs", "The absolute form of a path.", onPath("path_abs", func(p string) (string, error) { return filepath.Abs(l.path(p)) })},
		{"path_basename", "The last part of a path.", onPath("path_basename", always(filepath.Base))},
		{"path_dirname", "A path without its last part.", onPath("path_dirname", always(filepath.Dir))},
		{"path_ext", "The last extension of a path with its dot.", onPath("path_ext", always(filepath.Ext))},
	})
}

func always(f func(string) string) func(string) (string, error) {
	return func(p string) (string, error) { return f(p), nil }
}

func onPath(name string, f func(string) (string, error)) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		p, err := filePath(m, arg(args, 0), name)
		if err != nil {
			return Value{}, err
		}
		out, err := f(p)
		if err != nil {
			return Value{}, m.Raise(m.Errors.IO, vm.CodeIO, "%s: %s", name, reason(err))
		}
		return value.Str(out), nil
	}
}
