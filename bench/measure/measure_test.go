package measure

import "testing"

func TestPairAlternates(t *testing.T) {
	var order string
	err := Pair(3, func(_ int, first bool) error {
		if first {
			order += "a"
		} else {
			order += "b"
		}
		return nil
	})
	if err != nil || order != "abbaab" {
		t.Errorf("order %q, error %v, want abbaab and none", order, err)
	}
}
