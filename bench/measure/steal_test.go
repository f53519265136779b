package measure

import (
	"testing"
	"time"
)

func TestStolen(t *testing.T) {
	for _, c := range []struct {
		name, stat string
		want       time.Duration
	}{
		{"linux", "cpu  715725 8946 113972 3287722 5762 0 16297 3060 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n", 30600 * time.Millisecond},
		{"old kernel without the figure", "cpu 1 2 3 4 5 6 7\n", 0},
		{"no number", "cpu 1 2 3 4 5 6 7 x\n", 0},
		{"another file", "intr 1 2 3 4 5 6 7 8\n", 0},
		{"empty", "", 0},
	} {
		if got := stolen(c.stat); got != c.want {
			t.Errorf("%s: %v stolen, want %v", c.name, got, c.want)
		}
	}
}
