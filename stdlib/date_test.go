package stdlib

import (
	"testing"

	"gene/backends"
	_ "gene/backends/goroutine"
	"gene/value"
	"gene/vm"
)

// FuzzDates checks that whatever is taken for a date prints as a text that is
// taken for the same date, also after days are added and taken away.
func FuzzDates(f *testing.F) {
	for _, s := range []string{"2031-07-05", "5 Jul 2031", "2031-02-30", "9999-12-31", "0000-01-01", "2031-07-05T10:20:30.5+02:00[Europe/Oslo]"} {
		for _, layout := range []string{"", "%Y-%m-%d", "%d %b %Y", "%c", "%s", "%j%y"} {
			f.Add(s, layout, int64(31))
		}
	}
	loop, err := backends.New("goroutine", backends.Options{})
	if err != nil {
		f.Fatal(err)
	}
	m, err := New(vm.Options{Loop: loop})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { m.Close() })
	f.Fuzz(func(t *testing.T, s, layout string, days int64) {
		args := []Value{value.Str(s)}
		if layout != "" {
			args = append(args, value.Str(layout))
		}
		d, err := parseDate(value.KindDate)(m, args)
		if err != nil {
			return
		}
		again, err := parseDate(value.KindDate)(m, []Value{value.Str(value.Print(d))})
		if err != nil || !value.Equal(d, again) {
			t.Fatalf("%s prints what is read as %v, %v", value.Print(d), again, err)
		}
		later, err := addDate(0, 0, 1)(m, []Value{d, value.Int(days)})
		if err != nil {
			return
		}
		back, err := addDate(0, 0, 1)(m, []Value{later, value.Int(-days)})
		if err != nil || !value.Equal(d, back) {
			t.Fatalf("%s plus and minus %d days is %s, %v", value.Print(d), days, value.Print(back), err)
		}
		if _, err := formatDate(m, []Value{d, value.Str("%F %c %V %Z %s")}); err != nil {
			t.Fatal(err)
		}
	})
}
