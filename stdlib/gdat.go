package stdlib

import (
	"os"
	"strings"
)

// gdatHeader is the first line of every .gdat file.
const gdatHeader = "#< gdat 1.0 >#"

// defineGdat defines gdat (13.9): values as JSON in files with a header.
func (l *library) defineGdat() {
	l.functions(l.m.Namespace("gdat"), []entry{
		{"save", "Writes a value to a .gdat file and gives its path.", l.saveGdat},
		{"load", "The value in a .gdat file.", l.loadGdat},
	})
}

func (l *library) saveGdat(m *VM, args []Value) (Value, error) {
	if len(args) < 2 {
		return argError(m, "gdat/save requires a value and a path")
	}
	path := args[1]
	p, err := filePath(m, path, "gdat/save")
	if err != nil {
		return Value{}, err
	}
	write := nativeValue("stringify", func(m *VM, args []Value) (Value, error) {
		return stringifyJSON("gdat/save")(m, args, nil)
	})
	return m.Invoke(write, []Value{args[0]}, func(s Value) (Value, error) {
		err := l.writeFile(p, gdatHeader+"\n"+s.AsString(), os.O_TRUNC)
		return path, l.fileError(err, "write file", p)
	})
}

func (l *library) loadGdat(m *VM, args []Value) (Value, error) {
	p, err := filePath(m, arg(args, 0), "gdat/load")
	if err != nil {
		return Value{}, err
	}
	s, err := checked(l.readFile(p))
	if err != nil {
		return Value{}, l.ioError(err, "read file", p)
	}
	first, rest, _ := strings.Cut(s, "\n")
	if strings.TrimRight(first, " \r") != gdatHeader {
		return runtimeError(m, "Invalid .gdat file header (expected %s)", gdatHeader)
	}
	parser := jsonParser{src: rest, final: true}
	v, ok := parser.only()
	if !ok {
		return Value{}, parser.raise(m, p, 2, 1)
	}
	return v, nil
}
