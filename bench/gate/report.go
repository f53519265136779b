package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// limit is the growth that the gate lets pass, as a part of the baseline. Runs
// that lie further apart than that can't be judged by it.
const limit = 0.01

// outcome of a program.
type outcome string

const (
	same    outcome = "ok"
	less    outcome = "less"    // by more than the limit: the baseline should keep that
	grown   outcome = "GROWN"   // by more than the limit
	missing outcome = "MISSING" // of one of the two
	shaky   outcome = "UNSTEADY"
)

// verdict on one program.
type verdict struct {
	count
	base    int64
	outcome outcome
}

// growth over the baseline, as a part of it.
func (v verdict) growth() float64 { return float64(v.instructions-v.base) / float64(v.base) }

// report is the comparison of all programs.
type report struct {
	base, build string
	verdicts    []verdict
}

// compare judges every program that was counted or is in the baseline.
func compare(b baseline, build string, counts []count) report {
	r := report{base: b.Build, build: build}
	counted := make(map[string]bool)
	for _, c := range counts {
		counted[c.program] = true
		v := verdict{count: c, base: b.Instructions[c.program]}
		v.outcome = v.judge()
		r.verdicts = append(r.verdicts, v)
	}
	for name, n := range b.Instructions {
		if !counted[name] {
			r.verdicts = append(r.verdicts, verdict{count: count{program: name}, base: n, outcome: missing})
		}
	}
	return r
}

func (v verdict) judge() outcome {
	switch {
	case v.base == 0:
		return missing
	case float64(v.spread) > limit*float64(v.base):
		return shaky
	case v.growth() > limit:
		return grown
	case v.growth() < -limit:
		return less
	}
	return same
}

func (r report) write(w io.Writer) {
	fmt.Fprintln(w, "| program | instructions | baseline | growth | spread | |")
	fmt.Fprintln(w, "| --- | ---: | ---: | ---: | ---: | --- |")
	for _, v := range r.verdicts {
		growth, spread := "", ""
		if v.base != 0 && v.instructions != 0 {
			growth = fmt.Sprintf("%+.2f %%", 100*v.growth())
		}
		if v.instructions != 0 {
			spread = fmt.Sprintf("%.2f %%", 100*float64(v.spread)/float64(v.instructions))
		}
		fmt.Fprintf(w, "| %s | %d | %d | %s | %s | %s |\n", v.program, v.instructions, v.base, growth, spread, v.outcome)
	}
	switch {
	case !r.comparable():
		fmt.Fprintf(w, "\nNot compared: the baseline is of another build.\n  baseline: %s\n  here:     %s\nTo make one for this build, count at a commit that is known to be good: %s\n",
			r.base, r.build, howToUpdate)
	case slices.ContainsFunc(r.verdicts, func(v verdict) bool { return v.outcome == less }):
		fmt.Fprintf(w, "\nLess than before; so that it stays so: %s\n", howToUpdate)
	}
}

// comparable says whether the baseline is of the same build of Go.
func (r report) comparable() bool { return r.base == r.build }

// failure is why the gate does not open, if the builds can be compared.
func (r report) failure() error {
	if !r.comparable() {
		return nil
	}
	var errs []error
	for _, v := range r.verdicts {
		switch v.outcome {
		case grown:
			errs = append(errs, fmt.Errorf("%s needs %d instructions, %.2f %% more than the %d of the baseline (limit %.0f %%)",
				v.program, v.instructions, 100*v.growth(), v.base, 100*limit))
		case shaky:
			errs = append(errs, fmt.Errorf("%s: its runs lie %d instructions apart, more than %.0f %% of %d: something in it depends on time or chance",
				v.program, v.spread, 100*limit, v.base))
		case missing:
			errs = append(errs, fmt.Errorf("%s: %d instructions here, %d in the baseline: it is in one of the two only", v.program, v.instructions, v.base))
		}
	}
	if errs != nil {
		errs = append(errs, fmt.Errorf("if that is meant: %s", howToUpdate))
	}
	return errors.Join(errs...)
}

// summary is the change in words, for the baseline's list of updates.
func (r report) summary() string {
	if !r.comparable() {
		return "counted by " + r.build
	}
	var words []string
	for _, v := range r.verdicts {
		switch {
		case v.outcome == missing && v.base == 0:
			words = append(words, v.program+" added")
		case v.outcome == missing:
			words = append(words, v.program+" removed")
		default:
			words = append(words, fmt.Sprintf("%s %+.2f %%", v.program, 100*v.growth()))
		}
	}
	return strings.Join(words, ", ")
}
