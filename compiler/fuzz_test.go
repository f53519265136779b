package compiler

import (
	"errors"
	"strings"
	"testing"

	"gene/syntax"
)

// FuzzCompile: whatever reads either compiles into code that passes Verify, or
// gives errors that are not our own fault.
func FuzzCompile(f *testing.F) {
	for _, text := range docBlocks(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		p, _, err := compileText(t, text)
		if err == nil {
			if err := Verify(p); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			return
		}
		var read syntax.Errors
		if !errors.As(err, &read) && strings.Contains(err.Error(), "internal error") {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}
