package stdlib

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// What a request is bounded by unless it says otherwise.
const (
	httpRedirects = 10
	httpMaxBody   = 64 << 20 // bytes
)

var httpMethods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}

// httpRequest is a request as the program asked for it.
type httpRequest struct {
	who     string // the function, for messages
	method  string
	url     *url.URL
	headers http.Header
	body    string
	hasBody bool
	feed    *bodyFeed // the body in pieces, instead

	dialer    httpDialer
	timeout   time.Duration // 0 is none
	redirects int
	maxBody   int64
	stream    bool
}

// exchange is a request under way. It belongs to the VM's goroutine, except that
// work runs elsewhere and err is its result.
type exchange struct {
	l      *library
	req    *httpRequest
	future *vm.Future
	ctx    context.Context
	cancel context.CancelFunc
	timer  backends.Timer // nil without a timeout
	work   func(context.Context) error
	result func() Value // makes the future's value once work has succeeded
	drop   func()       // lets go of what work has or would have used, when nobody wants it
	err    error
}

// httpReply is what came back: all of the body, or the body that is still to be
// read.
type httpReply struct {
	status  int
	headers http.Header
	url     string
	body    []byte
	stream  io.ReadCloser
}

// send starts a request and gives the future of its response. A request that
// changes nothing at the server is worth nothing when nobody looks at it; the
// others are effects.
func (l *library) send(req *httpRequest) Value {
	x := &exchange{l: l, req: req}
	if req.method == "GET" || req.method == "HEAD" || req.method == "OPTIONS" {
		x.future = l.m.NewFuture()
	} else {
		x.future = l.m.NewEffect()
	}
	var reply *httpReply
	x.work = func(ctx context.Context) (err error) {
		reply, err = req.do(ctx, l.http)
		return err
	}
	x.result = func() Value { return l.newResponse(reply, x.cancel) }
	x.drop = req.endFeed // cancelling ends the rest
	return x.start()
}

// start begins the work and gives the future.
func (x *exchange) start() Value {
	x.ctx, x.cancel = context.WithCancel(x.l.ctx)
	x.future.OnCancel(x.cancel)
	loop := x.l.m.Loop()
	if err := loop.Background(func() { x.err = x.work(x.ctx) }, x); err != nil {
		x.drop()
		x.cancel()
		x.l.m.Fail(x.future, x.l.m.Raise(x.l.m.Errors.Runtime, vm.CodeRuntime, "%s", err.Error()))
		return x.future.Value()
	}
	if x.req.timeout > 0 {
		x.timer = loop.AfterFunc(x.req.timeout, backends.Func(x.timeOut))
	}
	return x.future.Value()
}

// timeOut fails the future and ends the request.
func (x *exchange) timeOut() {
	m := x.l.m
	m.Fail(x.future, m.Raise(m.Errors.Timeout, vm.CodeTimeout, "%s timed out after %v: %s", x.req.who, x.req.timeout, x.req.url.Redacted()))
	x.cancel()
}

// Complete hands the response to the future. The loop calls it.
func (x *exchange) Complete() {
	if x.timer != nil {
		x.timer.Stop()
	}
	switch {
	case x.err != nil:
		x.cancel()
		if x.future.State() == vm.FuturePending {
			x.l.m.Fail(x.future, x.reason())
		}
	case x.future.State() != vm.FuturePending:
		x.drop()
		x.cancel()
	default:
		x.l.m.Resolve(x.future, x.result())
	}
}

// reason is why the request failed: what the program's own source of the body
// threw, or what happened to the connection.
func (x *exchange) reason() error {
	if x.req.feed != nil && x.req.feed.thrown != nil {
		return x.req.feed.thrown
	}
	return x.l.netError(x.req.method+" "+x.req.url.Redacted(), x.err)
}

// do sends the request and reads the answer.
func (r *httpRequest) do(ctx context.Context, pool *httpPool) (*httpReply, error) {
	defer r.endFeed()
	client, err := r.client(pool)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	switch {
	case r.feed != nil:
		body = r.feed.reader
	case r.hasBody:
		body = strings.NewReader(r.body)
	}
	out, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), body)
	if err != nil {
		return nil, err
	}
	out.Header = r.headers
	if host := r.headers.Get("Host"); host != "" {
		out.Host = host
	}
	resp, err := client.Do(out)
	if err != nil {
		return nil, err
	}
	reply := &httpReply{status: resp.StatusCode, headers: resp.Header, url: resp.Request.URL.Redacted()}
	if r.stream {
		reply.stream = resp.Body
		return reply, nil
	}
	defer resp.Body.Close()
	reply.body, err = r.readBody(resp)
	return reply, err
}

// endFeed tells the source of the body that no more of it is wanted.
func (r *httpRequest) endFeed() {
	if r.feed != nil {
		r.feed.reader.Close()
	}
}

// client is net/http's client with the bounds of the request.
func (r *httpRequest) client(pool *httpPool) (*http.Client, error) {
	t, err := pool.transport(r.dialer)
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: t, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		switch {
		case r.redirects == 0:
			return http.ErrUseLastResponse
		case len(via) > r.redirects:
			return fmt.Errorf("too many redirects (limit %d, see ^redirects)", r.redirects)
		}
		return nil
	}}, nil
}

// readBody reads all of a body within the limit.
func (r *httpRequest) readBody(resp *http.Response) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(resp.Body, r.maxBody+1))
	if err == nil && int64(len(data)) > r.maxBody {
		return nil, fmt.Errorf("the body is larger than the limit of %d bytes; raise ^max_body or read it with ^stream true", r.maxBody)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("the body ends after %d bytes, before its end: %w", len(data), err)
	}
	return data, err
}

// httpOptions reads the keywords that requests share.
func (l *library) httpOptions(r *httpRequest, kw *value.Map) error {
	r.redirects, r.maxBody = httpRedirects, httpMaxBody
	for _, e := range kw.Entries() {
		if e.Key == nil {
			continue
		}
		want, ok := "", false
		switch v := e.Val; e.Key.Name {
		case "timeout":
			want = "a positive number: Int milliseconds or Float seconds"
			r.timeout, ok = duration(v, time.Millisecond)
			ok = ok && r.timeout > 0
		case "redirects":
			want = "an Int from 0 to 100"
			if ok = v.IsInt() && v.AsInt() >= 0 && v.AsInt() <= 100; ok {
				r.redirects = int(v.AsInt())
			}
		case "max_body":
			want = fmt.Sprintf("an Int of bytes from 0 to %d", readMax)
			if ok = v.IsInt() && v.AsInt() >= 0 && v.AsInt() <= readMax; ok {
				r.maxBody = v.AsInt()
			}
		case "stream":
			r.stream, ok = v.Truthy(), true
		default:
			want, ok = l.dialOption(&r.dialer, e.Key.Name, v)
		}
		switch {
		case ok:
		case want == "":
			return l.m.ArgError("Unexpected keyword argument: %s", e.Key.Name)
		default:
			return l.m.ArgError("%s requires ^%s to be %s, got %s", r.who, e.Key.Name, want, value.Literal(e.Val))
		}
	}
	return nil
}

// dialOption reads a keyword that says how to connect; want is "" for others.
func (l *library) dialOption(d *httpDialer, key string, v Value) (want string, ok bool) {
	switch key {
	case "insecure":
		d.insecure = v.Truthy()
		return "", true
	case "ca":
		d.ca, ok = text(v)
		if ok && !strings.Contains(d.ca, "-----BEGIN") {
			d.ca = l.path(d.ca)
		}
		return "a PEM text or the path of one", ok
	case "proxy":
		if d.proxy, ok = text(v); !ok && v.Kind() == value.KindBool {
			ok = true
			if v.AsBool() {
				d.proxy = "environment"
			}
		}
		return "the URL of a proxy, or true for the environment's", ok
	}
	return "", false
}

// parseURL reads the URL of a request.
func (l *library) parseURL(s string, schemes ...string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, l.m.ArgError("invalid URL %q: %s", s, err.Error())
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			if u.Hostname() == "" {
				return nil, l.m.ArgError("invalid URL %q: the host is missing", s)
			}
			return u, nil
		}
	}
	return nil, l.m.ArgError("invalid URL %q: want it to begin with %s://", s, strings.Join(schemes, ":// or "))
}

// httpHeaders reads a map of headers.
func (l *library) httpHeaders(who string, v Value) (http.Header, error) {
	h := http.Header{}
	if !v.IsSet() || v.IsNil() {
		return h, nil
	}
	if v.Kind() != value.KindMap {
		return nil, l.m.ArgError("%s requires the headers to be a map, got %s", who, value.TypeName(v))
	}
	for _, e := range v.AsMap().Entries() {
		if e.Key == nil {
			continue
		}
		values := []Value{e.Val}
		if e.Val.Kind() == value.KindArray {
			values = e.Val.AsArray().Items
		}
		for _, one := range values {
			s, ok := plainText(one)
			if !ok {
				return nil, l.m.ArgError("header %s must be a text, a number or an array of them, got %s", e.Key.Name, value.TypeName(one))
			}
			if !headerName(e.Key.Name) || strings.ContainsAny(s, "\r\n\x00") {
				return nil, l.m.ArgError("invalid header %q: %q", e.Key.Name, s)
			}
			h.Add(e.Key.Name, s)
		}
	}
	return h, nil
}

// headerName tells whether a text may name a header (RFC 9110, token).
func headerName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		alnum := c-'0' < 10 || c|0x20-'a' < 26
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}
