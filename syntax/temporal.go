package syntax

import (
	"fmt"
	"strings"

	"gene/value"
)

// clock reads the fields of a date or time literal. The first thing wrong is
// kept in msg and stops the rest.
type clock struct {
	r    *Reader
	i    int
	kind string // "date", "time" or "datetime", for messages
	msg  string
}

// two reads a field of exactly two digits.
func (c *clock) two(field string, low, high int) int8 {
	if c.msg != "" {
		return 0
	}
	a, b := c.r.at(c.i), c.r.at(c.i+1)
	if !isDigit(a) || !isDigit(b) {
		c.msg = fmt.Sprintf("Expected 2-digit %s in %s literal", field, c.kind)
		return 0
	}
	c.i += 2
	n := int(a-'0')*10 + int(b-'0')
	c.check(field, n, low, high)
	return int8(n)
}

func (c *clock) check(field string, n, low, high int) {
	if c.msg == "" && (n < low || n > high) {
		c.msg = fmt.Sprintf("Invalid %s: %d", field, n)
	}
}

// expect steps over a separator.
func (c *clock) expect(sep byte, after string) {
	switch {
	case c.msg != "":
	case c.r.at(c.i) != sep:
		c.msg = fmt.Sprintf("Expected '%c' after %s in %s literal", sep, after, c.kind)
	default:
		c.i++
	}
}

// date reads a Date or DateTime; four digits and a minus have been seen.
func (r *Reader) date() (value.Value, bool) {
	c := &clock{r: r, i: r.off + 5, kind: "date"}
	t := &value.Temporal{Year: int32(smallInt(r.text[r.off:r.off+4], false))}
	t.Kind = value.KindDate
	t.Month = c.two("month", 1, 12)
	c.expect('-', "month")
	t.Day = c.two("day", 1, 31)
	if c.msg == "" && r.at(c.i) == 'T' {
		c.i++
		c.kind = "datetime"
		t.Kind = value.KindDateTime
		t.Hour = c.two("hour", 0, 23)
		c.expect(':', "hour")
		c.minutes(t)
		if c.msg == "" && r.at(c.i) == '[' && !t.HasOffset {
			c.msg = "DateTime literal requires offset or Z before [Zone/Name]"
		}
		c.zone(t)
	}
	return c.finish(t)
}

// time reads a Time; one or two digits and a colon have been seen.
func (r *Reader) time() (value.Value, bool) {
	c := &clock{r: r, i: r.off, kind: "time"}
	t := &value.Temporal{}
	t.Kind = value.KindTime
	for ; isDigit(r.text[c.i]); c.i++ {
		t.Hour = t.Hour*10 + int8(r.text[c.i]-'0')
	}
	c.check("hour", int(t.Hour), 0, 23)
	c.expect(':', "hour")
	c.minutes(t)
	c.zone(t)
	return c.finish(t)
}

// minutes reads what follows the hour and its colon, up to the offset.
func (c *clock) minutes(t *value.Temporal) {
	t.Minute = c.two("minute", 0, 59)
	if c.msg == "" && c.r.at(c.i) == ':' {
		c.i++
		t.Second = c.two("second", 0, 59)
	}
	if c.msg == "" && c.r.at(c.i) == '.' {
		c.i++
		t.Micro = c.fraction()
	}
	c.offset(t)
}

func (c *clock) fraction() int32 {
	n, digits := int32(0), 0
	for ; isDigit(c.r.at(c.i)); c.i++ {
		if digits < 6 {
			n = n*10 + int32(c.r.at(c.i)-'0')
		}
		digits++
	}
	if digits == 0 || digits > 6 {
		c.msg = fmt.Sprintf("Expected 1 to 6 digits of fraction in %s literal", c.kind)
		return 0
	}
	for ; digits < 6; digits++ {
		n *= 10
	}
	return n
}

func (c *clock) offset(t *value.Temporal) {
	if c.msg != "" {
		return
	}
	sign := int16(1)
	switch c.r.at(c.i) {
	case 'Z':
		c.i++
		t.HasOffset = true
		return
	case '-':
		sign = -1
	case '+':
	default:
		return
	}
	c.i++
	t.HasOffset = true
	hour := c.offsetField("hour", 23)
	if c.msg == "" && c.r.at(c.i) != ':' {
		c.msg = "Invalid timezone offset"
	}
	c.i++
	minute := c.offsetField("minute", 59)
	t.OffsetMin = sign * (int16(hour)*60 + int16(minute))
}

func (c *clock) offsetField(field string, high int) int8 {
	if c.msg != "" {
		return 0
	}
	n := c.two(field, 0, 99)
	switch {
	case c.msg != "":
		c.msg = "Expected 2-digit " + field + " in timezone offset"
	case int(n) > high:
		c.msg = "Invalid timezone offset"
	}
	return n
}

// zone reads a zone name in brackets.
func (c *clock) zone(t *value.Temporal) {
	if c.msg != "" || c.r.at(c.i) != '[' {
		return
	}
	n := strings.IndexByte(c.r.text[c.i:], ']')
	if n < 0 {
		c.msg = "Expected ] after timezone name"
		return
	}
	t.Zone = c.r.text[c.i+1 : c.i+n]
	c.i += n + 1
	if !strings.Contains(t.Zone, "/") {
		c.msg = "IANA timezone name must contain '/': " + t.Zone
	}
}

func (c *clock) finish(t *value.Temporal) (value.Value, bool) {
	r, start := c.r, c.r.off
	end := min(c.i, len(r.text))
	if c.msg == "" && !r.ends(end) {
		end = r.tokenTo(end)
		c.msg = "Invalid " + c.kind + " literal: " + r.text[start:end]
	}
	if c.msg != "" {
		end = r.tokenTo(end)
		r.off = end
		r.fail(start, end, c.msg)
		return value.Value{}, false
	}
	r.off = end
	return t.Value(), true
}
