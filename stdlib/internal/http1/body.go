package http1

import (
	"bytes"
	"net/http"
	"strconv"
)

const (
	chunkLineMax   = 256     // bytes of the line before a chunk
	chunkDigitsMax = 16      // of a chunk's size; others take no more either
	trailerMax     = 8 << 10 // bytes of the fields behind the last chunk
)

// bodyReader takes the body of a request out of what comes.
type bodyReader struct {
	left    int64 // bytes to come of the body, or of the chunk
	max     int64
	chunked bool
	part    chunkPart
	trailer int // bytes of it so far
	data    []byte
	taken   int64 // bytes of the body so far
}

type chunkPart uint8

const (
	chunkSize chunkPart = iota
	chunkData
	chunkEnd
	chunkTrailer
)

func newBodyReader(f framing, most int64) (*bodyReader, *refusal) {
	if f.length > most {
		return nil, tooLarge()
	}
	return &bodyReader{left: f.length, max: most, chunked: f.chunked}, nil
}

func tooLarge() *refusal { return refuse(http.StatusRequestEntityTooLarge, "the body is too large") }

// read takes what it can of b and tells how much, and whether the body is
// complete.
func (r *bodyReader) read(b []byte) (n int, done bool, bad *refusal) {
	if !r.chunked {
		n = r.take(b)
		return n, r.left == 0, nil
	}
	for {
		k, done, bad := r.step(b[n:])
		n += k
		if done || bad != nil {
			return n, done, bad
		}
		if k == 0 {
			return n, false, nil
		}
	}
}

func (r *bodyReader) take(b []byte) int {
	n := int(min(int64(len(b)), r.left))
	r.data = append(r.data, b[:n]...)
	r.left -= int64(n)
	r.taken += int64(n)
	return n
}

// step takes one part of a chunked body; n is 0 when it needs more.
func (r *bodyReader) step(b []byte) (n int, done bool, _ *refusal) {
	if r.part == chunkData {
		n = r.take(b)
		if r.left == 0 {
			r.part = chunkEnd
		}
		return n, false, nil
	}
	line, n, bad := chunkLine(b)
	if n == 0 || bad != nil {
		return 0, false, bad
	}
	switch r.part {
	case chunkSize:
		return n, false, r.startChunk(line)
	case chunkEnd:
		if len(line) > 0 {
			return 0, false, badChunk()
		}
		r.part = chunkSize
		return n, false, nil
	}
	return r.endTrailer(line, n)
}

func badChunk() *refusal { return bad("malformed chunk") }

// chunkLine gives the next line without its end; n is 0 when it is not complete.
func chunkLine(b []byte) (line []byte, n int, r *refusal) {
	i := bytes.IndexByte(b, '\n')
	seen := b
	if i >= 0 {
		seen = b[:i]
	}
	if len(seen) > trailerMax {
		return nil, 0, badChunk()
	}
	if i < 0 {
		return nil, 0, nil
	}
	if i == 0 || b[i-1] != '\r' {
		return nil, 0, badChunk()
	}
	line = b[:i-1]
	for _, ch := range line {
		if ch < ' ' && ch != '\t' || ch == 0x7f {
			return nil, 0, badChunk()
		}
	}
	return line, i + 1, nil
}

func (r *bodyReader) startChunk(line []byte) *refusal {
	if len(line) > chunkLineMax {
		return badChunk()
	}
	digits, _, _ := bytes.Cut(line, []byte(";"))
	digits = bytes.TrimRight(digits, " \t")
	size, err := strconv.ParseUint(string(digits), 16, 63)
	if err != nil || len(digits) > chunkDigitsMax || digits[0] == '+' || bytes.IndexByte(digits, '_') >= 0 {
		return badChunk()
	}
	if size == 0 {
		r.part = chunkTrailer
		return nil
	}
	if int64(size) > r.max-r.taken {
		return tooLarge()
	}
	r.left, r.part = int64(size), chunkData
	return nil
}

// endTrailer takes a line behind the last chunk. The fields are dropped: nothing
// may depend on what came too late to be looked at.
func (r *bodyReader) endTrailer(line []byte, n int) (int, bool, *refusal) {
	if len(line) == 0 {
		return n, true, nil
	}
	r.trailer += n
	name, _, ok := bytes.Cut(line, []byte(":"))
	if r.trailer > trailerMax || !ok || !isToken(string(name)) {
		return 0, false, bad("malformed trailer")
	}
	return n, false, nil
}
