package syntax

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gene/value"
)

// number reads everything that begins with a digit or a signed digit: numbers,
// dates, times and bytes.
func (r *Reader) number() (value.Value, bool) {
	start := r.off
	i := start
	signed := !isDigit(r.text[i])
	if signed {
		i++
	}
	first := i
	for isDigit(r.at(i)) {
		i++
	}
	digits := i - first
	if !signed {
		switch c := r.at(i); {
		case c == '-' && digits == 4:
			return r.date()
		case c == ':' && digits <= 2:
			return r.time()
		case digits == 1 && r.text[first] == '0':
			switch c {
			case 'x', 'X':
				return r.hexInt()
			case '#', '!', '*':
				return r.bytes(c)
			}
		}
	}
	if c := r.at(i); c == '.' || c == 'e' || c == 'E' {
		return r.float(i)
	}
	if !r.ends(i) && r.text[i] != '_' {
		return r.badNumber()
	}
	r.off = i
	if digits <= 18 {
		return value.Int(smallInt(r.text[first:i], r.text[start] == '-')), true
	}
	n, err := strconv.ParseInt(r.text[start:i], 10, 64)
	if err != nil {
		return r.outOfRange(start)
	}
	return value.Int(n), true
}

func smallInt(digits string, negative bool) int64 {
	n := int64(0)
	for i := 0; i < len(digits); i++ {
		n = n*10 + int64(digits[i]-'0')
	}
	if negative {
		return -n
	}
	return n
}

func (r *Reader) outOfRange(start int) (value.Value, bool) {
	e := r.fail(start, r.off, "Parsed integer outside of valid range: "+r.text[start:r.off])
	e.Hint = "an Int has 64 bits: -9223372036854775808 to 9223372036854775807"
	return value.Value{}, false
}

// badNumber reports the token at off, which began like a number.
func (r *Reader) badNumber() (value.Value, bool) {
	start := r.off
	r.off = r.tokenTo(start)
	tok := r.text[start:r.off]
	e := r.fail(start, r.off, "Invalid number: "+tok)
	switch {
	case strings.Contains(tok, "/"):
		e.Hint = "there are no ratios: write (a / b)"
	case strings.Contains(tok, ".."):
		e.Hint = "a range is written (a .. b)"
	default:
		e.Hint = "a symbol cannot begin with a digit"
	}
	return value.Value{}, false
}

// float reads a number whose integer digits end at i.
func (r *Reader) float(i int) (value.Value, bool) {
	start := r.off
	if r.at(i) == '.' {
		i++
		for isDigit(r.at(i)) {
			i++
		}
	}
	mantissa := i
	if c := r.at(i); c == 'e' || c == 'E' {
		i++
		if c := r.at(i); c == '+' || c == '-' {
			i++
		}
		exp := i
		for isDigit(r.at(i)) {
			i++
		}
		if i > exp { // an exponent without digits counts as none
			mantissa = i
		}
	}
	if !r.ends(i) && r.text[i] != '_' {
		return r.badNumber()
	}
	r.off = i
	// Too large a number is the infinity that ParseFloat gives beside its error.
	f, err := strconv.ParseFloat(r.text[start:mantissa], 64)
	if err != nil && !math.IsInf(f, 0) {
		return r.badNumber()
	}
	return value.Float(f), true
}

func (r *Reader) hexInt() (value.Value, bool) {
	start := r.off
	i, n, digits, tooLong := start+2, uint64(0), 0, false
	for ; ; i++ {
		c := r.at(i)
		if c == '_' && digits > 0 {
			continue
		}
		d, ok := hexDigit(c)
		if !ok {
			break
		}
		tooLong = tooLong || n>>60 != 0
		n = n<<4 | uint64(d)
		digits++
	}
	if digits == 0 || !r.ends(i) {
		return r.badNumber()
	}
	r.off = i
	if tooLong {
		return r.outOfRange(start)
	}
	return value.Int(int64(n)), true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c-'0' < 10:
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// bytesKind names the digits of a bytes literal by the byte behind its 0, and
// gives the message for having none.
func bytesKind(c byte) (name, missing string) {
	switch c {
	case '#':
		return "hex", "parse_hex: no hex digits after 0#"
	case '!':
		return "binary", "parse_bin: no binary digits after 0!"
	}
	return "base64", "parse_base64: no data after 0*"
}

// bytes reads 0#…, 0!… or 0*….
func (r *Reader) bytes(kind byte) (value.Value, bool) {
	start := r.off
	r.off += 2
	name, missing := bytesKind(kind)
	base := len(r.buf)
	defer func() { r.buf = r.buf[:base] }()
	if !r.bytesDigits(kind) {
		at := r.off
		c, n := utf8.DecodeRuneInString(r.text[at:])
		r.off = r.tokenTo(at)
		r.fail(at, at+n, "Invalid "+name+" digit in bytes literal: "+string(c))
		return value.Value{}, false
	}
	digits := r.buf[base:]
	if len(digits) == 0 {
		r.fail(start, r.off, missing)
		return value.Value{}, false
	}
	switch kind {
	case '#':
		return value.NewBytes(packBits(digits, 4)), true
	case '!':
		return value.NewBytes(packBits(digits, 1)), true
	}
	text := strings.TrimRight(string(digits), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		r.fail(start, r.off, "Invalid base64 data in bytes literal")
		return value.Value{}, false
	}
	return value.NewBytes(b), true
}

// bytesDigits puts the digits of a bytes literal on r.buf: their values, or
// for base64 the letters. It gives false at a byte that is none.
func (r *Reader) bytesDigits(kind byte) bool {
	for {
		for r.at(r.off) == '~' {
			r.off++
			for r.off < len(r.text) && isBlank(r.text[r.off]) {
				r.off++
			}
		}
		if r.ends(r.off) {
			return true
		}
		c := r.text[r.off]
		switch kind {
		case '#':
			d, ok := hexDigit(c)
			if !ok {
				return false
			}
			c = d
		case '!':
			if c != '0' && c != '1' {
				return false
			}
			c -= '0'
		case '*':
			if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && c != '+' && c != '/' && c != '=' {
				return false
			}
		}
		r.buf = append(r.buf, c)
		r.off++
	}
}

// packBits joins digits of a few bits each to bytes; an incomplete last byte
// keeps its value right-aligned.
func packBits(digits []byte, bits int) []byte {
	per := 8 / bits
	b := make([]byte, 0, (len(digits)+per-1)/per)
	for i := 0; i < len(digits); i += per {
		c := byte(0)
		for _, d := range digits[i:min(i+per, len(digits))] {
			c = c<<bits | d
		}
		b = append(b, c)
	}
	return b
}
