package stdlib

import (
	"path/filepath"
	"strings"
	"time"

	"gene/value"
	"gene/vm"
)

// logLevel is how important a message is; messages below a logger's level are
// dropped.
type logLevel int

const (
	logTrace logLevel = iota
	logDebug
	logInfo
	logWarn
	logError
	logOff // above all messages
)

var logLevels = []string{"trace", "debug", "info", "warn", "error", "off"}

// parseLogLevel gives the level of a name.
func parseLogLevel(s string) (logLevel, bool) {
	for i, name := range logLevels {
		if strings.EqualFold(s, name) {
			return logLevel(i), true
		}
	}
	return 0, false
}

// logger is what an instance of Logger holds.
type logger struct {
	name  string
	level logLevel
	sinks []*logSink
}

// GeneText is the printed form.
func (g *logger) GeneText() string { return "<logger " + g.name + ">" }

// logMessage is one message as the sinks get it.
type logMessage struct {
	at    time.Time
	level logLevel
	name  string
	text  string
}

// defineLogging defines genex/logging (13.10).
func (l *library) defineLogging(ns *value.Namespace) error {
	config, err := l.readLogConfig()
	if err != nil {
		return err
	}
	c := value.NewClass("Logger", l.m.Object())
	ns.Set(value.Intern("Logger"), c.Value())
	constructor(c, func(m *VM, args []Value, kw *value.Map) (Value, error) {
		if len(args) < 2 {
			return argError(m, "Logger requires a value")
		}
		name := loggerName(args[1])
		if !strings.Contains(name, "/") {
			name = modulePath(m.CallerFile()) + "/" + name
		}
		args[0].AsInstance().Data = config.logger(name)
		return args[0], nil
	})
	for level := logTrace; level < logOff; level++ {
		l.methods(c, []entry{{logLevels[level], "Logs a message of this level.", l.logAt(level)}})
	}
	return nil
}

// loggerName is the name that a logger gets from the operand of new.
func loggerName(v Value) string {
	switch v.Kind() {
	case value.KindClass:
		return v.AsClass().Name
	case value.KindNamespace:
		return v.AsNamespace().Name
	case value.KindInstance:
		return v.AsInstance().Class().Name
	}
	return value.Print(v)
}

// modulePath is how messages name a source file.
func modulePath(file string) string {
	if file == "" || filepath.IsAbs(file) {
		return filepath.Base(file)
	}
	return filepath.ToSlash(filepath.Clean(file))
}

// logAt makes the method of a level.
func (l *library) logAt(level logLevel) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		g, ok := args[0].AsInstance().Data.(*logger)
		if !ok {
			return runtimeError(m, "the constructor of Logger has not run")
		}
		if level < g.level {
			return value.Nil, nil
		}
		return m.Texts(args[1:], vm.TextPrint, func(texts []string) (Value, error) {
			msg := logMessage{m.Loop().Wall().Local(), level, g.name, strings.Join(texts, " ")}
			for _, s := range g.sinks {
				if err := s.write(l, msg); err != nil {
					return Value{}, err
				}
			}
			return value.Nil, nil
		})
	}
}
