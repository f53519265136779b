package stdlib

import (
	"time"

	"gene/value"
	"gene/vm"
)

// defineTemporals defines the methods of Date, Time and DateTime (12.3).
func (l *library) defineTemporals() {
	m := l.m
	date := []entry{
		{"year", "The year.", part32(func(t *value.Temporal) int { return int(t.Year) })},
		{"month", "The month from 1.", part32(func(t *value.Temporal) int { return int(t.Month) })},
		{"day", "The day of the month.", part32(func(t *value.Temporal) int { return int(t.Day) })},
	}
	clock := []entry{
		{"hour", "The hour.", part32(func(t *value.Temporal) int { return int(t.Hour) })},
		{"minute", "The minute.", part32(func(t *value.Temporal) int { return int(t.Minute) })},
		{"second", "The second.", part32(func(t *value.Temporal) int { return int(t.Second) })},
		{"microsecond", "The microsecond.", part32(func(t *value.Temporal) int { return int(t.Micro) })},
		{"offset", "Minutes east of UTC, or nil.", func(m *VM, args []Value) (Value, error) {
			if t := args[0].AsTemporal(); t.HasOffset {
				return value.Int(int64(t.OffsetMin)), nil
			}
			return value.Nil, nil
		}},
		{"timezone", "The name of the time zone, or nil.", timezone},
	}
	l.methods(m.Class(value.KindDate), date)
	l.methods(m.Class(value.KindTime), clock)
	l.methods(m.Class(value.KindDateTime), append(date, clock...))
	l.methods(m.Class(value.KindDateTime), []entry{
		{"to_i", "Milliseconds since 1970 in UTC, in whole seconds.", func(m *VM, args []Value) (Value, error) {
			return value.Int(args[0].AsTemporal().Instant().Unix() * 1000), nil
		}},
	})
	l.functions(m.Globals, []entry{
		{"now", "The present local date and time.", l.now},
		{"today", "The present local date.", l.dayFromNow(0)},
		{"yesterday", "The date of the day before.", l.dayFromNow(-1)},
		{"tomorrow", "The date of the day after.", l.dayFromNow(1)},
	})
}

func part32(f func(*value.Temporal) int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		return value.Int(int64(f(args[0].AsTemporal()))), nil
	}
}

func timezone(m *VM, args []Value) (Value, error) {
	switch t := args[0].AsTemporal(); {
	case t.Zone != "":
		return value.Str(t.Zone), nil
	case t.HasOffset && t.OffsetMin == 0:
		return value.Str("UTC"), nil
	}
	return value.Nil, nil
}

func dateOf(t time.Time, kind value.Kind) *value.Temporal {
	d := value.NewTemporal(kind)
	d.Year, d.Month, d.Day = int32(t.Year()), int8(t.Month()), int8(t.Day())
	return d
}

func (l *library) now(m *VM, args []Value) (Value, error) {
	t := m.Loop().Wall().Local()
	d := dateOf(t, value.KindDateTime)
	d.Hour, d.Minute, d.Second = int8(t.Hour()), int8(t.Minute()), int8(t.Second())
	return d.Value(), nil
}

func (l *library) dayFromNow(days int) vm.NativeFn {
	return func(m *VM, args []Value) (Value, error) {
		return dateOf(m.Loop().Wall().Local().AddDate(0, 0, days), value.KindDate).Value(), nil
	}
}
