package stdlib

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gene/value"
	"gene/vm"
)

// fileOp is an operation on files that exists twice: plain, where it blocks the
// program (an Interrupt ends it), and as NAME_async, which gives a future.
type fileOp struct {
	name, doc string
	what      string // in `Failed to WHAT 'path'`
	effect    bool   // its future keeps the program alive
	// prepare reads the operands and gives the path for messages and the work, which
	// runs on any goroutine. What the work gives is called on the VM's, to make the value.
	prepare func(m *VM, args []Value, kw *value.Map) (path string, work fileWork, err error)
}

type fileWork func(ctx context.Context) (func() Value, error)

// fileOps defines operations in a namespace.
func (l *library) fileOps(ns *value.Namespace, ops []fileOp) {
	for _, op := range ops {
		l.kwFunctions(ns, []kwEntry{
			{op.name, op.doc, l.blocking(op)},
			{op.name + "_async", op.doc + " A future of that.", l.later(op)},
		})
	}
}

// fileMethods defines operations as methods.
func (l *library) fileMethods(c *value.Class, ops []fileOp) {
	for _, op := range ops {
		l.kwMethods(c, []kwEntry{
			{op.name, op.doc, l.blocking(op)},
			{op.name + "_async", op.doc + " A future of that.", l.later(op)},
		})
	}
}

func (l *library) blocking(op fileOp) vm.NativeKwFn {
	return func(m *VM, args []Value, kw *value.Map) (Value, error) {
		path, work, err := op.prepare(m, args, kw)
		if err != nil {
			return Value{}, err
		}
		var result func() Value
		if blockErr := l.block(func(ctx context.Context) { result, err = work(ctx) }); blockErr != nil {
			return Value{}, blockErr
		}
		return l.fileResult(op, path, result, err)
	}
}

func (l *library) later(op fileOp) vm.NativeKwFn {
	return Later(func(m *VM, args []Value, kw *value.Map) (Value, error) {
		path, work, err := op.prepare(m, clone(args), kw)
		if err != nil {
			return Value{}, err
		}
		future := m.NewFuture()
		if op.effect {
			future = m.NewEffect()
		}
		return startFor(l, future, onWorker, work, func(result func() Value, err error) (Value, error) {
			return l.fileResult(op, path, result, err)
		}), nil
	})
}

func (l *library) fileResult(op fileOp, path string, result func() Value, err error) (Value, error) {
	switch {
	case err != nil:
		return Value{}, l.ioError(err, op.what, path)
	case result == nil:
		return value.Nil, nil
	}
	return result(), nil
}

// onPathOp makes the prepare of an operation on one path.
func (l *library) onPathOp(what string, work func(ctx context.Context, full, path string) (func() Value, error)) func(*VM, []Value, *value.Map) (string, fileWork, error) {
	return func(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
		p, err := filePath(m, arg(args, 0), what)
		if err != nil {
			return "", nil, err
		}
		full := l.path(p)
		return p, func(ctx context.Context) (func() Value, error) { return work(ctx, full, p) }, nil
	}
}

// onTwoPaths makes the prepare of an operation from one path to another.
func (l *library) onTwoPaths(what string, work func(ctx context.Context, from, to string) error) func(*VM, []Value, *value.Map) (string, fileWork, error) {
	return func(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
		from, err := filePath(m, arg(args, 0), what)
		if err != nil {
			return "", nil, err
		}
		to, err := filePath(m, arg(args, 1), what)
		if err != nil {
			return "", nil, err
		}
		src, dst := l.path(from), l.path(to)
		return from + "' to '" + to, func(ctx context.Context) (func() Value, error) { return nil, work(ctx, src, dst) }, nil
	}
}

// defineFileOps defines the operations on files beyond the table of 13.6.
func (l *library) defineFileOps() {
	m := l.m
	io := m.Namespace("gene/io")
	file := io.Cell(value.Intern("File")).V.AsClass().Members
	dir := io.Cell(value.Intern("Dir")).V.AsClass().Members
	stat := fileOp{"stat", "What is known of a path, as a map; nil when nothing is there.", "stat file", false,
		l.onPathOp("File/stat", func(_ context.Context, full, _ string) (func() Value, error) { return statFile(full, os.Lstat) })}
	rename := fileOp{"rename", "Gives a file or directory another path.", "rename", true,
		l.onTwoPaths("File/rename", func(_ context.Context, from, to string) error { return os.Rename(from, to) })}
	l.fileOps(file, []fileOp{
		stat, rename,
		{"copy", "Copies a file with its mode.", "copy", true, l.onTwoPaths("File/copy", copyFile)},
		{"write_atomic", "Replaces the content of a file whole or not at all.", "write file", true, l.writeAtomic},
		{"read_bytes", "The content of a file as Bytes.", "read file", false, l.onPathOp("File/read_bytes", func(ctx context.Context, full, _ string) (func() Value, error) {
			data, err := load(ctx, full)
			return func() Value { return value.NewBytes(data) }, err
		})},
		{"write_bytes", "Replaces the content of a file by Bytes.", "write file", true, l.writeBytes},
		{"symlink", "Makes a symbolic link: what it points to, then its path.", "link", true, l.symlink},
		{"readlink", "What a symbolic link points to.", "read link", false, l.onPathOp("File/readlink", func(_ context.Context, full, _ string) (func() Value, error) {
			to, err := os.Readlink(full)
			return func() Value { return value.Str(to) }, err
		})},
		{"chmod", "Sets the permissions, an Int such as 420 or a text such as \"644\".", "change mode of", true, l.chmod},
		{"size", "The number of bytes of a file.", "stat file", false, l.onPathOp("File/size", func(_ context.Context, full, _ string) (func() Value, error) {
			info, err := os.Stat(full)
			if err != nil {
				return nil, err
			}
			return func() Value { return value.Int(info.Size()) }, nil
		})},
		{"touch", "Sets the times of a file to now, making it when it is missing.", "touch file", true, l.onPathOp("File/touch", touch)},
		{"truncate", "Cuts or extends a file to a size.", "truncate file", true, l.truncate},
		{"temp", "The path of a new empty file in the directory for temporary files.", "create temporary file", true, l.temp(false)},
	})
	l.fileOps(dir, []fileOp{
		stat, rename,
		{"walk", "The paths of all that a directory holds, at any depth, in order.", "walk directory", false, l.onPathOp("Dir/walk", walkDir)},
		{"glob", "The paths that a pattern such as src/**/*.gene matches, in order.", "glob", false, l.onPathOp("Dir/glob", l.globPaths)},
		{"copy", "Copies a directory with all it holds.", "copy", true, l.onTwoPaths("Dir/copy", copyTree)},
		{"temp", "The path of a new directory among the temporary files.", "create temporary directory", true, l.temp(true)},
	})
	l.functions(io, []entry{
		{"path_clean", "The shortest form of a path.", onPath("path_clean", always(filepath.Clean))},
		{"path_stem", "The last part of a path without its extension.", onPath("path_stem", always(func(p string) string {
			return strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))
		}))},
		{"path_is_abs", "Whether a path is absolute.", func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "path_is_abs")
			return value.Bool(filepath.IsAbs(p)), err
		}},
		{"path_rel", "A path relative to another: base, then path.", func(m *VM, args []Value) (Value, error) {
			base, err := filePath(m, arg(args, 0), "path_rel")
			if err != nil {
				return Value{}, err
			}
			p, err := filePath(m, arg(args, 1), "path_rel")
			if err != nil {
				return Value{}, err
			}
			rel, err := filepath.Rel(l.path(base), l.path(p))
			if err != nil {
				return argError(m, "path_rel: there is no way from '%s' to '%s'", base, p)
			}
			return value.Str(rel), nil
		}},
		{"path_split", "The parts of a path.", func(m *VM, args []Value) (Value, error) {
			p, err := filePath(m, arg(args, 0), "path_split")
			return stringArray(strings.FieldsFunc(p, func(r rune) bool { return r == '/' })), err
		}},
		{"temp_dir", "The directory for temporary files.", func(m *VM, args []Value) (Value, error) { return value.Str(os.TempDir()), nil }},
		{"home_dir", "The user's directory, or nil.", func(m *VM, args []Value) (Value, error) {
			if home := l.env.vars["HOME"]; home != "" {
				return value.Str(home), nil
			}
			return value.Nil, nil
		}},
	})
}

// kindOf names the kind of a file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "file"
	case mode.IsDir():
		return "dir"
	case mode&fs.ModeSymlink != 0:
		return "symlink"
	case mode&fs.ModeNamedPipe != 0:
		return "fifo"
	case mode&fs.ModeSocket != 0:
		return "socket"
	}
	return "device"
}

func statFile(full string, stat func(string) (fs.FileInfo, error)) (func() Value, error) {
	info, err := stat(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return func() Value {
		out := value.NewMap(6)
		out.SetText("size", value.Int(info.Size()))
		out.SetText("mtime", value.Float(float64(info.ModTime().UnixMicro())/1e6))
		out.SetText("mode", value.Str(fmt.Sprintf("%03o", info.Mode().Perm())))
		out.SetText("kind", value.Str(kindOf(info.Mode())))
		return out.Value()
	}, nil
}

// copyFile copies a plain file by way of a temporary one, so that the target
// is never half a copy.
func copyFile(ctx context.Context, from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a plain file")
	}
	if at, err := os.Stat(to); err == nil {
		if at.IsDir() {
			to = filepath.Join(to, filepath.Base(from))
			at, _ = os.Stat(to)
		}
		if at != nil && os.SameFile(info, at) {
			return errors.New("source and target are the same file")
		}
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return replaceFile(to, info.Mode().Perm(), false, func(w io.Writer) error {
		_, err := io.Copy(w, ctxReader{ctx, src})
		return err
	})
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (r ctxReader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// replaceFile writes a temporary file beside the target, makes sure that it is on the disk
// where sync says so, and renames it: others see the old content or the new one.
func replaceFile(path string, mode fs.FileMode, sync bool, write func(io.Writer) error) (err error) {
	if target, linkErr := filepath.EvalSymlinks(path); linkErr == nil {
		path = target // a link stays one
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if err = f.Chmod(mode); err != nil {
		return err
	}
	if sync {
		if err = f.Sync(); err != nil {
			return err
		}
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	if sync {
		syncDir(filepath.Dir(path))
	}
	return nil
}

// syncDir makes a rename last; where directories can't be synced, nothing can.
func syncDir(path string) {
	if d, err := os.Open(path); err == nil {
		d.Sync()
		d.Close()
	}
}

// contentOf gives the bytes of a String or Bytes.
func contentOf(v Value) (string, bool) {
	if v.Kind() == value.KindBytes {
		return string(v.AsBytes()), true
	}
	return text(v)
}

func (l *library) writeAtomic(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
	p, err := filePath(m, arg(args, 0), "File/write_atomic")
	if err != nil {
		return "", nil, err
	}
	content, ok := contentOf(arg(args, 1))
	if !ok {
		return "", nil, m.ArgError("File/write_atomic requires string or Bytes content")
	}
	full := l.path(p)
	return p, func(context.Context) (func() Value, error) {
		mode := fs.FileMode(0o644)
		if info, err := os.Stat(full); err == nil {
			if !info.Mode().IsRegular() {
				return nil, errors.New("not a plain file")
			}
			mode = info.Mode().Perm()
		}
		return nil, replaceFile(full, mode, true, func(w io.Writer) error {
			_, err := io.WriteString(w, content)
			return err
		})
	}, nil
}

func (l *library) writeBytes(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
	p, err := filePath(m, arg(args, 0), "File/write_bytes")
	if err != nil {
		return "", nil, err
	}
	if arg(args, 1).Kind() != value.KindBytes {
		return "", nil, m.ArgError("File/write_bytes requires Bytes")
	}
	full, content := l.path(p), string(args[1].AsBytes())
	return p, func(ctx context.Context) (func() Value, error) {
		return nil, save(ctx, full, content, os.O_TRUNC)
	}, nil
}

// symlink takes the target as it is: it is relative to the link.
func (l *library) symlink(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
	target, err := filePath(m, arg(args, 0), "File/symlink")
	if err != nil {
		return "", nil, err
	}
	p, err := filePath(m, arg(args, 1), "File/symlink")
	if err != nil {
		return "", nil, err
	}
	full := l.path(p)
	return p, func(context.Context) (func() Value, error) { return nil, os.Symlink(target, full) }, nil
}

func (l *library) chmod(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
	p, err := filePath(m, arg(args, 0), "File/chmod")
	if err != nil {
		return "", nil, err
	}
	mode, ok := int64(0), false
	switch v := arg(args, 1); {
	case v.IsInt():
		mode, ok = v.AsInt(), true
	case v.Kind() == value.KindString:
		_, scanErr := fmt.Sscanf(v.AsString(), "%o", &mode)
		ok = scanErr == nil
	}
	if !ok || mode < 0 || mode > 0o777 {
		return "", nil, m.ArgError("File/chmod requires a mode from 0 to 511, or a text such as \"644\"")
	}
	full := l.path(p)
	return p, func(context.Context) (func() Value, error) { return nil, os.Chmod(full, fs.FileMode(mode)) }, nil
}

func touch(_ context.Context, full, _ string) (func() Value, error) {
	f, err := os.OpenFile(full, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	now := time.Now()
	return nil, os.Chtimes(full, now, now)
}

func (l *library) truncate(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
	p, err := filePath(m, arg(args, 0), "File/truncate")
	if err != nil {
		return "", nil, err
	}
	size := orInt(arg(args, 1), 0)
	if !size.IsInt() || size.AsInt() < 0 {
		return "", nil, m.ArgError("File/truncate requires a size of at least 0")
	}
	full := l.path(p)
	return p, func(context.Context) (func() Value, error) { return nil, os.Truncate(full, size.AsInt()) }, nil
}

// temp makes (File/temp prefix? suffix?).
func (l *library) temp(dir bool) func(*VM, []Value, *value.Map) (string, fileWork, error) {
	return func(m *VM, args []Value, kw *value.Map) (string, fileWork, error) {
		name := "gene-"
		for i, part := range args[:min(len(args), 2)] {
			s, ok := text(part)
			if !ok || strings.ContainsAny(s, "/\x00*") {
				return "", nil, m.ArgError("temp requires a prefix and a suffix without slashes")
			}
			if i == 0 {
				name = s
			} else {
				name += "*" + s
			}
		}
		return name, func(context.Context) (func() Value, error) {
			if dir {
				path, err := os.MkdirTemp("", name)
				return func() Value { return value.Str(path) }, err
			}
			f, err := os.CreateTemp("", name)
			if err != nil {
				return nil, err
			}
			return func() Value { return value.Str(f.Name()) }, f.Close()
		}, nil
	}
}

// pathsMax bounds how many paths a walk or glob gives.
const pathsMax = 10_000_000

// walk calls f for all paths below root, in order, without following links.
func walk(ctx context.Context, root string, f func(path string, d fs.DirEntry)) error {
	n := 0
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		if err != nil {
			// What vanished meanwhile is no longer there; the root must be.
			if path != root && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if path == root {
			return nil
		}
		if n++; n > pathsMax {
			return fmt.Errorf("more than %d paths", pathsMax)
		}
		f(path, d)
		return nil
	})
}

func walkDir(ctx context.Context, full, path string) (func() Value, error) {
	var found []string
	err := walk(ctx, full, func(p string, d fs.DirEntry) {
		found = append(found, strings.TrimSuffix(path, "/")+filepath.ToSlash(strings.TrimPrefix(p, strings.TrimSuffix(full, "/"))))
	})
	return func() Value { return stringArray(found) }, err
}

// globPaths matches a pattern: * and ? within a part, ** over parts, and [a-z].
func (l *library) globPaths(ctx context.Context, full, pattern string) (func() Value, error) {
	base := globBase(pattern)
	for _, part := range strings.Split(pattern, "/") {
		if _, err := filepath.Match(part, ""); err != nil {
			return nil, errors.New("malformed pattern")
		}
	}
	root := strings.TrimSuffix(full, pattern) + base
	if root == "" {
		root = "."
	}
	want := strings.Split(strings.TrimPrefix(pattern[len(base):], "/"), "/")
	var found []string
	if pattern == base {
		if _, err := os.Lstat(full); err == nil {
			found = append(found, pattern)
		}
		return func() Value { return stringArray(found) }, nil
	}
	err := walk(ctx, root, func(p string, d fs.DirEntry) {
		rel, _ := filepath.Rel(root, p)
		if rel = filepath.ToSlash(rel); globMatch(want, strings.Split(rel, "/")) {
			prefix := base
			if prefix != "" && !strings.HasSuffix(prefix, "/") {
				prefix += "/"
			}
			found = append(found, prefix+rel)
		}
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		err = nil
	}
	slices.Sort(found)
	return func() Value { return stringArray(found) }, err
}

// globBase is the part of a pattern before the first part with a wildcard.
func globBase(pattern string) string {
	meta := strings.IndexAny(pattern, "*?[")
	if meta < 0 {
		return pattern
	}
	return pattern[:strings.LastIndexByte(pattern[:meta], '/')+1]
}

// globMatch matches parts. The states after each part of the pattern are kept in a row, so
// that many ** take no more than the product of the lengths.
func globMatch(pattern, path []string) bool {
	reach := make([]bool, len(path)+1)
	reach[0] = true
	for _, p := range pattern {
		next := make([]bool, len(path)+1)
		for i := range reach {
			if p == "**" {
				next[i] = reach[i] || i > 0 && next[i-1]
			} else if i > 0 && reach[i-1] {
				next[i], _ = filepath.Match(p, path[i-1])
			}
		}
		reach = next
	}
	return reach[len(path)]
}

func copyTree(ctx context.Context, from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New("not a directory")
	}
	inner, err := filepath.Rel(from, to)
	if err == nil && inner != ".." && !strings.HasPrefix(inner, "../") {
		return errors.New("a directory can't be copied into itself")
	}
	if err := os.MkdirAll(to, info.Mode().Perm()|0o700); err != nil {
		return err
	}
	var failed error
	err = walk(ctx, from, func(p string, d fs.DirEntry) {
		if failed == nil {
			failed = copyEntry(ctx, p, filepath.Join(to, strings.TrimPrefix(p, from)), d)
		}
	})
	return errors.Join(failed, err)
}

func copyEntry(ctx context.Context, from, to string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	switch {
	case d.IsDir():
		return os.MkdirAll(to, info.Mode().Perm()|0o700)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	return copyFile(ctx, from, to)
}
