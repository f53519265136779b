package http1

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// refusal is a request that is answered with an error, after which the
// connection ends.
type refusal struct {
	status int
	why    string
}

func refuse(status int, why string) *refusal { return &refusal{status, why} }

func bad(why string) *refusal { return refuse(http.StatusBadRequest, why) }

// framing tells how the body of a request is delimited.
type framing struct {
	length  int64 // without chunked
	chunked bool
}

// scanHead looks for the end of the head, from byte from on, and refuses bytes
// that a head can't have. end is behind the empty line, 0 when it hasn't come.
func scanHead(b []byte, from int) (end int, r *refusal) {
	for i := from; i < len(b); i++ {
		switch ch := b[i]; {
		case ch == '\n':
			if i == 0 || b[i-1] != '\r' {
				return 0, bad("line feed without carriage return")
			}
			if i >= 3 && b[i-2] == '\n' {
				return i + 1, nil
			}
		case i > 0 && b[i-1] == '\r':
			return 0, bad("carriage return without line feed")
		case ch == '\r' || ch == '\t':
		case ch < ' ' || ch == 0x7f:
			return 0, bad("control character in the head")
		}
	}
	return 0, nil
}

var lineEnd = []byte("\r\n")

// checkHead checks a whole head and gives the framing of the body.
func checkHead(head []byte) (framing, *refusal) {
	first, rest, more := bytes.Cut(head[:len(head)-4], lineEnd)
	minor, r := checkRequestLine(string(first))
	if r != nil {
		return framing{}, r
	}
	f := fields{length: -1}
	for more {
		var line []byte
		line, rest, more = bytes.Cut(rest, lineEnd)
		if r := f.add(line); r != nil {
			return framing{}, r
		}
	}
	return f.framing(minor)
}

// checkRequestLine gives the minor version.
func checkRequestLine(line string) (minor int, r *refusal) {
	method, rest, _ := strings.Cut(line, " ")
	target, version, ok := strings.Cut(rest, " ")
	if !ok || !isToken(method) || target == "" || strings.ContainsAny(line, "\t") {
		return 0, bad("malformed request line")
	}
	for i := range len(target) {
		if target[i] > 0x7e {
			return 0, bad("the target is not ASCII")
		}
	}
	switch {
	case version == "HTTP/1.1":
		return 1, nil
	case version == "HTTP/1.0":
		return 0, nil
	case len(version) == 8 && strings.HasPrefix(version, "HTTP/") && isDigit(version[5]) && version[6] == '.' && isDigit(version[7]):
		return 0, refuse(http.StatusHTTPVersionNotSupported, "want HTTP/1.1")
	}
	return 0, bad("malformed version")
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// fields collects the header fields that decide how a request is read.
type fields struct {
	hosts    int
	length   int64 // -1 without
	codings  []string
	hasTrans bool
}

// add takes the next line.
func (f *fields) add(line []byte) *refusal {
	if line[0] == ' ' || line[0] == '\t' {
		return bad("folded header line")
	}
	name, val, ok := bytes.Cut(line, []byte(":"))
	if !ok || !isToken(string(name)) {
		return bad("malformed header name")
	}
	val = bytes.Trim(val, " \t")
	switch {
	case bytes.EqualFold(name, []byte("host")):
		f.hosts++
		if !isHost(string(val)) {
			return bad("malformed Host")
		}
	case bytes.EqualFold(name, []byte("content-length")):
		return f.addLength(string(val))
	case bytes.EqualFold(name, []byte("transfer-encoding")):
		f.hasTrans = true
		for _, coding := range strings.Split(string(val), ",") {
			f.codings = append(f.codings, strings.ToLower(strings.Trim(coding, " \t")))
		}
	}
	return nil
}

// isHost tells whether s is made of what a host and a port are made of.
func isHost(s string) bool {
	for i := range len(s) {
		b := s[i]
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || isDigit(b) || strings.IndexByte("-._~!$&'()*+,;=:[]%", b) >= 0) {
			return false
		}
	}
	return true
}

func (f *fields) addLength(text string) *refusal {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || !isDigit(text[0]) {
		return bad("malformed Content-Length")
	}
	if f.length >= 0 && f.length != int64(n) {
		return bad("conflicting Content-Length")
	}
	f.length = int64(n)
	return nil
}

func (f *fields) framing(minor int) (framing, *refusal) {
	switch {
	case f.hosts > 1 || f.hosts == 0 && minor == 1:
		return framing{}, bad("want one Host")
	case f.hasTrans && f.length >= 0:
		return framing{}, bad("both Content-Length and Transfer-Encoding")
	case f.hasTrans && minor == 0:
		return framing{}, bad("Transfer-Encoding in HTTP/1.0")
	case f.hasTrans && (len(f.codings) != 1 || f.codings[0] != "chunked"):
		return framing{}, refuse(http.StatusNotImplemented, "unknown Transfer-Encoding")
	case f.hasTrans:
		return framing{chunked: true}, nil
	}
	return framing{length: max(f.length, 0)}, nil
}

// isToken tells whether s is a name as RFC 9110 has it.
func isToken(s string) bool {
	for i := range len(s) {
		b := s[i]
		if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || isDigit(b) || strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0) {
			return false
		}
	}
	return s != ""
}

// ValidHeader tells whether a header field may be sent.
func ValidHeader(name, text string) bool {
	if !isToken(name) {
		return false
	}
	for i := range len(text) {
		if b := text[i]; b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}
