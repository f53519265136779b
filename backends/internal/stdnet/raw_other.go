//go:build !unix

package stdnet

import (
	"net"
	"syscall"
)

// Elsewhere reads and writes go through net.Conn.

func rawConn(net.Conn) syscall.RawConn { return nil }

type rawRead struct{}

func (*rawRead) next(syscall.RawConn, int) (*[]byte, int, error) {
	panic("internal error: no raw reads here")
}

type rawWrite struct{}

func (*rawWrite) try(syscall.RawConn, []byte) (int, error) {
	panic("internal error: no raw writes here")
}
