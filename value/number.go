package value

import (
	"math"
	"strconv"
	"strings"
)

// AppendFloat appends the text of a Float: the shortest digits that read back
// as the same number, plain from 1e-7 up to below 1e17 and always with a point
// or an exponent.
func AppendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	case f != f:
		return append(dst, "nan"...)
	}
	start := len(dst)
	if a := math.Abs(f); a == 0 || a >= 1e-7 && a < 1e17 {
		dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
		for _, c := range dst[start:] {
			if c == '.' {
				return dst
			}
		}
		return append(dst, '.', '0')
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// An exponent of one digit comes padded.
	if n := len(dst); n >= 2 && dst[n-2] == '0' && (dst[n-3] == '+' || dst[n-3] == '-') {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// ParseInt is String.to_i: decimal digits with blanks around, a sign before
// and `_` between them. ok is false for anything else and out of range.
func ParseInt(s string) (i int64, ok bool) {
	s = strings.TrimSpace(s)
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" || digits[0] == '_' || digits[len(digits)-1] == '_' {
		return 0, false
	}
	if strings.IndexByte(s, '_') >= 0 {
		s = strings.ReplaceAll(s, "_", "")
	}
	i, err := strconv.ParseInt(s, 10, 64)
	return i, err == nil
}

// ParseFloat is String.to_f: a decimal number with blanks around.
func ParseFloat(s string) (f float64, ok bool) {
	s = strings.TrimSpace(s)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c-'0' < 10, c == '+', c == '-', c == '.', c == 'e', c == 'E':
		default:
			return 0, false // also keeps out the inf and hex forms of Go
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}
