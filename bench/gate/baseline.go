package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// baseline is what a program's counts may not exceed by more than limit.
type baseline struct {
	// Build is the version of Go and the flags that the counts belong to.
	Build string `json:"build"`
	// Instructions of each program, without those of the start; "startup" is the start.
	Instructions map[string]int64 `json:"instructions"`
	// Updates says of every change, the latest last, what changed and why.
	Updates []update `json:"updates"`
}

// update is one change of the baseline.
type update struct {
	Date   string `json:"date"`
	Change string `json:"change"`
	Reason string `json:"reason"`
}

const howToUpdate = `go run ./bench/gate -update -reason "…"`

func readBaseline(path string) (baseline, error) {
	var b baseline
	data, err := os.ReadFile(path)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(data, &b); err != nil {
		return b, fmt.Errorf("%s: %w", path, err)
	}
	return b, b.check(path)
}

// check refuses a baseline that was edited without a reason.
func (b baseline) check(path string) error {
	if len(b.Updates) == 0 || b.Updates[len(b.Updates)-1].Reason == "" {
		return fmt.Errorf("%s: the last update has no reason (write it with: %s)", path, howToUpdate)
	}
	for name, n := range b.Instructions {
		if n <= 0 {
			return fmt.Errorf("%s: %d instructions of %s, want more than 0", path, n, name)
		}
	}
	return nil
}

// update takes over the counts.
func (b *baseline) update(build string, counts []count, change, reason string, now time.Time) {
	b.Build = build
	b.Instructions = make(map[string]int64)
	for _, c := range counts {
		b.Instructions[c.program] = c.instructions
	}
	b.Updates = append(b.Updates, update{now.UTC().Format(time.DateOnly), change, reason})
}

// save writes the file as a whole or not at all.
func (b *baseline) save(path string) error {
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(path), ".baseline.json")
	if err := os.WriteFile(tmp, append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
