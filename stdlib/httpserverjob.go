package stdlib

import (
	"bytes"
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gene/stdlib/internal/http1"
	"gene/value"
	"gene/vm"
)

// httpJob is a request that a handler answers, in a task of its own.
type httpJob struct {
	srv    *httpServer
	r      *http1.Request
	task   *vm.Future // nil until a worker is free
	over   bool       // answered, as far as the counts go
	stream *httpStream

	body    *httpBody        // nil until it is read piece by piece
	badBody *http1.BodyError // why it ended early
}

// serverFields are the fields of ServerRequest, which are methods too.
var serverFields = [...]string{"method", "path", "url", "params", "headers", "body", "body_params"}

func (s *httpServers) defineRequestMethods() {
	var table []entry
	for k, name := range serverFields {
		field := value.Intern(name)
		s.fields[k] = field
		table = append(table, entry{name, "The field " + name + " of the request.", func(m *VM, args []Value) (Value, error) {
			v, _ := args[0].AsInstance().Get(field)
			return orNil(v), nil
		}})
	}
	table = append(table, entry{"bytes", "The body as Bytes.", func(m *VM, args []Value) (Value, error) {
		j := jobOf(args[0])
		if j.srv.options.streamBody {
			return runtimeError(m, "the server was started with ^stream_body: the body is read with .read")
		}
		return value.NewBytes(j.r.Content), nil
	}},
		entry{"read", "A future of the next piece of the body, Bytes of at most n; nil at the end.", asyncNative(s.l.responseRead)},
		entry{"read_line", "A future of the next line of the body without its end; nil at the end.", asyncNative(s.l.responseReadLine)},
		entry{"protocol", "The version of HTTP that the client speaks: HTTP/1.1 or HTTP/2.0.", func(m *VM, args []Value) (Value, error) {
			return value.Str(jobOf(args[0]).r.Proto), nil
		}}, entry{"remote", "The address of the client.", func(m *VM, args []Value) (Value, error) {
			return value.Str(jobOf(args[0]).r.RemoteAddr), nil
		}})
	s.l.methods(s.request, table)
}

func jobOf(v Value) *httpJob {
	j, _ := v.AsInstance().Data.(*httpJob)
	return j
}

// pieces is the body to be read piece by piece.
func (j *httpJob) pieces() *httpBody {
	if j.body != nil {
		return j.body
	}
	if !j.srv.options.streamBody {
		j.body = newHTTPBody(bytes.NewReader(j.r.Content), nil, nil)
		return j.body
	}
	stream := j.r.Body
	j.body = newHTTPBody(stream, stream, func() { stream.Close() })
	j.body.failed = func(err error) { errors.As(err, &j.badBody) }
	return j.body
}

// object is the request as the handler gets it.
func (j *httpJob) object() Value {
	i := value.NewInstance(j.srv.of.request)
	i.Data = j
	path := value.Str(j.r.URL.Path)
	body := value.Nil
	if !j.srv.options.streamBody {
		body = value.Str(strings.ToValidUTF8(string(j.r.Content), "\uFFFD"))
	}
	headers := headerMap(j.r.Header)
	if j.r.Host != "" {
		headers.AsMap().SetText("host", value.Str(j.r.Host))
	}
	var params url.Values
	if j.r.URL.RawQuery != "" {
		params = j.r.URL.Query()
	}
	i.Slots = make([]Value, 0, len(serverFields))
	for k, v := range [...]Value{value.Str(j.r.Method), path, path, formMap(params), headers, body, j.bodyParams()} {
		i.Set(j.srv.of.fields[k], v)
	}
	return i.Value()
}

// formMap is the map of a query or form, ordered by name; of a repeated name the
// first counts.
func formMap(q url.Values) Value {
	m := value.NewMap(len(q))
	for _, name := range slices.Sorted(maps.Keys(q)) {
		m.SetText(name, value.Str(q[name][0]))
	}
	return m.Value()
}

// bodyParams is the value of a body that is JSON or a form, else nil.
func (j *httpJob) bodyParams() Value {
	if len(j.r.Content) == 0 {
		return value.Nil
	}
	kind, _, err := mime.ParseMediaType(j.r.Header.Get("Content-Type"))
	switch {
	case err != nil:
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		if v, err := parseOneJSON(j.srv.l.m, string(j.r.Content)); err == nil {
			return v
		}
	case kind == "application/x-www-form-urlencoded":
		if q, err := url.ParseQuery(string(j.r.Content)); err == nil {
			return formMap(q)
		}
	}
	return value.Nil
}

// run is the job's task.
func (j *httpJob) run(m *VM, _ []Value) (Value, error) {
	j.srv.counts.waiting--
	if j.over {
		return j.done()
	}
	if j.srv.options.concurrent {
		m.EnterActor()
	}
	return m.InvokeTry(j.srv.handler, []Value{j.object()}, j.returned, j.threw)
}

// returned takes what the handler gave; a future is awaited.
func (j *httpJob) returned(v Value) (Value, error) {
	if v.Kind() == value.KindFuture {
		return j.srv.l.m.InvokeTry(j.srv.l.prelude("await"), []Value{v}, j.answer, j.threw)
	}
	return j.answer(v)
}

// answer sends what the handler's value means.
func (j *httpJob) answer(v Value) (Value, error) {
	if j.stream != nil || j.over {
		return j.done()
	}
	if a := answerIn(v); a != nil {
		switch {
		case a.pieces.IsSet():
			return j.sendPieces(a)
		case a.file != nil && a.file.content == nil:
			j.sendLarge(a.file)
			return j.done()
		}
	}
	a, err := j.srv.answerOf(j.r, v)
	if err == nil {
		err = j.srv.send(j.r, a)
	}
	if err != nil && err != http1.ErrAnswered {
		return j.threw(j.srv.l.m.Exception(err))
	}
	return j.done()
}

// answerIn is the answer that a value holds, or nil.
func answerIn(v Value) *serverAnswer {
	if v.Kind() != value.KindInstance {
		return nil
	}
	a, _ := v.AsInstance().Data.(*serverAnswer)
	return a
}

// answerOf gives the answer that a handler's value means.
func (srv *httpServer) answerOf(r *http1.Request, v Value) (*http1.Answer, error) {
	switch v.Kind() {
	case value.KindNil, value.KindVoid:
		return plainAnswer(http.StatusNotFound, "Not Found"), nil
	case value.KindString:
		return contentAnswer(http.StatusOK, []byte(v.AsString()), nil), nil
	case value.KindInstance:
		if a := answerIn(v); a != nil {
			if a.file != nil {
				return a.file.answer(r.Request), nil
			}
			return contentAnswer(a.status, a.body, a.header.Clone()), nil
		}
	}
	srv.counts.failed++
	return plainAnswer(http.StatusInternalServerError, "Invalid response type: "+value.TypeName(v)), nil
}

// contentAnswer completes an answer with the type of its body.
func contentAnswer(status int, body []byte, h http.Header) *http1.Answer {
	if len(body) > 0 && h.Get("Content-Type") == "" {
		if h == nil {
			h = http.Header{}
		}
		h.Set("Content-Type", http.DetectContentType(body))
	}
	return &http1.Answer{Status: status, Header: h, Body: body}
}

// threw answers for a handler that failed, and reports why.
func (j *httpJob) threw(e *vm.Exception) (Value, error) {
	m := j.srv.l.m
	if vm.IsInterruption(e) {
		m.Interrupt() // the program was meant
		return j.done()
	}
	if j.over {
		return j.done() // its time was up
	}
	if bad := j.badBody; bad != nil && j.stream == nil { // the peer's fault
		j.srv.send(j.r, plainAnswer(bad.Status, http.StatusText(bad.Status)+": "+bad.Why))
		return j.done()
	}
	j.srv.counts.failed++
	m.ReportError(e)
	text := "Internal Server Error"
	if j.srv.options.debug {
		text += "\n\n" + m.ErrorText(e)
	}
	if j.stream != nil {
		j.stream.s.Abort() // the peer shall see that it isn't whole
	} else if err := j.srv.send(j.r, plainAnswer(http.StatusInternalServerError, text)); err != nil && err != http1.ErrAnswered {
		m.ReportError(err)
	}
	return j.done()
}

// answered takes the request out of those in flight.
func (j *httpJob) answered() {
	if !j.over {
		j.over = true
		j.srv.counts.inFlight--
	}
}

// done ends the task and makes room for the next.
func (j *httpJob) done() (Value, error) {
	j.answered()
	j.srv.running--
	j.srv.next()
	return value.Nil, nil
}
