package stdlib

import (
	"crypto/tls"
	"strings"
	"time"

	"gene/stdlib/internal/http1"
	"gene/value"
	"gene/vm"
)

const (
	serverWorkers    = 4 // of ^concurrent, and the most
	serverWorkersMax = 8
	serverQueue      = 10_000 // requests whose handler has not begun
	serverTime       = 10 * time.Second
)

// serverOptions are the keywords of start_server.
type serverOptions struct {
	host           string
	concurrent     bool
	workers        int
	queueLimit     int
	maxInFlight    int // 0 is without limit
	overloadStatus int
	debug          bool
	streamBody     bool
	limits         http1.Limits
	wsPath         string // "" without WebSockets
	wsHandler      Value
	tls            *tls.Config
}

// serverOptions reads the keywords of start_server.
func (l *library) serverOptions(kw *value.Map) (serverOptions, error) {
	o := serverOptions{host: "127.0.0.1", workers: serverWorkers, queueLimit: serverQueue, overloadStatus: 503}
	o.limits.RequestTime = serverTime
	if kw == nil {
		return o, nil
	}
	for _, e := range kw.Entries() {
		if e.Key == nil {
			continue
		}
		if err := l.serverOption(&o, e.Key.Name, e.Val); err != nil {
			return o, err
		}
	}
	if o.concurrent && !l.actors.enabled {
		return o, l.m.Raise(l.m.Errors.Exception, vm.CodeRuntime, "start_server ^concurrent requires gene/actor/enable first")
	}
	return o, nil
}

func (l *library) serverOption(o *serverOptions, name string, v Value) (err error) {
	n := 0
	switch name {
	case "host":
		host, ok := text(v)
		if !ok {
			return l.m.ArgError("start_server ^host expects a string, got %s", value.TypeName(v))
		}
		o.host = host
	case "concurrent":
		o.concurrent = v.Truthy()
	case "debug":
		o.debug = v.Truthy()
	case "stream_body":
		o.streamBody = v.Truthy()
	case "workers":
		n, err = l.positive(name, v)
		o.workers = min(n, serverWorkersMax)
	case "queue_limit":
		o.queueLimit, err = l.positive(name, v)
	case "max_in_flight":
		o.maxInFlight, err = l.positive(name, v)
	case "max_body":
		n, err = l.positive(name, v)
		o.limits.Body = int64(n)
	case "request_timeout_ms":
		o.limits.RequestTime, err = l.milliseconds(name, v)
	case "header_timeout_ms":
		o.limits.HeaderTime, err = l.milliseconds(name, v)
	case "body_timeout_ms":
		o.limits.BodyTime, err = l.milliseconds(name, v)
	case "idle_timeout_ms":
		o.limits.IdleTime, err = l.milliseconds(name, v)
	case "write_timeout_ms":
		o.limits.WriteTime, err = l.milliseconds(name, v)
	case "overload_status":
		if !v.IsInt() || v.AsInt() < 400 || v.AsInt() > 599 {
			return l.m.ArgError("start_server ^overload_status expects an HTTP error status from 400 to 599")
		}
		o.overloadStatus = int(v.AsInt())
	case "websocket":
		err = l.webSocketOption(o, v)
	case "tls":
		err = l.serverTLS(o, v)
	default:
		return l.m.ArgError("start_server has no keyword ^%s", name)
	}
	return err
}

// positive reads a number of at least 1.
func (l *library) positive(name string, v Value) (int, error) {
	switch {
	case !v.IsInt():
		return 0, l.m.ArgError("start_server ^%s expects an integer", name)
	case v.AsInt() < 1:
		return 0, l.m.ArgError("start_server ^%s must be positive", name)
	}
	return int(min(v.AsInt(), 1<<40)), nil
}

// milliseconds reads a time of at least one.
func (l *library) milliseconds(name string, v Value) (time.Duration, error) {
	n, err := l.positive(name, v)
	return time.Duration(n) * time.Millisecond, err
}

func (l *library) webSocketOption(o *serverOptions, v Value) error {
	if v.Kind() != value.KindMap {
		return l.m.ArgError("start_server ^websocket expects a map {^path ^handler}, got %s", value.TypeName(v))
	}
	path, _ := v.AsMap().GetText("path")
	handler, _ := v.AsMap().GetText("handler")
	p, ok := text(path)
	if !ok || !strings.HasPrefix(p, "/") {
		return l.m.ArgError("start_server ^websocket expects a ^path that begins with /")
	}
	if !l.m.Callable(orNil(handler)) {
		return l.m.ArgError("start_server ^websocket expects a function as ^handler")
	}
	o.wsPath, o.wsHandler = p, handler
	return nil
}

// serverTLS reads {^cert ^key}: names of PEM files, or their text.
func (l *library) serverTLS(o *serverOptions, v Value) error {
	if v.Kind() != value.KindMap {
		return l.m.ArgError("start_server ^tls expects a map {^cert ^key}, got %s", value.TypeName(v))
	}
	var parts [2]string
	for i, name := range []string{"cert", "key"} {
		given, _ := v.AsMap().GetText(name)
		s, ok := text(given)
		if !ok {
			return l.m.ArgError("start_server ^tls expects ^%s to be a PEM text or the name of its file", name)
		}
		parts[i] = s
	}
	load := tls.LoadX509KeyPair
	if strings.Contains(parts[0], "-----BEGIN") {
		load = func(cert, key string) (tls.Certificate, error) { return tls.X509KeyPair([]byte(cert), []byte(key)) }
	} else {
		parts[0], parts[1] = l.path(parts[0]), l.path(parts[1])
	}
	cert, err := load(parts[0], parts[1])
	if err != nil {
		return l.m.ArgError("start_server ^tls: %s", err.Error())
	}
	o.tls = &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}}
	return nil
}
