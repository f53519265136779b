package reports

import (
	"strings"
	"testing"

	"gene/bench/result"
)

func TestQuantity(t *testing.T) {
	tests := []struct {
		value float64
		unit  string
		want  string
	}{
		{93.54, "ns/op", "93.54 ns/op"}, {999.9, "ns", "999.9 ns"}, {1000, "ns", "1 µs"}, {0.1, "ms", "100 µs"}, {1834, "s", "1834 s"},
		{0.5, "us", "500 ns"}, {200, "B", "200 B"}, {10240, "B", "10 KiB"}, {7936, "MiB", "7936 MiB"}, {41230.4, "ops/s", "41 230 ops/s"},
		{1.0004, "ratio", "1"}, {2.978, "ratio", "2.978"}, {0, "ns", "0 ns"}, {-0.35, "%", "−0.35 %"}, {1e300, "x", "1e+300 x"}, {1234567, "", "1 234 567"},
	}
	for _, tt := range tests {
		if got := strings.ReplaceAll(quantity(tt.value, tt.unit), "\u00a0", " "); got != tt.want {
			t.Errorf("quantity(%v, %q) = %q, want %q", tt.value, tt.unit, got, tt.want)
		}
	}
}

func TestShowGivesDigitsThatTheIntervalJustifies(t *testing.T) {
	tests := []struct {
		e    result.Estimate
		want string
		mde  string
	}{
		{result.Estimate{Unit: "ratio", Value: 1.00043, Low: 0.99912, High: 1.00131, MDE: 0.00123}, "1.0004 (0.9991 to 1.0013)", "0.0012"},
		{result.Estimate{Unit: "ms", Value: 101.234, Low: 100.9, High: 101.6}, "101.23 ms (100.90 to 101.60)", "–"},
		{result.Estimate{Unit: "ns", Value: 1500, Low: 1500, High: 1500}, "1.5 µs (1.5 to 1.5)", "–"},
	}
	for _, tt := range tests {
		s := show(tt.e)
		if got := strings.ReplaceAll(s.String(), "\u00a0", " "); got != tt.want || s.MDE != tt.mde {
			t.Errorf("show(%v) = %q and %q, want %q and %q", tt.e, got, s.MDE, tt.want, tt.mde)
		}
	}
}

func TestPlainAndSlug(t *testing.T) {
	if got := plain("a\x00b\x1bcdefgh", 6); got != "a\uFFFDb\uFFFDc…" {
		t.Errorf("plain gave %q", got)
	}
	if got := slug("../Pending TIMER//µs "); got != "pending-timer-s" {
		t.Errorf("slug gave %q", got)
	}
	if got := len(slug(strings.Repeat("long", 100))); got > longestSlug {
		t.Errorf("a slug of %d bytes", got)
	}
}

func TestCodeQuotesBackquotes(t *testing.T) {
	for command, want := range map[string]string{"genebench run": "`genebench run`", "a `b` c": "`` a `b` c ``", "": "(no command)"} {
		if got := code(command); got != want {
			t.Errorf("code(%q) = %q, want %q", command, got, want)
		}
	}
}
