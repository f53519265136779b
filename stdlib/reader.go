package stdlib

import (
	"errors"
	"io"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// defineReader defines what reads Gene text as data (13.2).
func (l *library) defineReader() {
	m := l.m
	l.functions(m.Globals, []entry{
		{"parse", "The first form of a text, unevaluated.", parseText},
		{"parse_file", "All forms of a file, or a call for each.", l.parseFile},
		{"parser", "An object that reads the forms of a file one by one.", l.newParser},
	})
	l.functions(m.Dollar, []entry{
		{"parse", "The first form of a text, unevaluated.", parseText},
	})
	c := m.NewClass("GeneParser", nil)
	l.parserClass = c
	l.methods(c, []entry{
		{"read", "The next form, or nil at the end.", parserRead},
		{"close", "Ends reading.", func(m *VM, args []Value) (Value, error) {
			args[0].AsInstance().Data.(*parser).reader = nil
			return value.Nil, nil
		}},
	})
}

// parseError turns the reader's errors into a ParseException.
func parseError(m *VM, err error) error {
	msg := err.Error()
	var errs syntax.Errors
	if errors.As(err, &errs) && len(errs) > 0 {
		msg = errs[0].Msg
		if errs[0].File != "" {
			msg = errs[0].Error()
		}
	}
	return m.Raise(m.Errors.Parse, vm.CodeParse, "%s", msg)
}

func parseText(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "parse requires a string")
	}
	v, err := syntax.ReadOne(s)
	if err != nil {
		return Value{}, parseError(m, err)
	}
	return v, nil
}

// source reads a file of Gene text.
func (l *library) source(m *VM, args []Value, what string) (path, content string, err error) {
	path, ok := text(arg(args, 0))
	if !ok {
		return "", "", m.ArgError("%s requires a file path", what)
	}
	data, err := l.readFile(path)
	if isException(err) {
		return "", "", err
	}
	if err != nil {
		return "", "", m.Raise(m.Errors.IO, vm.CodeIO, "Failed to open file '%s'", path)
	}
	return path, string(data), nil
}

func (l *library) parseFile(m *VM, args []Value) (Value, error) {
	path, content, err := l.source(m, args, "parse_file")
	if err != nil {
		return Value{}, err
	}
	f, errs := syntax.Read(path, content)
	if err := errs.Err(); err != nil {
		return Value{}, parseError(m, err)
	}
	forms := value.NewArray(f.Forms).Value()
	if fn := arg(args, 1); fn.IsSet() {
		return m.InvokeMethod(forms, "each", []Value{fn}, discard)
	}
	return forms, nil
}

func (l *library) newParser(m *VM, args []Value) (Value, error) {
	path, content, err := l.source(m, args, "parser")
	if err != nil {
		return Value{}, err
	}
	p := value.NewInstance(l.parserClass)
	p.Data = &parser{path, syntax.NewReader(path, content)}
	return p.Value(), nil
}

// parser reads the forms of a file one by one.
type parser struct {
	path   string
	reader *syntax.Reader // nil once closed
}

// GeneText is the printed form.
func (p *parser) GeneText() string { return "<parser " + p.path + ">" }

func parserRead(m *VM, args []Value) (Value, error) {
	r := args[0].AsInstance().Data.(*parser).reader
	if r == nil {
		return value.Nil, nil
	}
	v, _, err := r.Next()
	switch {
	case err == io.EOF:
		return value.Nil, nil
	case err != nil:
		return Value{}, parseError(m, err)
	}
	return v, nil
}
