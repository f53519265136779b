package value

import "time"

// NewTemporal makes an empty Date, Time or DateTime to be filled in.
func NewTemporal(k Kind) *Temporal { return &Temporal{Header: Header{Kind: k}} }

// equal compares two of one kind: DateTimes with offsets as instants, all
// else field by field.
func (t *Temporal) equal(u *Temporal) bool {
	if t.HasOffset != u.HasOffset {
		return false
	}
	if t.Kind == KindDateTime && t.HasOffset {
		return t.Instant().Equal(u.Instant())
	}
	return t.OffsetMin == u.OffsetMin && t.Zone == u.Zone && t.compareFields(u) == 0
}

// compare orders two of one kind. DateTimes with offsets are instants; ok is
// false when only one has an offset. Times compare by their fields.
func (t *Temporal) compare(u *Temporal) (c int, ok bool) {
	if t.Kind == KindDateTime && (t.HasOffset || u.HasOffset) {
		if t.HasOffset != u.HasOffset {
			return 0, false
		}
		return t.Instant().Compare(u.Instant()), true
	}
	if t.Kind == KindTime && t.HasOffset && u.HasOffset {
		return order(t.dayMicros(), u.dayMicros()), true
	}
	return t.compareFields(u), true
}

func (t *Temporal) compareFields(u *Temporal) int {
	for _, f := range [...][2]int{
		{int(t.Year), int(u.Year)}, {int(t.Month), int(u.Month)}, {int(t.Day), int(u.Day)},
		{int(t.Hour), int(u.Hour)}, {int(t.Minute), int(u.Minute)}, {int(t.Second), int(u.Second)},
		{int(t.Micro), int(u.Micro)},
	} {
		if c := order(f[0], f[1]); c != 0 {
			return c
		}
	}
	return 0
}

// dayMicros is the time of day in UTC in microseconds, perhaps outside the day.
func (t *Temporal) dayMicros() int64 {
	minutes := int64(t.Hour)*60 + int64(t.Minute) - int64(t.OffsetMin)
	return (minutes*60+int64(t.Second))*1_000_000 + int64(t.Micro)
}

// Instant is the moment a DateTime means; one without offset is taken as UTC.
// A day that its month lacks runs on into the next month.
func (t *Temporal) Instant() time.Time {
	return time.Date(int(t.Year), time.Month(t.Month), int(t.Day), int(t.Hour),
		int(t.Minute)-int(t.OffsetMin), int(t.Second), int(t.Micro)*1000, time.UTC)
}

// Append appends the printed form, which is also the literal.
func (t *Temporal) Append(dst []byte) []byte {
	if t.Kind != KindTime {
		dst = appendDigits(dst, int(t.Year), 4)
		dst = append(dst, '-')
		dst = appendDigits(dst, int(t.Month), 2)
		dst = append(dst, '-')
		dst = appendDigits(dst, int(t.Day), 2)
		if t.Kind == KindDate {
			return dst
		}
		dst = append(dst, 'T')
	}
	dst = appendDigits(dst, int(t.Hour), 2)
	dst = append(dst, ':')
	dst = appendDigits(dst, int(t.Minute), 2)
	if t.Second != 0 || t.Micro != 0 || t.HasOffset || t.Zone != "" {
		dst = append(dst, ':')
		dst = appendDigits(dst, int(t.Second), 2)
	}
	if t.Micro != 0 {
		dst = append(dst, '.')
		dst = appendDigits(dst, int(t.Micro), 6)
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return t.appendZone(dst)
}

func (t *Temporal) appendZone(dst []byte) []byte {
	switch {
	case !t.HasOffset:
	case t.OffsetMin == 0:
		dst = append(dst, 'Z')
	default:
		sign, n := byte('+'), int(t.OffsetMin)
		if n < 0 {
			sign, n = '-', -n
		}
		dst = append(dst, sign)
		dst = appendDigits(dst, n/60, 2)
		dst = append(dst, ':')
		dst = appendDigits(dst, n%60, 2)
	}
	if t.Zone != "" {
		dst = append(dst, '[')
		dst = append(dst, t.Zone...)
		dst = append(dst, ']')
	}
	return dst
}

// appendDigits appends n with at least width digits.
func appendDigits(dst []byte, n, width int) []byte {
	var room [20]byte
	i := len(room)
	for n > 0 || width > 0 {
		i--
		room[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return append(dst, room[i:]...)
}
