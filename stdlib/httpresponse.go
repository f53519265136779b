package stdlib

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"gene/value"
	"gene/vm"
)

// httpPiece is how many bytes a piece of a body has at most, unless the program
// asks for another number; httpLineMax bounds a line.
const (
	httpPiece   = 64 << 10
	httpLineMax = 1 << 20
)

// httpBody is the body of a response as it is read piece by piece. Reads take
// turns: the holder of turn owns the rest.
type httpBody struct {
	turn   chan struct{} // holds a token while nobody reads
	buf    *bufio.Reader
	stream io.Closer          // nil for a body that is here already
	cancel context.CancelFunc // ends the request
	closed bool
	left   bool        // the program has closed it; belongs to the VM's goroutine
	failed func(error) // hears of errors on the VM's goroutine; may be nil
}

func newHTTPBody(r io.Reader, stream io.Closer, cancel context.CancelFunc) *httpBody {
	b := &httpBody{turn: make(chan struct{}, 1), buf: bufio.NewReaderSize(r, 32<<10), stream: stream, cancel: cancel}
	b.turn <- struct{}{}
	return b
}

// responseData is what an instance of Response holds beside its fields.
type responseData struct {
	raw  []byte    // the body's bytes when they are no text
	body *httpBody // nil until it is read piece by piece
}

// defineResponse defines gene/Response.
func (l *library) defineResponse(ns *value.Namespace) {
	constructor(l.httpResponse, l.makeResponse)
	l.functions(ns, []entry{{"%event_field", "Private: name and value of a line of server-sent events.", func(m *VM, args []Value) (Value, error) {
		field, rest, _ := strings.Cut(args[0].AsString(), ":")
		return value.NewArray([]Value{value.Str(field), value.Str(strings.TrimPrefix(rest, " "))}).Value(), nil
	}}})
	l.methods(l.httpResponse, []entry{
		{"json", "The value of the body, which is JSON.", responseJSON},
		{"bytes", "The body as Bytes.", responseBytes},
		{"ok?", "Whether the status is 200 to 299.", func(m *VM, args []Value) (Value, error) {
			status := responseField(args[0], "status")
			return value.Bool(status.IsInt() && status.AsInt()/100 == 2), nil
		}},
		{"read", "A future of the next piece of the body, Bytes of at most n; nil at the end.", asyncNative(l.responseRead)},
		{"read_line", "A future of the next line of the body without its end; nil at the end.", asyncNative(l.responseReadLine)},
		{"close", "Ends the response, whether or not all of its body has been read.", l.responseClose},
	})
}

func responseField(v Value, name string) Value {
	f, _ := v.AsInstance().Get(value.Intern(name))
	return orNil(f)
}

// responseOf is what belongs to a response; one that the program made gets it
// when it is first needed.
func responseOf(v Value) *responseData {
	i := v.AsInstance()
	d, ok := i.Data.(*responseData)
	if !ok {
		d = &responseData{}
		i.Data = d
	}
	return d
}

// makeResponse is (new gene/Response status body headers).
func (l *library) makeResponse(m *VM, args []Value, kw *value.Map) (Value, error) {
	status, body, headers := arg(args, 1), arg(args, 2), arg(args, 3)
	if !status.IsInt() {
		return argError(m, "Response requires an Int as status")
	}
	if !body.IsSet() {
		body = value.Str("")
	}
	if !headers.IsSet() || headers.IsNil() {
		headers = value.NewMap(0).Value()
	}
	if headers.Kind() != value.KindMap {
		return argError(m, "Response requires the headers to be a map, got %s", value.TypeName(headers))
	}
	i := args[0].AsInstance()
	i.Set(value.Intern("status"), status)
	i.Set(value.Intern("body"), body)
	i.Set(value.Intern("headers"), headers)
	return args[0], nil
}

// newResponse makes the object of a reply. cancel ends its request.
func (l *library) newResponse(r *httpReply, cancel context.CancelFunc) Value {
	i := value.NewInstance(l.httpResponse)
	d := &responseData{}
	i.Data = d
	body := value.Nil
	switch {
	case r.stream != nil:
		d.body = newHTTPBody(r.stream, r.stream, cancel)
		// A response that the program forgets must not keep its connection.
		runtime.AddCleanup(i, func(end context.CancelFunc) { end() }, cancel)
	case utf8.Valid(r.body):
		body = value.Str(string(r.body))
		cancel()
	default:
		d.raw = r.body
		body = value.Str(strings.ToValidUTF8(string(r.body), "\uFFFD"))
		cancel()
	}
	i.Set(value.Intern("status"), value.Int(int64(r.status)))
	i.Set(value.Intern("body"), body)
	i.Set(value.Intern("headers"), headerMap(r.headers))
	i.Set(value.Intern("url"), value.Str(r.url))
	return i.Value()
}

// headerMap is the map of headers: names in lower case, repeated ones as arrays.
func headerMap(h http.Header) Value {
	m := value.NewMap(len(h))
	names := slices.AppendSeq(make([]string, 0, 16), maps.Keys(h)) // most requests have fewer
	slices.Sort(names)
	for _, name := range names {
		values := h[name]
		v := value.Str(strings.Join(values, ""))
		if len(values) > 1 {
			var all []Value
			for _, s := range values {
				all = append(all, value.Str(s))
			}
			v = value.NewArray(all).Value()
		}
		m.SetText(strings.ToLower(name), v)
	}
	return m.Value()
}

// responseJSON is (r .json).
func responseJSON(m *VM, args []Value) (Value, error) {
	body := responseField(args[0], "body")
	s, ok := text(body)
	if !ok {
		return exception(m, vm.CodeJSON, "Failed to parse JSON: the body is no text but %s", value.TypeName(body))
	}
	p := jsonParser{src: s, final: true}
	v, ok := p.only()
	if !ok {
		line, col := advance(s[:p.failAt], 1, 1)
		return exception(m, vm.CodeJSON, "Failed to parse JSON: body(%d, %d) Error: %s", line, col, p.msg)
	}
	return v, nil
}

func responseBytes(m *VM, args []Value) (Value, error) {
	if raw := responseOf(args[0]).raw; raw != nil {
		return value.NewBytes(bytes.Clone(raw)), nil
	}
	s, ok := contentOf(responseField(args[0], "body"))
	if !ok {
		return runtimeError(m, "the body is no text; a response made with ^stream true is read with .read")
	}
	return value.NewBytes([]byte(s)), nil
}

// bodyOf is the body to be read piece by piece.
func (l *library) bodyOf(v Value) (*httpBody, error) {
	if j, ok := v.AsInstance().Data.(*httpJob); ok {
		return j.pieces(), nil
	}
	d := responseOf(v)
	if d.body != nil {
		return d.body, nil
	}
	s, ok := string(d.raw), d.raw != nil
	if !ok {
		if s, ok = contentOf(responseField(v, "body")); !ok {
			return nil, l.m.ArgError("Response.read requires a body of String or Bytes")
		}
	}
	d.body = newHTTPBody(strings.NewReader(s), nil, nil)
	return d.body, nil
}

// responseClose ends the request of a response; reads give nil from then on.
func (l *library) responseClose(m *VM, args []Value) (Value, error) {
	b, err := l.bodyOf(args[0])
	if err != nil {
		return value.Nil, nil // there is nothing to read
	}
	b.left = true
	if b.cancel != nil {
		b.cancel()
	}
	return value.Nil, nil
}

func (l *library) responseRead(m *VM, args []Value) (Value, error) {
	n := orInt(arg(args, 1), httpPiece)
	if !n.IsInt() || n.AsInt() < 1 || n.AsInt() > readMax {
		return argError(m, "%s.read requires a number of bytes from 1 to %d", value.TypeName(args[0]), readMax)
	}
	return l.onBody(args[0], func(b *httpBody) ([]byte, error) {
		if _, err := b.buf.Peek(1); err != nil {
			return nil, err
		}
		piece := make([]byte, min(int(n.AsInt()), httpPiece))
		got, err := b.buf.Read(piece)
		return piece[:got], err
	}, func(data []byte) (Value, error) { return value.NewBytes(data), nil })
}

func (l *library) responseReadLine(m *VM, args []Value) (Value, error) {
	return l.onBody(args[0], (*httpBody).line, func(data []byte) (Value, error) {
		s, err := checked(data, nil)
		if err != nil {
			return Value{}, l.netError("body", err)
		}
		return value.Str(s), nil
	})
}

// line reads a line without its end.
func (b *httpBody) line() ([]byte, error) {
	var line []byte
	for {
		part, err := b.buf.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > httpLineMax:
			return nil, fmt.Errorf("a line is longer than the limit of %d bytes; use .read", httpLineMax)
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(line) > 0, err == nil:
			return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
		}
		return nil, err
	}
}

// onBody starts a read of a body; its future is nil at the end. A read that is
// cancelled ends the response, as part of the body may be lost with it.
func (l *library) onBody(v Value, read func(*httpBody) ([]byte, error), result func([]byte) (Value, error)) (Value, error) {
	b, err := l.bodyOf(v)
	if err != nil {
		return Value{}, err
	}
	return start(l, inPoller, func(ctx context.Context) ([]byte, error) {
		defer runtime.KeepAlive(v.P)
		return b.read(ctx, read)
	}, func(data []byte, err error) (Value, error) {
		switch {
		case err == io.EOF, b.left:
			return value.Nil, nil
		case err != nil:
			if b.failed != nil {
				b.failed(err)
			}
			return Value{}, l.netError("body", err)
		}
		return result(data)
	}), nil
}

// read waits for its turn and reads. It may be called on any goroutine.
func (b *httpBody) read(ctx context.Context, read func(*httpBody) ([]byte, error)) ([]byte, error) {
	select {
	case <-b.turn:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { b.turn <- struct{}{} }()
	if b.closed {
		return nil, io.EOF
	}
	if b.cancel != nil {
		stop := context.AfterFunc(ctx, b.cancel)
		defer stop()
	}
	data, err := read(b)
	if err != nil && b.stream != nil {
		b.closed = true
		b.stream.Close()
		b.cancel()
	}
	return data, err
}
