package stdlib

import (
	"fmt"

	"gene/value"
	"gene/vm"
)

// maxJSONDepth bounds the nesting of JSON that is read or written. It keeps
// the recursion far from the end of Go's stack, and is what printing shows.
const maxJSONDepth = 10_000

// defineJSON defines gene/json (13.8), and to_json of arrays and maps.
func (l *library) defineJSON() {
	ns := l.m.Namespace("gene/json")
	l.functions(ns, []entry{
		{"parse", "The value of a JSON text.", parseJSON},
		{"parse_all", "The values of a text that holds several JSON texts, one per line for instance.", parseAllJSON},
		{"reader", "An object that reads the JSON texts of a file one by one.", l.newJSONReader(l.jsonReaderClass())},
		{"serialize", "A value as tagged JSON, without loss.", serializeJSON},
		{"deserialize", "The value of a tagged JSON text.", deserializeJSON},
	})
	l.kwFunctions(ns, []kwEntry{
		{"stringify", "A value as JSON text; ^pretty or ^indent spreads it over lines.", stringifyJSON("json.stringify")},
	})
	for _, kind := range []value.Kind{value.KindArray, value.KindMap} {
		l.kwMethods(l.m.Class(kind), []kwEntry{{"to_json", "The value as JSON text.", stringifyJSON("to_json")}})
	}
}

// jsonError raises the error of a JSON text that can't be read.
func jsonError(m *VM, format string, args ...any) error {
	return m.Raise(m.Errors.Exception, vm.CodeJSON, "%s", fmt.Sprintf(format, args...))
}

func parseJSON(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "json.parse expects a string")
	}
	return parseOneJSON(m, s)
}

// parseOneJSON reads a text that holds one value.
func parseOneJSON(m *VM, s string) (Value, error) {
	p := jsonParser{src: s, final: true}
	v, ok := p.only()
	if !ok {
		return Value{}, p.raise(m, "input", 1, 1)
	}
	return v, nil
}

func parseAllJSON(m *VM, args []Value) (Value, error) {
	s, ok := text(arg(args, 0))
	if !ok {
		return argError(m, "json.parse_all expects a string")
	}
	p := jsonParser{src: s, final: true}
	var all []Value
	for p.more() {
		v, ok := p.value()
		if !ok {
			return Value{}, p.raise(m, "input", 1, 1)
		}
		all = append(all, v)
	}
	return value.NewArray(all).Value(), nil
}
