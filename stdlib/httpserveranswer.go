package stdlib

import (
	"net/http"

	"gene/stdlib/internal/http1"
	"gene/value"
	"gene/vm"
)

// serverAnswer is what respond and redirect give.
type serverAnswer struct {
	status int
	body   []byte
	header http.Header
	pieces Value       // a generator, instead of body
	file   *servedFile // instead of all the others
}

// GeneText is the printed form.
func (a *serverAnswer) GeneText() string { return "<server-response>" }

func (s *httpServers) newAnswer(status int, body []byte, h http.Header) Value {
	return s.answerObject(&serverAnswer{status: status, body: body, header: h})
}

func (s *httpServers) answerObject(a *serverAnswer) Value {
	i := value.NewInstance(s.answer)
	i.Data = a
	return i.Value()
}

// respond is (respond body), (respond status), (respond status body) and
// (respond status body headers).
func (s *httpServers) respond(m *VM, args []Value) (Value, error) {
	if len(args) == 0 {
		return argError(m, "respond requires at least status or body")
	}
	status, body := value.Int(http.StatusOK), args[0]
	if len(args) > 1 || args[0].IsInt() {
		status, body = args[0], orNil(arg(args, 1))
	}
	if !status.IsInt() || status.AsInt() < 200 || status.AsInt() > 599 {
		return argError(m, "respond requires a status from 200 to 599, got %s", value.Literal(status))
	}
	h, err := s.l.httpHeaders("respond", arg(args, 2))
	if err != nil {
		return Value{}, err
	}
	code := int(status.AsInt())
	switch {
	case body.IsNil():
		return s.newAnswer(code, nil, h), nil
	case body.Kind() == value.KindBytes || body.Kind() == value.KindString:
		content, _ := contentOf(body)
		return s.newAnswer(code, []byte(content), h), nil
	case isPieces(body):
		return s.answerObject(&serverAnswer{status: code, pieces: body, header: h}), nil
	}
	return m.Text(body, vm.TextToS, func(t string) (Value, error) { return s.newAnswer(code, []byte(t), h), nil })
}

// redirect is (redirect url) and (redirect url status).
func (s *httpServers) redirect(m *VM, args []Value) (Value, error) {
	to, ok := text(orNil(arg(args, 0)))
	if !ok {
		return argError(m, "redirect destination must be a string")
	}
	status := value.Int(http.StatusFound)
	if len(args) > 1 {
		status = args[1]
	}
	switch {
	case !status.IsInt():
		return argError(m, "redirect status must be an integer")
	case status.AsInt() < 300 || status.AsInt() > 399:
		return argError(m, "redirect status must be from 300 to 399, got %d", status.AsInt())
	case !http1.ValidHeader("Location", to):
		return argError(m, "redirect destination must not have control characters: %q", to)
	}
	return s.newAnswer(int(status.AsInt()), nil, http.Header{"Location": {to}}), nil
}

// httpStream is an answer that the program sends piece by piece.
type httpStream struct {
	l *library
	s *http1.Stream
}

// GeneText is the printed form.
func (s *httpStream) GeneText() string { return "<server-stream>" }

func (s *httpServers) defineStreams(ns *value.Namespace) {
	s.l.functions(ns, []entry{{"%stream_send", "Private: a future of whether a piece was sent.", asyncNative(s.sendPiece)}})
	s.l.methods(s.stream, []entry{
		{"close", "Ends the answer.", func(m *VM, args []Value) (Value, error) {
			streamOf(args[0]).s.Close()
			return value.Nil, nil
		}},
		{"closed?", "Whether the answer has ended, or the client is gone.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(streamOf(args[0]).s.Closed()), nil
		}},
	})
}

func streamOf(v Value) *httpStream { return v.AsInstance().Data.(*httpStream) }

// respondSSE is (respond_sse req) and (respond_sse req headers).
func (s *httpServers) respondSSE(m *VM, args []Value) (Value, error) {
	req := orNil(arg(args, 0))
	if req.Kind() != value.KindInstance || jobOf(req) == nil {
		return argError(m, "respond_sse requires a ServerRequest, got %s", value.TypeName(req))
	}
	extra, err := s.l.httpHeaders("respond_sse", arg(args, 1))
	if err != nil {
		return Value{}, err
	}
	h := http.Header{"Content-Type": {"text/event-stream"}, "Cache-Control": {"no-cache"}, "X-Accel-Buffering": {"no"}}
	for name, texts := range extra {
		h[name] = texts
	}
	j := jobOf(req)
	j.r.Endless = true
	stream, err := j.r.Stream(http.StatusOK, h, -1)
	if stream == nil {
		return runtimeError(m, "respond_sse: %s", err.Error())
	}
	if j.srv.graceOver {
		stream.Close()
	}
	return j.streamObject(stream), nil
}

// streamObject is the program's handle of an answer in pieces.
func (j *httpJob) streamObject(s *http1.Stream) Value {
	j.stream = &httpStream{j.srv.l, s}
	i := value.NewInstance(j.srv.of.stream)
	i.Data = j.stream
	return i.Value()
}

// sendPieces sends what a generator gives, as fast as the peer takes it.
func (j *httpJob) sendPieces(a *serverAnswer) (Value, error) {
	h := a.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/octet-stream")
	}
	s, err := j.r.Stream(a.status, h, -1)
	if s == nil {
		return Value{}, err
	}
	return j.srv.l.m.InvokeTry(j.srv.of.pump, []Value{j.streamObject(s), a.pieces}, func(Value) (Value, error) {
		s.Close()
		return j.done()
	}, j.threw)
}

// pieceSent tells a future of the end of a write.
type pieceSent struct {
	m *VM
	f *vm.Future
}

// Written is told by the connection.
func (p pieceSent) Written(err error) { p.m.Resolve(p.f, value.Bool(err == nil)) }

func (s *httpServers) sendPiece(m *VM, args []Value) (Value, error) {
	data, ok := contentOf(arg(args, 1))
	if !ok {
		return argError(m, "ServerStream.send requires a String or Bytes, got %s", value.TypeName(orNil(arg(args, 1))))
	}
	p := pieceSent{m, m.NewEffect()}
	finished, err := streamOf(args[0]).s.Write([]byte(data), p)
	if finished || err != nil {
		p.Written(err)
	}
	return p.f.Value(), nil
}
