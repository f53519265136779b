package stdlib

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gene/syntax"
	"gene/value"
)

// A tree is a value in one file, base.gene, or a map whose entries have a file
// each, base/key.gene. Then base/.keys.gene has the order of the keys.
const (
	treeExt  = ".gene"
	treeKeys = ".keys" + treeExt
)

func (l *library) writeTree(m *VM, args []Value, kw *value.Map) (Value, error) {
	base, err := filePath(m, arg(args, 0), "serdes.write_tree")
	if err != nil {
		return Value{}, err
	}
	if len(args) < 2 {
		return argError(m, "serdes.write_tree requires a path and a value")
	}
	sep := keyword(kw, "separate")
	if !sep.IsSet() || sep.Kind() == value.KindArray && len(items(sep)) == 0 || !sep.Truthy() {
		s, err := serialized(m, args[1])
		if err == nil {
			err = l.writeTreeFile(base+treeExt, s)
		}
		return value.Nil, err
	}
	if args[1].Kind() != value.KindMap {
		return argError(m, "serdes.write_tree ^separate requires a map, got %s", value.TypeName(args[1]))
	}
	return value.Nil, l.writeParts(m, base, args[1].AsMap())
}

// writeTreeFile writes a file and the directories above it.
func (l *library) writeTreeFile(path, content string) error {
	if err := os.MkdirAll(l.path(filepath.Dir(path)), 0o777); err != nil {
		return l.ioError(err, "create directory", filepath.Dir(path))
	}
	return l.fileError(l.writeFile(path, content, os.O_TRUNC), "write file", path)
}

// writeParts stores the entries of a map. All texts are made before the first
// is written; files of an older tree go away.
func (l *library) writeParts(m *VM, base string, t *value.Map) error {
	var names, texts []string
	var keys []Value
	for _, e := range t.Entries() {
		if e.Key == nil {
			continue
		}
		s, err := serialized(m, e.Val)
		if err != nil {
			return err
		}
		names, texts = append(names, treeName(e.Key.Name)), append(texts, s)
		keys = append(keys, value.Str(e.Key.Name))
	}
	for i, name := range names {
		if err := l.writeTreeFile(filepath.Join(base, name), texts[i]); err != nil {
			return err
		}
	}
	if err := l.writeTreeFile(filepath.Join(base, treeKeys), syntax.Source(value.NewArray(keys).Value())); err != nil {
		return err
	}
	old, err := l.partNames(base)
	if err != nil {
		return err
	}
	for _, name := range old {
		if !slices.Contains(names, name) {
			if err := l.dropPart(filepath.Join(base, name)); err != nil {
				return err
			}
		}
	}
	return l.dropPart(base + treeExt)
}

// dropPart removes a file of an older tree; other files stay.
func (l *library) dropPart(path string) error {
	data, err := os.ReadFile(l.path(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && strings.HasPrefix(string(data), "("+strings.Join(serdesWrapper, "/")) {
		err = os.Remove(l.path(path))
	}
	return l.fileError(err, "delete file", path)
}

// treeName is the file name of a key: letters, digits, - and _ stand for
// themselves, other bytes are written as %XX; the empty key is a lone %.
func treeName(key string) string {
	if key == "" {
		return "%" + treeExt
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		switch c := key[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z', isDigit(c), c == '-', c == '_', c == '.' && i > 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String() + treeExt
}

// treeKey is the key of a file name.
func treeKey(name string) string {
	if name = strings.TrimSuffix(name, treeExt); name == "%" {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		var c byte
		if name[i] == '%' && i+3 <= len(name) {
			if _, err := fmt.Sscanf(name[i+1:i+3], "%02X", &c); err == nil {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

// partNames gives the names of the files of entries, in alphabetical order.
func (l *library) partNames(base string) ([]string, error) {
	entries, err := os.ReadDir(l.path(base))
	if err != nil {
		return nil, l.ioError(err, "read directory", base)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), treeExt) && e.Name()[0] != '.' {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (l *library) readTree(m *VM, args []Value, kw *value.Map) (Value, error) {
	base, err := filePath(m, arg(args, 0), "serdes.read_tree")
	if err != nil {
		return Value{}, err
	}
	if info, err := os.Stat(l.path(base)); err == nil && info.IsDir() && !isPlainFile(l.path(base+treeExt)) {
		return l.readParts(m, base)
	}
	s, err := l.treeText(base + treeExt)
	if err != nil {
		return Value{}, err
	}
	return deserialized(m, s)
}

func (l *library) treeText(path string) (string, error) {
	s, err := checked(l.readFile(path))
	return s, l.fileError(err, "read file", path)
}

// readParts reads the entries of a map one after the other.
func (l *library) readParts(m *VM, base string) (Value, error) {
	names, err := l.partNames(base)
	if err != nil {
		return Value{}, err
	}
	names = l.inOrder(base, names)
	t := value.NewMap(len(names))
	var read func(i int) (Value, error)
	read = func(i int) (Value, error) {
		if i == len(names) {
			return t.Value(), nil
		}
		s, err := l.treeText(filepath.Join(base, names[i]))
		if err != nil {
			return Value{}, err
		}
		part := func(m *VM, args []Value) (Value, error) { return deserialized(m, s) }
		return m.Invoke(nativeValue("deserialize", part), nil, func(v Value) (Value, error) {
			t.SetText(treeKey(names[i]), v)
			return read(i + 1)
		})
	}
	return read(0)
}

// inOrder puts file names in the order that the tree was written in, as far as
// that is known.
func (l *library) inOrder(base string, names []string) []string {
	rank := map[string]int{}
	if data, err := os.ReadFile(l.path(filepath.Join(base, treeKeys))); err == nil {
		if v, err := syntax.ReadOne(string(data)); err == nil && v.Kind() == value.KindArray {
			for i, k := range items(v) {
				if s, ok := text(k); ok {
					rank[treeName(s)] = i + 1
				}
			}
		}
	}
	place := func(name string) int {
		if r, ok := rank[name]; ok {
			return r
		}
		return len(rank) + 1
	}
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	return names
}
