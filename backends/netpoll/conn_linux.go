package netpoll

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cloudwego/netpoll"
	"golang.org/x/sys/unix"

	"gene/backends/internal/core"
	"gene/backends/internal/socket"
)

// conn is the driver of one connection of the library. users counts what ends before Gone is said: the open
// connection, the writer, and what of the library's may be the one that closes the descriptor.
type conn struct {
	c     *core.Conn
	loop  *core.Loop
	nc    netpoll.Connection
	users atomic.Int32
	// These belong to the library's requests.
	large  bool // much has come at once, and the library's goroutines serve the connection from then on
	filled int  // of the library's buffer

	flush sync.Mutex // held by the writer while it writes, and when the library is done; taken before mu

	mu      sync.Mutex
	fd      int
	over    bool     // the descriptor is closed, or about to be
	half    bool     // the peer has ended its sending and the library is done; the descriptor is ours
	resume  bool     // the writer was cut short by that, and is to be started again
	file    *os.File // once output waits in half
	cause   error    // why, once over
	closing bool     // Close was called
	hungUp  bool     // the poller has seen the end, and has let go of the descriptor
	inPlace bool     // the poller itself runs the library's request
	finSent bool
}

// Attach keeps the connection.
func (d *conn) Attach(c *core.Conn) { d.c = c }

// Begin does nothing: the library reads from the start, and what comes waits in the core.
func (d *conn) Begin() {}

func (d *conn) leave() {
	if d.users.Add(-1) == 0 {
		d.c.Gone()
	}
}

// connContext is how the library tells whose request it is.
type connContext struct {
	context.Context
	d *conn
}

// run is the library's way to start the request of a connection whose buffer was empty. Ours
// don't wait, so the poller does them itself, which spares a goroutine and its wake-up. Two things it can't
// do: close the connection, for which the library waits for the poller, and give back large buffers.
func run(ctx context.Context, request func()) {
	of, ok := ctx.(connContext)
	if !ok {
		panic("internal error: netpoll runs a request of no connection")
	}
	d := of.d
	if d.enter() {
		request()
		d.exit()
		return
	}
	go func() {
		defer d.leave()
		request()
	}()
}

// enter reports whether the poller may run the request; else it is counted as a user.
func (d *conn) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inPlace = !d.large && !d.closing; !d.inPlace {
		d.users.Add(1)
	}
	return d.inPlace
}

func (d *conn) exit() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inPlace = false; d.closing {
		d.users.Add(1)
		go d.closeNow()
	}
}

const pieceMax = 64 << 10

// onRequest runs one at a time for each connection, until all input is taken: what it leaves makes the
// library call it again at once. The library can't be held up: what is beyond the window waits in the core,
// and beyond the hard cap the connection ends.
func onRequest(ctx context.Context, nc netpoll.Connection) error {
	d, r := ctx.(connContext).d, nc.Reader()
	for more := r.Len() > 0; more; more = r.Len() > 0 && nc.IsActive() { // a closed one is not read for as long as its peer sends
		room, err := d.take(r)
		if err != nil {
			d.c.Failed(err)
		}
		if err != nil || !room && d.c.Flooded() {
			if d.closes(false) {
				d.closeNow() // takes effect when the request returns
			}
			return nil
		}
	}
	return nil
}

// take moves a piece of the library's input to the core.
func (d *conn) take(r netpoll.Reader) (room bool, err error) {
	b, err := r.ReadBinary(min(r.Len(), pieceMax))
	if err != nil {
		return false, err
	}
	r.Release()
	d.loop.Ledger().LibraryIn.Add(int64(len(b)))
	if d.inPlace {
		b = d.complete(b)
	}
	return d.c.Received(b), nil
}

// restMax is what complete reads at most. Where more comes at once the library's buffers, which grow,
// are the better ones.
const restMax = 4 << 10

// complete adds to a piece of input that ended with the library's buffer the rest of it. Without, one in so many messages would
// reach the program in two parts, and cost twice. The poller is the caller, so nobody else reads.
func (d *conn) complete(b []byte) []byte {
	if d.filled += len(b); d.filled < bufferSize {
		return b
	}
	d.filled = 0
	var rest [restMax]byte
	n, err := syscall.Read(d.fd, rest[:])
	if err != nil || n == 0 {
		return b // nothing, or the end, which the poller will see, too
	}
	d.large = n == restMax
	d.loop.Ledger().DirectIn.Add(int64(n))
	return append(b, rest[:n]...)
}

// onDisconnect is told that the poller has seen the end, before closed.
func onDisconnect(ctx context.Context, _ netpoll.Connection) {
	d := ctx.(connContext).d
	d.mu.Lock()
	d.hungUp = true
	d.mu.Unlock()
}

// closed is the library's last call for a connection, with the descriptor still open. No request runs and none will, so
// what is still in the library's buffer nobody else would count.
//
// The library takes a peer that only ended its sending for one that is gone. It is done with the connection then, but
// we keep the descriptor and answer, as long as the program likes.
func (d *conn) closed(nc netpoll.Connection) error {
	var err error
	for r := nc.Reader(); r.Len() > 0 && err == nil; {
		_, err = d.take(r)
	}
	half, resume := d.takeOver(err)
	d.c.Ended(d.cause)
	if resume {
		d.Flush()
	}
	if !half {
		d.leave()
	}
	return nil
}

// takeOver decides what becomes of the descriptor. When we close a connection ourselves the poller may still be reading
// it; then the library waits for that, closes, and its goroutine is one of the users. Else the poller has let go of it, and we
// close it: the library would do that behind the callback and tell nobody.
func (d *conn) takeOver(err error) (half, resume bool) {
	d.flush.Lock() // a Flush that waits was woken
	defer d.flush.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cause = err; err == nil && !d.closing {
		d.cause = d.failure()
	}
	d.half = d.hungUp && !d.closing && d.cause == nil
	d.over = !d.half
	if d.hungUp || !d.closing {
		d.nc.(interface{ Detach() error }).Detach() // it is closed already: this leaves us the descriptor
		if d.over {
			syscall.Close(d.fd)
		}
	}
	return d.half, d.resume
}

// failure tells why the library sees the end: nil if it is the peer's own. The library drops the
// error of its read, so the state of the socket has to tell. The lock is held.
func (d *conn) failure() error {
	if errno, err := syscall.GetsockoptInt(d.fd, syscall.SOL_SOCKET, syscall.SO_ERROR); err == nil && errno != 0 {
		return os.NewSyscallError("read", syscall.Errno(errno))
	}
	info, err := unix.GetsockoptTCPInfo(d.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil || info.State != unix.BPF_TCP_CLOSE || d.finSent {
		return nil // not TCP, or an end: with both ends sent the state is the same as after a reset
	}
	if info.Probes > 0 || info.Retransmits > 0 {
		return errLost
	}
	return os.NewSyscallError("read", syscall.ECONNRESET)
}

// errLost is of a connection whose peer had stopped answering.
var errLost = errors.New("connection lost: the peer did not answer, or reset it")

// gone is why a write failed that the library says no more of than that the connection is closed.
func (d *conn) gone() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.over {
		d.cause = d.failure()
	}
	if d.cause == nil {
		return os.NewSyscallError("write", syscall.EPIPE)
	}
	return d.cause
}

// TryWrite writes what the system takes at once, as the library's Flush begins; but that waits for the rest.
func (d *conn) TryWrite(b []byte) (int, error) {
	n, err := d.writeOnce(b)
	switch {
	case err == nil:
		d.loop.Ledger().DirectOut.Add(int64(n))
		return n, nil
	case err == syscall.EAGAIN:
		return 0, nil
	case err == errOver:
		return 0, d.gone()
	}
	return 0, os.NewSyscallError("write", err)
}

func (d *conn) writeOnce(b []byte) (n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return 0, errOver
	}
	for err = syscall.EINTR; err == syscall.EINTR; {
		n, err = syscall.Write(d.fd, b)
	}
	return n, err
}

// Flush starts the writer.
func (d *conn) Flush() {
	d.users.Add(1)
	if !d.loop.Go(d.write) {
		d.leave()
	}
}

func (d *conn) write() {
	defer d.leave()
	for {
		bufs := d.c.Output(256 << 10)
		if bufs == nil {
			return
		}
		n, err := d.send(bufs)
		if n > 0 {
			d.c.Sent(n)
		}
		if err == nil {
			continue
		}
		if err == errCutShort {
			half, later := d.afterCut()
			if half {
				continue
			}
			if later {
				return
			}
		}
		d.c.Failed(d.reason(err))
		d.c.Output(0)
		return
	}
}

var (
	errOver     = errors.New("internal error: the descriptor is closed")
	errCutShort = errors.New("internal error: the library was done before the output")
)

// send waits until the system has all of it. It reports how much it has also when it fails.
func (d *conn) send(bufs [][]byte) (n int, err error) {
	d.flush.Lock()
	defer d.flush.Unlock()
	file, err := d.output()
	switch {
	case err != nil:
		return 0, err
	case file != nil:
		sent, err := (*net.Buffers)(&bufs).WriteTo(file)
		d.loop.Ledger().StandardOut.Add(sent)
		return int(sent), err
	}
	n, err = d.sendByLibrary(bufs)
	d.loop.Ledger().LibraryOut.Add(int64(n))
	return n, err
}

// output is the file to write to once the library is done with the connection, else nil.
func (d *conn) output() (*os.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil, errOver
	}
	if d.half && d.file == nil {
		d.file = os.NewFile(uintptr(d.fd), "connection") // waits by Go's own poller
	}
	return d.file, nil
}

// sendByLibrary has the socket tell how much was sent when the library fails, which doesn't.
func (d *conn) sendByLibrary(bufs [][]byte) (n int, err error) {
	before, _ := d.handedOver()
	w := d.nc.Writer()
	for _, b := range bufs {
		if _, err = w.WriteBinary(b); err != nil {
			return 0, err
		}
		n += len(b)
	}
	if err = w.Flush(); err == nil {
		return n, nil
	}
	after, ok := d.handedOver()
	if !ok {
		return 0, err
	}
	if errors.Is(err, netpoll.ErrConnClosed) {
		err = errCutShort
	}
	return int(after - before), err
}

// handedOver counts the bytes that the system has taken since the connection was made; TCP on Linux 4.19 or later tells.
func (d *conn) handedOver() (n int64, ok bool) {
	info, err := unix.GetsockoptTCPInfo(d.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil || info.Bytes_sent == 0 {
		return 0, false
	}
	return int64(info.Bytes_sent) - int64(info.Bytes_retrans) + int64(info.Notsent_bytes), true
}

// afterCut tells whether the output goes on now, without the library, or once takeOver starts the writer again.
func (d *conn) afterCut() (half, later bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.resume = !d.over && !d.half && !d.closing
	return d.half, d.resume
}

// reason is the system's error where there is one.
func (d *conn) reason(err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) || errno >= netpoll.ErrConnClosed { // the library's own
		return d.gone()
	}
	return os.NewSyscallError("write", errno)
}

// CloseWrite sends the end of the stream.
func (d *conn) CloseWrite() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil
	}
	d.finSent = true
	return syscall.Shutdown(d.fd, syscall.SHUT_WR)
}

// Close closes the descriptor.
func (d *conn) Close(reset bool) {
	if d.closes(reset) {
		go d.closeNow()
	}
	if d.drops() {
		d.leave()
	}
}

// drops closes a descriptor that the library has left to us.
func (d *conn) drops() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.half || d.over {
		return false
	}
	d.over = true
	if d.file != nil {
		d.file.Close()
	} else {
		syscall.Close(d.fd)
	}
	return true
}

// closeNow is called by no goroutine that holds mu, nor by the poller.
func (d *conn) closeNow() {
	defer d.leave()
	d.nc.Close() // calls back
}

// closes reports whether the caller has to call closeNow, for which it is counted as a user.
func (d *conn) closes(reset bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if reset && !d.over {
		syscall.SetsockoptLinger(d.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1}) // without it, it is a plain close
	}
	if d.over || d.half || d.closing {
		return false
	}
	d.closing = true
	if d.inPlace {
		return false // exit does it
	}
	d.users.Add(1)
	return true
}

// SetKeepAlive sets the probes of TCP.
func (d *conn) SetKeepAlive(every time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over || d.nc.LocalAddr().Network() == "unix" {
		return nil
	}
	return socket.KeepAlive(d.fd, every)
}

// TLS is always nil: the standard library serves it.
func (d *conn) TLS() *tls.ConnectionState { return nil }
