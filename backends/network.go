package backends

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"
)

// Network is the part of an event loop that connects programs. Everything here is called
// on the VM's goroutine but Listen, which may block for a name look-up and is called by any
// goroutine; no other call blocks. Handlers run on the VM's goroutine, inside Poll.
//
// # Flow
//
// A connection reads nothing before Start; where a library reads from the beginning, that counts as the
// rest does. At most Flow.Window bytes are in flight: given to Handler.Data and not yet returned with Consumed. With the window
// used up the backend stops reading, so that TCP's own flow control holds the peer;
// a backend that can't stop closes the connection with [ErrFlooded] once another
// Flow.HardCap bytes have come.
//
// # No byte is lost in silence
//
// What was read from the peer is delivered or counted in Report.Unread, what Write took was handed
// to the system or is counted in Report.Unsent, and NetStats keeps the sums: read = delivered +
// lost, accepted = written + lost, once all connections are closed.
//
// # Order of events
//
// Data as often as something comes; End at most once, after the last Data; Closed exactly once, last, in
// which the descriptor is closed already. Written tells of each Write that did not finish at once, in
// order, before Closed.
//
// A connection, a listener and a dial in progress each count as one Waiting.
type Network interface {
	// Listen opens a listener: network is tcp, tcp4, tcp6, unix or tls.
	Listen(network, address string, o ListenOptions, a Acceptor) (Listener, error)

	// Dial connects, and calls done once with the connection or the error. Ending ctx ends
	// the attempt with ctx's cause. Who gets a connection must Start or Close it.
	Dial(ctx context.Context, network, address string, o DialOptions, done func(Conn, error)) error

	// ListenPacket opens a UDP socket (udp, udp4, udp6).
	ListenPacket(network, address string, h PacketHandler) (PacketConn, error)
}

// Defaults of Flow and ListenOptions.
const (
	DefaultWindow   = 256 << 10        // covers loopback and fast networks
	DefaultHardCap  = 16 << 20         // beyond the window, where a library reads on: a burst of a fast peer, not yet an attack
	DefaultMaxConns = 50_000           // of a listener; more wait in the system's queue
	DefaultCloseFor = 5 * time.Second  // for unsent bytes at Close
	DefaultAlive    = 15 * time.Second // TCP keep-alive, as Go's own
)

// Flow bounds what is in flight of one connection. Zeros stand for the defaults.
type Flow struct {
	Window  int // bytes given to the program and not consumed
	HardCap int // bytes beyond Window before the connection is closed with ErrFlooded
}

// WithDefaults returns f with defaults in place of zeros.
func (f Flow) WithDefaults() Flow {
	if f.Window <= 0 {
		f.Window = DefaultWindow
	}
	if f.HardCap <= 0 {
		f.HardCap = DefaultHardCap
	}
	return f
}

// ListenOptions of a listener.
type ListenOptions struct {
	Flow     Flow
	MaxConns int         // open at once; 0 for DefaultMaxConns
	TLS      *tls.Config // for network tls
}

// DialOptions of a dial.
type DialOptions struct {
	Flow    Flow
	Timeout time.Duration // 0: as long as the system tries
	TLS     *tls.Config   // for network tls; nil for the system's roots
}

// Acceptor gets what a listener has to say.
type Acceptor interface {
	// Accepted gives a connection, which must be started or closed.
	Accepted(Conn)
	// Trouble tells of an error that the listener survives, such as descriptors exhausted.
	Trouble(error)
	// ListenerClosed is the last event; err is nil after Listener.Close.
	ListenerClosed(err error)
}

// Listener accepts connections until it is closed.
type Listener interface {
	Addr() net.Addr
	Close() // again: nothing
}

// Handler gets the events of a connection.
type Handler interface {
	Data(b []byte) // b is the handler's from now on
	End()          // the peer sends no more
	Closed(Report)
}

// Report is how a connection ended.
type Report struct {
	Err    error // nil if both sides finished in order or the program closed it
	Unread int64 // bytes read from the peer that were not delivered
	Unsent int64 // bytes that Write took and that were not handed to the system
}

// Written is told when a Write is done that didn't finish at once: err is nil when all of
// its bytes are with the system, else a [*LostError].
type Written interface{ Written(err error) }

// Conn is one connection.
type Conn interface {
	// Start begins reading. It is called once.
	Start(h Handler)

	// Consumed gives back n bytes of the window.
	Consumed(n int)

	// Write takes data, which must not change until it is written. It reports true when all of it is
	// with the system already; else w, unless nil, is told later. After CloseWrite, Close
	// or a failure it returns an error and takes nothing.
	Write(data []byte, w Written) (finished bool, err error)

	// Buffered counts the bytes that Write took and the system hasn't.
	Buffered() int

	// CloseWrite sends the end of the stream behind what was written.
	CloseWrite() error

	// Close sends what was written, for at most drain (0 for DefaultCloseFor), and closes. What was
	// not delivered yet never will be.
	Close(drain time.Duration)

	// Abort closes at once, where possible with a reset.
	Abort(reason error)

	// SetTimeouts ends the connection with [ErrStalled] when no byte has come for read, or
	// none of those to be sent was taken for write; 0 for never.
	SetTimeouts(read, write time.Duration)

	SetKeepAlive(every time.Duration) error // negative: off
	LocalAddr() net.Addr
	RemoteAddr() net.Addr
	TLS() *tls.ConnectionState // nil without TLS
}

// PacketHandler gets the events of a UDP socket.
type PacketHandler interface {
	Packet(b []byte, from net.Addr) // b is the handler's from now on
	PacketsClosed(err error)        // last; nil after Close
}

// PacketConn is a UDP socket. Datagrams that come while Window bytes are in flight are dropped,
// as the system drops them, and counted in NetStats.PacketsDropped.
type PacketConn interface {
	Addr() net.Addr
	Consumed(n int)
	Send(b []byte, to string, done func(error)) error
	Close()
}

// ErrFlooded closes a connection whose peer sent more than its limits allow, on a backend that can't
// stop reading.
var ErrFlooded = errors.New("the peer sent more than the program reads, and this loop can't make it wait")

// ErrStalled closes a connection by SetTimeouts.
var ErrStalled = errors.New("timed out")

// ErrConnClosed is returned for writes after CloseWrite or Close.
var ErrConnClosed = errors.New("connection is closed")

// LostError says that bytes which were taken did not arrive.
type LostError struct {
	Lost, Of int64 // bytes
	Err      error // why
}

// Error tells how many bytes were lost, and why.
func (e *LostError) Error() string {
	return fmt.Sprintf("%v: %d of %d bytes were not sent", e.Err, e.Lost, e.Of)
}

// Unwrap returns why.
func (e *LostError) Unwrap() error { return e.Err }

// NetStats is the ledger of a loop's connections, in bytes and counts.
type NetStats struct {
	Accepted, Dialled, Open, Refused int64 // connections
	Read, Delivered, ReadLost        int64
	Taken, Sent, WriteLost           int64
	LibraryIn, LibraryOut            int64 // moved by the loop's own library
	DirectIn, DirectOut              int64 // moved past the library, on its connections, where that costs less
	StandardIn, StandardOut          int64 // moved by Go's net package
	PacketsIn, PacketsOut            int64
	PacketsDropped                   int64
}
