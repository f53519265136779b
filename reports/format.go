package reports

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gene/bench/result"
)

// scale shows a value of one unit in another that suits its size: a value
// times factor is a number of unit.
type scale struct {
	factor float64
	unit   string
}

var (
	nanoseconds = map[string]float64{"ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9}
	bytesOf     = map[string]float64{"B": 1, "KB": 1e3, "KiB": 1 << 10, "MB": 1e6, "MiB": 1 << 20}
)

// base gives v in the smallest unit of its kind (ns, B), so that estimates of
// one experiment can share an axis. Units it does not know stay as they are.
func base(v float64, unit string) (float64, string) {
	stem, per, slash := strings.Cut(unit, "/")
	suffix := ""
	if slash {
		suffix = "/" + per
	}
	if f, ok := nanoseconds[stem]; ok {
		return v * f, "ns" + suffix
	}
	if f, ok := bytesOf[stem]; ok {
		return v * f, "B" + suffix
	}
	return v, unit
}

// scaleFor chooses the unit in which v reads best.
func scaleFor(v float64, unit string) scale {
	b, stem := base(v, unit)
	toBase := 1.0
	if v != 0 {
		toBase = b / v
	}
	kind, per, slash := strings.Cut(stem, "/")
	if slash {
		per = "/" + per
	}
	b = math.Abs(b)
	switch {
	case kind == "ns" && b >= 1e9:
		return scale{toBase / 1e9, "s" + per}
	case kind == "ns" && b >= 1e6:
		return scale{toBase / 1e6, "ms" + per}
	case kind == "ns" && b >= 1e3:
		return scale{toBase / 1e3, "µs" + per}
	case kind == "B" && b >= 1<<20:
		return scale{toBase / (1 << 20), "MiB" + per}
	case kind == "B" && b >= 10<<10:
		return scale{toBase / (1 << 10), "KiB" + per}
	case kind == "ns" || kind == "B":
		return scale{toBase, kind + per}
	case unit == "ratio":
		return scale{1, ""}
	}
	return scale{1, unit}
}

// with appends the unit of s to a formatted number.
func (s scale) with(number string) string {
	if s.unit == "" {
		return number
	}
	return number + " " + s.unit // a no-break space: the two stay together
}

// quantity is v with its unit, in four digits at most.
func quantity(v float64, unit string) string {
	s := scaleFor(v, unit)
	return s.with(number(v * s.factor))
}

// number is v in four digits at most, thousands apart.
func number(v float64) string { return rounded(v, 4) }

// rounded is v in that many digits at most; of whole numbers all are shown.
func rounded(v float64, digits int) string {
	if v == 0 {
		return "0"
	}
	text := decimals(v, digits-1-int(math.Floor(math.Log10(math.Abs(v)))))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// decimals is v with that many digits after the point (none to nine), its
// thousands apart. What neither fits is in scientific form.
func decimals(v float64, n int) string {
	a := math.Abs(v)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "none"
	}
	if a >= 1e15 || a > 0 && a < 1e-9 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	text := strconv.FormatFloat(a, 'f', min(max(n, 0), 9), 64)
	whole, rest, point := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && len(whole) > 4; i -= 3 {
		whole = whole[:i] + " " + whole[i:]
	}
	if point {
		whole += "." + rest
	}
	if v < 0 && strings.Trim(text, "0.") != "" {
		return "−" + whole
	}
	return whole
}

// shown is an estimate as text, all its parts in one unit and with as many
// digits as its interval justifies.
type shown struct {
	Value, Interval, MDE string
}

func show(e result.Estimate) shown {
	s := scaleFor(e.Value, e.Unit)
	digits := func(v float64) string { return number(v * s.factor) }
	if width := (e.High - e.Low) * s.factor; width > 0 {
		n := 1 - int(math.Floor(math.Log10(width)))
		digits = func(v float64) string { return decimals(v*s.factor, n) }
	}
	out := shown{Value: s.with(digits(e.Value)), Interval: digits(e.Low) + " to " + digits(e.High), MDE: "–"}
	if e.MDE != 0 {
		out.MDE = s.with(rounded(e.MDE*s.factor, 2))
	}
	return out
}

// String is the value with its interval.
func (s shown) String() string { return s.Value + " (" + s.Interval + ")" }

// bound is the limit of a verdict in words, in the unit of its estimate.
func bound(v result.Verdict) string {
	sign := "≥ "
	if v.AtMost {
		sign = "≤ "
	}
	return sign + quantity(v.Limit, v.Estimate.Unit)
}

// plain makes foreign text safe for XML and short enough for a label: no
// control characters, at most n characters.
func plain(text string, n int) string {
	text = strings.Map(visible, text)
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

// longestSlug leaves room for endings in the 255 bytes that file systems allow.
const longestSlug = 120

// visible replaces what neither XML nor HTML may hold.
func visible(r rune) rune {
	if unicode.IsControl(r) || r == utf8.RuneError || r&0xFFFE == 0xFFFE {
		return '\uFFFD'
	}
	return r
}

// slug makes a part of a file name of any text.
func slug(text string) string {
	mapped := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		if r >= 'A' && r <= 'Z' {
			return unicode.ToLower(r)
		}
		return '-'
	}, text)
	parts := strings.FieldsFunc(mapped, func(r rune) bool { return r == '-' })
	name := strings.Join(parts, "-")
	return strings.TrimRight(name[:min(len(name), longestSlug)], "-")
}

// capital begins a text with a capital, if it begins with an ASCII letter.
func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return number(float64(n)) + " " + noun + "s"
}
