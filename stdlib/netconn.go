package stdlib

import (
	"bytes"
	"errors"
	"unicode/utf8"
	"unsafe"

	"gene/backends"
	"gene/value"
	"gene/vm"
)

// netConn is a connection of the program. It belongs to the VM's goroutine. What has come and was
// not taken waits in buf; the peer is held up when that is a window full.
type netConn struct {
	n        *network
	c        backends.Conn
	object   *value.Instance
	bytes    bool // reads give Bytes
	buf      []byte
	scanned  int // bytes of buf known to hold no end of line
	credited int // bytes of buf whose place in the window is given back already
	ended    bool
	closing  bool // by the program
	report   *backends.Report
	reader   *netRead     // that waits
	closers  []*vm.Future // of close
	spare    *netWrite    // for the next write
}

// netRead is a read that waits for more.
type netRead struct {
	future *vm.Future
	size   netSize
	bytes  bool
	next   bool // of a for loop
}

// netSize tells how much to take of a connection's buf, and how much of the taken to leave out.
type netSize func(k *netConn) (n, skip int, ok bool)

// netPieceMax bounds what one line or one read_exactly may keep waiting for.
const netPieceMax = 64 << 20

func (n *network) newConn(c backends.Conn, o netOptions) *netConn {
	k := &netConn{n: n, c: c, bytes: o.bytes, object: value.NewInstance(n.conns)}
	k.object.Data = k
	c.SetTimeouts(o.read, o.write)
	c.Start(k)
	return k
}

// GeneText is the printed form.
func (k *netConn) GeneText() string { return "<connection " + k.c.RemoteAddr().String() + ">" }

func netConnOf(v Value) *netConn { return v.AsInstance().Data.(*netConn) }

// defineConnections defines the methods of a connection.
func (n *network) defineConnections() {
	l := n.l
	l.kwMethods(n.conns, []kwEntry{
		{"read", "A future of what has come, nil at the end; ^^bytes gives Bytes.", n.read("read", nil)},
		{"read_line", "A future of the next line without its end, nil at the end.", n.read("read_line", sizeOfLine)},
		{"read_exactly", "A future of exactly so many bytes.", n.readExactly},
	})
	l.methods(n.conns, []entry{
		{"write", "Sends a String or Bytes; a future of nil, when the system has all of it.", n.write},
		{"close_write", "Sends the end of the stream; a future of nil.", n.closeWrite},
		{"close", "Sends what was written and closes; a future of nil.", n.close},
		{"address", "The address of this end.", func(m *VM, args []Value) (Value, error) {
			return value.Str(netConnOf(args[0]).c.LocalAddr().String()), nil
		}},
		{"peer", "The address of the other end.", func(m *VM, args []Value) (Value, error) {
			return value.Str(netConnOf(args[0]).c.RemoteAddr().String()), nil
		}},
		{"iter", "Itself: a for loop takes what comes, piece by piece.", func(m *VM, args []Value) (Value, error) { return args[0], nil }},
		{"next", "What comes next, for loops.", func(m *VM, args []Value) (Value, error) {
			return netConnOf(args[0]).next(nil)
		}},
		{"lines", "What comes, line by line, for loops.", func(m *VM, args []Value) (Value, error) {
			i := value.NewInstance(n.lines)
			i.Data = netConnOf(args[0])
			return i.Value(), nil
		}},
	})
	l.methods(n.lines, []entry{
		{"iter", "Itself.", func(m *VM, args []Value) (Value, error) { return args[0], nil }},
		{"next", "The next line.", func(m *VM, args []Value) (Value, error) {
			return netConnOf(args[0]).next(sizeOfLine)
		}},
	})
}

// Data takes over what has come.
func (k *netConn) Data(b []byte) {
	if k.closing {
		return // the rest of what the loop had under way when the program closed
	}
	if len(k.buf) == 0 {
		k.buf = b
	} else {
		k.buf = append(k.buf, b...)
	}
	k.serve()
}

// End notes that nothing more comes.
func (k *netConn) End() {
	k.ended = true
	k.serve()
}

// Closed is the last event.
func (k *netConn) Closed(r backends.Report) {
	k.report = &r
	k.serve()
	for _, f := range k.closers {
		k.resolveClose(f)
	}
	k.closers = nil
}

func (k *netConn) resolveClose(f *vm.Future) {
	m := k.n.l.m
	if k.report.Unsent > 0 {
		m.Fail(f, k.n.l.socketError(&backends.LostError{Lost: k.report.Unsent, Of: k.report.Unsent, Err: k.report.Err}, "close connection to", k.peer()))
		return
	}
	m.Resolve(f, value.Nil)
}

func (k *netConn) peer() string { return k.c.RemoteAddr().String() }

// sizeOfAll takes everything that is there.
func sizeOfAll(k *netConn) (n, skip int, ok bool) { return len(k.buf), 0, len(k.buf) > 0 }

// sizeOfText is sizeOfAll without a character whose rest is still to come.
func sizeOfText(k *netConn) (n, skip int, ok bool) {
	n = len(k.buf) - unfinished(k.buf)
	if n == 0 && k.over() {
		n = len(k.buf) // its rest never comes
	}
	return n, 0, n > 0
}

// sizeOfLine takes a line; the last one may lack its end.
func sizeOfLine(k *netConn) (n, skip int, ok bool) {
	i := bytes.IndexByte(k.buf[k.scanned:], '\n')
	if i < 0 {
		k.scanned = len(k.buf)
		return len(k.buf), 0, k.over() && len(k.buf) > 0
	}
	i += k.scanned
	if i > 0 && k.buf[i-1] == '\r' {
		return i + 1, 2, true
	}
	return i + 1, 1, true
}

func sizeExactly(want int) netSize {
	return func(k *netConn) (int, int, bool) { return want, 0, len(k.buf) >= want }
}

// over tells whether nothing more comes.
func (k *netConn) over() bool { return k.ended || k.report != nil || k.closing }

// serve lets the waiting read have what it waits for.
func (k *netConn) serve() {
	r := k.reader
	if r == nil {
		return
	}
	v, ok, err := k.attempt(r)
	if err == nil && !ok {
		k.makeRoom()
		return
	}
	k.reader = nil
	if err != nil {
		k.n.l.m.Fail(r.future, err)
		return
	}
	k.n.l.m.Resolve(r.future, v)
}

// attempt reads without waiting.
func (k *netConn) attempt(r *netRead) (v Value, ok bool, err error) {
	if k.closing {
		return v, false, k.n.l.socketError(backends.ErrConnClosed, "read from", k.peer())
	}
	if n, skip, ok := r.size(k); ok {
		return k.take(n, skip, r.bytes)
	}
	if !k.over() {
		if len(k.buf) > netPieceMax {
			return v, false, k.n.l.m.Raise(k.n.l.m.Errors.Network, vm.CodeNet, "Failed to read from '%s': more than %d bytes without an end of line", k.peer(), netPieceMax)
		}
		return v, false, nil
	}
	if k.report != nil && k.report.Err != nil {
		return v, false, k.n.l.socketError(k.report.Err, "read from", k.peer())
	}
	return k.atEnd(r)
}

// atEnd is a read behind the last byte, or of more than there are.
func (k *netConn) atEnd(r *netRead) (v Value, ok bool, err error) {
	if n := len(k.buf); n > 0 {
		want, _, _ := r.size(k)
		return v, false, k.n.l.m.Raise(k.n.l.m.Errors.Network, vm.CodeNet, "Failed to read from '%s': the stream ended after %d of %d bytes", k.peer(), n, want)
	}
	if r.next {
		return value.NotFound, true, nil
	}
	return value.Nil, true, nil
}

// take removes n bytes and gives them as a value. What is no text stays, for a read of bytes.
func (k *netConn) take(n, skip int, asBytes bool) (v Value, ok bool, err error) {
	piece := k.buf[: n-skip : n-skip]
	if !asBytes && !validText(piece) {
		return v, false, k.n.l.socketError(notUTF8(string(piece)), "read text from", k.peer())
	}
	k.buf, k.scanned = k.buf[n:], 0
	if len(k.buf) == 0 {
		k.buf = nil
	}
	early := min(n, k.credited)
	k.credited -= early
	if k.report == nil && !k.closing {
		k.c.Consumed(n - early)
	}
	if asBytes {
		return value.NewBytes(piece), true, nil
	}
	return value.Str(unsafe.String(unsafe.SliceData(piece), len(piece))), true, nil // nobody changes the bytes any more
}

// unfinished is the number of bytes at the end that begin a character whose rest is still to come.
func unfinished(b []byte) int {
	for i := 1; i <= min(len(b), utf8.UTFMax-1); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if utf8.FullRune(b[len(b)-i:]) {
				return 0
			}
			return i
		}
	}
	return 0
}

// makeRoom lets the peer go on, for a read that needs more than the window.
func (k *netConn) makeRoom() {
	if n := len(k.buf) - k.credited; n > 0 && k.report == nil && !k.closing {
		k.credited += n
		k.c.Consumed(n)
	}
}

// newRead makes a read of size, or without one of a piece as it comes.
func newRead(size netSize, bytes, next bool) *netRead {
	if size == nil {
		if size = sizeOfText; bytes {
			size = sizeOfAll
		}
	}
	return &netRead{size: size, bytes: bytes, next: next}
}

// start begins a read: a future of its value.
func (k *netConn) start(r *netRead) Value {
	m := k.n.l.m
	if k.reader != nil {
		return m.Failed(m.Raise(m.Errors.Concurrency, vm.CodeRuntime, "connection to '%s' is being read by another task", k.peer()))
	}
	v, ok, err := k.attempt(r)
	if err != nil {
		return m.Failed(err)
	}
	f := m.NewFuture()
	if ok {
		m.Resolve(f, v)
		return f.Value()
	}
	r.future, k.reader = f, r
	f.OnCancel(func() {
		if k.reader == r {
			k.reader = nil
		}
	})
	k.makeRoom()
	return f.Value()
}

// next is a read for loops: the value itself, which parks the task if it has to wait.
func (k *netConn) next(size netSize) (Value, error) {
	r := newRead(size, k.bytes, true)
	if k.reader == nil {
		if v, ok, err := k.attempt(r); ok || err != nil {
			return v, err
		}
	}
	return k.n.l.m.Invoke(k.n.l.prelude("await"), []Value{k.start(r)}, nil)
}

func (n *network) read(name string, size netSize) vm.NativeKwFn {
	return func(m *VM, args []Value, kw *value.Map) (Value, error) {
		k := netConnOf(args[0])
		o, err := n.options(name, kw, "bytes")
		if err != nil {
			return m.Failed(err), nil
		}
		return k.start(newRead(size, k.bytes || o.bytes, false)), nil
	}
}

func (n *network) readExactly(m *VM, args []Value, kw *value.Map) (Value, error) {
	want := arg(args, 1)
	if !want.IsInt() || want.AsInt() < 0 || want.AsInt() > netPieceMax {
		return m.Failed(m.ArgError("read_exactly requires a number of bytes from 0 to %d", netPieceMax)), nil
	}
	return n.read("read_exactly", sizeExactly(int(want.AsInt())))(m, args, kw)
}

// netWrite is the future of a write that the system has not taken at once.
type netWrite struct {
	k *netConn
	f *vm.Future
}

// Written finishes the future.
func (w *netWrite) Written(err error) {
	if err != nil {
		w.k.n.l.m.Fail(w.f, w.k.n.l.socketError(err, "write to", w.k.peer()))
		return
	}
	w.k.n.l.m.Resolve(w.f, value.Nil)
}

func (n *network) write(m *VM, args []Value) (Value, error) {
	k := netConnOf(args[0])
	var data []byte
	switch v := arg(args, 1); v.Kind() {
	case value.KindString:
		s := v.AsString()
		data = unsafe.Slice(unsafe.StringData(s), len(s))
	case value.KindBytes:
		data = v.AsBytes()
	default:
		return m.Failed(m.ArgError("write requires a String or Bytes, got %s", value.TypeName(v))), nil
	}
	w := k.spare
	if k.spare = nil; w == nil {
		w = &netWrite{k: k}
	}
	done, err := k.c.Write(data, w)
	if err == nil && !done {
		w.f = m.NewEffect()
		return w.f.Value(), nil
	}
	k.spare = w // the loop didn't keep it
	if err != nil {
		return m.Failed(n.l.socketError(err, "write to", k.peer())), nil
	}
	f := m.NewFuture()
	m.Resolve(f, value.Nil)
	return f.Value(), nil
}

func (n *network) closeWrite(m *VM, args []Value) (Value, error) {
	k := netConnOf(args[0])
	if err := k.c.CloseWrite(); err != nil && !errors.Is(err, backends.ErrConnClosed) {
		return m.Failed(n.l.socketError(err, "write to", k.peer())), nil
	}
	f := m.NewFuture()
	m.Resolve(f, value.Nil)
	return f.Value(), nil
}

func (n *network) close(m *VM, args []Value) (Value, error) {
	k := netConnOf(args[0])
	if k.report != nil {
		k.closing = true
		f := m.NewFuture()
		k.resolveClose(f)
		return f.Value(), nil
	}
	f := m.NewEffect()
	k.closers = append(k.closers, f)
	k.shut()
	return f.Value(), nil
}

// shut closes once; a read that waits fails.
func (k *netConn) shut() {
	if k.closing || k.report != nil {
		return
	}
	k.closing = true
	k.buf, k.scanned = nil, 0
	k.serve()
	k.c.Close(0)
}
