package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
)

// Protocol is what client and server say to each other.
type Protocol interface {
	// Request appends the seq-th message of a connection to b.
	Request(b []byte, conn, seq int) []byte
	// Answer takes what has come on the connection and tells how long the answer to that message
	// is; 0 if it isn't complete. A wrong answer is an error.
	Answer(b []byte, conn, seq int) (n int, err error)
}

// Echo expects back what it sent: so many bytes, at least 16, that tell connection and message.
type Echo struct{ Size int }

// Request appends a message.
func (e Echo) Request(b []byte, conn, seq int) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(conn))
	b = binary.LittleEndian.AppendUint32(b, uint32(seq))
	for i := range b[len(b)-8:] { // printable, for servers that work on text
		b[len(b)-8+i] = b[len(b)-8+i] & 0x3f
	}
	for n := 8; n < e.Size; n++ {
		b = append(b, byte('a'+(n+seq)%26))
	}
	return b
}

// Answer compares.
func (e Echo) Answer(b []byte, conn, seq int) (int, error) {
	if len(b) < e.Size {
		return 0, nil
	}
	var want [256]byte
	if got := b[:e.Size]; !bytes.Equal(got, e.Request(want[:0], conn, seq)) {
		return 0, fmt.Errorf("connection %d: wrong echo of message %d: %q", conn, seq, got)
	}
	return e.Size, nil
}

// Hello is a GET that is answered with status 200 and a known body.
type Hello struct{ Body string }

// Request appends a request.
func (Hello) Request(b []byte, _, _ int) []byte {
	return append(b, "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n"...)
}

var (
	statusOK = []byte("HTTP/1.1 200 ")
	headEnd  = []byte("\r\n\r\n")
)

// Answer checks the status and the body.
func (h Hello) Answer(b []byte, conn, _ int) (int, error) {
	end := bytes.Index(b, headEnd)
	if end < 0 {
		return 0, nil
	}
	head, rest := b[:end+2], b[end+len(headEnd):]
	size, err := contentLength(head)
	if err != nil || !bytes.HasPrefix(head, statusOK) {
		return 0, fmt.Errorf("connection %d: want status 200 and a Content-Length, got %q", conn, head)
	}
	if len(rest) < size {
		return 0, nil
	}
	if string(rest[:size]) != h.Body {
		return 0, fmt.Errorf("connection %d: want body %q, got %q", conn, h.Body, rest[:size])
	}
	return end + len(headEnd) + size, nil
}

func contentLength(head []byte) (int, error) {
	for {
		line, rest, ok := bytes.Cut(head, headEnd[:2])
		if !ok {
			return 0, fmt.Errorf("no Content-Length")
		}
		const name = "content-length:"
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return strconv.Atoi(string(bytes.TrimSpace(line[len(name):])))
		}
		head = rest
	}
}
