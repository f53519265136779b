package stdlib

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// logConfigFile is where a program says what is logged where.
const logConfigFile = "config/logging.gene"

// logConfig is what logConfigFile says, or the default.
type logConfig struct {
	logRule                    // for loggers without a rule of their own
	rules   map[string]logRule // by name of the logger, or its beginning
	sinks   map[string]*logSink
}

// logRule says which messages go where.
type logRule struct {
	level logLevel
	sinks []*logSink
}

// readLogConfig reads the configuration in the working directory, if there is
// one.
func (l *library) readLogConfig() (*logConfig, error) {
	console := &logSink{format: "verbose"}
	c := &logConfig{
		logRule: logRule{logInfo, []*logSink{console}},
		rules:   map[string]logRule{},
		sinks:   map[string]*logSink{"console": console},
	}
	data, err := os.ReadFile(l.path(logConfigFile))
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, l.ioError(err, "read file", logConfigFile)
	}
	v, err := syntax.ReadOne(string(data))
	if err != nil {
		return nil, parseError(l.m, err)
	}
	if v.Kind() != value.KindMap {
		return nil, c.bad(l.m, "a map expected, got %s", value.TypeName(v))
	}
	return c, c.read(l, v.AsMap())
}

func (c *logConfig) bad(m *VM, format string, args ...any) error {
	return m.Raise(m.Errors.Exception, vm.CodeRuntime, logConfigFile+": "+format, args...)
}

// read takes over a configuration; sinks come first, as rules name them.
func (c *logConfig) read(l *library, t *value.Map) error {
	err := c.each(l.m, t, "sinks", func(name string, v Value) error {
		s, err := c.sink(l, name, v)
		c.sinks[name] = s
		return err
	})
	if err != nil {
		return err
	}
	if c.logRule, err = c.rule(l.m, "the top level", t.Value()); err != nil {
		return err
	}
	return c.each(l.m, t, "loggers", func(name string, v Value) error {
		r, err := c.rule(l.m, "logger "+name, v)
		c.rules[name] = r
		return err
	})
}

// each calls f for each entry of the map that is one of the settings.
func (c *logConfig) each(m *VM, t *value.Map, setting string, f func(name string, v Value) error) error {
	v, ok := t.GetText(setting)
	if !ok {
		return nil
	}
	if v.Kind() != value.KindMap {
		return c.bad(m, "^%s must be a map, got %s", setting, value.TypeName(v))
	}
	for _, e := range v.AsMap().Entries() {
		if e.Key != nil {
			if err := f(e.Key.Name, e.Val); err != nil {
				return err
			}
		}
	}
	return nil
}

// rule reads a level, or a map with ^level and ^targets; what is missing is
// as at the top level.
func (c *logConfig) rule(m *VM, whose string, v Value) (logRule, error) {
	r := c.logRule
	level := v
	if v.Kind() == value.KindMap {
		level, _ = v.AsMap().GetText("level")
		if targets, ok := v.AsMap().GetText("targets"); ok {
			var err error
			if r.sinks, err = c.targets(m, whose, targets); err != nil {
				return r, err
			}
		}
	}
	if !level.IsSet() {
		return r, nil
	}
	s, _ := name(level)
	var ok bool
	if r.level, ok = parseLogLevel(s); !ok {
		return r, c.bad(m, "unknown level %s of %s (want one of %s)", value.Literal(level), whose, strings.Join(logLevels, " "))
	}
	return r, nil
}

func (c *logConfig) targets(m *VM, whose string, v Value) ([]*logSink, error) {
	names := []Value{v}
	if v.Kind() == value.KindArray {
		names = items(v)
	}
	var sinks []*logSink
	for _, n := range names {
		s, _ := name(n)
		sink := c.sinks[s]
		if sink == nil {
			return nil, c.bad(m, "unknown target %s of %s", value.Literal(n), whose)
		}
		sinks = append(sinks, sink)
	}
	return sinks, nil
}

// logger makes the logger of a name: the rule of the whole name counts, then
// that of its last part, then those of its beginnings, the longest first.
func (c *logConfig) logger(name string) *logger {
	if r, ok := c.rules[name]; ok {
		return &logger{name, r.level, r.sinks}
	}
	i := strings.LastIndexByte(name, '/')
	if r, ok := c.rules[name[i+1:]]; ok {
		return &logger{name, r.level, r.sinks}
	}
	for ; i >= 0; i = strings.LastIndexByte(name[:i], '/') {
		if r, ok := c.rules[name[:i]]; ok {
			return &logger{name, r.level, r.sinks}
		}
	}
	return &logger{name, c.level, c.logRule.sinks}
}
