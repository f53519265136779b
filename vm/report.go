package vm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"gene/compiler"
	"gene/syntax"
	"gene/value"
)

// ReportError writes the report of 9.7 about an uncaught error.
func (vm *VM) ReportError(err error) {
	vm.report(vm.Exception(err))
}

// ErrorText gives the report of 9.7 as text.
func (vm *VM) ErrorText(err error) string {
	var b bytes.Buffer
	vm.writeReport(&b, vm.Exception(err), "", 0)
	return b.String()
}

func (vm *VM) report(e *Exception) {
	w := vm.Err()
	if vm.opts.JSON {
		vm.writeJSON(w, vm.jsonReport(e, 0))
		for _, m := range data(e.Instance).more {
			vm.report(vm.single(m))
		}
		return
	}
	var b bytes.Buffer
	vm.writeReport(&b, e, "", 0)
	for _, m := range data(e.Instance).more {
		vm.writeReport(&b, vm.single(m), "", 0)
	}
	w.Write(b.Bytes())
}

// single makes the exception of one of several syntax or compile errors.
func (vm *VM) single(err error) *Exception {
	switch err := err.(type) {
	case *syntax.Error:
		return vm.Exception(syntax.Errors{err})
	case *compiler.Error:
		return vm.Exception(compiler.Errors{err})
	}
	return vm.Exception(err)
}

// where gives the place an exception is reported at.
func (d *excData) where() (file string, pos value.Pos) {
	if d.span != nil {
		return d.span.file, d.span.pos
	}
	return d.file, d.pos
}

func heading(file string, pos value.Pos) string {
	if file == "" {
		return ""
	}
	if pos.Line == 0 {
		return file + ": "
	}
	return fmt.Sprintf("%s:%d:%d: ", file, pos.Line, pos.Col)
}

// causeDepthMax bounds the chain of causes in a report.
const causeDepthMax = 20

func (vm *VM) writeReport(w *bytes.Buffer, e *Exception, prefix string, depth int) {
	d := data(e.Instance)
	file, pos := d.where()
	fmt.Fprintf(w, "%s%s%s: %s\n", prefix, heading(file, pos), e.Instance.Class().Name, e.Message())
	if depth == 0 {
		vm.writeSource(w, file, pos)
	}
	if d.hint != "" {
		fmt.Fprintf(w, "hint: %s\n", d.hint)
	}
	if d.span == nil || d.imported {
		for _, line := range d.traceLines() {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
	cause, ok := e.Instance.Get(symCause)
	if !ok || depth >= causeDepthMax {
		return
	}
	if cause.Kind() == value.KindInstance && cause.AsInstance().Class().IsA(vm.Errors.Exception) {
		vm.writeReport(w, &Exception{cause.AsInstance()}, "caused by ", depth+1)
	} else if text := value.Literal(cause); text != e.Message() && !cause.IsNil() && !cause.IsVoid() {
		fmt.Fprintf(w, "caused by %s\n", text)
	}
}

// traceLines gives the lines of a trace, from the inside out.
func (d *excData) traceLines() []string {
	var lines []string
	awaited := false
	for i, t := range d.trace {
		if d.lost > 0 && i == traceMax/2 {
			lines = append(lines, fmt.Sprintf("… %d more …", d.lost))
		}
		if t.awaited {
			awaited = true
			continue
		}
		if t.proto.Flags&compiler.FlagHidden != 0 {
			continue
		}
		at := fmt.Sprintf("%s:%d:%d", t.proto.File, t.pos.Line, t.pos.Col)
		switch {
		case awaited:
			lines = append(lines, "awaited at "+at)
			awaited = false
		case t.proto.Flags&compiler.FlagModule != 0 || t.proto.Name == "":
			lines = append(lines, "at "+at)
		default:
			lines = append(lines, fmt.Sprintf("at %s (%s)", t.proto.Name, at))
		}
	}
	return foldRepeats(lines)
}

// foldRepeats writes a line that comes many times in a row, as in a runaway
// recursion, three times and a count.
func foldRepeats(lines []string) []string {
	const most = 3
	var out []string
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines) && lines[j] == lines[i] {
			j++
		}
		out = append(out, lines[i:min(j, i+most)]...)
		if j-i > most {
			out = append(out, fmt.Sprintf("… the same %d times more …", j-i-most))
		}
		i = j
	}
	return out
}

// writeSource writes the line an error points at, with a caret below.
func (vm *VM) writeSource(w *bytes.Buffer, file string, pos value.Pos) {
	line, ok := vm.sourceLine(file, int(pos.Line))
	if !ok {
		return
	}
	const most = 160
	caret := int(pos.Col) - 1
	r := []rune(line)
	if len(r) > most {
		start := max(0, min(caret-most/2, len(r)-most))
		r = r[start:min(len(r), start+most)]
		caret -= start
	}
	pad := make([]rune, 0, caret)
	for i := 0; i < caret && i < len(r); i++ {
		if r[i] == '\t' {
			pad = append(pad, '\t')
		} else {
			pad = append(pad, ' ')
		}
	}
	fmt.Fprintf(w, "  %s\n  %s^\n", string(r), string(pad))
}

// sourceLine finds a line of a source text: of a module's text kept in memory,
// else of the file.
func (vm *VM) sourceLine(file string, n int) (string, bool) {
	if n < 1 {
		return "", false
	}
	text, ok := vm.sources[file]
	if !ok {
		b, err := os.ReadFile(file)
		if err != nil || !utf8.Valid(b) {
			return "", false
		}
		text = string(b)
	}
	lines := strings.SplitN(text, "\n", n+1)
	if n > len(lines) {
		return "", false
	}
	return strings.TrimRight(lines[n-1], "\r"), true
}

// jsonReport is a report as data, with the keys of 9.7.
func (vm *VM) jsonReport(e *Exception, depth int) map[string]any {
	d := data(e.Instance)
	file, pos := d.where()
	hints := []string{}
	if d.hint != "" {
		hints = append(hints, d.hint)
	}
	trace := []string{}
	if d.span == nil || d.imported {
		trace = append(trace, d.traceLines()...)
	}
	code := CodeRuntime
	if v, ok := e.Instance.Get(symCode); ok && v.Kind() == value.KindString {
		code = v.AsString()
	}
	var cause any
	if v, ok := e.Instance.Get(symCause); ok && depth < causeDepthMax {
		if v.Kind() == value.KindInstance && v.AsInstance().Class().IsA(vm.Errors.Exception) {
			cause = vm.jsonReport(&Exception{v.AsInstance()}, depth+1)
		} else {
			cause = value.Literal(v)
		}
	}
	return map[string]any{
		"severity": "error", "class": e.Instance.Class().Name, "code": code, "message": e.Message(),
		"file": file, "line": pos.Line, "column": pos.Col, "hints": hints, "trace": trace, "cause": cause,
	}
}

func (vm *VM) writeJSON(w io.Writer, m map[string]any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		fmt.Fprintf(w, "internal error: report: %v\n", err)
		return
	}
	w.Write(b.Bytes())
}

// writeWarning writes one warning line.
func (vm *VM) writeWarning(file string, pos value.Pos, msg string) {
	w := vm.Err()
	if vm.opts.JSON {
		vm.writeJSON(w, map[string]any{
			"severity": "warning", "class": "Warning", "code": CodeRuntime, "message": msg,
			"file": file, "line": pos.Line, "column": pos.Col, "hints": []string{}, "trace": []string{}, "cause": nil,
		})
		return
	}
	fmt.Fprintf(w, "%swarning: %s\n", heading(file, pos), msg)
}
