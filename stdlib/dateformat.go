package stdlib

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gene/syntax"
	"gene/value"
	"gene/vm"
)

// Formats of dates are those of strftime. Of the letters, %a %A %b %B %p are
// English everywhere.

// formatDate is (d .format "%Y-%m-%d").
func formatDate(m *VM, args []Value) (Value, error) {
	f, ok := text(arg(args, 1))
	if !ok {
		return argError(m, "format requires a format such as %%Y-%%m-%%d")
	}
	t := args[0].AsTemporal()
	var b []byte
	for i := 0; i < len(f); i++ {
		if f[i] != '%' {
			b = append(b, f[i])
			continue
		}
		i++
		if i == len(f) {
			return argError(m, "format: the format ends in the middle of a directive")
		}
		colon := f[i] == ':' && i+1 < len(f) && f[i+1] == 'z'
		if colon {
			i++
		}
		out, ok := appendDatePart(b, t, f[i], colon)
		if !ok {
			return argError(m, "format: unknown directive %%%c", f[i])
		}
		if b = out; len(b) > textMax {
			return argError(m, "format: the text is longer than the limit of %d bytes", textMax)
		}
	}
	return value.Str(string(b)), nil
}

// composite directives stand for others.
var composite = map[byte]string{'F': "%Y-%m-%d", 'T': "%H:%M:%S", 'D': "%m/%d/%y", 'R': "%H:%M", 'r': "%I:%M:%S %p", 'c': "%a %b %e %H:%M:%S %Y"}

func appendDatePart(b []byte, t *value.Temporal, c byte, colon bool) ([]byte, bool) {
	at := wall(t)
	if t.Kind == value.KindTime {
		at = time.Date(1970, 1, 1, int(t.Hour), int(t.Minute), int(t.Second), int(t.Micro)*1000, time.UTC)
	}
	if f, ok := composite[c]; ok {
		for i := 0; i < len(f); i++ {
			if f[i] == '%' {
				i++
				b, _ = appendDatePart(b, t, f[i], false)
			} else {
				b = append(b, f[i])
			}
		}
		return b, true
	}
	number := func(n int, pattern string) ([]byte, bool) { return fmt.Appendf(b, pattern, n), true }
	switch c {
	case 'Y':
		return number(at.Year(), "%04d")
	case 'C':
		return number(at.Year()/100, "%02d")
	case 'y':
		return number(at.Year()%100, "%02d")
	case 'm':
		return number(int(at.Month()), "%02d")
	case 'd':
		return number(int(t.Day), "%02d")
	case 'e':
		return number(int(t.Day), "%2d")
	case 'j':
		return number(at.YearDay(), "%03d")
	case 'H':
		return number(at.Hour(), "%02d")
	case 'k':
		return number(at.Hour(), "%2d")
	case 'I':
		return number((at.Hour()+11)%12+1, "%02d")
	case 'l':
		return number((at.Hour()+11)%12+1, "%2d")
	case 'M':
		return number(at.Minute(), "%02d")
	case 'S':
		return number(at.Second(), "%02d")
	case 'f':
		return number(int(t.Micro), "%06d")
	case 'L':
		return number(int(t.Micro)/1000, "%03d")
	case 'u':
		return number(isoWeekday(at), "%d")
	case 'w':
		return number(int(at.Weekday()), "%d")
	case 'V':
		_, week := at.ISOWeek()
		return number(week, "%02d")
	case 'G':
		year, _ := at.ISOWeek()
		return number(year, "%04d")
	case 's':
		return strconv.AppendInt(b, t.Instant().Unix(), 10), true
	case 'a':
		return append(b, at.Weekday().String()[:3]...), true
	case 'A':
		return append(b, at.Weekday().String()...), true
	case 'b', 'h':
		return append(b, at.Month().String()[:3]...), true
	case 'B':
		return append(b, at.Month().String()...), true
	case 'p':
		return append(b, at.Format("PM")...), true
	case 'P':
		return append(b, at.Format("pm")...), true
	case 'z':
		return appendOffset(b, t, colon), true
	case 'Z':
		return append(b, zoneText(t)...), true
	case 'n':
		return append(b, '\n'), true
	case 't':
		return append(b, '\t'), true
	case '%':
		return append(b, '%'), true
	}
	return b, false
}

func appendOffset(b []byte, t *value.Temporal, colon bool) []byte {
	if !t.HasOffset {
		return b
	}
	sign, n := '+', int(t.OffsetMin)
	if n < 0 {
		sign, n = '-', -n
	}
	if colon {
		return fmt.Appendf(b, "%c%02d:%02d", sign, n/60, n%60)
	}
	return fmt.Appendf(b, "%c%02d%02d", sign, n/60, n%60)
}

// zoneText is the abbreviation of a zone, or its offset.
func zoneText(t *value.Temporal) string {
	switch {
	case t.Zone != "":
		if loc, err := time.LoadLocation(t.Zone); err == nil {
			name, _ := t.Instant().In(loc).Zone()
			return name
		}
		return t.Zone
	case t.HasOffset && t.OffsetMin == 0:
		return "UTC"
	}
	return string(appendOffset(nil, t, true))
}

// parseDate is (Date/parse text format?). Without a format it takes what a literal is.
func parseDate(kind value.Kind) vm.NativeFn {
	what := value.KindName(kind)
	return func(m *VM, args []Value) (Value, error) {
		s, ok := text(arg(args, 0))
		if !ok {
			return argError(m, "%s/parse requires a string", what)
		}
		f := arg(args, 1)
		if !f.IsSet() || f.IsNil() {
			return parseLiteral(m, kind, s)
		}
		layout, ok := text(f)
		if !ok {
			return argError(m, "%s/parse requires a format such as %%Y-%%m-%%d", what)
		}
		p := dateParser{m: m, what: what, text: s, rest: s}
		p.t = value.NewTemporal(kind)
		p.t.Year, p.t.Month, p.t.Day = 1970, 1, 1
		return p.parse(layout)
	}
}

// parseLiteral reads a date as the reader does, but with a day that exists. A
// DateTime may have a blank for its T.
func parseLiteral(m *VM, kind value.Kind, s string) (Value, error) {
	s = strings.TrimSpace(s)
	if kind == value.KindDateTime && len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	const longest = 100 // a DateTime with the longest zone takes half of it
	var v Value
	err := fmt.Errorf("too long")
	if len(s) <= longest && strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ';' }) < 0 {
		v, err = syntax.ReadOne(s)
	}
	if err != nil || v.Kind() != kind {
		if parsed := errorText(err); parsed != "" {
			return argError(m, "%s/parse: %q is no %s: %s", value.KindName(kind), clip(s), value.KindName(kind), parsed)
		}
		return argError(m, "%s/parse: %q is no %s", value.KindName(kind), clip(s), value.KindName(kind))
	}
	if kind == value.KindTime {
		return v, nil
	}
	return v, checkDay(m, v.AsTemporal())
}

// errorText is what the reader says, without its place.
func errorText(err error) string {
	errs, ok := err.(syntax.Errors)
	if !ok || len(errs) == 0 {
		return ""
	}
	return errs[0].Msg
}

// clip shortens a text for a message.
func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// dateParser reads a text after a format.
type dateParser struct {
	m          *VM
	what       string
	text, rest string
	t          *value.Temporal
	afternoon  int // 0: nothing said, 1: am, 2: pm
	unix       *time.Time
}

func (p *dateParser) parse(layout string) (Value, error) {
	if err := p.layout(layout); err != nil {
		return Value{}, err
	}
	if p.rest != "" {
		return Value{}, p.mismatch(layout)
	}
	if p.unix != nil {
		d, err := inZone(p.m, *p.unix, "")
		if err != nil {
			return Value{}, err
		}
		p.t.Year, p.t.Month, p.t.Day = d.Year, d.Month, d.Day
		p.t.Hour, p.t.Minute, p.t.Second = d.Hour, d.Minute, d.Second
		p.t.HasOffset = p.t.Kind == value.KindDateTime
	}
	p.noon()
	return p.finish()
}

// noon applies am and pm.
func (p *dateParser) noon() {
	if p.afternoon == 0 {
		return
	}
	p.t.Hour %= 12
	if p.afternoon == 2 {
		p.t.Hour += 12
	}
}

// finish forgets the fields that the kind lacks.
func (p *dateParser) finish() (Value, error) {
	t := p.t
	if t.Kind == value.KindTime {
		t.Year, t.Month, t.Day = 0, 0, 0
		return t.Value(), nil
	}
	if t.Kind == value.KindDate {
		t.Hour, t.Minute, t.Second, t.Micro, t.HasOffset, t.OffsetMin = 0, 0, 0, 0, false, 0
	}
	return t.Value(), checkDay(p.m, t)
}

func (p *dateParser) mismatch(layout string) error {
	return p.m.ArgError("%s/parse: %q does not match %q at position %d", p.what, clip(p.text), clip(layout), len(p.text)-len(p.rest))
}

func (p *dateParser) layout(layout string) error {
	for i := 0; i < len(layout); i++ {
		c := layout[i]
		if c != '%' {
			if p.rest == "" || p.rest[0] != c {
				return p.mismatch(layout)
			}
			p.rest = p.rest[1:]
			continue
		}
		i++
		if i < len(layout) && layout[i] == ':' {
			i++
		}
		if i >= len(layout) {
			return p.m.ArgError("%s/parse: the format ends in the middle of a directive", p.what)
		}
		if f, ok := composite[layout[i]]; ok {
			if err := p.layout(f); err != nil {
				return err
			}
			continue
		}
		if err := p.directive(layout[i], layout); err != nil {
			return err
		}
	}
	return nil
}

// numeric directives: the name of their field, how many digits at most, and the range.
var numeric = map[byte]struct {
	name     string
	digits   int
	low, top int
}{
	'Y': {"year", 4, yearMin, yearMax}, 'y': {"year", 2, 0, 99}, 'm': {"month", 2, 1, 12}, 'd': {"day", 2, 1, 31}, 'e': {"day", 2, 1, 31},
	'H': {"hour", 2, 0, 23}, 'k': {"hour", 2, 0, 23}, 'I': {"hour", 2, 1, 12}, 'l': {"hour", 2, 1, 12},
	'M': {"minute", 2, 0, 59}, 'S': {"second", 2, 0, 59}, 'L': {"millisecond", 3, 0, 999}, 'f': {"microsecond", 6, 0, 999_999},
	'j': {"day of the year", 3, 1, 366},
}

func (p *dateParser) directive(c byte, layout string) error {
	if n, ok := numeric[c]; ok {
		if c == 'e' || c == 'k' || c == 'l' {
			p.rest = strings.TrimLeft(p.rest, " ")
		}
		size := 0
		for size < len(p.rest) && size < n.digits && p.rest[size]-'0' < 10 {
			size++
		}
		if size == 0 {
			return p.mismatch(layout)
		}
		i, _ := strconv.Atoi(p.rest[:size])
		if i < n.low || i > n.top {
			return p.m.ArgError("%s out of range: %s %d is not within %d and %d", p.what, n.name, i, n.low, n.top)
		}
		p.rest = p.rest[size:]
		p.set(c, i, size)
		return nil
	}
	return p.word(c, layout)
}

func (p *dateParser) set(c byte, i, size int) {
	t := p.t
	switch c {
	case 'Y':
		t.Year = int32(i)
	case 'y': // as POSIX has it
		t.Year = int32(1900 + i)
		if i < 69 {
			t.Year += 100
		}
	case 'm':
		t.Month = int8(i)
	case 'd', 'e':
		t.Day = int8(i)
	case 'H', 'k', 'I', 'l':
		t.Hour = int8(i)
	case 'M':
		t.Minute = int8(i)
	case 'S':
		t.Second = int8(i)
	case 'L':
		t.Micro = int32(i * 1000)
	case 'f':
		for ; size < 6; size++ {
			i *= 10
		}
		t.Micro = int32(i)
	case 'j':
		at := time.Date(int(t.Year), 1, i, 0, 0, 0, 0, time.UTC)
		t.Month, t.Day = int8(at.Month()), int8(at.Day())
	}
}

// word reads directives that aren't plain numbers.
func (p *dateParser) word(c byte, layout string) error {
	switch c {
	case '%', 'n', 't':
		want := map[byte]string{'%': "%", 'n': "\n", 't': "\t"}[c]
		rest, ok := strings.CutPrefix(p.rest, want)
		if !ok {
			return p.mismatch(layout)
		}
		p.rest = rest
		return nil
	case 'b', 'h', 'B':
		for month := time.January; month <= time.December; month++ {
			if p.name(month.String()) {
				p.t.Month = int8(month)
				return nil
			}
		}
		return p.mismatch(layout)
	case 'a', 'A':
		for day := time.Sunday; day <= time.Saturday; day++ {
			if p.name(day.String()) {
				return nil
			}
		}
		return p.mismatch(layout)
	case 'p', 'P':
		for i, half := range []string{"am", "pm"} {
			if len(p.rest) >= 2 && strings.EqualFold(p.rest[:2], half) {
				p.rest, p.afternoon = p.rest[2:], i+1
				return nil
			}
		}
		return p.mismatch(layout)
	case 'z', 'Z':
		return p.offset(layout)
	case 's':
		end := 0
		for end < len(p.rest) && (p.rest[end]-'0' < 10 || end == 0 && p.rest[end] == '-') {
			end++
		}
		n, err := strconv.ParseInt(p.rest[:end], 10, 64)
		if err != nil || n > spanMax || n < -spanMax {
			return p.mismatch(layout)
		}
		at := time.Unix(n, 0)
		p.rest, p.unix = p.rest[end:], &at
		return nil
	}
	return p.m.ArgError("%s/parse: unknown directive %%%c", p.what, c)
}

// name takes a name or its first three letters.
func (p *dateParser) name(name string) bool {
	for _, n := range []string{name, name[:3]} {
		if len(p.rest) >= len(n) && strings.EqualFold(p.rest[:len(n)], n) {
			p.rest = p.rest[len(n):]
			return true
		}
	}
	return false
}

// offset reads Z, UTC, +02:00 or +0200.
func (p *dateParser) offset(layout string) error {
	p.t.HasOffset = true
	for _, utc := range []string{"UTC", "GMT", "Z"} {
		if rest, ok := strings.CutPrefix(p.rest, utc); ok {
			p.rest, p.t.OffsetMin = rest, 0
			return nil
		}
	}
	if len(p.rest) < 5 || p.rest[0] != '+' && p.rest[0] != '-' {
		return p.mismatch(layout)
	}
	text, size := p.rest[1:5], 5
	if p.rest[3] == ':' && len(p.rest) >= 6 {
		text, size = p.rest[1:3]+p.rest[4:6], 6
	}
	if !digits(text) {
		return p.mismatch(layout)
	}
	n, _ := strconv.Atoi(text)
	if n/100 > 23 || n%100 > 59 {
		return p.m.ArgError("%s out of range: offset %s", p.what, p.rest[:size])
	}
	minutes := n/100*60 + n%100
	if p.rest[0] == '-' {
		minutes = -minutes
	}
	p.t.OffsetMin = int16(minutes)
	p.rest = p.rest[size:]
	return nil
}
