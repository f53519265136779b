package stdlib

import (
	"math"
	"time"
	_ "time/tzdata" // zones are known where the system has no database of them

	"gene/value"
	"gene/vm"
)

// Arithmetic with dates is that of the proleptic Gregorian calendar in the
// years that a literal can name. A DateTime without offset counts as it stands;
// one with a zone keeps its wall clock when days are added, and its instant's distance
// when hours are.
const (
	yearMin = 0
	yearMax = 9999
	// spanMax is the largest number of units that may be added; it keeps the sums within Int.
	spanMax = 400_000_000_000
)

// defineDateOps defines arithmetic, constructors and conversions of dates and times.
func (l *library) defineDateOps() {
	m := l.m
	date := []entry{
		{"add_days", "The date so many days later.", addDate(0, 0, 1)},
		{"add_weeks", "The date so many weeks later.", addDate(0, 0, 7)},
		{"add_months", "The date so many months later, on the last day of a month that is too short.", addDate(0, 1, 0)},
		{"add_years", "The date so many years later.", addDate(0, 12, 0)},
		{"weekday", "The day of the week, from 1 for Monday to 7.", dayPart(func(t time.Time) int { return isoWeekday(t) })},
		{"weekday_name", "The English name of the day of the week.", dayText("%A")},
		{"month_name", "The English name of the month.", dayText("%B")},
		{"day_of_year", "The day of the year, from 1.", dayPart(time.Time.YearDay)},
		{"week", "The number of the week (ISO 8601).", dayPart(func(t time.Time) int { _, w := t.ISOWeek(); return w })},
		{"quarter", "The quarter of the year, from 1.", dayPart(func(t time.Time) int { return (int(t.Month())-1)/3 + 1 })},
		{"days_in_month", "How many days the month has.", dayPart(func(t time.Time) int { return daysIn(t.Year(), t.Month()) })},
		{"leap_year?", "Whether the year has a 29th of February.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(daysIn(int(args[0].AsTemporal().Year), time.February) == 29), nil
		}},
		{"weekend?", "Whether it is a Saturday or Sunday.", func(m *VM, args []Value) (Value, error) {
			return value.Bool(isoWeekday(args[0].AsTemporal().Instant()) > 5), nil
		}},
		{"valid?", "Whether the month has such a day.", func(m *VM, args []Value) (Value, error) {
			t := args[0].AsTemporal()
			return value.Bool(int(t.Day) <= daysIn(int(t.Year), time.Month(t.Month))), nil
		}},
	}
	l.methods(m.Class(value.KindDate), append(date, []entry{
		{"start_of_month", "The first day of the month.", onDay(func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) })},
		{"end_of_month", "The last day of the month.", onDay(func(t time.Time) time.Time {
			return t.AddDate(0, 0, daysIn(t.Year(), t.Month())-t.Day())
		})},
		{"start_of_week", "The Monday of the week.", onDay(func(t time.Time) time.Time { return t.AddDate(0, 0, 1-isoWeekday(t)) })},
		{"diff", "How many days it lies behind another date.", dateDiff},
		{"to_days", "Days since 1970-01-01.", func(m *VM, args []Value) (Value, error) {
			return value.Int(unixDay(args[0].AsTemporal())), nil
		}},
		{"at", "The DateTime at a Time of the day.", dateAt},
	}...))
	clock := []entry{
		{"add_hours", "The time so many hours later.", addTime(time.Hour)},
		{"add_minutes", "The time so many minutes later.", addTime(time.Minute)},
		{"add_seconds", "The time so many seconds later, Int or Float.", addTime(time.Second)},
		{"add_ms", "The time so many milliseconds later.", addTime(time.Millisecond)},
		{"diff", "How many seconds it lies behind another, as a Float.", clockDiff},
	}
	l.methods(m.Class(value.KindTime), clock)
	l.methods(m.Class(value.KindDateTime), append(append(date, clock...), []entry{
		{"date", "The Date of it.", func(m *VM, args []Value) (Value, error) {
			t := args[0].AsTemporal()
			d := value.NewTemporal(value.KindDate)
			d.Year, d.Month, d.Day = t.Year, t.Month, t.Day
			return d.Value(), nil
		}},
		{"time", "The Time of it without offset and zone.", func(m *VM, args []Value) (Value, error) {
			t := args[0].AsTemporal()
			c := value.NewTemporal(value.KindTime)
			c.Hour, c.Minute, c.Second, c.Micro = t.Hour, t.Minute, t.Second, t.Micro
			return c.Value(), nil
		}},
		{"to_unix", "Seconds since 1970 in UTC, as a Float.", func(m *VM, args []Value) (Value, error) {
			return value.Float(float64(args[0].AsTemporal().Instant().UnixMicro()) / 1e6), nil
		}},
		{"to_zone", "The same instant in a time zone.", toZone},
		{"to_utc", "The same instant in UTC.", func(m *VM, args []Value) (Value, error) { return toZone(m, []Value{args[0], value.Str("UTC")}) }},
		{"with_zone", "The same wall clock in a time zone.", withZone},
		{"without_zone", "The same wall clock without offset and zone.", func(m *VM, args []Value) (Value, error) {
			t := *args[0].AsTemporal()
			t.HasOffset, t.OffsetMin, t.Zone = false, 0, ""
			return t.Value(), nil
		}},
	}...))
	for _, kind := range []value.Kind{value.KindDate, value.KindTime, value.KindDateTime} {
		l.methods(m.Class(kind), []entry{{"format", "The text after a format such as %Y-%m-%d.", formatDate}})
		l.functions(m.Class(kind).Members, []entry{{"parse", "The value that a text denotes, perhaps after a format.", parseDate(kind)}})
	}
	l.defineDateConstructors()
}

func isoWeekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// wall gives the wall clock as a time in UTC, whatever the offset.
func wall(t *value.Temporal) time.Time {
	return time.Date(int(t.Year), time.Month(t.Month), int(t.Day), int(t.Hour), int(t.Minute), int(t.Second), int(t.Micro)*1000, time.UTC)
}

func dayPart(f func(time.Time) int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		return value.Int(int64(f(wall(args[0].AsTemporal())))), nil
	}
}

func dayText(format string) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		return formatDate(m, []Value{args[0], value.Str(format)})
	}
}

// setWall puts a wall clock into a copy of like.
func setWall(m *VM, like *value.Temporal, t time.Time) (*value.Temporal, error) {
	if t.Year() < yearMin || t.Year() > yearMax {
		return nil, outOfRange(m, like.Kind, t.Year())
	}
	d := *like
	d.Year, d.Month, d.Day = int32(t.Year()), int8(t.Month()), int8(t.Day())
	if like.Kind == value.KindDate {
		return &d, nil
	}
	d.Hour, d.Minute, d.Second, d.Micro = int8(t.Hour()), int8(t.Minute()), int8(t.Second()), int32(t.Nanosecond()/1000)
	return &d, nil
}

func outOfRange(m *VM, kind value.Kind, year int) error {
	return m.ArgError("%s out of range: year %d is not within %d and %d", value.KindName(kind), year, yearMin, yearMax)
}

// rezone gives an offset to a wall clock whose zone is known.
func rezone(d *value.Temporal) {
	if d.Zone == "" {
		return
	}
	loc, err := time.LoadLocation(d.Zone)
	if err != nil {
		return // a zone that nobody knows keeps the offset it was written with
	}
	_, offset := time.Date(int(d.Year), time.Month(d.Month), int(d.Day), int(d.Hour), int(d.Minute), int(d.Second), 0, loc).Zone()
	d.HasOffset, d.OffsetMin = true, int16(offset/60)
}

// inZone gives an instant in a zone; "" and "UTC" are UTC.
func inZone(m *VM, at time.Time, zone string) (*value.Temporal, error) {
	d := value.NewTemporal(value.KindDateTime)
	d.HasOffset = true
	if zone != "" && zone != "UTC" && zone != "Z" {
		loc, err := location(m, zone)
		if err != nil {
			return nil, err
		}
		_, offset := at.In(loc).Zone()
		// Ancient offsets have seconds; cut, they still denote the same instant.
		d.OffsetMin, d.Zone = int16(offset/60), zone
	}
	return setWall(m, d, at.UTC().Add(time.Duration(d.OffsetMin)*time.Minute))
}

func location(m *VM, zone string) (*time.Location, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return nil, m.ArgError("unknown time zone: %s", zone)
	}
	return loc, nil
}

// span reads how many units to add.
func span(m *VM, v Value) (int64, error) {
	if !v.IsInt() {
		return 0, m.ArgError("adding to a date requires an Int, got %s", value.TypeName(orNil(v)))
	}
	if i := v.AsInt(); i > spanMax || i < -spanMax {
		return 0, m.ArgError("date out of range: %d is more than %d units away", i, int64(spanMax))
	}
	return v.AsInt(), nil
}

// addDate makes a method that adds so many times some years, months and days.
func addDate(years, months, days int64) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		n, err := span(m, arg(args, 1))
		if err != nil {
			return Value{}, err
		}
		t := args[0].AsTemporal()
		at := wall(t)
		const wide = 10_000_000 // more days than there are; keeps time.AddDate in its range
		if months != 0 {
			month := int64(at.Year())*12 + int64(at.Month()) - 1 + min(max(n, -wide), wide)*(months+12*years)
			year, rest := floorDiv(month, 12)
			day := min(at.Day(), daysIn(int(year), time.Month(rest+1)))
			at = time.Date(int(year), time.Month(rest+1), day, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
		} else {
			at = at.AddDate(0, 0, int(min(max(n, -wide), wide)*days))
		}
		d, err := setWall(m, t, at)
		if err != nil {
			return Value{}, err
		}
		rezone(d)
		return d.Value(), nil
	}
}

func floorDiv(a, b int64) (q, r int64) {
	q, r = a/b, a%b
	if r < 0 {
		q, r = q-1, r+b
	}
	return q, r
}

func onDay(f func(time.Time) time.Time) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		d, err := setWall(m, args[0].AsTemporal(), f(wall(args[0].AsTemporal())))
		if err != nil {
			return Value{}, err
		}
		return d.Value(), nil
	}
}

func unixDay(t *value.Temporal) int64 {
	days, _ := floorDiv(time.Date(int(t.Year), time.Month(t.Month), int(t.Day), 0, 0, 0, 0, time.UTC).Unix(), 86400)
	return days
}

func dateDiff(m *VM, args []Value) (Value, error) {
	other := arg(args, 1)
	if k := other.Kind(); k != value.KindDate && k != value.KindDateTime {
		return argError(m, "Date.diff requires a Date, got %s", value.TypeName(orNil(other)))
	}
	return value.Int(unixDay(args[0].AsTemporal()) - unixDay(other.AsTemporal())), nil
}

func dateAt(m *VM, args []Value) (Value, error) {
	if arg(args, 1).Kind() != value.KindTime {
		return argError(m, "Date.at requires a Time")
	}
	d, c := args[0].AsTemporal(), args[1].AsTemporal()
	t := *c
	t.Header = value.Header{Kind: value.KindDateTime}
	t.Year, t.Month, t.Day = d.Year, d.Month, d.Day
	rezone(&t)
	return t.Value(), nil
}

// addTime makes a method that adds units of time. A Time runs on from midnight.
func addTime(unit time.Duration) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		micros, err := micros(m, arg(args, 1), unit)
		if err != nil {
			return Value{}, err
		}
		t := args[0].AsTemporal()
		if t.Kind == value.KindTime {
			const day = 86400 * 1_000_000
			at := time.Date(2000, 1, 1, int(t.Hour), int(t.Minute), int(t.Second), int(t.Micro)*1000, time.UTC)
			at = at.Add(time.Duration(micros%day) * time.Microsecond)
			c := *t
			c.Hour, c.Minute, c.Second, c.Micro = int8(at.Hour()), int8(at.Minute()), int8(at.Second()), int32(at.Nanosecond()/1000)
			return c.Value(), nil
		}
		seconds, rest := floorDiv(micros, 1_000_000)
		from := t.Instant()
		at := time.Unix(from.Unix()+seconds, int64(from.Nanosecond())+rest*1000).UTC()
		if t.Zone != "" {
			if d, err := inZone(m, at, t.Zone); err == nil {
				return d.Value(), nil
			}
		}
		d, err := setWall(m, t, at.Add(time.Duration(t.OffsetMin)*time.Minute))
		if err != nil {
			return Value{}, err
		}
		return d.Value(), nil
	}
}

// micros reads how much time to add, in microseconds.
func micros(m *VM, v Value, unit time.Duration) (int64, error) {
	f, ok := v.Number()
	if !ok || math.IsNaN(f) {
		return 0, m.ArgError("adding to a time requires a number, got %s", value.TypeName(orNil(v)))
	}
	us := f * float64(unit/time.Microsecond)
	if math.Abs(us) > spanMax*1e6 {
		return 0, m.ArgError("DateTime out of range: %v is more than %d seconds away", f, int64(spanMax))
	}
	if v.IsInt() {
		return v.AsInt() * int64(unit/time.Microsecond), nil
	}
	return int64(math.Round(us)), nil
}

func clockDiff(m *VM, args []Value) (Value, error) {
	t, other := args[0].AsTemporal(), arg(args, 1)
	if other.Kind() != t.Kind {
		return argError(m, "%s.diff requires a %s, got %s", value.KindName(t.Kind), value.KindName(t.Kind), value.TypeName(orNil(other)))
	}
	u := other.AsTemporal()
	if t.HasOffset != u.HasOffset {
		return Value{}, m.Raise(m.Errors.Type, "GENE.TYPE.MISMATCH", "Cannot compare naive and offset-aware datetimes")
	}
	if t.Kind == value.KindTime {
		at := func(c *value.Temporal) int64 {
			return (int64(c.Hour)*3600+(int64(c.Minute)-int64(c.OffsetMin))*60+int64(c.Second))*1_000_000 + int64(c.Micro)
		}
		return value.Float(float64(at(t)-at(u)) / 1e6), nil
	}
	return value.Float(float64(t.Instant().UnixMicro()-u.Instant().UnixMicro()) / 1e6), nil
}

func zoneOperand(m *VM, args []Value, method string) (string, error) {
	zone, ok := text(arg(args, 1))
	if !ok || zone == "" {
		return "", m.ArgError("DateTime.%s requires the name of a time zone", method)
	}
	return zone, nil
}

func toZone(m *VM, args []Value) (Value, error) {
	zone, err := zoneOperand(m, args, "to_zone")
	if err != nil {
		return Value{}, err
	}
	t := args[0].AsTemporal()
	if !t.HasOffset {
		return argError(m, "DateTime.to_zone requires a DateTime with an offset; use with_zone to give it one")
	}
	d, err := inZone(m, t.Instant(), zone)
	if err != nil {
		return Value{}, err
	}
	return d.Value(), nil
}

func withZone(m *VM, args []Value) (Value, error) {
	zone, err := zoneOperand(m, args, "with_zone")
	if err != nil {
		return Value{}, err
	}
	d := *args[0].AsTemporal()
	d.HasOffset, d.OffsetMin, d.Zone = true, 0, ""
	if zone != "UTC" && zone != "Z" {
		if _, err := location(m, zone); err != nil {
			return Value{}, err
		}
		d.Zone = zone
		rezone(&d)
	}
	return d.Value(), nil
}

// fields checks Int operands against their ranges.
func fields(m *VM, what string, args []Value, least int, names []string, lows, highs []int64) ([]int64, error) {
	if len(args) < least {
		return nil, m.ArgError("%s requires %d numbers", what, least)
	}
	out := make([]int64, len(names))
	for i := range names {
		out[i] = lows[i]
		v := arg(args, i)
		if !v.IsSet() || v.IsNil() {
			continue
		}
		if !v.IsInt() {
			return nil, m.ArgError("%s requires an Int as %s, got %s", what, names[i], value.TypeName(v))
		}
		if out[i] = v.AsInt(); out[i] < lows[i] || out[i] > highs[i] {
			return nil, m.ArgError("%s out of range: %s %d is not within %d and %d", what, names[i], out[i], lows[i], highs[i])
		}
	}
	return out, nil
}

var (
	dateFields = []string{"year", "month", "day"}
	dateLow    = []int64{yearMin, 1, 1}
	dateHigh   = []int64{yearMax, 12, 31}
	timeFields = []string{"hour", "minute", "second", "microsecond"}
	timeLow    = []int64{0, 0, 0, 0}
	timeHigh   = []int64{23, 59, 59, 999_999}
)

// checkDay refuses a day that its month lacks.
func checkDay(m *VM, t *value.Temporal) error {
	if most := daysIn(int(t.Year), time.Month(t.Month)); int(t.Day) > most {
		return m.ArgError("%s out of range: day %d is not within 1 and %d", value.KindName(t.Kind), t.Day, most)
	}
	return nil
}

// defineDateConstructors defines new, and the functions that give dates.
func (l *library) defineDateConstructors() {
	m := l.m
	constructor(m.Class(value.KindDate), func(m *VM, args []Value, kw *value.Map) (Value, error) {
		f, err := fields(m, "Date", args[1:], 3, dateFields, dateLow, dateHigh)
		if err != nil {
			return Value{}, err
		}
		d := value.NewTemporal(value.KindDate)
		d.Year, d.Month, d.Day = int32(f[0]), int8(f[1]), int8(f[2])
		return d.Value(), checkDay(m, d)
	})
	constructor(m.Class(value.KindTime), func(m *VM, args []Value, kw *value.Map) (Value, error) {
		f, err := fields(m, "Time", args[1:], 1, timeFields, timeLow, timeHigh)
		if err != nil {
			return Value{}, err
		}
		d := value.NewTemporal(value.KindTime)
		setClock(d, f)
		return d.Value(), setZone(m, d, kw)
	})
	constructor(m.Class(value.KindDateTime), func(m *VM, args []Value, kw *value.Map) (Value, error) {
		names := append(append([]string{}, dateFields...), timeFields...)
		f, err := fields(m, "DateTime", args[1:], 3, names, append(append([]int64{}, dateLow...), timeLow...), append(append([]int64{}, dateHigh...), timeHigh...))
		if err != nil {
			return Value{}, err
		}
		d := value.NewTemporal(value.KindDateTime)
		d.Year, d.Month, d.Day = int32(f[0]), int8(f[1]), int8(f[2])
		setClock(d, f[3:])
		if err := checkDay(m, d); err != nil {
			return Value{}, err
		}
		return d.Value(), setZone(m, d, kw)
	})
	l.functions(m.Class(value.KindDateTime).Members, []entry{
		{"now", "The present local date and time.", l.now},
		{"now_utc", "The present date and time in UTC.", l.nowUTC},
		{"from_unix", "The DateTime in UTC of so many seconds since 1970.", fromUnix},
	})
	l.functions(m.Class(value.KindDate).Members, []entry{{"today", "The present local date.", l.dayFromNow(0)}})
	l.functions(m.Globals, []entry{{"now_utc", "The present date and time in UTC.", l.nowUTC}})
}

func setClock(d *value.Temporal, f []int64) {
	d.Hour, d.Minute, d.Second, d.Micro = int8(f[0]), int8(f[1]), int8(f[2]), int32(f[3])
}

// setZone reads ^offset (minutes east of UTC) and ^zone.
func setZone(m *VM, d *value.Temporal, kw *value.Map) error {
	if v := keyword(kw, "offset"); v.IsSet() {
		if !v.IsInt() || v.AsInt() < -1439 || v.AsInt() > 1439 {
			return m.ArgError("%s requires ^offset to be minutes from -1439 to 1439", value.KindName(d.Kind))
		}
		d.HasOffset, d.OffsetMin = true, int16(v.AsInt())
	}
	v := keyword(kw, "zone")
	if !v.IsSet() {
		return nil
	}
	zone, ok := text(v)
	if !ok {
		return m.ArgError("%s requires ^zone to be the name of a time zone", value.KindName(d.Kind))
	}
	if zone == "UTC" {
		d.HasOffset, d.OffsetMin = true, 0
		return nil
	}
	if _, err := location(m, zone); err != nil {
		return err
	}
	d.Zone = zone
	if d.Kind == value.KindDateTime {
		rezone(d)
	}
	return nil
}

func (l *library) nowUTC(m *VM, args []Value) (Value, error) {
	d, err := inZone(m, m.Loop().Wall().Truncate(time.Microsecond), "")
	if err != nil {
		return Value{}, err
	}
	return d.Value(), nil
}

func fromUnix(m *VM, args []Value) (Value, error) {
	us, err := micros(m, arg(args, 0), time.Second)
	if err != nil {
		return Value{}, err
	}
	d, err := inZone(m, time.UnixMicro(us), "")
	if err != nil {
		return Value{}, err
	}
	return d.Value(), nil
}
