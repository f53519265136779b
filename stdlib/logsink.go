package stdlib

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gene/syntax"
	"gene/value"
)

// logSink is one place that messages go to. The zero logSink is standard error
// in the format verbose.
type logSink struct {
	stdout bool
	path   string // of a file sink, else ""
	file   *os.File
	format string
	color  bool
}

// sink reads the settings of a sink.
func (c *logConfig) sink(l *library, label string, v Value) (*logSink, error) {
	if v.Kind() != value.KindMap {
		return nil, c.bad(l.m, "sink %s must be a map, got %s", label, value.TypeName(v))
	}
	get := func(setting, otherwise string) string {
		if v, ok := v.AsMap().GetText(setting); ok {
			s, _ := name(v)
			return s
		}
		return otherwise
	}
	s := &logSink{format: get("format", "verbose")}
	if color, ok := v.AsMap().GetText("color"); ok {
		s.color = color.Truthy()
	}
	switch s.format {
	case "verbose", "concise", "record":
	default:
		return nil, c.bad(l.m, "unknown ^format %q of sink %s (want verbose, concise or record)", s.format, label)
	}
	switch kind, stream := get("type", "console"), get("stream", "stderr"); {
	case kind == "file":
		if s.path = get("path", ""); s.path == "" {
			return nil, c.bad(l.m, "sink %s of type file requires ^path", label)
		}
	case kind != "console":
		return nil, c.bad(l.m, "unknown ^type %q of sink %s (want console or file)", kind, label)
	case stream == "stdout":
		s.stdout = true
	case stream != "stderr":
		return nil, c.bad(l.m, "unknown ^stream %q of sink %s (want stdout or stderr)", stream, label)
	}
	return s, nil
}

// write writes a message.
func (s *logSink) write(l *library, msg logMessage) error {
	line := s.line(msg)
	if s.path == "" {
		if s.stdout {
			return l.write(l.m.Out(), []string{line}, "\n")
		}
		_, err := io.WriteString(l.m.Err(), line+"\n")
		if err != nil {
			err = l.ioError(err, "write log to", "standard error")
		}
		return err
	}
	if err := s.open(l); err != nil {
		return l.ioError(err, "open log file", s.path)
	}
	if _, err := s.file.WriteString(line + "\n"); err != nil {
		return l.ioError(err, "write log file", s.path)
	}
	return nil
}

// open opens the file of the sink at its first message.
func (s *logSink) open(l *library) (err error) {
	if s.file != nil {
		return nil
	}
	path := l.path(s.path)
	if err = os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	if s.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666); err != nil {
		return err
	}
	f := s.file
	l.m.OnClose(func() { f.Close() })
	return nil
}

// logThread names the thread of a message; a VM is one.
const logThread = "T00"

// line is a message in the format of the sink.
func (s *logSink) line(msg logMessage) string {
	level := fmt.Sprintf("%-5s", strings.ToUpper(logLevels[msg.level]))
	if s.color {
		level = logColors[msg.level] + level + "\x1b[0m"
	}
	switch s.format {
	case "concise":
		return level + " " + msg.name + " " + msg.text
	case "record":
		r := value.NewMap(5)
		r.SetText("time", value.Str(msg.at.Format(time.RFC3339Nano)))
		r.SetText("thread", value.Str(logThread))
		r.SetText("level", value.Str(logLevels[msg.level]))
		r.SetText("name", value.Str(msg.name))
		r.SetText("text", value.Str(msg.text))
		return syntax.Source(r.Value())
	}
	return fmt.Sprintf("%s %s %s %s %s", logThread, level, msg.at.Format("06-01-02 Mon 15:04:05.000"), msg.name, msg.text)
}

// logColors begin a coloured level on a terminal.
var logColors = [...]string{
	logTrace: "\x1b[90m", logDebug: "\x1b[36m", logInfo: "\x1b[32m", logWarn: "\x1b[33m", logError: "\x1b[31m",
}
