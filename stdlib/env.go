package stdlib

import (
	"encoding/base64"
	"strings"

	"gene/value"
	"gene/vm"
)

// environment is the program's own view of the environment variables: many VMs
// share one process, so set_env changes this one only.
type environment struct {
	names []string // in order
	vars  map[string]string
}

func newEnvironment(list []string) *environment {
	e := &environment{vars: make(map[string]string, len(list))}
	for _, kv := range list {
		if name, v, ok := strings.Cut(kv, "="); ok && name != "" {
			e.set(name, v)
		}
	}
	return e
}

func (e *environment) set(name, v string) {
	if _, ok := e.vars[name]; !ok {
		e.names = append(e.names, name)
	}
	e.vars[name] = v
}

// list gives the variables as a child process takes them.
func (e *environment) list() []string {
	out := make([]string, len(e.names))
	for i, name := range e.names {
		out[i] = name + "=" + e.vars[name]
	}
	return out
}

// defineEnvironment defines get_env and its like (13.5).
func (l *library) defineEnvironment() {
	l.env = newEnvironment(l.m.Options().Env)
	l.functions(l.m.Globals, []entry{
		{"get_env", "The value of an environment variable, or a default.", func(m *VM, args []Value) (Value, error) {
			n, ok := name(arg(args, 0))
			if !ok {
				return argError(m, "get_env requires a variable name")
			}
			if v, ok := l.env.vars[n]; ok {
				return value.Str(v), nil
			}
			return orNil(arg(args, 1)), nil
		}},
		{"has_env", "Whether an environment variable is set.", func(m *VM, args []Value) (Value, error) {
			n, ok := name(arg(args, 0))
			if !ok {
				return argError(m, "has_env requires a variable name")
			}
			_, ok = l.env.vars[n]
			return value.Bool(ok), nil
		}},
		{"set_env", "Sets an environment variable for this program and its children.", func(m *VM, args []Value) (Value, error) {
			n, ok := name(arg(args, 0))
			if !ok || len(args) < 2 || n == "" || strings.ContainsAny(n, "=\x00") {
				return argError(m, "set_env requires a variable name and a value")
			}
			return m.Text(args[1], vm.TextToS, func(s string) (Value, error) {
				l.env.set(n, s)
				return value.Nil, nil
			})
		}},
	})
}

// defineBase64 defines the Base64 functions.
func (l *library) defineBase64() {
	l.functions(l.m.Globals, []entry{
		{"base64_encode base64", "A text in Base64.", func(m *VM, args []Value) (Value, error) {
			switch v := arg(args, 0); v.Kind() {
			case value.KindString:
				return value.Str(base64.StdEncoding.EncodeToString([]byte(v.AsString()))), nil
			case value.KindBytes:
				return value.Str(base64.StdEncoding.EncodeToString(v.AsBytes())), nil
			}
			return argError(m, "base64_encode requires a string")
		}},
		{"base64_decode", "The text that a Base64 string stands for.", func(m *VM, args []Value) (Value, error) {
			s, ok := text(arg(args, 0))
			if !ok {
				return argError(m, "base64_decode requires a string")
			}
			data, err := base64.StdEncoding.DecodeString(s)
			if err == nil && !validText(data) {
				err = notUTF8(string(data))
			}
			if err != nil {
				return argError(m, "Invalid base64 string: %s", err)
			}
			return value.Str(string(data)), nil
		}},
	})
}
