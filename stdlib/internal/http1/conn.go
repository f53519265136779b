package http1

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"

	"gene/backends"
)

// phase is what a connection is about.
type phase uint8

const (
	reading  phase = iota // a head, or nothing yet
	inBody                // a body
	busy                  // a request is with the program, perhaps before all of its body has come
	skipping              // it is answered, and the rest of its body is thrown away
	closing               // the last answer is sent; what still comes is thrown away
	upgraded              // the bytes are no longer HTTP
	gone
)

const (
	lingerTime  = 2 * time.Second // for a peer to read the last answer and close
	lingerBytes = 1 << 20         // of what it sends meanwhile
	blankMax    = 4               // bytes of line ends before a request
	skipMax     = 256 << 10       // bytes of a body that nobody reads, for the sake of the next request
)

// conn is one connection.
type conn struct {
	srv   *Server
	nc    backends.Conn
	peer  string // its address
	phase phase

	in      []byte // came and is not looked at; not given back yet either
	scanned int    // bytes of in that scanHead has passed
	blank   int
	body    *bodyReader // nil when all of the body has come
	stream  *Body       // the program reads of, nil with body
	expects bool        // the peer waits for "100 Continue"
	req     *Request
	next    backends.Handler // once upgraded
	ended   bool             // the peer sends no more
	running bool             // advance is at work
	linger  int
	watched bool // a peer that takes nothing of what is sent is cut off

	deadline time.Duration  // 0 for none
	timer    backends.Timer // nil when none is pending
	fires    time.Duration  // when it does
}

// Data takes what the peer has sent.
func (c *conn) Data(b []byte) {
	switch c.phase {
	case upgraded:
		c.next.Data(b)
		return
	case closing, gone:
		c.discard(len(b))
		return
	}
	if len(c.in) == 0 {
		c.in = b
	} else {
		c.in = append(c.in, b...)
	}
	c.advance()
}

// discard throws bytes away that come behind the last answer.
func (c *conn) discard(n int) {
	c.nc.Consumed(n)
	if c.linger += n; c.linger > lingerBytes && c.phase == closing {
		c.nc.Close(0)
	}
}

// End notes that the peer sends no more. A request under way is still answered.
func (c *conn) End() {
	c.ended = true
	switch c.phase {
	case upgraded:
		c.next.End()
	case busy:
		c.breakBody(io.ErrUnexpectedEOF)
		if c.req != nil && c.req.Endless && c.req.begun {
			c.shut() // nobody listens
		}
	default:
		c.shut()
	}
}

// Closed is the connection's last event.
func (c *conn) Closed(r backends.Report) {
	was := c.phase
	c.phase = gone
	delete(c.srv.conns, c)
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	if was == upgraded {
		c.next.Closed(r)
	}
	c.breakBody(io.ErrUnexpectedEOF)
	if c.req != nil {
		c.req.lose()
	}
	c.srv.checkDrained()
}

// shut closes the connection behind what was written. A peer that is still taking
// it gets the time that it needs.
func (c *conn) shut() {
	switch {
	case c.phase == gone:
	case c.nc.Buffered() > 0:
		c.phase = closing
		c.arm(lingerTime)
	default:
		c.phase = closing
		c.nc.Close(0)
	}
}

// advance goes on with what has come until it needs more, or the program's
// answer.
func (c *conn) advance() {
	if c.running {
		return
	}
	c.running = true
	defer func() { c.running = false }()
	for more := true; more; {
		switch c.phase {
		case reading:
			more = c.readHead()
		case inBody:
			more = c.readBody()
		case busy:
			more = c.readStream()
		case skipping:
			more = c.skipBody()
		default:
			more = false
		}
	}
}

// drop gives back n bytes of in.
func (c *conn) drop(n int) {
	if n == 0 {
		return
	}
	c.in = c.in[n:]
	if len(c.in) == 0 {
		c.in = nil
	}
	c.nc.Consumed(n)
}

func (c *conn) skipBlank() {
	for c.blank < blankMax && c.scanned == 0 && bytes.HasPrefix(c.in, []byte("\r\n")) {
		c.blank += 2
		c.drop(2)
	}
}

func (c *conn) readHead() bool {
	c.skipBlank()
	if len(c.in) == 0 || c.scanned == 0 && len(c.in) == 1 && c.in[0] == '\r' && c.blank < blankMax {
		return false
	}
	end, r := scanHead(c.in, c.scanned)
	switch {
	case r != nil:
		c.fail(r)
		return false
	case end > c.srv.limits.Header || end == 0 && len(c.in) > c.srv.limits.Header:
		c.fail(refuse(http.StatusRequestHeaderFieldsTooLarge, "the head is too large"))
		return false
	case end == 0:
		if c.scanned == 0 {
			c.arm(c.srv.limits.HeaderTime)
		}
		c.scanned = len(c.in)
		return false
	}
	return c.parse(c.in[:end])
}

// parse begins the request with a complete head.
func (c *conn) parse(head []byte) bool {
	f, r := checkHead(head)
	if r == nil {
		c.body, r = newBodyReader(f, c.srv.limits.Body)
	}
	if r != nil {
		c.fail(r)
		return false
	}
	c.srv.reader.Reset(bytes.NewReader(head))
	hr, err := http.ReadRequest(c.srv.reader)
	if err != nil {
		c.fail(bad("malformed request"))
		return false
	}
	hr.Body = http.NoBody
	hr.RemoteAddr = c.peer
	hr.TLS = c.nc.TLS()
	c.drop(len(head))
	c.scanned, c.blank = 0, 0
	c.req = &Request{Request: hr, carrier: c, last: hr.Close || c.srv.stopping}
	if f.chunked || f.length > 0 {
		return c.expectBody()
	}
	c.ready()
	return true
}

func (c *conn) expectBody() bool {
	c.phase = inBody
	c.arm(c.srv.limits.BodyTime)
	switch expect := c.req.Header.Get("Expect"); {
	case expect == "":
	case !strings.EqualFold(expect, "100-continue"):
		c.fail(refuse(http.StatusExpectationFailed, "unknown Expect"))
		return false
	default:
		c.expects = len(c.in) == 0 && c.req.ProtoAtLeast(1, 1)
	}
	if c.srv.StreamBodies {
		c.stream = newBody(c)
		c.req.Body = c.stream
		c.toProgram()
	} else {
		c.goOn()
	}
	return true
}

// goOn tells a peer that waits for it to send the body.
func (c *conn) goOn() {
	if c.expects {
		c.expects = false
		c.write([]byte("HTTP/1.1 100 Continue\r\n\r\n"), nil)
	}
}

func (c *conn) readBody() bool {
	n, done, r := c.body.read(c.in)
	if r != nil {
		c.fail(r)
		return false
	}
	c.drop(n)
	if !done {
		if n > 0 {
			c.arm(c.srv.limits.BodyTime)
		}
		return false
	}
	c.req.Content = c.body.data
	c.ready()
	return true
}

// ready hands a request over all of whose body has come.
func (c *conn) ready() {
	c.body = nil
	if len(c.req.Content) > 0 {
		c.req.Body = io.NopCloser(bytes.NewReader(c.req.Content))
	}
	c.toProgram()
}

func (c *conn) toProgram() {
	c.phase = busy
	c.armBusy()
	c.srv.serve(c.req)
}

// armBusy sets the time for the program, or for the peer if more of the body is to come.
func (c *conn) armBusy() {
	switch {
	case !c.req.begun && c.srv.limits.RequestTime > 0:
		c.arm(c.srv.limits.RequestTime)
	case c.stream != nil:
		c.arm(c.srv.limits.BodyTime)
	default:
		c.arm(0)
	}
}

// answered goes on after an answer.
func (c *conn) answered(last bool) {
	c.req = nil
	skip := c.body != nil && !c.cannotSkip()
	c.breakBody(ErrAnswered)
	switch {
	case c.phase == gone:
	case c.ended:
		c.shut()
	case last || c.srv.stopping:
		c.finish()
	case skip:
		c.phase = skipping
		c.arm(c.srv.limits.BodyTime)
		c.advance()
	default:
		c.phase = reading
		c.arm(c.srv.limits.IdleTime)
		c.advance()
	}
}

// fail answers what is no request.
func (c *conn) fail(r *refusal) {
	c.srv.rejected++
	c.req, c.body, c.stream = nil, nil, nil
	c.write(c.srv.render(errorAnswer(r)), nil)
	c.finish()
}

// finish ends the connection so that the peer gets the last answer: closing
// while it still sends would make the system throw away what it hasn't read.
func (c *conn) finish() {
	if c.phase == gone {
		return
	}
	c.phase = closing
	if c.nc.CloseWrite() != nil {
		c.nc.Close(0)
		return
	}
	c.arm(lingerTime)
	n := len(c.in)
	c.in = nil
	if n > 0 {
		c.discard(n)
	}
}

// write sends bytes; w hears of the end of a write that isn't finished at once.
func (c *conn) write(b []byte, w backends.Written) (finished bool, err error) {
	if c.phase == gone {
		return false, backends.ErrConnClosed
	}
	finished, err = c.nc.Write(b, w)
	if !finished && err == nil {
		c.watch()
	}
	return finished, err
}

// watch begins to watch what is sent, once some of it has to wait: most peers
// take everything at once.
func (c *conn) watch() {
	if !c.watched {
		c.watched = true
		c.nc.SetTimeouts(0, c.srv.limits.WriteTime)
	}
}

// arm sets the time until which the present phase must be over. The timer is
// left alone where it fires early enough: it looks at the deadline then.
func (c *conn) arm(d time.Duration) {
	if d <= 0 {
		c.deadline = 0
		return
	}
	now := c.srv.loop.Now()
	c.deadline = now + d
	if c.timer != nil && c.fires <= c.deadline {
		return
	}
	if c.timer != nil {
		c.timer.Stop()
	}
	c.startTimer(d)
}

func (c *conn) startTimer(d time.Duration) {
	c.fires = c.srv.loop.Now() + d
	c.timer = c.srv.loop.AfterFunc(d, backends.Func(c.tick))
}

// tick looks whether the deadline has passed.
func (c *conn) tick() {
	c.timer = nil
	if c.deadline == 0 || c.phase == gone {
		return
	}
	if left := c.deadline - c.srv.loop.Now(); left > 0 {
		c.startTimer(left)
		return
	}
	c.deadline = 0
	c.expire()
}

func (c *conn) expire() {
	switch c.phase {
	case reading, inBody:
		if c.phase == reading && len(c.in) == 0 {
			if c.nc.Buffered() > 0 { // it takes the last answer slowly
				c.arm(c.srv.limits.IdleTime)
				return
			}
			c.shut() // idle
			return
		}
		c.fail(refuse(http.StatusRequestTimeout, "the request came too slowly"))
	case skipping:
		c.finish()
	case busy:
		if c.stream != nil && c.stream.starving() {
			c.failBody(refuse(http.StatusRequestTimeout, "the body came too slowly"))
			c.armBusy()
			return
		}
		if c.srv.Timeout != nil && c.req != nil && !c.req.begun {
			c.srv.Timeout(c.req)
		}
	case closing:
		if c.nc.Buffered() > 0 {
			c.arm(lingerTime)
			return
		}
		c.nc.Close(0)
	}
}
