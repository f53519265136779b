package docs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// pendingFile lists the programs of the documentation that describe what is
// still to come. A program in it that passes is an error, and so is one that
// fails and isn't in it.
const pendingFile = "pending.txt"

const pendingHeader = `# Programs of the language manual that wait for features still to come:
# file:line of the block, then what it fails with now.
# Rewritten by: go generate ./docs
`

// mayBePending tells whether a block describes what is still to come: the
// chapters on objects, modules, generators, text, library and command line in
// full, and of the asynchronous one the sections on actors and events.
func mayBePending(b *block) bool {
	if b.section == "10.7" || b.section == "10.8" {
		return true
	}
	chapter, _, _ := strings.Cut(b.chapter, "-")
	return slices.Contains([]string{"07", "08", "11", "12", "13", "14"}, chapter)
}

// pendingRow is one line of the list.
type pendingRow struct {
	chapter string
	line    int
	reason  string
}

// reasonOf gives one line that says what a program fails with.
func reasonOf(problem string) string {
	head, rest, _ := strings.Cut(problem, "\n--- stdout ---")
	_, stderr, _ := strings.Cut(rest, "--- stderr ---\n")
	if first, _, _ := strings.Cut(stderr, "\n"); first != "" {
		return first
	}
	first, _, _ := strings.Cut(head, "\n")
	return first
}

// pending gives the list as it should be.
func (f *findings) pending() []byte {
	slices.SortFunc(f.rows, func(a, b pendingRow) int {
		if c := strings.Compare(a.chapter, b.chapter); c != 0 {
			return c
		}
		return a.line - b.line
	})
	var b bytes.Buffer
	b.WriteString(pendingHeader)
	for _, r := range f.rows {
		fmt.Fprintf(&b, "%s:%d %s\n", r.chapter, r.line, r.reason)
	}
	return b.Bytes()
}

func readPending(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(pendingFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	pending := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		id, reason, _ := strings.Cut(line, " ")
		pending[id] = reason
	}
	return pending
}
